"""Links that leave the site, and what is known of their addresses -> problems, and what is to be said of all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from kbtool.outside.addresses import Outward, shown
from kbtool.outside.looking import Looked
from kbtool.outside.memory import Known
from kbtool.outside.visited import Visited
from kbtool.problems import Problem

_LONGEST = 200


def judge_links(links: Iterable[Outward], known: Mapping[str, Known], content: str) -> Iterator[Problem]:
    """Yield the links that were dead on two days, and those whose page has moved for good."""
    for link in links:
        found = known.get(link.address)
        if found is None:
            continue
        if is_dead(found):
            message = f'link to "{_short(link.target)}" is dead: {found.said}'
            hint = f"so it was on {found.dead_since}, too: link to where the page is now, or take the link out"
            yield _problem(link, content, message, hint)
        elif found.state == "moved":
            yield _problem(link, content, f'the page at "{_short(link.target)}" has moved for good', _moved(link, found))


def as_problem(link: Outward, content: str) -> Problem:
    """Return the problem that the link would be, so that levels and what was asked for can be judged before anybody is bothered."""
    return _problem(link, content)


def sum_up(problems: Iterable[Problem], looked: Looked) -> Visited:
    """Return what was found, and how the addresses did."""
    known = looked.known.values()
    states = Counter(one.state for one in known)
    dead = sum(1 for one in known if is_dead(one))
    reasons = Counter(one.said for one in known if one.state == "unknown")
    return Visited(
        tuple(problems),
        states["answers"] + states["moved"],
        dead,
        states["dead"] - dead,
        dict(reasons.most_common()),
        looked.reached,
        looked.forgot,
        looked.kept,
    )


def is_dead(found: Known) -> bool:
    """Tell whether an address was dead on two days, and on none in between did it answer."""
    return found.state == "dead" and found.dead_since is not None and found.dead_since < found.asked


def _short(target: str) -> str:
    text = shown(target)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _problem(link: Outward, content: str, message: str = "", hint: str = "") -> Problem:
    return Problem(f"{content}/{link.path}", link.line, "external-link", message, hint, "hint")


def _moved(link: Outward, found: Known) -> str:
    """Return what to do about a page that is elsewhere; one that leads to a front page is probably gone."""
    to = shown(found.to)
    if urlsplit(found.to).path in ("", "/") and urlsplit(link.address).path not in ("", "/"):
        return f'it leads to "{to}", a front page: look there for the page that is meant'
    fragment = urlsplit(link.target).fragment
    anchor = f"#{fragment}" if fragment and "#" not in to else ""
    return f'link to "{to}{anchor}"'
