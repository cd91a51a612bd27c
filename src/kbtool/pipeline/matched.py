"""Exports, content/ -> every ticket with its best article: the first half of all that is done with tickets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import HelpCenter, load_config
from kbtool.content.reader import read_content
from kbtool.demand import Postings, Ticket
from kbtool.model import Library
from kbtool.pipeline.progress import Progress, silent
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one

if TYPE_CHECKING:  # what needs no tickets needs none of it, and its imports take long
    from kbtool.tickets.export import ReadOptions, TicketExport
    from kbtool.tickets.matching import Matches
    from kbtool.tickets.scoring import Taught


@dataclass(frozen=True, slots=True)
class TicketOptions:
    """How tickets are held against the articles, beside how they are read."""

    today: date
    salt: bytes
    """Makes the requesters' hashes those of this run alone."""
    words_only: bool = False
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Matched:
    """Tickets and articles, held against each other."""

    center: HelpCenter
    library: Library
    postings: Postings
    export: "TicketExport"
    matched: "Matches"


def match_exports(
    config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions, more: tuple[Ticket, ...] = ()
) -> Matched:
    """Return every ticket with its best article, those that are in no export last. Raises Stop when no ticket can be read, or what that needs is not installed."""
    demand_ticket_packages()
    from kbtool.content.postings import read_postings  # noqa: PLC0415 - a build needs nothing of this, and SciPy's import is long
    from kbtool.tickets.matching import match_tickets  # noqa: PLC0415
    from kbtool.tickets.reading import read_tickets  # noqa: PLC0415
    from kbtool.tickets.scoring import MatchOptions  # noqa: PLC0415
    from kbtool.tickets.strangers import without_strangers  # noqa: PLC0415

    settings = load_config(config).config.tickets
    reading = replace(reading, dates=reading.dates or settings.dates, timezone=settings.timezone)
    export = read_tickets(exports, reading, options.salt, partial(options.progress, "Reading tickets"))
    with only_one(cache_folder(config)):
        center = load_config(config)
        language = center.config.language
        progress = partial(options.progress, "Reading articles")
        library = read_content(center, cache=center.cache, workers=1, today=options.today, progress=progress)
        postings = read_postings(library, folder=center.cache / "index", language=language)
    texts = [f"{article.title} {article.summary} {article.text}" for article in library.articles]
    export = replace(export, tickets=without_strangers(export.tickets, export.names, texts), names={})
    taught, problems = _taught(center, library)
    tuned = MatchOptions(language, options.words_only, settings.model, settings.answered, settings.unanswered, taught)
    matched = match_tickets((*export.tickets, *more), library, postings, tuned, partial(options.progress, "Matching"))
    return Matched(center, library, postings, replace(export, problems=(*export.problems, *problems)), matched)


def _taught(center: HelpCenter, library: Library) -> "tuple[tuple[Taught, ...], tuple[Problem, ...]]":
    """Return what a person marked in taught.csv, if it is there, and what is wrong with it."""
    from kbtool.tickets.taught import FILE, as_taught, read_marks  # noqa: PLC0415

    if not (center.root / FILE).is_file():
        return (), ()
    marks, problems = read_marks(center.root / FILE)
    taught, missing = as_taught(marks, [article.path for article in library.articles])
    return taught, (*problems, *missing)


def demand_ticket_packages() -> None:
    """Raise Stop when what only tickets need is not installed."""
    missing = [name for name in ("numpy", "pygal", "scipy", "tokenizers", "wordllama") if find_spec(name) is None]
    if missing:
        named = ", ".join(f'"{name}"' for name in missing)
        message = f"{named} is needed to read tickets; type: pip install 'kbtool[tickets]'"
        raise Stop(Problem("", 0, "missing-package", message))
