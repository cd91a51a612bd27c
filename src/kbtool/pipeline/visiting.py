"""Articles' links to other sites -> which of them are dead, and which have moved."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from kbtool.config import HelpCenter
from kbtool.model import Library
from kbtool.outside.addresses import Outward, Reach, links_outside
from kbtool.outside.findings import as_problem, judge_links, sum_up
from kbtool.outside.looking import look_outside
from kbtool.outside.manners import Manners
from kbtool.outside.visited import Visited
from kbtool.pipeline.progress import Progress
from kbtool.problems import Problem

STAGE = "Asking other sites"


def links_in_question(
    center: HelpCenter, library: Library, wanted: Callable[[Iterable[Problem]], Iterable[Problem]]
) -> tuple[Outward, ...]:
    """Return the links whose problems would be wanted: nobody is asked about what is off, or not looked at."""
    content = center.config.content
    by_place = [(link, as_problem(link, content)) for link in links_outside(library, _reach(center))]
    places = {(problem.path, problem.line) for problem in wanted(problem for _, problem in by_place)}
    return tuple(link for link, problem in by_place if (problem.path, problem.line) in places)


def visit_links(center: HelpCenter, links: Iterable[Outward], manners: Manners, today: date, progress: Progress) -> Visited:
    """Return what the sites say that the links lead to."""
    addresses = frozenset(link.address for link in links)
    polite = replace(manners, reach=_reach(center))
    looked = look_outside(addresses, polite, center.cache, today, lambda done, total: progress(STAGE, done, total))
    return sum_up(judge_links(links, looked.known, center.config.content), looked)


def _reach(center: HelpCenter) -> Reach:
    external = center.config.external
    return Reach(center.config.url, external.ask, external.skip)
