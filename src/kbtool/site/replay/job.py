"""A job for the site's search, and its answers."""

import json
from dataclasses import dataclass
from pathlib import Path

from kbtool.problems import Problem, Stop

SCRIPTS = Path(__file__).parent
"""Where the scripts are that run beside the site's own."""
_HINT = 'type "kbtool build", try the search in "kbtool serve", and report this if it works there'


@dataclass(frozen=True, slots=True)
class Job:
    """Questions for the search of a built site."""

    site: Path
    engine: Path
    """The site's own script that answers."""
    language: str
    questions: tuple[str, ...]
    most: int
    """Pages for each question."""

    @property
    def patience(self) -> float:
        """Seconds that the answers may take."""
        return 60 + 0.2 * len(self.questions)


def read_answers(text: str | bytes, job: Job) -> tuple[tuple[str, ...], ...]:
    """Return the pages for each question. Raises Stop when these are no answers to the job."""
    try:
        answers = json.loads(text)
        pages = tuple(tuple(str(page) for page in found) for found in answers)
    except (ValueError, TypeError):
        raise failed("its answers cannot be read") from None
    if len(pages) != len(job.questions):
        raise failed(f"{len(pages)} answers to {len(job.questions)} questions")
    return pages


def failed(why: str, hint: str = _HINT) -> Stop:
    """Return the problem of a search that did not run."""
    return Stop(Problem("", 0, "search-failed", f"the site's search did not run: {why}", hint))
