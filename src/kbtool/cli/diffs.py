"""What changes in a file -> the lines that show it."""

import difflib
import re
import sys

import click

from kbtool.problems import printable

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def say_diff(path: str, before: str, after: str) -> None:
    """Print on stdout what changes in a file: in colour on a terminal, and elsewhere as `patch` reads it."""
    text = diff_text(path, before, after)
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    for line in text.split("\n")[:-1]:
        shown = printable(line.rstrip("\r").replace("\t", "    "))  # an article must not colour a terminal
        click.echo(click.style(shown, fg=_COLOURS.get(line[:1]), bold=line.startswith(("+++", "---")) or None))


def diff_text(path: str, before: str, after: str) -> str:
    """Return what changes in a file, as `diff -u` has it."""
    old, new = _LINES.findall(before), _LINES.findall(after)
    lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
