"""Pages -> JSON-LD (schema.org), and any value -> JSON that can stand in HTML."""

import json
import re
from collections.abc import Iterable, Sequence

from kbtool.kinds import Json
from kbtool.model import Article, Question
from kbtool.site.pages import Page, Site
from kbtool.urls import absolute_url

_UNSAFE = re.compile("[<>&\u2028\u2029]")
_TYPES = {"instructions": "TechArticle", "troubleshooting": "TechArticle"}


def json_in_html(value: object) -> str:
    r"""Return the value as JSON that can end no element and no line.

    >>> json_in_html("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def describe_article(site: Site, page: Page, article: Article) -> list[Json]:
    """Return what search engines are told of an article's page; what needs the public address only when there is one."""
    described = [_breadcrumbs(site, page)] if site.center.config.url else []
    if article.questions:
        return [*described, describe_questions(article.questions)]
    if site.center.config.url:
        described.append(_article(site, article))
    return described


def describe_page(site: Site, page: Page) -> list[Json]:
    """Return what search engines are told of a topic's page."""
    return [_breadcrumbs(site, page)] if site.center.config.url and page.topic else []


def describe_questions(questions: Iterable[Question]) -> Json:
    """Return a FAQPage of questions that the page shows."""
    asked = [
        {"@type": "Question", "name": each.text, "acceptedAnswer": {"@type": "Answer", "text": each.answer}} for each in questions
    ]
    return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": asked}


def _article(site: Site, article: Article) -> Json:
    """Return an Article, or a TechArticle for one that says how to do something."""
    config = site.center.config
    dated = {"dateModified": article.meta.updated.isoformat()} if article.meta.updated else {}
    return {
        "@context": "https://schema.org",
        "@type": _TYPES.get(article.type, "Article"),
        "headline": article.title,
        "description": article.summary,
        "inLanguage": config.language,
        "mainEntityOfPage": absolute_url(config.url, article.url),
        **dated,
        "publisher": {"@type": "Organization", "name": config.title},
    }


def _breadcrumbs(site: Site, page: Page) -> Json:
    """Return the way from the home to the page as a BreadcrumbList."""
    config = site.center.config
    topic = site.branches[page.topic]
    above = [site.branches[path] for path in topic.parents]
    trail: Sequence[tuple[str, str]] = [("", config.title), *((each.url, each.title) for each in above)]
    trail = [
        *trail,
        *([(topic.url, topic.title)] if topic.path else []),
        *([(page.url, page.title)] if page.kind != "topic" else []),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute_url(config.url, url)}
        for place, (url, name) in enumerate(trail, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
