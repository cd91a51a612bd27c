"""Library and, where there are some, its tickets -> the articles that need a person, most needed first."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kbtool.demand import Match, Ticket
from kbtool.model import Article, Library
from kbtool.review import review_due
from kbtool.settings import Config
from kbtool.terms import Term, find_uses
from kbtool.tickets.evidence import (
    MONTH,
    Window,
    count_people,
    helplessness_of_update,
    open_window,
    reopened_tickets,
    rise_since_review,
    tickets_by_article,
)
from kbtool.tickets.export import TicketExport
from kbtool.tickets.needs import Finding, Reason, StaleArticle, StaleReport, Unknown

_DEAD = {"dead-link": "dead link", "dead-anchor": "dead link", "missing-file": "missing file"}


@dataclass(frozen=True, slots=True)
class Demand:
    """What an export says of all articles."""

    export: TicketExport
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Standards:
    """What articles are held to."""

    config: Config
    today: datetime.date
    terms: tuple[Term, ...] = ()
    undated: str = ""
    """Why no day of a change is known beside those that are typed; the library then has no others."""


def find_stale(library: Library, standards: Standards, demand: Demand | None) -> StaleReport:
    """Return every article that is published, for readers or for agents, with what speaks against it.

    A topic's own page is among them once it was reviewed.
    """
    window = open_window(demand.export.tickets) if demand else None
    tickets = tickets_by_article(demand.matches) if demand else {}
    many = sum(map(len, tickets.values())) >= len(library.articles)
    facts = _Facts(standards, _dead_links(library, standards.config.content), _linked(library), window, tickets, many)
    pages = (topic.article for topic in library.topics if topic.article and topic.article.meta.reviewed)
    articles = [_judged(article, facts) for article in (*library.articles, *pages) if article.meta.status == "published"]
    articles.sort(key=lambda one: (-one.need, one.state != "stale", -(one.people or one.tickets or 0), one.path))
    return StaleReport(standards.today, tuple(articles), demand.export if demand else None)


def without_git_days(library: Library, days: Mapping[str, datetime.date]) -> Library:
    """Return the library without the days of changes that git told: a shallow clone knows only some of them."""

    def typed(article: Article) -> Article:
        told = article.meta.updated is not None and days.get(article.path) == article.meta.updated
        return replace(article, meta=replace(article.meta, updated=None)) if told else article

    topics = (replace(topic, article=typed(topic.article)) if topic.article else topic for topic in library.topics)
    return replace(library, articles=tuple(map(typed, library.articles)), topics=tuple(topics))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every article is judged by."""

    standards: Standards
    dead: Mapping[str, Counter[str]]
    """How many dead links and missing files each article has."""
    linked: frozenset[str]
    """The URLs that another article links to."""
    window: Window | None
    tickets: Mapping[str, tuple[Ticket, ...]]
    many: bool
    """Whether there are so many tickets that an article without one stands out."""


def _judged(article: Article, facts: _Facts) -> StaleArticle:
    found = [finding for finding in _findings(article, facts) if finding]
    reasons = sorted((one for one in found if isinstance(one, Reason)), key=lambda one: (-one.weight, one.rule))
    telling = [reason for reason in reasons if reason.rule != "never-reviewed"]
    tickets = facts.tickets.get(article.path, ())
    meta = article.meta
    return StaleArticle(
        path=article.path,
        url=article.url,
        title=article.title,
        type=article.type,
        owner=meta.owner,
        state="stale" if telling else "unknown" if reasons else "fine",
        need=round(sum(reason.weight for reason in reasons), 3),
        reasons=tuple(reasons),
        unknown=tuple(one for one in found if isinstance(one, Unknown)),
        reviewed=meta.reviewed,
        due=_due(article, facts),
        updated=meta.updated,
        expires=meta.expires,
        tickets=len(tickets) if facts.window else None,
        people=count_people(tickets) if facts.window and facts.window.people else None,
    )


