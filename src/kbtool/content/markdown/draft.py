"""What is gathered about one article while its tokens become HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kbtool.content.markdown.records import MarkdownOptions
from kbtool.content.markdown.words import word
from kbtool.model import ExternalLink, Heading, Link, Question, Section
from kbtool.problems import Problem, Severity
from kbtool.urls import slug

_OFF = re.compile(r"\s*kbtool\s*:\s*off\s+(.+)", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(slots=True)
class Draft:
    """An article while it is being written: the one mutable thing in this package."""

    path: str
    first_line: int
    options: MarkdownOptions
    line: int = 0
    """The line of the file that is being written."""
    calling_line: int = 0
    """The line that calls a snippet, while the snippet is read."""
    words: list[str] = field(default_factory=list)
    """The words of the section that is being written."""
    texts: list[str] = field(default_factory=list)
    """The words of the sections before it."""
    section: tuple[str, str] = ("", "")
    """Its anchor and its title."""
    headings: list[Heading] = field(default_factory=list)
    levels: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1)])
    """The headings that the next one stands below: their level once settled, and as written."""
    shift: int = 0
    """By how many levels headings stand deeper than they are typed."""
    links: list[Link] = field(default_factory=list)
    external: list[ExternalLink] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    """Problems that are told once an article, not once a place."""
    anchors: set[str] = field(default_factory=set)
    """Every id that a link may point at."""
    ids: set[str] = field(default_factory=set)
    """Every id that is taken, anchors or not."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The last number that an id was given to be unique."""
    first_paragraph: str = ""
    env: dict[str, Any] = field(default_factory=dict)
    """What markdown-it's rules share."""
    terms: re.Pattern[str] | None = None
    """Finds the glossary's terms; None when there are none, or where none are marked."""
    quiet_terms: re.Pattern[str] | None = None
    """What `terms` was before the link that is being written."""
    explanations: Mapping[str, str] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)
    typed_ids: set[str] = field(default_factory=set)
    """The ids of raw HTML that are written already."""
    tables: dict[str, int] = field(default_factory=dict)
    """How many tables bear a name."""
    hushed: list[str] = field(default_factory=list)
    """Rules that a comment turns off for the article."""
    groups: int = 0
    """How many groups of tabs there are."""
    has_raw_html: bool = False
    """Raw HTML was written since the last time anything was sanitised."""

    def problem(self, rule: str, message: str, hint: str = "", severity: Severity = "error", *, line: int | None = None) -> None:
        """Note what is wrong at a line of the file; left out, the line that is being written."""
        place = self.calling_line or (self.line if line is None else line)
        self.problems.append(Problem(self.path, place, rule, message, hint, severity))

    def problem_once(self, rule: str, culprit: str, message: str, hint: str, severity: Severity = "hint") -> None:
        """Note a problem for the first place in the article only."""
        if (rule, culprit) not in self.told:
            self.told.add((rule, culprit))
            self.problem(rule, message, hint, severity)

    def hush(self, comment: str) -> None:
        """Note the rules that a comment turns off: `kbtool: off RULE`, several of them with commas or spaces between."""
        off = _OFF.match(comment)
        self.hushed += _RULE.findall(off[1]) if off else ()

    def new_id(self, wanted: str) -> str:
        """Return the id, or the id and a number when it is taken, and take it."""
        ident, number = wanted, self.numbers.get(wanted, 0)
        while ident in self.ids:
            number += 1
            ident = f"{wanted}-{number}"
        self.numbers[wanted] = number
        self.ids.add(ident)
        return ident

    def heading_id(self, text: str, typed: str = "") -> str:
        """Return a heading's anchor: as typed, or as GitHub makes it: the words, then -1, -2 where they were there before."""
        ident = self.new_id(typed or slug(text) or "section")
        self.anchors.add(ident)
        return ident

    def heading_level(self, settled: int, text: str) -> int:
        """Return the level to write: none is more than one below the heading above it, which is told where it was."""
        above = self.levels
        while above[-1][0] > settled:
            above.pop()
        outer, level = above[-1]
        if settled > outer:
            if settled > outer + 1:
                typed, below = settled - self.shift, max(1, outer - self.shift)
                hint = f"make it level {below + 1}: readers who do not see the page take a level left out for a part left out"
                self.problem(
                    "heading-order", f'the heading "{text}" is of level {typed}, below one of level {below}', hint, "warning"
                )
            level += 1
            above.append((settled, level))
        return level

    def table_name(self) -> str:
        """Return what a screen reader calls the next table: the heading above it, with a number from the second on."""
        name = self.section[1] or word("table", self.options.language)
        self.tables[name] = self.tables.get(name, 0) + 1
        return name if self.tables[name] == 1 else f"{name} ({self.tables[name]})"

    def start_section(self, ident: str, title: str) -> None:
        """End the section that is being written and start the next."""
        self.end_section()
        self.section = (ident, title)

    def end_section(self) -> None:
        """Keep the section's words; words before the first heading are a section only when there are any."""
        text = tidy(self.words)
        self.words.clear()
        ident, title = self.section
        if text or ident:
            self.sections.append(Section(ident, title, text))
        self.texts.extend((title, text))


def tidy(words: list[str]) -> str:
    """Return the words in one line."""
    return " ".join("".join(words).split())
