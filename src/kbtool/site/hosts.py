"""Site -> the files that a host reads: redirects and security headers in that host's own form."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kbtool.model import OutputFile
from kbtool.settings import Host
from kbtool.site.feeds import base_path
from kbtool.site.keys import content_key
from kbtool.site.pages import Site
from kbtool.urls import quote_path

_POLICY = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"')

_FOREVER = "public, max-age=31536000, immutable"
_HASHED = r"(assets/.*\.[0-9a-f]{8,64}\.[^/]+|pagefind/(fragment|index|filter)/.+)$"
"""Files whose names change with their content, below the site's root."""

_ROUTING_RULES = 50
"""S3 takes no more: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a host is told."""

    base: str
    """The path under which the site stands at its host, with a slash at both ends."""
    address: str
    redirects: Mapping[str, str]
    """Old URL -> new URL, both relative to the root, not percent-encoded."""
    headers: Mapping[str, str]
    pages: frozenset[str]
    """The URLs of all pages."""


def host_files(site: Site, policy: str) -> Iterator[OutputFile]:
    """Yield the files that the hosts named in `hosts` read. `policy` is the HTML that carries the pages' content security policy."""
    config = site.center.config
    told = _Told(
        base_path(site), config.url, site.redirects, security_headers(policy), frozenset(page.url for page in site.pages)
    )
    files = {path: text for host in config.hosts for path, text in _FORMS[host](told)}
    for path, text in sorted(files.items()):
        content = text.encode()
        yield OutputFile(path, content_key(content), content)


def security_headers(policy: str) -> dict[str, str]:
    """Return the headers for every page, with the policy that stands in the HTML and what only a header can say.

    >>> security_headers("")["Content-Security-Policy"]
    "frame-ancestors 'self'"
    """
    found = _POLICY.search(policy)
    frames = "frame-ancestors 'self'"
    return {
        "Content-Security-Policy": f"{found[1].replace('&#39;', chr(39))}; {frames}" if found else frames,
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }


def _headers_file(told: _Told) -> Iterator[tuple[str, str]]:
    """Netlify and Cloudflare Pages read the same form; their redirects stand in every site."""
    lines = [f"{told.base}*", *(f"  {name}: {value}" for name, value in told.headers.items())]
    for folder in ("assets/", "pagefind/fragment/", "pagefind/index/", "pagefind/filter/"):
        lines += ["", f"{told.base}{folder}*", f"  Cache-Control: {_FOREVER}"]
    yield "_headers", "\n".join(lines) + "\n"


def _apache(told: _Told) -> Iterator[tuple[str, str]]:
    """Only what `AllowOverride FileInfo` allows, so that it works on a shared host."""
    lines = [f"ErrorDocument 404 {told.base}404.html", "AddDefaultCharset utf-8", ""]
    lines += ["<IfModule mod_headers.c>", *(f'  Header always set {name} "{value}"' for name, value in told.headers.items())]
    lines += [f'  <FilesMatch "\\.[0-9a-f]{{8,64}}\\.(css|js|svg)$|\\.pf_(fragment|index|filter|meta)$">\n    Header set Cache-Control "{_FOREVER}"\n  </FilesMatch>']  # fmt: skip
    lines += ["</IfModule>", "", "<IfModule mod_alias.c>"]
    for old, new in told.redirects.items():
        target = (told.base + new).replace("\\", "\\\\").replace("$", "\\$")
        lines.append(f'  RedirectMatch 301 "^{_pattern(told.base + old)}$" "{_in_quotes(target)}"')
    yield ".htaccess", "\n".join([*lines, "</IfModule>"]) + "\n"


def _nginx(told: _Told) -> Iterator[tuple[str, str]]:
    """A file to include in a server block; a location that sets a header of its own must set all the others again."""
    headers = [f'add_header {name} "{value}" always;' for name, value in told.headers.items()]
    lines = ["# In the server block, after root: include this file.", "charset utf-8;", "index index.html;"]
    lines += [f"error_page 404 {told.base}404.html;", *headers, ""]
    lines += [f"location = {told.base}nginx.conf {{ return 404; }}", f'location ~ "^{told.base}{_HASHED}" {{']
    lines += [f"  {header}" for header in (*headers, f'add_header Cache-Control "{_FOREVER}" always;')] + ["}", ""]
    for old, new in told.redirects.items():
        target = told.base + _encoded(new).replace("$", "%24")
        lines.append(f'location ~ "^{_in_quotes(_pattern(told.base + old))}$" {{ return 301 "{target}"; }}')
    yield "nginx.conf", "\n".join(lines) + "\n"


def _s3(told: _Told) -> Iterator[tuple[str, str]]:
    """What `aws s3api put-bucket-website` and `aws cloudfront create-response-headers-policy` read."""
    free = [(old, new) for old, new in told.redirects.items() if not any(page.startswith(old) for page in told.pages)]
    rules = [
        {"Condition": {"KeyPrefixEquals": old}, "Redirect": {"HttpRedirectCode": "301", "ReplaceKeyWith": _encoded(new)}}
        for old, new in free[:_ROUTING_RULES]
    ]
    website = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "404.html"}}
    yield "s3-website.json", _json({**website, **({"RoutingRules": rules} if rules else {})})
    own = {"Permissions-Policy": told.headers["Permissions-Policy"]}
    policy = {
        "Name": "kbtool-help-center",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": told.headers["Content-Security-Policy"]},
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"Override": True, "FrameOption": told.headers["X-Frame-Options"]},
            "ReferrerPolicy": {"Override": True, "ReferrerPolicy": told.headers["Referrer-Policy"]},
        },
        "CustomHeadersConfig": {
            "Quantity": len(own),
            "Items": [{"Header": name, "Value": value, "Override": True} for name, value in own.items()],
        },
    }
    yield "cloudfront-headers.json", _json(policy)


def _github(told: _Told) -> Iterator[tuple[str, str]]:
    """GitHub Pages sets no headers of one's own: the policy in the pages holds, and redirects are pages."""
    yield ".nojekyll", ""
    host = urlsplit(told.address).hostname or ""
    if host and told.base == "/" and not host.endswith(".github.io"):
        yield "CNAME", f"{host}\n"


_FORMS: Mapping[Host, Callable[[_Told], Iterator[tuple[str, str]]]] = {
    "netlify": _headers_file,
    "cloudflare": _headers_file,
    "apache": _apache,
    "nginx": _nginx,
    "s3": _s3,
    "github": _github,
}


def _pattern(path: str) -> str:
    r"""Return a regular expression for the path, with or without the slash at its end.

    >>> _pattern("/a.b/")
    '/a\\.b/?'
    """
    escaped = re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", path)
    return f"{escaped}?" if escaped.endswith("/") else escaped


def _in_quotes(text: str) -> str:
    """Return the text as it stands between double quotes."""
    return text.replace('"', '\\"')


def _encoded(url: str) -> str:
    path, mark, fragment = url.partition("#")
    return quote_path(path) + mark + quote_path(fragment)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
