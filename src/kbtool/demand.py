"""The nouns of what customers ask: tickets, the articles' words they are held against, and what became of each."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """Which stem stands how often in one part of which article: three columns of one table."""

    weight: float
    """How much a word counts that stands in this part."""
    stems: Sequence[int]
    """Each a number in `Postings.stems`."""
    articles: Sequence[int]
    """Each a number in `Postings.articles`."""
    counts: Sequence[int]
    lengths: Sequence[float]
    """This part's length in words for each article, as coarsely as the index keeps it."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The articles' words as the index of `kbtool search` holds them, so that all tickets can be scored in one product."""

    articles: tuple[str, ...]
    """Their paths, sorted."""
    stems: tuple[str, ...]
    """Sorted."""
    fields: tuple[FieldPostings, ...]
    stems_of: Callable[[str], Iterable[str]] = field(repr=False)
    """A text's words, reduced as the articles' were."""
    fillers: frozenset[str] = frozenset()
    """Words of the language that say nothing by themselves, in small letters."""
    tongues: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """The codes of other languages, each with such words of its own that are none of the articles' language."""


TicketStatus = Literal["open", "pending", "solved", "unknown"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One customer's question, as an export holds it."""

    id: str
    subject: str
    """Cleaned for matching: no reply prefixes, ticket numbers, addresses, greetings. Empty when it says nothing."""
    shown: str
    """The subject as it may be shown: addresses, phone, card and order numbers and tokens are redacted."""
    created: datetime.datetime | None
    """With its time zone; None when the export does not say."""
    status: TicketStatus
    tags: tuple[str, ...]
    person: str
    """A salted hash for this run that counts different people; empty when the export does not say. Never an address."""
    body: str = field(default="", repr=False)
    """The first message, cleaned, where the export has one and it is wanted."""
    reopened: bool = False


MatchState = Literal["answered", "weak", "unanswered"]


@dataclass(frozen=True, slots=True)
class Match:
    """How well the best article answers a ticket."""

    ticket: Ticket
    article: str
    """The best article's path under the content folder, even when it is not good enough; empty when there is none at all."""
    score: float
    """0 to 1, higher is better, comparable between help centers."""
    state: MatchState
    topic: str = ""
    """The name of the gap topic that an unanswered ticket stands in; empty: in none."""
