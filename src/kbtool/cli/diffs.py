"""What changes in a file -> the lines that show it."""

import difflib
import re

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def diff_text(path: str, before: str, after: str) -> str:
    """Return what changes in a file, as `diff -u` has it."""
    old, new = _LINES.findall(before), _LINES.findall(after)
    lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
