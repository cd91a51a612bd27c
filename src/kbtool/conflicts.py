"""A text -> where git left both sides of a merge in it, for a person to choose."""

import re

from kbtool.problems import Problem

_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^(?:<{7} \S|={7}$(?=[^\0]*^>{7} \S))", re.MULTILINE)
"""What begins the first side; what parts the two, where somebody took the beginning out and left the end."""


def find_conflict(text: str, path: str) -> Problem | None:
    r"""Return the problem of a merge that nobody finished; None when there is none. What code shows of git is no such thing.

    >>> find_conflict("We open at\n<<<<<<< HEAD\n7.\n=======\n8.\n>>>>>>> branch\n", "hours.md").line
    2
    """
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return None
    bare = _FENCED.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    found = _MARK.search(bare)
    if found is None:
        return None
    hint = 'choose one of the two sides, and delete the lines that begin with "<<<<<<<", "=======" and ">>>>>>>"'
    line = 1 + bare.count("\n", 0, found.start())
    return Problem(path, line, "merge-conflict", "git left both sides of a merge here", hint)
