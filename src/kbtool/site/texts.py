"""The texts that kbtool.yml replaces -> those that the theme never says."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from kbtool.problems import Problem, did_you_mean
from kbtool.site.translate import translated_texts

_LITERAL = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'""")


def unknown_texts(replaced: Iterable[str], folders: Iterable[Path], spoken: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each English text that is replaced and that nothing says.

    `folders` are the theme's, whose templates and translations are looked through; `spoken` is what its scripts and kbtool itself say.
    """
    wanted = sorted(replaced)
    if not wanted:
        return ()
    known = {*spoken, *chain.from_iterable(_texts(folder) for folder in folders)}
    return tuple(_unknown(text, known) for text in wanted if text not in known)


def _texts(folder: Path) -> Iterator[str]:
    """Yield every text between quotes in the folder's templates, and all that it translates."""
    for template in sorted((folder / "templates").rglob("*.html")):
        for double, single in _LITERAL.findall(template.read_text(encoding="utf-8", errors="replace")):
            yield double or single
    for file in sorted((folder / "locale").glob("*/messages.po")):
        yield from translated_texts(file)


def _unknown(text: str, known: Iterable[str]) -> Problem:
    sentences = [each for each in known if re.fullmatch(r"[A-Z].*", each, re.DOTALL)]
    hint = did_you_mean(text, sentences) or "type the text as the English site shows it; %(name)s stands where a value does"
    return Problem("kbtool.yml", 0, "unknown-text", f'"texts" replaces "{text}", which the site never says', hint, "warning")
