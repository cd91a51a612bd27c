"""Entry points -> what plugins offer, found when it is first asked for."""

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from kbtool.problems import Problem, Stop, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

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
def _named(group: str) -> "dict[str, EntryPoint]":
    if not _may_be_offered(group):
        return {}
    from importlib.metadata import entry_points  # noqa: PLC0415 - takes as long as reading 300 unchanged articles, for what hardly any machine has

    return {entry.name: entry for entry in entry_points(group=group)}


def _may_be_offered(group: str) -> bool:
    """Tell whether some package names the group, or whether packages stand where only the library finds them."""
    if any(finder is not PathFinder and hasattr(finder, "find_distributions") for finder in sys.meta_path):
        return True
    return any(_holds(folder or ".", group.encode()) for folder in sys.path)


def _holds(folder: str, group: bytes) -> bool:
    """Tell whether the description of a package in the folder names the group; in an archive one may."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - strings, as there are hundreds
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(_names(f"{folder}/{name}", group) for name in names)


def _names(place: str, group: bytes) -> bool:
    """Tell whether the file or folder of a package names the group."""
    if place.lower().endswith(".egg"):
        return True
    if not place.lower().endswith((".dist-info", ".egg-info")):
        return False
    try:
        with open(f"{place}/entry_points.txt", "rb") as file:  # noqa: PTH123 - as above
            return group in file.read()
    except OSError:
        return False


def _load(entry: "EntryPoint") -> Extension:
    try:
        extension: Extension = entry.load()
    except Exception as fault:
        message = f'the extension "{entry.name}" of "{entry.group}" cannot be loaded: {fault}'
        raise Stop(Problem("", 0, "broken-extension", message, f'mend or remove the package behind "{entry.value}"')) from fault
    return extension
