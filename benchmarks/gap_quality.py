"""Labelled questions -> how well tickets are matched and topics found, on cases with known gaps.

gap_quality.py QUESTIONS.csv GAP_CASE.py GAP_SCORE.py [--body 5] [--noise] [--held-out 0.2] [--seeds 5] [--words-only]
"""

import argparse
import csv
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

from kbtool.config import load_config
from kbtool.content.postings import read_postings
from kbtool.content.reader import read_content
from kbtool.demand import Match, Ticket
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.scoring import MatchOptions
from kbtool.tickets.subjects import clean_subject
from kbtool.tickets.topics import find_topics

LEAST = 3


def main() -> None:
    """Print the mean over the seeds of what the scorer measures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("questions", "gap_case", "gap_score"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--language", default="en")
    options, rest = parser.parse_known_args()
    scorer = _module(options.gap_score)
    with tempfile.TemporaryDirectory() as scratch:
        runs = []
        for seed in range(1, options.seeds + 1):
            case = Path(scratch) / str(seed)
            command = [sys.executable, options.gap_case, options.questions, case, "--seed", str(seed), *rest]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            write_matches(case, MatchOptions(options.language, options.words_only))
            runs.append(scorer.score(f"{case}.truth.csv", case / "matches.csv"))
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"{name:16} {sum(values) / len(values):.3f}   ({min(values):.3f} to {max(values):.3f})")


def write_matches(case: Path, options: MatchOptions) -> None:
    """Match the case's tickets and write matches.csv beside them."""
    center = load_config(case / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=date(2026, 1, 1))
    postings = read_postings(library, folder=center.cache / "index", language=options.language)
    found, _ = find_topics(match_tickets(read_tickets(case / "tickets.csv"), library, postings, options), library, postings)
    with (case / "matches.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "subject", "article", "score", "state", "topic"])
        table.writerows(_row(match) for match in found)


def read_tickets(file: Path) -> list[Ticket]:
    """Return the tickets of a case."""
    with file.open(encoding="utf-8", newline="") as opened:
        return [_ticket(row) for row in csv.DictReader(opened)]


def _ticket(row: dict[str, str]) -> Ticket:
    created = datetime.fromisoformat(row["Created at"]).replace(tzinfo=UTC)
    return Ticket(row["Id"], clean_subject(row["Subject"]), row["Subject"], created, "solved", (), row["Requester email"])


def _row(match: Match) -> Iterator[str]:
    yield from (match.ticket.id, match.ticket.shown, match.article, f"{match.score:.5f}", match.state, match.topic)


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f'"{file}" is no Python file')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
