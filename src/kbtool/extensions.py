"""Entry points -> what plugins offer, found when it is first asked for."""

from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from kbtool.problems import Problem, Stop, did_you_mean

Extension = Callable[..., Any]
"""What an entry point names: its group says what it takes and returns."""


def find(group: str, name: str) -> Extension:
    """Return the extension of that name. Raises Stop when there is none or when it cannot be loaded."""
    known = _named(group)
    if name not in known:
        hint = did_you_mean(name, known) or "install the package that offers it"
        raise Stop(Problem("", 0, "unknown-extension", f'no "{name}" among the extensions of "{group}"', hint))
    return _load(known[name])


def all_of(group: str) -> tuple[Extension, ...]:
    """Return every extension of a group, by name, so that the order is the same on every machine."""
    return tuple(_load(entry) for _, entry in sorted(_named(group).items()))


def offered(group: str) -> tuple[str, ...]:
    """Return the name of every extension of a group with its package and the package's version; none is loaded."""
    packages = ((entry, entry.dist) for _, entry in sorted(_named(group).items()))
    return tuple(f"{entry.name}={entry.value}@{package.version if package else ''}" for entry, package in packages)


@lru_cache(maxsize=None)  # noqa: UP033 - the packages installed do not change while the program runs
def _named(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}


def _load(entry: EntryPoint) -> Extension:
    try:
        extension: Extension = entry.load()
    except Exception as fault:
        message = f'the extension "{entry.name}" of "{entry.group}" cannot be loaded: {fault}'
        raise Stop(Problem("", 0, "broken-extension", message, f'mend or remove the package behind "{entry.value}"')) from fault
    return extension
