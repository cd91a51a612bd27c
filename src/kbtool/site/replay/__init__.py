"""Questions -> what a built site's own search answers: its scripts are run in Node, or in a browser where there is no Node."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kbtool.problems import Problem, Stop
from kbtool.site.replay.browser import find_browser, replay_in_browser
from kbtool.site.replay.job import Job
from kbtool.site.replay.node import find_node, replay_in_node


@dataclass(frozen=True, slots=True)
class Replay:
    """What the site's search answered."""

    pages: tuple[tuple[str, ...], ...]
    """For each question the URLs of the first pages, best first, relative to the site's root."""
    runner: str
    """The program that ran the site's scripts."""


def replay_search(site: Path, language: str, questions: Sequence[str], *, most: int) -> Replay:
    """Return the first pages, at most `most`, that the site's search shows for each question.

    Raises Stop when the site has no search, when neither Node nor a browser is here, and when its scripts fail.
    """
    engines = sorted((site / "assets").glob("search-engine.*.js"))
    if len(engines) != 1 or not (site / "pagefind" / "words.json").is_file():
        hint = 'type "kbtool build" without --no-search; a theme of your own needs search-engine.js'
        raise Stop(Problem("", 0, "no-search-index", f'"{site.name}" holds no site with a search', hint))
    job = Job(site, engines[0], language, tuple(questions), most)
    if node := find_node():
        return Replay(replay_in_node(job, node), Path(node).name)
    if browser := find_browser():
        return Replay(replay_in_browser(job, browser), Path(browser).name)
    hint = "install Node 18 or newer (nodejs.org), or Chromium, Chrome or Edge"
    raise Stop(Problem("", 0, "no-script-runner", "nothing here can run the site's search", hint))