def _findings(article: Article, facts: _Facts) -> Iterator[Finding]:
    """Yield whether each reason holds: this is the list of what `kbtool stale` looks for."""
    yield _expired(article, facts)
    yield _overdue(article, facts)
    yield _changed(article)
    if facts.window and article.meta.audience == "public":
        tickets = facts.tickets.get(article.path, ())
        yield rise_since_review(tickets, article.meta, facts.window)
        yield _update(tickets, article, facts, facts.window)
        yield reopened_tickets(tickets, article.meta, facts.window)
        yield _unused(article, facts, facts.window)
    yield _old_terms(article, facts)
    yield _dead(article, facts)
    yield Reason("never-reviewed", "never reviewed", 0.1) if article.meta.reviewed is None else None


def _expired(article: Article, facts: _Facts) -> Finding:
    expires = article.meta.expires
    return Reason("expired", f"expired on {expires}", 4.5) if expires and expires < facts.standards.today else None


def _overdue(article: Article, facts: _Facts) -> Finding:
    if article.meta.reviewed is None:
        return None
    due = _due(article, facts)
    if due is None:
        return Unknown(
            "review-overdue", 'nobody said how often: add "review_every" to the article, its topic, its type or kbtool.yml'
        )
    late = (facts.standards.today - due).days
    return Reason("review-overdue", f"review overdue since {due}", round(2 + min(2, late / 180), 3)) if late > 0 else None


def _due(article: Article, facts: _Facts) -> datetime.date | None:
    return review_due(article.meta, article.path.rpartition("/")[0], facts.standards.config)


def _changed(article: Article) -> Finding:
    meta = article.meta
    if meta.reviewed is None:
        return None
    if not meta.reviewed_text:
        return Unknown("changed-since-review", 'the review has no mark of the text: record the next one with "kbtool review"')
    return Reason("changed-since-review", "changed since it was reviewed", 2) if meta.reviewed_text != article.wording else None


def _update(tickets: tuple[Ticket, ...], article: Article, facts: _Facts, window: Window) -> Finding:
    found = helplessness_of_update(tickets, article.meta, window)
    return (
        Unknown(found.rule, facts.standards.undated)
        if isinstance(found, Unknown) and not article.meta.updated and facts.standards.undated
        else found
    )


def _unused(article: Article, facts: _Facts, window: Window) -> Finding:
    if article.url in facts.linked or article.path in facts.tickets:
        return None
    if window.first is None or window.last is None or (window.last - window.first).days < MONTH:
        return Unknown("unused", f"not enough data: the export holds less than {MONTH} days")
    if not facts.many:
        return Unknown("unused", "not enough data: there are fewer tickets than articles")
    return Reason("unused", "no tickets are about it, and nothing links to it", 0.5)


def _old_terms(article: Article, facts: _Facts) -> Finding:
    uses = [
        use
        for text in (article.title, article.summary, article.text)
        for use in find_uses(text, facts.standards.terms)
        if use.old
    ]
    renamed = Counter(f'"{use.found}", which is now "{use.term.say}"' for use in uses)
    if not renamed:
        return None
    return Reason("old-terms", f"says {'; '.join(sorted(renamed)[:3])}", round(1 + min(1, len(uses) / 10), 3))


def _dead(article: Article, facts: _Facts) -> Finding:
    dead = facts.dead.get(article.path)
    if not dead:
        return None
    told = ", ".join(f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in sorted(dead.items()))
    return Reason("dead-links", told, round(1 + min(1, dead.total() / 10), 3))


def _dead_links(library: Library, content: str) -> dict[str, Counter[str]]:
    """Return how many links and files of each article lead nowhere."""
    found: dict[str, Counter[str]] = {}
    for problem in library.problems:
        if problem.rule in _DEAD:
            found.setdefault(problem.path.removeprefix(f"{content}/"), Counter())[_DEAD[problem.rule]] += 1
    return found


def _linked(library: Library) -> frozenset[str]:
    """Return the URLs of the articles that another one links to or names as related."""
    urls = {article.path: article.url for article in library.articles}
    related = {urls.get(path, "") for article in library.articles for path in (*article.meta.related, article.meta.replacement)}
    return frozenset(related | set(_targets(library, urls)))


def _targets(library: Library, urls: Mapping[str, str]) -> Iterator[str]:
    for path, targets in library.targets.items():
        for target in targets:
            place = target.partition("#")[0]
            if place != urls.get(path):
                yield library.redirects.get(place, place)
