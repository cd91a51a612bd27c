"""Explanation -> what `kbtool gaps --why` answers, in words for a person and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from kbtool.tickets.explaining import Explanation
from kbtool.tickets.forms import count

VERSION = 1


def as_words(found: Explanation) -> str:
    """Return the explanation as lines for a person."""
    return "\n".join(_lines(found)) + "\n"


def as_json(found: Explanation) -> str:
    """Return the explanation as JSON; the manual explains each key."""
    answer = {
        "version": VERSION,
        "subject": found.match.ticket.shown,
        "matched_as": found.subject,
        "article": found.match.article,
        "score": found.match.score,
        "state": found.match.state,
        "unanswered_up_to": round(found.cut, 6),
        "answered_from": round(found.sure, 6),
        "meaning": found.meaning,
        "words": [asdict(word) for word in found.words],
        "articles": [asdict(article) for article in found.articles],
        "tickets": [asdict(ticket) for ticket in found.tickets],
    }
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def _lines(found: Explanation) -> Iterator[str]:
    yield f'"{found.match.ticket.shown}" is {found.match.state}: it scores {found.match.score:.2f}.'
    yield f"Up to {found.cut:.2f} a subject is unanswered, from {found.sure:.2f} on it is answered, between them it is weak."
    if found.subject != found.match.ticket.shown:
        yield f'It is matched as "{found.subject}".'
    yield from ("", _reason(found), "", "Words, and what each adds for the first article:")
    for word in found.words:
        where = f"in {count(word.articles, 'article', 'articles')}" if word.articles else "in no article"
        yield f"  {word.worth:6.2f}  {word.word} ({where})"
    yield from ("", f"Nearest articles (meaning told by {found.meaning}):")
    for article in found.articles:
        yield f"  {article.score:6.2f}  {article.article}: words {article.words:.2f}, meaning {article.meaning:.2f}"
        yield f'          nearest part ({article.likeness:.2f}): "{article.passage}"'
    yield from ("", "Nearest tickets:")
    for ticket in found.tickets:
        yield f'  {ticket.likeness:6.2f}  "{ticket.subject}" -> {ticket.article}, {ticket.state}'
    yield from (
        "",
        'Is it wrong? Write the tickets with --matches FILE, mark them in a column "right", and hand the file to --teach.',
    )


def _reason(found: Explanation) -> str:
    """Return in a sentence what weighed most: how near the article is beside how near the other tickets are."""
    article = max((each.likeness for each in found.articles[:1]), default=0.0)
    tickets = sum(ticket.likeness for ticket in found.tickets) / max(1, len(found.tickets))
    agree = sum(ticket.article == found.match.article for ticket in found.tickets)
    its, others = f"its article ({article:.2f})", f"other tickets ({tickets:.2f})"
    near = f"nearer to {its} than to {others}" if article >= tickets else f"nearer to {others} than to {its}"
    same = f"{agree} of the {count(len(found.tickets), 'nearest ticket', 'nearest tickets')} {'has' if agree == 1 else 'have'} the same article"
    return f"It is {near}, and {same}."
