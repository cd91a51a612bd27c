"""A help center -> how often `kbtool check` speaks, and findings drawn by a fixed seed for a person to judge.

    .venv/bin/python -m benchmarks.check_precision FOLDER

FOLDER holds kbtool.yml and content/. docs/check-precision.md says what was judged of what was drawn.
"""

import argparse
from collections import Counter
from datetime import date
from hashlib import blake2b
from pathlib import Path

from kbtool.pipeline.checking import CheckOptions, check_content
from kbtool.problems import Problem

DRAWN = 50
SEED = 2026
NOT_WRITING = frozenset({"missing-file"})
"""Pictures that the corpus was published without: nothing that its writers could mend."""


def main() -> None:
    """Print how many findings there are for a hundred words, and those that are drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--drawn", type=int, default=DRAWN)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 22))
    options = parser.parse_args()
    result = check_content(options.folder.resolve() / "kbtool.yml", CheckOptions(options.day))
    shown = [problem for problem in result.problems if problem.severity != "hint"]
    print(f"{result.articles} articles, {result.words:,} words, {len(shown)} errors and warnings:", end=" ")
    print(f"{100 * len(shown) / result.words:.2f} for a hundred words; {len(result.problems) - len(shown)} hints")
    for rule, number in Counter(problem.rule for problem in shown).most_common():
        print(f"{number:5} {rule}")
    judged = [problem for problem in shown if problem.rule not in NOT_WRITING]
    drawn = sorted(judged, key=lambda problem: place_in_draw(problem, options.seed))[: options.drawn]
    for number, problem in enumerate(drawn, 1):
        print(f"\n{number}. {problem}".partition("\n    ")[0])
        print(f"   > {source_line(result.root, problem)}")


def place_in_draw(problem: Problem, seed: int) -> bytes:
    """Return by what findings are drawn: a rule that was mended changes what it told, and no other draw."""
    return blake2b(f"{seed} {problem.path} {problem.line} {problem.rule}".encode()).digest()


def source_line(root: Path, problem: Problem) -> str:
    """Return the line that a problem is about."""
    lines = (root / problem.path).read_text(encoding="utf-8-sig").splitlines()
    return lines[problem.line - 1].strip() if 0 < problem.line <= len(lines) else ""


if __name__ == "__main__":
    main()
