"""The nouns of `kbtool stale`: what an article needs a person for, and what cannot be known of it."""

import datetime
from dataclasses import dataclass
from typing import Literal

from kbtool.problems import Problem
from kbtool.tickets.export import TicketExport

Need = Literal["stale", "unknown", "fine"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article needs a person."""

    rule: str
    """A stable kebab-case name, for programs."""
    words: str
    weight: float
    """How much it counts in the order."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be told of an article."""

    rule: str
    """The reason that cannot be judged."""
    why: str


Finding = Reason | Unknown | None
"""None: it was looked for, and is not so."""


@dataclass(frozen=True, slots=True)
class StaleArticle:
    """An article and its needs."""

    path: str
    url: str
    title: str
    type: str
    owner: str
    state: Need
    """stale: there is a reason; unknown: nobody ever reviewed it, and nothing else speaks against it; fine."""
    need: float
    """The sum of the reasons' weights: the higher, the sooner."""
    reasons: tuple[Reason, ...]
    """The weightiest first."""
    unknown: tuple[Unknown, ...]
    reviewed: datetime.date | None
    due: datetime.date | None
    updated: datetime.date | None
    expires: datetime.date | None
    tickets: int | None
    """Tickets that it is the best article for; None without an export."""
    people: int | None
    """How many different people wrote them; None when the export does not say who wrote."""


@dataclass(frozen=True, slots=True)
class StaleReport:
    """What `kbtool stale` answers."""

    today: datetime.date
    articles: tuple[StaleArticle, ...]
    """Most needed first."""
    export: TicketExport | None
    """None when no ticket was read."""
    problems: tuple[Problem, ...] = ()
    """What kept something from being known."""

    @property
    def states(self) -> dict[Need, int]:
        """How many articles are stale, unknown and fine."""
        states: tuple[Need, ...] = ("stale", "unknown", "fine")
        return {state: sum(article.state == state for article in self.articles) for state in states}
