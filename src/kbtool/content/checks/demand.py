"""What customers asked, held against what articles answer and the words that they have."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from kbtool.content.checks.records import Finding, Placed, Shelf
from kbtool.demand import Match
from kbtool.model import Article, Question

_ENOUGH = 30
"""Tickets below which nobody having asked says nothing."""


def check_evidence(shelf: Shelf) -> Iterator[Placed]:
    """Yield the questions of FAQ pages that no ticket of the export asked. Nielsen: FAQs of made-up questions help nobody."""
    asked = shelf.asked
    if asked is None or len(asked.matches) < _ENOUGH:
        return
    about: dict[str, list[Match]] = defaultdict(list)
    for match in asked.matches:
        if match.state != "unanswered":
            about[match.article].append(match)
    window = f"none of {len(asked.matches):,} tickets{_days(asked.matches)} asked this"
    for article in shelf.library.articles:
        if article.type == "faq" and article.meta.status == "published":
            lines = {heading.id: heading.line for heading in article.headings}
            for question in _unasked(article, about[article.path], asked.stems_of):
                hint = (
                    "if search did not ask it either, take it out: each question that nobody has makes the others harder to find"
                )
                yield Placed(article.path, Finding(lines.get(question.id, 1), f'"{question.text}": {window}', hint))


def check_keywords(shelf: Shelf) -> Iterator[Placed]:
    """Yield the articles that lack words by which their customers ask, each with the line that is to stand in its front matter."""
    asked = shelf.asked
    for article in shelf.library.articles if asked else ():
        words = asked.words.get(article.path, ()) if asked else ()
        if words:
            named = ", ".join(f'"{word}"' for word in words)
            line = ", ".join(_as_yaml(word) for word in (*article.meta.keywords, *words))
            message = f"customers say {named}, which the article does not"
            yield Placed(article.path, Finding(1, message, f"let its front matter have: keywords: [{line}]"))


def _unasked(article: Article, matches: Sequence[Match], stems_of: Callable[[str], Iterable[str]]) -> Iterator[Question]:
    """Yield the questions of a page that are nearest to none of its tickets: a ticket asks the one whose words it shares most."""
    stems = {question.id: frozenset(stems_of(question.text)) for question in article.questions}
    answers = {question.id: frozenset(stems_of(question.answer)) for question in article.questions}
    asked: set[str] = set()
    for match in matches:
        words = frozenset(stems_of(match.ticket.subject))
        nearness = {ident: _nearness(words, stems[ident], answers[ident]) for ident in stems}
        best = max(nearness.values(), default=0.0)
        asked.update(ident for ident, near in nearness.items() if near == best > 0)
    yield from (question for question in article.questions if question.id not in asked)


def _nearness(words: frozenset[str], question: frozenset[str], answer: frozenset[str]) -> float:
    """Return how near a ticket is to a question: a word of the question counts three times what one of the answer does."""
    return (3 * len(words & question) + len(words & (answer - question))) / max(1, len(words))


def _days(matches: Sequence[Match]) -> str:
    days = sorted(match.ticket.created.date() for match in matches if match.ticket.created)
    return f" from {days[0]} to {days[-1]}" if days else ""


def _as_yaml(word: str) -> str:
    return word if all(part.isalnum() for part in word.split()) and not word.isdigit() else f'"{word}"'
