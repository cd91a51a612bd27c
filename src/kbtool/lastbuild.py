"""What the last build saw and made, so that the next one can tell at a glance that nothing changed."""

import json
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from kbtool import __version__
from kbtool.fingerprint import fingerprint
from kbtool.places import cache_folder
from kbtool.problems import Problem

_SKIP = frozenset({"__pycache__"})


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did."""

    articles: int
    """With a page in the site."""
    held_back: int
    """Without one: drafts, and those for agents."""
    pages: int
    written: int
    """Files that are new or different."""
    removed: int
    output: Path
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """All that a build depends on and makes."""

    inputs: tuple[Path, ...]
    output: Path
    options: str
    """The command's options, as far as they shape the site."""
    kept: tuple[Path, ...] = ()
    """Files that the build keeps beside the output."""
    valid_until: date | None = None
    """The last day on which the same inputs give the same site; None: for ever."""

    def state(self) -> tuple[str, str]:
        """Return the digests of the inputs and of what is made of them as they are now."""
        return self.seen(), self.made()

    def seen(self) -> str:
        """Return the digest of the inputs as they are now."""
        return fingerprint(self.inputs, skip=_SKIP)

    def made(self) -> str:
        """Return the digest of what is made of them as it is now."""
        return fingerprint((self.output, *self.kept))


def last_build(config: Path, name: str = "site") -> Path:
    """Return the file that remembers the last build of that name."""
    return cache_folder(config) / f"{name}-last.json"


def recall(memory: Path, config: Path, options: str, today: date) -> BuildResult | None:
    """Return the last build's result when building again would change nothing; None when it might, or when in doubt."""
    try:
        notes = json.loads(memory.read_bytes())
        until = notes["valid_until"]
        if notes["version"] != __version__ or notes["options"] != options or (until and today.isoformat() > until):
            return None
        inputs = tuple(Path(name) for name in notes["inputs"])
        watched = Watched(inputs, Path(notes["output"]), options, tuple(Path(name) for name in notes["kept"]))
        seen, made = notes["state"]
        if config not in inputs or watched.seen() != seen or watched.made() != made:
            return None
        problems = tuple(Problem(*problem) for problem in notes["problems"])
        return BuildResult(notes["articles"], notes["held_back"], notes["pages"], 0, 0, watched.output, problems)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def remember(memory: Path, watched: Watched, seen: str, result: BuildResult) -> None:
    """Note the result, unless the inputs changed while they were built: `seen` is their digest from before."""
    state = watched.state()
    if state[0] != seen:
        memory.unlink(missing_ok=True)
        return
    notes = {
        "version": __version__,
        "options": watched.options,
        "inputs": [str(path) for path in watched.inputs],
        "output": str(watched.output),
        "kept": [str(path) for path in watched.kept],
        "valid_until": watched.valid_until and watched.valid_until.isoformat(),
        "state": state,
        "articles": result.articles,
        "held_back": result.held_back,
        "pages": result.pages,
        "problems": [[getattr(problem, field.name) for field in fields(Problem)] for problem in result.problems],
    }
    with suppress(OSError):
        temporary = memory.with_name(f"{memory.name}.new")
        temporary.write_text(json.dumps(notes), encoding="utf-8")
        temporary.replace(memory)
