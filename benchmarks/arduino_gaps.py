"""Subjects written as Arduino's customers would -> how well its own articles are found, and what is missing noticed.

python -m benchmarks.arduino_gaps CONTENT [--misses] [--model NAME] [--words-only]
"""

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbtool.config import HelpCenter
from kbtool.content.postings import read_postings
from kbtool.content.reader import read_content
from kbtool.demand import Match, Ticket
from kbtool.settings import Config
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.scoring import MatchOptions
from kbtool.tickets.subjects import clean_subject
from kbtool.tickets.topics import GapTopic, find_topics

SUBJECTS = Path(__file__).parents[1] / "tests" / "tickets" / "arduino.csv"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, beside what a person named."""

    matches: tuple[Match, ...]
    topics: tuple[GapTopic, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def top1(self) -> float:
        """The share of answered subjects whose article is the one named."""
        right = [Path(match.article).stem == row["article"] for match, row in self._pairs() if row["article"]]
        return sum(right) / len(right)

    @property
    def f1(self) -> float:
        """Of the state "unanswered" as the finding that no article answers it."""
        flagged = [match.state == "unanswered" for match, _ in self._pairs()]
        gaps = [not row["article"] for row in self.rows]
        return 2 * sum(f and g for f, g in zip(flagged, gaps, strict=True)) / (sum(flagged) + sum(gaps))

    @property
    def found(self) -> dict[str, str]:
        """The gaps that own a topic of at least three tickets, at least 60 % of them theirs; each with the topic's name."""
        owned: dict[str, str] = {}
        for topic in self.topics:
            gaps = Counter(self.rows[int(number)]["gap"] for number in topic.ids)
            gap, count = gaps.most_common(1)[0]
            if gap not in ("", "once") and count >= 0.6 * topic.tickets:
                owned.setdefault(gap, topic.name)
        return owned

    def _pairs(self) -> Sequence[tuple[Match, dict[str, str]]]:
        return tuple(zip(self.matches, self.rows, strict=True))


def measure(content: Path, options: MatchOptions) -> Measured:
    """Return what is found of the subjects in the help center's articles."""
    with SUBJECTS.open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file))
    tickets = [
        Ticket(str(number), clean_subject(row["subject"]), row["subject"], None, "solved", (), str(number))
        for number, row in enumerate(rows)
    ]
    with tempfile.TemporaryDirectory() as scratch:
        library = read_content(HelpCenter(content.parent, Config()), cache=None, workers=1, today=date(2026, 1, 1))
        postings = read_postings(library, folder=Path(scratch), language="en")
    return Measured(*find_topics(match_tickets(tickets, library, postings, options), library, postings), rows)


def main() -> None:
    """Print the figures, the topics, and with --misses what went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("content", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--model", default="")
    parser.add_argument("--words-only", action="store_true")
    options = parser.parse_args()
    found = measure(options.content, MatchOptions(words_only=options.words_only, model=options.model))
    gaps = {row["gap"] for row in found.rows} - {"", "once"}
    print(f"top1 {found.top1:.3f}   f1 {found.f1:.3f}   topics {len(found.found)} of {len(gaps)}")
    for topic in found.topics:
        print(
            f"  {topic.tickets:3} {topic.name!r}: {Counter(found.rows[int(number)]['gap'] or 'has an article' for number in topic.ids)}"
        )
    if options.misses:
        for match, row in zip(found.matches, found.rows, strict=True):
            if Path(match.article).stem != row["article"] and (row["article"] or match.state != "unanswered"):
                print(
                    f"  {match.score:.2f} {match.state:10} {row['subject']!r}: {Path(match.article).stem}, not {row['article'] or 'any'}"
                )


if __name__ == "__main__":
    main()
