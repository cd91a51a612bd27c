"""Site -> the files that machines read: sitemap, robots, feed, browser search, redirects, llms.txt."""

import datetime
from collections.abc import Callable, Iterator
from html import escape

from kbtool.model import Article, OutputFile
from kbtool.site.keys import content_key
from kbtool.site.pages import Branch, Site
from kbtool.site.translate import Words
from kbtool.urls import absolute_url, quote_path

NEWEST = 50
"""Changes that the feed tells of."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def machine_files(site: Site, words: Words) -> Iterator[OutputFile]:
    """Yield each file; those that need the site's public address only when it is known."""
    makers: list[tuple[str, Callable[[], str]]] = [
        ("robots.txt", lambda: _robots(site)),
        ("_redirects", lambda: _redirects(site)),
    ]
    if site.center.config.url:
        makers += [("sitemap.xml", lambda: _sitemap(site)), ("opensearch.xml", lambda: _opensearch(site, words))]
    if has_feed(site):
        makers.append(("feed.xml", lambda: _feed(site)))
    if site.center.config.llms:
        makers.append(("llms.txt", lambda: _llms(site)))
    for path, make in makers:
        content = make().encode("utf-8", "backslashreplace")
        yield OutputFile(path, content_key(content), content)


def has_feed(site: Site) -> bool:
    """Tell whether there is a feed: it needs a public address, and an article whose day of change is known."""
    return bool(site.center.config.url) and any(article.meta.updated for article in site.searchable)


def base_path(site: Site) -> str:
    """Return the path under which the site stands at its host, with a slash at both ends."""
    address = site.center.config.url
    path = address.partition("://")[2].partition("/")[2].strip("/")
    return f"/{path}/" if path else "/"


def newest(site: Site, most: int) -> list[Article]:
    """Return the articles whose day of change is known, the latest first."""
    dated = [article for article in site.searchable if article.meta.updated]
    return sorted(dated, key=lambda article: (-_day(article).toordinal(), article.title.casefold(), article.path))[:most]


def _day(article: Article) -> datetime.date:
    return article.meta.updated or datetime.date.min


def _sitemap(site: Site) -> str:
    """Return the sitemap (sitemaps.org): all that search engines should know."""
    dates = {article.url: article.meta.updated for article in site.searchable}
    retired = {branch.url for branch in site.branches.values() if branch.retired}
    own = (page.url for page in site.pages if page.kind in ("home", "topic", "faq", "a-z") or page.url in dates)
    pages = [url for url in own if url not in retired]
    entries = "".join(_sitemap_entry(absolute_url(site.center.config.url, url), dates.get(url)) for url in pages)
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'


def _sitemap_entry(address: str, day: datetime.date | None) -> str:
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<url><loc>{_text(address)}</loc>{changed}</url>\n"


def _robots(site: Site) -> str:
    """Return the rules for crawlers (RFC 9309). They count at a host's root only."""
    address = site.center.config.url
    return "User-agent: *\nAllow: /\n" + (f"\nSitemap: {absolute_url(address, 'sitemap.xml')}\n" if address else "")


def _feed(site: Site) -> str:
    """Return the Atom feed of changed articles (RFC 4287)."""
    config = site.center.config
    articles = newest(site, NEWEST)
    entries = "".join(_feed_entry(article, absolute_url(config.url, article.url)) for article in articles)
    home, own = absolute_url(config.url, ""), absolute_url(config.url, "feed.xml")
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_quoted_text(config.language)}>\n'
        f"<title>{_text(config.title)}</title>\n<id>{_text(home)}</id>\n<updated>{_moment(articles[0])}</updated>\n"
        f"<author><name>{_text(config.title)}</name></author>\n"
        f'<link href={_quoted_text(home)}/>\n<link rel="self" href={_quoted_text(own)}/>\n{entries}</feed>\n'
    )


def _feed_entry(article: Article, address: str) -> str:
    return (
        f"<entry><title>{_text(article.title)}</title><id>{_text(address)}</id><link href={_quoted_text(address)}/>"
        f"<updated>{_moment(article)}</updated><summary>{_text(article.summary)}</summary></entry>\n"
    )


def _moment(article: Article) -> str:
    return f"{_day(article).isoformat()}T00:00:00Z"


def _opensearch(site: Site, words: Words) -> str:
    """Return the description by which a browser offers the site's search (OpenSearch 1.1)."""
    config = site.center.config
    template = absolute_url(config.url, "search/") + "?q={searchTerms}"
    about = config.description or words.gettext("Search the help center")
    return (
        f'{_XML}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n<ShortName>{_text(config.title[:16])}</ShortName>\n'
        f"<Description>{_text(about[:1024])}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template={_quoted_text(template)}/>\n</OpenSearchDescription>\n'
    )


def _redirects(site: Site) -> str:
    """Return the redirects in the form that Netlify and Cloudflare Pages read."""
    base = base_path(site)
    lines = (f"{base}{quote_path(old)} {base}{_quoted(new)} 301\n" for old, new in site.redirects.items())
    return "".join(lines)


def _quoted(url: str) -> str:
    """Return the URL percent-encoded, its fragment kept."""
    path, mark, fragment = url.partition("#")
    return quote_path(path) + mark + quote_path(fragment)


def _llms(site: Site) -> str:
    """Return the list of articles for language models (llmstxt.org), linking to their Markdown."""
    config = site.center.config
    about = f"> {_line(config.description)}\n\n" if config.description else ""
    return f"# {_line(config.title)}\n\n{about}" + "\n".join(
        filter(None, (_llms_topic(site, each) for each in site.branches.values()))
    )


def _llms_topic(site: Site, branch: Branch) -> str:
    """Return a topic's part of the list, or nothing when it holds no article of its own."""
    shown = [article for article in branch.articles if article.meta.audience == "public" and article.meta.status == "published"]
    if not shown:
        return ""
    names = [site.branches[path].title for path in branch.parents] + [branch.title]
    lines = (f"- [{_line(article.title)}]({_markdown_url(site, article)}){_about(article)}\n" for article in shown)
    return f"## {_line(' / '.join(names))}\n\n{''.join(lines)}"


def _markdown_url(site: Site, article: Article) -> str:
    url = f"{article.url}index.md"
    return absolute_url(site.center.config.url, url) if site.center.config.url else quote_path(url)


def _about(article: Article) -> str:
    return f": {_line(article.summary)}" if article.summary else ""


def _line(text: str) -> str:
    """Return the text in one line, with nothing in it that Markdown would read."""
    return " ".join(text.split()).replace("[", "\\[").replace("]", "\\]")


def _text(text: str) -> str:
    """Return the text as it stands in XML, without the signs that XML forbids."""
    return escape(text.translate(_CONTROL), quote=False)


def _quoted_text(text: str) -> str:
    """Return the text as the value of an attribute of XML; the standard library's own way imports an HTTP client."""
    return f'"{escape(text.translate(_CONTROL))}"'
