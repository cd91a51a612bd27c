"""What other sites said of the links to them, all in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtool.problems import Problem


@dataclass(frozen=True, slots=True)
class Visited:
    """What was found, and how the addresses did; each is counted once, in however many articles it stands."""

    problems: tuple[Problem, ...]
    answering: int = 0
    """They answer, from where they were or from elsewhere."""
    dead: int = 0
    """Dead today and on a day before."""
    new_dead: int = 0
    """Dead today for the first time: they are told if they are so on another day."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Those that could not be looked at, by the reason, the commonest first."""
    reached: bool = True
    """Whether anybody answered, if anybody was asked."""
    forgot: bool = False
    """Whether what was known before could not be understood, and was begun anew."""
    kept: bool = True
    """Whether the answers could be written down for the next time."""
