"""Redirects -> a small page at each old place that leads to the new one."""

from collections.abc import Iterator
from typing import Protocol

from kbtool.model import OutputFile
from kbtool.site.keys import content_key
from kbtool.site.pages import Site
from kbtool.urls import absolute_url, relative_url


class Renderer(Protocol):
    """What makes HTML of a template."""

    def html(self, template: str, url: str, **values: object) -> bytes:
        """Return the template's HTML for the page at this URL."""


def redirect_stubs(site: Site, renderer: Renderer) -> Iterator[OutputFile]:
    """Yield a page for each redirect; a file of the site at its place goes before it."""
    taken = {page.path for page in site.pages} | site.assets.keys()
    titles = {page.url: page.title for page in site.pages}
    for old, new in site.redirects.items():
        path = stub_path(old)
        if path in taken:
            continue
        address = site.center.config.url
        canonical = absolute_url(address, new) if address else ""
        title = titles.get(new.partition("#")[0], "")
        content = renderer.html("redirect.html", path, target=relative_url(path, new), canonical=canonical, title=title)
        yield OutputFile(path, content_key(content), content)


def stub_path(url: str) -> str:
    """Return the file that a host shows at an old URL.

    >>> stub_path("billing/refunds/"), stub_path("billing/refunds"), stub_path("faq.html")
    ('billing/refunds/index.html', 'billing/refunds/index.html', 'faq.html')
    """
    if url.endswith((".html", ".htm")):
        return url
    return f"{url.rstrip('/')}/index.html"
