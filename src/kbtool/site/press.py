"""A page of the site -> its HTML, through the theme's templates."""

from functools import cache, partial

from kbtool.model import Article, OutputFile
from kbtool.site import views
from kbtool.site.feeds import base_path, has_feed
from kbtool.site.links import apart, fill_links
from kbtool.site.pages import Page, Site
from kbtool.site.structured import describe_article, describe_page, describe_questions, json_in_html
from kbtool.site.templates import Markup, Templates, escape
from kbtool.site.textual import html_to_markdown
from kbtool.site.theme import Theme
from kbtool.site.visible import is_open
from kbtool.urls import absolute_url, quote_path

_ROOT_MARK = "\0/"
"""Stands for the way to the site's root until it is known: no article and no template can hold it."""

_UNLISTED = ("not-found",)
"""Pages that no search engine should show."""


def markdown_path(site: Site, page: Page) -> str:
    """Return where the page's Markdown goes, or nothing when it has none: it is for articles that anyone may find."""
    wanted = site.center.config.llms and page.article is not None and is_open(page.article)
    return f"{page.url}index.md" if wanted else ""


class Press:
    """Renders pages of one site; what many of them share is rendered once."""

    def __init__(self, site: Site, theme: Theme) -> None:
        """Prepare the templates and what all pages are given."""
        self._site = site
        self._theme = theme
        self._pages = {page.path: page for page in site.pages}
        self._logos = {asset.path: asset for asset in site.assets.values() if asset.path in _brand_files(site)}
        self._quoted = cache(quote_path)
        self._frame = cache(self._make_frame)
        self._fragment = cache(self._make_fragment)
        self._sidebar = cache(self._make_sidebar)
        self._templates = Templates(theme, self._shared(), site.center.cache)

    def page_at(self, path: str) -> Page:
        """Return the page of that output path."""
        return self._pages[path]

    def outputs(self, page: Page) -> list[OutputFile]:
        """Return the page, rendered, and an article's Markdown beside it. Raises Stop when its template fails."""
        body = self._words(page, page.article)
        rendered = [self._output(page, body)]
        path = markdown_path(self._site, page)
        if path:
            text = f"# {page.title}\n\n{html_to_markdown(body)}"
            rendered.append(OutputFile(path, page.key, text.encode("utf-8", "backslashreplace")))
        return rendered

    def _output(self, page: Page, body: Markup) -> OutputFile:
        root = base_path(self._site) if page.kind == "not-found" else _root(page.url)
        values = {**self._frame(root), "page": page, **self._described(page), **self._values(page, body, root)}
        text = self._templates.render(f"{page.kind}.html", values)
        return OutputFile(page.path, page.key, text.encode("utf-8", "backslashreplace"))

    def html(self, template: str, url: str, **values: object) -> bytes:
        """Return the HTML of a template for the page at this URL. Raises Stop when it fails."""
        text = self._templates.render(template, {**self._frame(_root(url)), **values})
        return text.encode("utf-8", "backslashreplace")

    def _shared(self) -> dict[str, object]:
        """Return what every template may use."""
        site = self._site
        return {
            "site": site,
            "config": site.center.config,
            "language": self._theme.words.language,
            "direction": self._theme.words.direction,
            "locale": self._theme.words.territorial,
            "absolute": partial(absolute_url, site.center.config.url),
            "topics": [site.branches[path] for path in site.branches[""].topics],
            "branches": site.branches,
            "date": cache(self._theme.words.date),
            "has_feed": has_feed(site),
            "short": views.SHORT,
        }

    def _make_frame(self, root: str) -> dict[str, object]:
        """Return what depends on how far the root is: links, assets, fragments, the data for scripts."""
        assets = self._theme.assets

        def link(url: str) -> str:
            path, mark, fragment = url.partition("#")
            return root + self._quoted(path) + mark + fragment

        def outside(url: str) -> str:
            return url if "://" in url or url.startswith(("mailto:", "tel:", "#")) else link(url.lstrip("/"))

        return {
            "root": root,
            "link": link,
            "outside": outside,
            "asset": lambda name: root + assets[name].url,
            "integrity": lambda name: assets[name].integrity,
            "fragment": lambda name: self._fragment(name, root),
            "file": self._logos.get,
            "data": self._data(root),
        }

    def _make_fragment(self, name: str, root: str) -> Markup:
        """Return a template that is the same on all pages of one depth."""
        return Markup(self._templates.render(name, self._frame(root)))

    def _make_sidebar(self, topic: str, window: int) -> str:
        """Return the sidebar of a topic for pages of any depth: a mark stands for the way to the root, and no page is marked as current."""
        nodes = views.sidebar_nodes(self._site, topic, window)
        branch = self._site.branches[topic]
        articles, more = views.sidebar_articles(branch, window) if not topic else ((), 0)
        values = {**self._frame(_ROOT_MARK), "nodes": nodes, "branch": branch, "articles": articles, "more": more}
        return self._templates.render("sidebar.html", values)

    def _data(self, root: str) -> Markup:
        """Return what scripts need to know, as JSON."""
        config = self._site.center.config
        contact = config.contact
        data = {
            "root": root,
            "language": self._theme.words.language,
            "direction": self._theme.words.direction,
            "assets": {name: root + asset.url for name, asset in self._theme.assets.items() if name.endswith(".js")},
            "contact": {"url": contact.url, "email": contact.email, "phone": contact.phone, "text": contact.text},
            "texts": self._theme.script_texts,
        }
        return Markup(json_in_html(data))

    def _described(self, page: Page) -> dict[str, object]:
        """Return what search engines and messengers show of the page, and whether they should."""
        config = self._site.center.config
        retired = page.kind == "topic" and bool(self._site.branches[page.topic].retired)
        noindex = retired or page.kind in _UNLISTED or (page.article is not None and not is_open(page.article))
        return {"summary": views.about(self._site, page), "noindex": noindex, "address": absolute_url(config.url, page.url)}

    def _values(self, page: Page, body: Markup, root: str) -> dict[str, object]:
        """Return what the page's own template is given."""
        branch = self._site.branches[page.topic]
        if page.kind == "article" and page.article:
            return self._article_values(page, page.article, body, root)
        common = {
            "branch": branch,
            "words": self._words(page, branch.words),
            "json_ld": _json_ld(describe_page(self._site, page)),
        }
        if page.kind == "home":
            return {**common, "pinned": views.pinned(self._site), "recent": views.recent(self._site)}
        if page.kind == "topic":
            return {**common, "trail": views.trail(self._site, page), "sidebar": self._marked_sidebar(page, root)}
        if page.kind == "faq":
            return {**common, **self._question_values(page, root)}
        return {**common, "letters": views.letters(self._site)} if page.kind == "a-z" else common

    def _article_values(self, page: Page, article: Article, body: Markup, root: str) -> dict[str, object]:
        """Return what an article's template is given."""
        edit = self._site.center.config.edit_url
        return {
            "article": article,
            "body": body,
            "contents": views.contents(article.headings),
            "trail": views.trail(self._site, page),
            "sidebar": self._marked_sidebar(page, root),
            "json_ld": _json_ld(describe_article(self._site, page, article)),
            "edit_url": edit.replace("{path}", quote_path(article.path)) if edit else "",
        }

    def _question_values(self, page: Page, root: str) -> dict[str, object]:
        """Return what the template of a page of questions is given."""
        groups = views.groups(self._site, page)
        shown = [asked.question for group in groups if not group.folded for asked in group.asked]
        described = [*describe_page(self._site, page), describe_questions(shown)]
        return {
            "groups": groups,
            "answer": lambda asked: self._answer(page, asked),
            "trail": views.trail(self._site, page),
            "sidebar": self._marked_sidebar(page, root),
            "json_ld": _json_ld(described),
        }

    def _answer(self, page: Page, asked: views.Asked) -> Markup:
        """Return an answer's HTML; its ids are its own on a page of answers of many articles."""
        return Markup(apart(str(self._filled(page, asked.article, asked.question.html)), f"{asked.id}--"))

    def _marked_sidebar(self, page: Page, root: str) -> Markup:
        """Return the sidebar with this page marked as the current one."""
        here = f'<a href="{escape(_ROOT_MARK + self._quoted(page.url))}"'
        marked = self._sidebar(page.topic, page.neighbours.window).replace(here, f'{here} aria-current="page"', 1)
        return Markup(marked.replace(_ROOT_MARK, root))

    def _words(self, page: Page, article: Article | None) -> Markup:
        """Return an article's own HTML for a page."""
        return self._filled(page, article, article.html) if article else Markup()

    def _filled(self, page: Page, article: Article, marked: str) -> Markup:
        """Return HTML of an article with its links filled in for a page."""
        targets = self._site.targets.get(article.path, ())
        return Markup(fill_links(marked, page.url, targets, self._site.assets, self._missing))

    def _missing(self, alt: str) -> str:
        """Return what stands where an image is missing."""
        said = escape(self._theme.words.gettext("Image missing"))
        return f'<span class="missing-image">{said}{": " if alt else ""}{alt}</span>'


def _root(url: str) -> str:
    """Return the way from a URL up to the site's root.

    >>> _root("billing/refund/"), _root("")
    ('../../', './')
    """
    return "../" * url.count("/") or "./"


def _brand_files(site: Site) -> tuple[str, ...]:
    brand = site.center.config.brand
    return brand.logo, brand.logo_dark, brand.favicon, brand.share_image


def _json_ld(described: list[dict[str, object]]) -> Markup:
    """Return JSON-LD, or nothing."""
    if not described:
        return Markup()
    return Markup(json_in_html(described[0] if len(described) == 1 else described))
