"""Labelled questions -> how well tickets are matched and topics found, on cases with known gaps.

gap_quality.py QUESTIONS.csv GAP_CASE.py GAP_SCORE.py [--body 5] [--noise] [--held-out 0.2] [--seeds 5] [--words-only] [--model NAME]

With --robustness: a table of every kind of case, kbtool's figures beside those of plain BM25F.
"""

import argparse
import csv
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import ModuleType

from kbtool.config import load_config
from kbtool.content.postings import read_postings
from kbtool.content.reader import read_content
from kbtool.demand import Match, Postings, Ticket
from kbtool.model import Library
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.scoring import MatchOptions
from kbtool.tickets.subjects import clean_subject
from kbtool.tickets.topics import find_topics
from kbtool.tickets.words import article_weights, read_words, stem_words

SHOWN = ("top1", "auroc", "f1", "v", "topic_recall", "topic_precision", "named")


KINDS: dict[str, list[str]] = {
    "five questions in each article": ["--body", "5"],
    "two questions": ["--body", "2"],
    "titles only": ["--body", "0"],
    "noisy subjects": ["--body", "5", "--noise"],
    "5 % of topics without an article": ["--body", "5", "--held-out", "0.05"],
    "40 % of topics without an article": ["--body", "5", "--held-out", "0.4"],
    "80 % of topics without an article": ["--body", "5", "--held-out", "0.8"],
}


def main() -> None:
    """Print the mean over the seeds of what the scorer measures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("questions", "gap_case", "gap_score"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--model", default="")
    parser.add_argument("--language", default="en")
    parser.add_argument("--robustness", action="store_true")
    given, rest = parser.parse_known_args()
    options = MatchOptions(given.language, given.words_only, given.model)
    if given.robustness:
        print("| Banking77 | | " + " | ".join(SHOWN) + " |\n" + "|---" * (2 + len(SHOWN)) + "|")
        for kind, case in KINDS.items():
            for name, write in (("kbtool", partial(write_matches, options=options)), ("BM25F", write_plain)):
                found = _mean(given, case, write)
                known = SHOWN if name == "kbtool" else SHOWN[:2]
                cells = [f"{found[each]:.3f}" if each in known else "" for each in SHOWN]
                print(f"| {kind} | {name} | " + " | ".join(cells) + " |", flush=True)
        return
    for name, value in _mean(given, rest, partial(write_matches, options=options)).items():
        print(f"{name:16} {value:.3f}")


def _mean(given: argparse.Namespace, case: list[str], write: Callable[[Path], None]) -> dict[str, float]:
    """Return the mean over the seeds of each figure."""
    scorer, runs = _module(given.gap_score), []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(given.first_seed, given.first_seed + given.seeds):
            folder = Path(scratch) / str(seed)
            command = [sys.executable, given.gap_case, given.questions, folder, "--seed", str(seed), *case]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            write(folder)
            runs.append(scorer.score(f"{folder}.truth.csv", folder / "matches.csv"))
    return {name: sum(run[name] for run in runs) / len(runs) for name in runs[0]}


def write_plain(case: Path) -> None:
    """Match the case's tickets by BM25F alone, which says no states, and write matches.csv beside them."""
    _, postings = _articles(case, "en")
    tickets = read_tickets(case / "tickets.csv")
    vocabulary = read_words([ticket.subject for ticket in tickets])
    stems = stem_words(vocabulary.words, postings)[1][:, : len(postings.stems)]
    scores = (vocabulary.counts @ stems @ article_weights(postings)).toarray()
    rows = zip(tickets, scores.argmax(axis=1).tolist(), scores.max(axis=1).tolist(), strict=True)
    _write(case, (Match(ticket, postings.articles[best], score, "answered") for ticket, best, score in rows))


def write_matches(case: Path, options: MatchOptions) -> None:
    """Match the case's tickets and write matches.csv beside them."""
    library, postings = _articles(case, options.language)
    matched = match_tickets(read_tickets(case / "tickets.csv"), library, postings, options)
    _write(case, find_topics(matched, library, postings)[0])


def _articles(case: Path, language: str) -> tuple[Library, Postings]:
    center = load_config(case / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=date(2026, 1, 1))
    return library, read_postings(library, folder=center.cache / "index", language=language)


def _write(case: Path, found: Iterable[Match]) -> None:
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
