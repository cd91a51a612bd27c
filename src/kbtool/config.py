"""kbtool.yml, with the terms.yml beside it -> HelpCenter."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.address import SECRET_HINT, names_secret
from kbtool.conflicts import find_conflict
from kbtool.places import TERMS_NAME
from kbtool.problems import Problem, Stop
from kbtool.records import read_record
from kbtool.settings import Brand, Config, Contact
from kbtool.values import tidy_folder, wrong_values

if TYPE_CHECKING:
    from kbtool.terms import Term

_TEXT_AS_COMMENT = re.compile(r"^[ \t]*(?P<key>\w+):[ \t]+(?P<value>#[^\s#][^\n]*?)[ \t\r]*$", re.MULTILINE)
_TEXTS = frozenset(field.name for kind in (Config, Brand, Contact) for field in fields(kind) if isinstance(field.default, str))
"""The settings that are one text."""


@dataclass(frozen=True, slots=True)
class HelpCenter:
    """A configuration and the folder it holds for."""

    root: Path
    config: Config
    problems: tuple[Problem, ...] = ()
    terms: "tuple[Term, ...]" = ()
    """The team's own words, from terms.yml; what they mean stands in the glossary, too."""

    @property
    def content(self) -> Path:
        """The folder that holds the articles."""
        return self.root / self.config.content

    @property
    def output(self) -> Path:
        """The folder that the site is built into."""
        return self.root / self.config.output

    @property
    def cache(self) -> Path:
        """The folder that may be deleted at any time."""
        return self.root / ".kbtool"


def load_config(file: Path) -> HelpCenter:
    """Read the file. Unknown keys and wrong values are all told at once. Raises Stop when any of them is an error."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Stop(Problem(file.name, 0, "unreadable", f'"{file.name}" cannot be read: {error.strerror}')) from None
    conflict = find_conflict(data.decode("utf-8", "replace"), file.name)
    if conflict:
        raise Stop(conflict)
    record, problems = read_record(data, Config, file.name)
    problems = tuple(_kept_secret(problem) for problem in problems)
    text = data.decode("utf-8", "replace")
    wrong = (Problem(file.name, _line_of(text, key), "wrong-value", message, hint) for key, message, hint in wrong_values(record))
    problems = (*problems, *wrong, *_lost_to_comments(text, file.name))
    if any(problem.severity == "error" for problem in problems):
        raise Stop(*problems)
    root = file.parent.resolve()
    terms, meanings, told = _own_words(root)
    glossary = {**meanings, **record.glossary}
    tidy = replace(record, content=tidy_folder(record.content), output=tidy_folder(record.output), glossary=glossary)
    return HelpCenter(root, tidy, (*problems, *told), terms)


def _own_words(root: Path) -> "tuple[tuple[Term, ...], Mapping[str, str], tuple[Problem, ...]]":
    """Return the team's own words, what they mean, and what is wrong with terms.yml."""
    if not os.path.lexists(root / TERMS_NAME):
        return (), {}, ()
    from kbtool.terms import read_terms  # noqa: PLC0415 - most help centers have none, and every command reads the configuration

    vocabulary = read_terms(root)
    return vocabulary.terms, vocabulary.glossary, vocabulary.problems


def _kept_secret(problem: Problem) -> Problem:
    """Return the problem with a key that no target has; where a secret was typed, it says where secrets belong."""
    key = problem.message.partition('"')[2].rpartition('"')[0]
    return replace(problem, hint=SECRET_HINT) if problem.rule == "unknown-key" and names_secret(key) else problem


def _lost_to_comments(text: str, name: str) -> Iterator[Problem]:
    """Yield a problem for each text that YAML takes for a comment, for it begins with a "#"."""
    for found in _TEXT_AS_COMMENT.finditer(text):
        if found["key"] in _TEXTS:
            message = f'"{found["key"]}" is empty: YAML takes "{found["value"]}" for a comment'
            hint = f'put it in quotes: {found["key"]}: "{found["value"]}"'
            yield Problem(name, 1 + text.count("\n", 0, found.start("key")), "wrong-value", message, hint, "warning")


def _line_of(text: str, key: str) -> int:
    """Return the line in which a key stands first, 0 when it is not to be found."""
    top = re.search(rf"^[\"']?{key}[\"']?\s*:", text, re.MULTILINE)
    found = top or re.search(rf"[\s{{,][\"']?{key}[\"']?\s*:", text)
    return 1 + text.count("\n", 0, found.start() + 1) if found else 0
