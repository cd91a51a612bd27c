"""Addresses -> what each of them says: a few at once, fewer of one host, in no hurry."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from kbtool.outside.addresses import asked_address
from kbtool.outside.manners import Manners
from kbtool.outside.robots import Robots, read_robots
from kbtool.outside.verdict import Verdict, is_gate, judge_line, judge_status
from kbtool.web import AGENT, Lines, NoAddressError, Response, UnreachableError, open_lines

_HOPS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_GOOD = ("answers", "moved")
_TOO_SLOW = 3
"""Requests in a row without an answer in time, after which a host is left alone."""
_WHO = f"{AGENT} (checks whether links still work)"


async def ask_all(addresses: Iterable[str], manners: Manners, take: Callable[[str, Verdict], None]) -> None:
    """Hand over what each address says as soon as that is known."""
    async with open_lines(_WHO, at_once=manners.at_once, patience=manners.patience) as lines:
        world = World(lines, manners)

        async def one(address: str) -> None:
            take(address, await world.visit_safely(address))

        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(one(address))


class _ClosedError(Exception):
    """Raised where a host is not to be asked; it says why."""


class _Host:
    """Who asks a host, and when the next one may."""

    def __init__(self, manners: Manners) -> None:
        self.places = asyncio.Semaphore(manners.per_host)
        self.delay = manners.delay
        self.enough = ""
        """Why the host is asked no more."""
        self.knows_get_alone = False
        """Whether it has refused HEAD where GET was answered."""
        self.slow = 0
        """How many requests in a row got no answer in time."""
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until it is our turn. Raises _ClosedError when nobody's turn comes any more."""
        self.demand_open()
        now = asyncio.get_running_loop().time()
        begin = max(now, self._next)
        self._next = begin + self.delay
        await asyncio.sleep(begin - now)

    def demand_open(self) -> None:
        """Raise _ClosedError when the host has had enough of us, or we of it."""
        if self.enough:
            raise _ClosedError(self.enough)


class World:
    """All hosts, as far as they were asked."""

    def __init__(self, lines: Lines, manners: Manners) -> None:
        """Nobody was asked yet."""
        self._lines = lines
        self._manners = manners
        self._reach = manners.reach
        self._places = asyncio.Semaphore(manners.at_once)
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._reached = False
        """Whether anybody has answered yet."""

    async def visit_safely(self, address: str) -> Verdict:
        """Return what the address says. A fault of kbtool's must not hide what the others say."""
        try:
            return await self.visit(address)
        except Exception as fault:  # noqa: BLE001 - see above
            return Verdict("unknown", f"a bug in kbtool: {type(fault).__name__}", reached=self._reached)

    async def visit(self, address: str) -> Verdict:
        """Return what the address says. Some hosts refuse HEAD, or answer it with 404: bad news is believed when it comes of GET."""
        host = self._host(address)
        verdict = Verdict("unknown")
        if not host.knows_get_alone:
            verdict = await self._follow("HEAD", address)
            if verdict.state in _GOOD or verdict.sure:
                return verdict
        verdict = await self._follow("GET", address)
        host.knows_get_alone = host.knows_get_alone or verdict.state in _GOOD
        return verdict

    async def _follow(self, method: str, address: str) -> Verdict:
        """Return what stands at the end of the redirects, or what kept us from getting there."""
        try:
            return await self._look(method, address)
        except _ClosedError as closed:
            return Verdict("unknown", str(closed))
        except UnreachableError as fault:
            verdict = judge_line(fault.cause)
            return replace(verdict, reached=verdict.reached or self._reached)
        except (NoAddressError, ValueError):
            return Verdict("unknown", "an address that cannot be asked", reached=self._reached)

    async def _look(self, method: str, address: str) -> Verdict:
        """Return what stands at the end of the redirects. Raises what asking raises."""
        here = settled = address
        for _ in range(_HOPS):
            await self._demand_open(here)
            response = await self._ask(method, here)
            to = response.headers.get("location", "")
            if response.status not in _REDIRECTS or not to:
                return judge_status(response.status, settled if settled != address else "")
            there = asked_address(urljoin(here, to))
            if not there:
                return Verdict("answers")  # it opens a program
            if not self._reach.holds(there):
                return Verdict("unknown", "leads to where nobody is asked")
            if is_gate(there, address):
                return Verdict("unknown", "asks for a login")
            settled = there if response.status in _FOR_GOOD and settled == here else settled
            here = there
        return Verdict("unknown", "redirects without end", sure=False)

    async def _demand_open(self, address: str) -> None:
        """Return when the address may be asked. Raises _ClosedError when it may not, and what asking raises."""
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(read_robots(address, self._ask, self._may_follow))
        robots = await self._robots[origin]
        host = self._host(address)
        host.delay = max(host.delay, robots.delay)
        if closed := robots.forbid(address):
            raise _ClosedError(closed)

    def _may_follow(self, address: str) -> bool:
        return self._reach.holds(asked_address(address) or "http://localhost/")

    async def _ask(self, method: str, address: str, most: int = 0) -> Response:
        """Return the host's answer, when it is our turn. Raises _ClosedError when the host has had enough, or we of it."""
        host = self._host(address)
        async with host.places:
            await host.turn()
            async with self._places:
                host.demand_open()
                response = await self._request(host, method, address, most)
        self._reached = True
        host.slow = 0
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            host.enough = str(response.status)
        return response

    async def _request(self, host: _Host, method: str, address: str, most: int) -> Response:
        """Return the host's answer, and count how often there was none in time."""
        try:
            return await self._lines.request(method, address, most)
        except UnreachableError as fault:
            host.slow += fault.cause == "slow"
            if host.slow >= _TOO_SLOW:
                host.enough = "no answer in time"
            raise

    def _host(self, address: str) -> _Host:
        name = urlsplit(address).hostname or ""
        if name not in self._hosts:
            self._hosts[name] = _Host(self._manners)
        return self._hosts[name]
