"""What is wrong, told the same way everywhere: one record, collected or raised."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, and what to do about it.

    >>> print(Problem("billing/refund.md", 12, "dead-link", 'link to "prices.md", which is not there'))
    billing/refund.md:12: error: link to "prices.md", which is not there [dead-link]
    """

    path: str
    """The file, as the user would type it from the help center's folder; empty when no file is at fault."""
    line: int
    """The first line is 1; 0 when the whole file is meant."""
    rule: str
    """A stable kebab-case name: tests assert on it, configuration turns it off, the manual explains it."""
    message: str
    """What is wrong: lower case, no full stop, the culprit in double quotes."""
    hint: str = ""
    """What to do about it."""
    severity: Severity = "error"

    def __str__(self) -> str:
        """The problem in one line, as compilers print it, with the hint below."""
        place = ":".join(part for part in (printable(self.path), str(self.line or "")) if part)
        lead = f"{place}: " if place else ""
        hint = f"\n    {printable(self.hint)}" if self.hint else ""
        return f"{lead}{self.severity}: {printable(self.message)} [{self.rule}]{hint}"


class Stop(Exception):  # noqa: N818 - it is no error of the program, it is the end of one thing being read
    """Raised where no result can be made: it ends the thing being read, not the run."""

    def __init__(self, *problems: Problem) -> None:
        """Keep the problems that made going on impossible."""
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Every problem, a line each."""
        return "\n".join(str(problem) for problem in self.problems)


def printable(text: str) -> str:
    r"""Return the text in one line: a file's name must not forge a line, nor colour a terminal.

    >>> print(printable("a\nb.md"))
    a\nb.md
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to this one, or an empty string.

    >>> did_you_mean("titel", ["title", "summary"])
    'did you mean "title"?'
    >>> did_you_mean("zzz", ["title"])
    ''
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""
