"""Whom we ask, and how."""

from dataclasses import dataclass, field

from kbtool.outside.addresses import Reach


@dataclass(frozen=True, slots=True)
class Manners:
    """How other sites are asked: a few at once, fewer of one host, in no hurry."""

    at_once: int = 16
    per_host: int = 2
    delay: float = 0.25
    """Seconds between the beginnings of two requests to one host; a robots.txt may want more."""
    patience: float = 10.0
    """Seconds that a request may take in all."""
    reach: Reach = field(default_factory=Reach)
