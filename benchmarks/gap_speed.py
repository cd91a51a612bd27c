"""`kbtool gaps` on 100,000 and 1,000,000 tickets against 1,000 articles: CPU seconds, memory, and times Whoosh one query at a time.

.venv/bin/python -m benchmarks.gap_speed --tickets 100000 1000000
"""

import argparse
import csv
import json
import random
import re
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.build_speed import ARDUINO
from benchmarks.corpus import replicate
from benchmarks.measure import Cost, run
from kbtool.config import load_config
from kbtool.content.index import FIELD_WEIGHTS, read_index, stems_of
from kbtool.content.reader import read_content

BANKING = ARDUINO.parents[1] / "tickets" / "banking77.csv"
WORDS = (4, 16)
"""So many words a sentence of the articles has that is made a subject of."""
SLIPS = 0.3
"""The share of subjects with two letters in the wrong order."""
_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKS = re.compile(r"\]\([^)]*\)|<[^>]*>|[*`#\[\]]")
_WORD = re.compile(r"[\w'-]+")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
_FRONTS = ("", "", "", "Re: ", "RE: Fwd: ", "[External] ", "Hi, ", "Hello team - ", "URGENT!! ")
_BACKS = ("", "", "", " thanks", " - please help", "???", " (ticket 48213)", " order {number}")
_START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def main() -> None:
    """Measure what is asked for and print the table."""
    options = _options()
    _print(
        "| tickets | distinct subjects | CPU s | wall s | peak MB | Whoosh, subjects a CPU s | times as fast |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory(prefix="kbtool-gaps-", dir=options.folder) as scratch:
        folder = Path(scratch)
        replicate(options.content, folder / "content", options.articles)
        (folder / "kbtool.yml").write_text("title: Bench\nurl: https://help.example/\n", encoding="utf-8")
        for tickets in options.tickets:
            subjects = write_export(folder / f"{tickets}.csv", options.content, options.questions, tickets)
            _measure(folder, tickets, subjects, options)


def write_export(file: Path, content: Path, questions: Path, tickets: int) -> int:
    """Write so many tickets, as Zendesk exports them, and return how many different questions they ask.

    A question is a customer's or a sentence of an article, one word left out and one of another question put in, so that it is hardly
    ever asked twice; prefixes, thanks, numbers and slips of the finger as the labelled case with noise has them.
    """
    chance = random.Random(f"gap speed {tickets}")  # noqa: S311 - to be drawn alike each time
    bases = [text.split() for text in sorted({*_questions(questions), *_sentences(content)})]
    asked = set()
    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(["Id", "Subject", "Status", "Tags", "Requester email", "Requester id", "Created at"])
        for number in range(1, tickets + 1):
            words = _varied(bases, chance)
            asked.add(words)
            person = chance.randrange(tickets // 2)
            created = _START + timedelta(seconds=chance.randrange(90 * 86400))
            row = [
                _noisy(words, chance),
                "closed",
                "web support",
                f"person{person}@mail.example",
                person,
                f"{created:%Y-%m-%d %H:%M}",
            ]
            table.writerow([number, *row])
    return len(asked)


def ask_whoosh(folder: Path, export: Path, sample: int) -> float:
    """Return how many CPU seconds Whoosh's own searcher takes for a subject: all five fields, any word, the best ten articles.

    The subjects are the export's as they stand, drawn evenly; they are reduced to stems as kbtool's are.
    """
    with export.open(encoding="utf-8", newline="") as opened:
        subjects = [row["Subject"] for row in csv.DictReader(opened)]
    drawn = subjects[:: max(1, len(subjects) // sample)][:sample]
    center = load_config(folder / "kbtool.yml")
    library = read_content(center, cache=center.cache, workers=1, today=date(2026, 1, 1))
    return read_index(library.articles, center.cache / "index", center.config.language, lambda index: _searched(index, drawn))


def _searched(index: Any, subjects: list[str]) -> float:  # noqa: ANN401 - Whoosh has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh.qparser import MultifieldParser, OrGroup  # noqa: PLC0415 - its warnings are held back here
        from whoosh.scoring import BM25F  # noqa: PLC0415
    parser = MultifieldParser([*FIELD_WEIGHTS], index.schema, fieldboosts=FIELD_WEIGHTS, group=OrGroup, plugins=[])
    with index.searcher(weighting=BM25F()) as searcher:
        start = time.process_time()
        for subject in subjects:
            searcher.search(parser.parse(" ".join(stems_of(subject, "en"))), limit=10)
        return (time.process_time() - start) / len(subjects)


def _measure(folder: Path, tickets: int, subjects: int, options: argparse.Namespace) -> None:
    """Print a line of the table: medians of the rounds, in each of which Whoosh is asked before kbtool runs and after."""
    costs: list[Cost] = []
    seconds, ratios = [], []
    export = folder / f"{tickets}.csv"
    for _ in range(options.rounds):
        before = ask_whoosh(folder, export, options.sample)
        costs.append(_gaps(folder, export))
        seconds.append((before + ask_whoosh(folder, export, options.sample)) / 2)
        ratios.append(tickets * seconds[-1] / costs[-1].cpu)
    cpu, wall, memory = (
        statistics.median(values) for values in zip(*((one.cpu, one.wall, one.memory) for one in costs), strict=True)
    )
    whoosh, ratio = 1 / statistics.median(seconds), statistics.median(ratios)
    _print(f"| {tickets:,} | {subjects:,} | {cpu:.1f} | {wall:.1f} | {memory:.0f} | {whoosh:.0f} | {ratio:.0f} |")


def _gaps(folder: Path, export: Path) -> Cost:
    """Run the command from the beginning: nothing was read or indexed before."""
    names = [f"{name}=1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")]
    kbtool = [str(Path(sys.executable).with_name("kbtool")), "gaps", export.name, "--matches", "matches.csv", "--format", "json"]
    cost = run(["env", "-u", "PYTHONDONTWRITEBYTECODE", *names, *kbtool, "--output", "gaps.json"], folder, folder / "log.txt")
    found = json.loads((folder / "gaps.json").read_text(encoding="utf-8"))
    print(f"{found['tickets']:,} tickets, {found['states']}, {len(found['topics'])} topics", file=sys.stderr)
    return cost


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument(
        "--sample", type=int, default=500, help="subjects that Whoosh is asked; its time for all is reckoned from them"
    )
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--content", type=Path, default=ARDUINO, help="the help center that is replicated")
    parser.add_argument("--questions", type=Path, default=BANKING, help="CSV with a column `text`")
    parser.add_argument("--folder", type=Path, default=None, help="where to work: a folder on the disk to measure on")
    return parser.parse_args()


def _questions(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from (" ".join(row["text"].split()) for row in csv.DictReader(opened))


def _sentences(content: Path) -> Iterator[str]:
    """Yield the articles' sentences that are about as long as a question."""
    for article in sorted(content.rglob("*.md")):
        text = _HEAD.sub("", article.read_text(encoding="utf-8-sig"))
        for sentence in _SENTENCE.split(_MARKS.sub("", text)):
            words = _WORD.findall(sentence)
            if WORDS[0] <= len(words) <= WORDS[1]:
                yield " ".join(words)


def _varied(bases: list[list[str]], chance: random.Random) -> str:
    words = list(chance.choice(bases))
    words.pop(chance.randrange(len(words)))
    words.insert(chance.randrange(len(words) + 1), chance.choice(chance.choice(bases)))
    return " ".join(words)


def _noisy(text: str, chance: random.Random) -> str:
    """Return the subject as a hurried person and a mail program write it."""
    if chance.random() < SLIPS and len(text) > 8:  # noqa: PLR2004 - in a short one a slip would be a riddle
        at = chance.randrange(1, len(text) - 2)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return chance.choice(_FRONTS) + text + chance.choice(_BACKS).format(number=chance.randrange(10**7, 10**8))


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
