"""A text -> where git left both sides of a merge in it, for a person to choose."""

import re

from kbtool.problems import Problem

_FENCED = re.compile(r"^ {0,3}(`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^(?:<{7} \S|={7}[ \t\r]*$|>{7} \S)", re.MULTILINE)
"""What begins the first side, parts the two, and ends the second."""


def find_conflict(text: str, path: str) -> Problem | None:
    r"""Return the problem of a merge that nobody finished; None when there is none. What code shows of git is no such thing.

    >>> find_conflict("We open at\n<<<<<<< HEAD\n7.\n=======\n8.\n>>>>>>> branch\n", "hours.md").line
    2
    """
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return None
    bare = _FENCED.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    place = _place(bare)
    if place is None:
        return None
    hint = 'choose one of the two sides, and delete the lines that begin with "<<<<<<<", "=======" and ">>>>>>>"'
    line = 1 + bare.count("\n", 0, place)
    return Problem(path, line, "merge-conflict", "git left both sides of a merge here", hint)


def _place(text: str) -> int | None:
    """Return where the first mark is. Somebody may have taken out one mark and left another; what parts the sides may underline a heading."""
    parting = None
    for mark in _MARK.finditer(text):
        if mark[0].startswith("<"):
            return mark.start()
        if mark[0].startswith("="):
            parting = mark.start()
        elif parting is not None or not _is_quoted(text, mark.start()):
            return mark.start() if parting is None else parting
    return None


def _is_quoted(text: str, place: int) -> bool:
    """Tell whether the line stands in an e-mail's quotes of quotes: at the top, or below a line that is quoted, too."""
    return place == 0 or text.startswith(">", text.rfind("\n", 0, place - 1) + 1)
