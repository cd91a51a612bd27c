"""What an import reads, before it has a place."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kbtool.problems import Problem


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as another tool kept it."""

    title: str
    body: str
    form: Literal["html", "markdown"] = "html"
    topics: tuple[str, ...] = ()
    """The titles of the topics that it stands in, the outermost first."""
    path: str = ""
    """Its file under the source's folder, where it is one: links lead from there."""
    front: str = ""
    """The front matter as it was typed, its dashes aside; the other fields are then not used."""
    id: str = ""
    url: str = ""
    """Where readers found it."""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    owner: str = ""
    updated: datetime.date | None = None
    is_draft: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that a source held."""

    drafts: tuple[Draft, ...]
    folder: Path
    """Where pictures and other files are looked for."""
    name: str
    """Of the tool, for the answer."""
    problems: tuple[Problem, ...] = ()
    old_urls: tuple[str, ...] = field(default=())
    """What to write under `old_urls`, so that old links lead on."""
