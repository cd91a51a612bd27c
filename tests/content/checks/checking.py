"""A help center in a string -> what `kbtool check` finds in it."""

from datetime import date
from pathlib import Path

from kbtool.pipeline.checking import CheckOptions, CheckResult, check_content
from kbtool.problems import Problem
from tests.sites import write_site

TODAY = date(2026, 11, 22)


def checked(folder: Path, site: str, *rules: str, **options: object) -> CheckResult:
    """Check the site, as `kbtool check --rule` does for each rule named."""
    write_site(folder, site)
    return check_content(folder / "kbtool.yml", CheckOptions(TODAY, rules=rules, **options))  # type: ignore[arg-type]


def found(folder: Path, site: str, *rules: str, **options: object) -> tuple[Problem, ...]:
    """Return what is found; without a file's name in it, the site is the article content/one.md; without a word, what is there."""
    text = site if not site or site.lstrip().startswith("-- ") else f"-- content/one.md --\n{site}"
    return checked(folder, text, *rules, **options).problems


def told(folder: Path, site: str, *rules: str, **options: object) -> list[str]:
    """Return of each problem its place and level: "one.md:3 warning"."""
    return [
        f"{problem.path.removeprefix('content/')}:{problem.line} {problem.severity}"
        for problem in found(folder, site, *rules, **options)
    ]
