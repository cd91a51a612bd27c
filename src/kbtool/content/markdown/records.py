"""What goes into the Markdown renderer, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kbtool.kinds import ArticleType
from kbtool.model import ExternalLink, Heading, Link, Question, Section
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
    outline: bool = False
    """Whether the article's blocks are wanted as they were typed: only those who judge the writing need them."""
    extras: bool = True
    """False: CommonMark and nothing else, links as they are typed."""


BlockKind = Literal["heading", "paragraph", "picture", "code", "html", "cell", "line"]
FrameKind = Literal[
    "ordered", "bullets", "item", "quote", "notice", "details", "tabs", "tab", "table", "definition", "footnotes", "other"
]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a block stands in: a list, an item, a notice."""

    kind: FrameKind
    number: int
    """Counts the frames of an article, so that two lists are told apart."""
    line: int
    value: int = 0
    """The number that an ordered list starts with, or that stands before its item."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, code: what stands between two blank lines, mostly."""

    kind: BlockKind
    line: int
    """Of the file; of the call for what a snippet brings."""
    text: str = ""
    """Its words, pictures left out; a line break is one here, too. Code within a sentence stands as three dots in backticks,
    in a heading as it is typed."""
    level: int = 0
    """Of a heading, as typed."""
    frames: tuple[Frame, ...] = ()
    """What it stands in, the outermost first."""
    reused: bool = False
    """It comes from a snippet."""
    labels: tuple[str, ...] = ()
    """What stands in bold: mostly names of buttons."""

    def within(self, *kinds: FrameKind) -> bool:
        """Tell whether it stands in one of these."""
        return any(frame.kind in kinds for frame in self.frames)


CODE = "`...`"
"""What stands for code within a sentence."""


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
    hushed: tuple[str, ...] = ()
    """Rules that comments turn off."""
    blocks: tuple[Block, ...] = ()
    """As they were typed; none unless they were asked for."""
