"""What goes into a rule, and what comes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kbtool.content.examination import Examined
from kbtool.content.markdown import Block
from kbtool.demand import Match
from kbtool.model import Article, ExternalLink, Library, Link
from kbtool.problems import Severity
from kbtool.settings import Config
from kbtool.terms import Term


class Finding(NamedTuple):
    """What a rule found: a problem without its path and its rule's name, which the list knows."""

    line: int
    message: str
    hint: str = ""
    severity: Severity | None = None
    """How grave this one is, where it is not as grave as the rule's others."""


class Sentence(NamedTuple):
    """A sentence of running text."""

    text: str
    """In one line."""
    line: int
    block: Block
    words: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What the help center says about all its articles, as far as rules need it."""

    name: str = "content"
    """The content folder's, as the user types it."""
    language: str = "en"
    """The language of the articles, as a code."""
    terms: tuple[Term, ...] = ()
    glossary: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    """The help center's own host names: they are no secret."""
    contact: tuple[str, ...] = ()
    """Addresses and phone numbers that readers are meant to use."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An article as its writer sees it: what a rule for one article judges."""

    article: Article
    source: str
    """The file's text."""
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    language: str
    """What the text is written in, as a code of two letters, where that can be told; else the help center's language."""
    setup: Setup

    @property
    def links(self) -> Sequence[Link | ExternalLink]:
        """The article's links, here and elsewhere; pictures are none."""
        return [*(link for link in self.article.links if not link.image), *self.article.external]


@dataclass(frozen=True, slots=True)
class Asked:
    """What customers asked in a ticket export, held against the articles."""

    matches: tuple[Match, ...]
    """Each ticket with the best article for it."""
    words: Mapping[str, tuple[str, ...]]
    """By an article's path the words that its customers use and it lacks, the most used first."""
    stems_of: Callable[[str], Iterable[str]]
    """A text's words, reduced as search reduces them."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All articles with what was found in each: what a rule for the whole library judges."""

    library: Library
    config: Config
    examined: Mapping[str, Examined]
    """By path, topics' index.md among them."""
    today: date
    only: frozenset[str] = frozenset()
    """Only what is found in these articles is wanted, by path; none named: in all."""
    asked: Asked | None = None
    """What customers asked; None where no ticket export was given."""


class Placed(NamedTuple):
    """What a rule for the whole library found, and in which article."""

    path: str
    """Under the content folder."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class ArticleRule:
    """A rule that needs one article alone: what it finds is kept until the article changes."""

    name: str
    severity: Severity
    check: Callable[[Manuscript], Iterable[Finding]]
    languages: frozenset[str] = frozenset()
    """The languages that it has words for; none named: it needs no words."""


@dataclass(frozen=True, slots=True)
class LibraryRule:
    """A rule that needs all articles."""

    name: str
    severity: Severity
    check: Callable[[Shelf], Iterable[Placed]]
    languages: frozenset[str] = frozenset()


Rule = ArticleRule | LibraryRule
