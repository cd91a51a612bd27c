"""What goes into the Markdown renderer, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtool.model import ArticleType, ExternalLink, Heading, Link, Question, Section
from kbtool.problems import Problem


@dataclass(frozen=True, slots=True)
class MarkdownOptions:
    """What the help center says about all its articles."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Words that stand for `{{ name }}`."""
    glossary: Mapping[str, str] = field(default_factory=dict)
    """Terms and their explanations."""
    snippets: Mapping[str, str] = field(default_factory=dict)
    """The Markdown that stands for `{{ snippet name }}`."""
    trusted_html: bool = False
    """Raw HTML is kept as it is typed."""
    old_urls: tuple[str, ...] = ()
    """Addresses of a former help center: links to them are links to articles."""
    language: str = "en"
    extras: bool = True
    """False: CommonMark and nothing else, links as they are typed."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """An article's body, rendered."""

    html: str
    """The body without the title; a link to the site's own files is `kb:` and its number in `links`."""
    text: str
    """The body's words."""
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    external: tuple[ExternalLink, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    anchors: frozenset[str]
    first_paragraph: str
    title: str
    """The words of a leading `# heading`; empty when there is none."""
    guessed_type: ArticleType
    words: int
    problems: tuple[Problem, ...]
