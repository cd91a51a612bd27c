"""Lines of keywords -> what `kbtool gaps --keywords` answers, as rows, JSON, CSV and Markdown."""

import json
from collections.abc import Callable, Sequence

from kbtool.tickets.export import TicketExport
from kbtool.tickets.forms import as_table, code, count, understood_as_json
from kbtool.tickets.keywords import KeywordLine

VERSION = 1
"""Of the JSON: it grows when a key changes its meaning or goes away, not when one is added."""

COLUMNS = ("Article", "People", "Front matter")
"""Of the table."""

Ready = Callable[[KeywordLine], str]
"""Gives the line as it may stand in the front matter."""


def summarize(lines: Sequence[KeywordLine]) -> str:
    """Return the answer in a line."""
    words = sum(len(line.words) for line in lines)
    return f"{count(len(lines), 'article lacks', 'articles lack')} {count(words, 'word', 'words')} that customers use for them"


def keyword_rows(lines: Sequence[KeywordLine], ready: Ready) -> tuple[tuple[str, ...], ...]:
    """Return a row for each article, as COLUMNS say."""
    return tuple((line.article, f"{line.people:,}", ready(line)) for line in lines)


def as_json(lines: Sequence[KeywordLine], ready: Ready, export: TicketExport) -> str:
    """Return the lines as JSON; the manual explains each key."""
    answer = {
        "version": VERSION,
        "exports": [understood_as_json(one) for one in export.understood],
        "articles": [
            {
                "article": line.article,
                "title": line.title,
                "people": line.people,
                "words": [{"word": word.word, "people": word.people, "tickets": word.tickets} for word in line.words],
                "line": ready(line),
            }
            for line in lines
        ],
    }
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def as_csv(lines: Sequence[KeywordLine]) -> str:
    """Return a line for each word, safe to open in a spreadsheet."""
    rows = ((line.article, word.word, word.people, word.tickets) for line in lines for word in line.words)
    return as_table(("article", "word", "people", "tickets"), rows)


def as_markdown(lines: Sequence[KeywordLine], ready: Ready) -> str:
    """Return the lines as a page to send round."""
    text = ["# Customers' words that articles lack", ""]
    for line in lines:
        text += [f"## {code(line.article)}", "", "```yaml", ready(line), "```", ""]
    return "\n".join(text)
