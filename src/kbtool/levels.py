"""Problems, kbtool.yml's `checks` and an article's own words -> the problems at the levels that the team wants."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kbtool.model import Library
from kbtool.problems import Problem
from kbtool.settings import Config, Level


def at_levels(problems: Iterable[Problem], config: Config, library: Library) -> Iterator[Problem]:
    """Yield each problem at the level that its article's topic, a topic above or the help center gives its rule.

    What a rule finds that is off, there or in the article itself, is left out.
    """
    pages = (*library.articles, *(topic.article for topic in library.topics if topic.article))
    hushed = {article.path: article.hushed for article in pages if article.hushed}
    if not config.checks and not any(topic.checks for topic in config.topics.values()) and not hushed:
        yield from problems
        return
    topics = {name.strip("/"): topic.checks for name, topic in config.topics.items() if topic.checks}
    for problem in problems:
        path = problem.path.removeprefix(f"{config.content}/")
        level = "off" if problem.rule in hushed.get(path, ()) else _level(problem.rule, path, topics, config.checks)
        if level != "off":
            yield replace(problem, severity=level) if level else problem


def _level(rule: str, path: str, topics: Mapping[str, Mapping[str, Level]], everywhere: Mapping[str, Level]) -> Level | None:
    """Return the level that is set for a rule nearest to the article, None when none is."""
    folder = path
    while topics and "/" in folder:
        folder = folder.rpartition("/")[0]
        if (level := topics.get(folder, {}).get(rule)) is not None:
            return level
    return everywhere.get(rule)
