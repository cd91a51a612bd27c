"""Requests to a host that holds a site, and what its answers mean."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from kbtool.problems import Problem, Stop
from kbtool.publish.retry import PASSING_STATUSES, Passing
from kbtool.web import Line, NoAddressError, UnreachableError

_REDIRECTS, _ERRORS = 300, 400
"""Where HTTP's redirects and its errors begin."""
CONNECT, READ = 10.0, 60.0
"""Seconds for a connection, and for an answer's next byte."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By their names in small letters."""
    content: bytes = field(repr=False)
    url: str = ""
    """Where the answer came from."""

    def json(self) -> Any:  # noqa: ANN401 - whatever a host says
        """Return the body's JSON. Raises Passing when it is none: something between here and the host answered."""
        try:
            return json.loads(self.content)
        except ValueError:
            raise Passing(f"an answer ({self.status}) that is no JSON") from None


class Web:
    """One host's requests, with a pool of connections. Redirects are not followed."""

    def __init__(self, place: str, base: str, headers: Mapping[str, str], rights: str, at_once: int = 8) -> None:
        """Prepare requests to addresses below `base`. `rights`: what the credential must be allowed, said when it is not."""
        self.place = place
        self._headers = headers
        self._rights = rights
        self._line = Line(base, headers, at_once=at_once, connect=CONNECT, read=READ)

    def ask(self, method: str, address: str, *, expect: tuple[int, ...] = (), **content: Any) -> Answer:  # noqa: ANN401 - httpx's own
        """Return the answer. Raises Passing for a fault that may pass, Stop for one that lasts.

        Statuses of the 200s and those in `expect` are answers; `content` is what httpx takes: `content`, `json`, `headers`, `files`.
        A redirect is a fault that lasts: what was sent did not arrive.
        """
        with self._told():
            response = self._line.request(method, address, **content)
        answer = Answer(response.status, response.headers, response.content, response.url)
        if answer.status < _REDIRECTS or answer.status in expect:
            return answer
        if answer.status in PASSING_STATUSES:
            raise Passing(f"{answer.status} {response.reason}".strip(), _wait(answer.headers))
        raise Stop(self._problem(answer, f"{method} {_path(address)}"))

    def _problem(self, answer: Answer, what: str) -> Problem:
        """Return the problem with what the host refused."""
        words = self._harmless(" ".join(answer.content[:300].decode("utf-8", "replace").split()))
        if _REDIRECTS <= answer.status < _ERRORS:
            to = urlsplit(urljoin(answer.url, answer.headers.get("location", "")))
            hint = f'it leads on to "{to.scheme}://{to.netloc.rpartition("@")[2]}{to.path}": correct the address'
            return Problem("", 0, "host-refuses", f'"{self.place}" is not at this address ({answer.status})', hint)
        said = f"{answer.status}" + (f": {words}" if words and not words.startswith("<") else "")
        if answer.status in (401, 403):
            hint = f"check the token or password and what it may do: it needs {self._rights}"
            return Problem("", 0, "host-refuses", f'"{self.place}" refuses the credentials ({said})', hint)
        hint = "the site there is as whole as before"
        return Problem("", 0, "host-refuses", f'"{self.place}" refused "{what}" ({said})', hint)

    def _harmless(self, words: str) -> str:
        """Return the words without the credential, should a host repeat it."""
        secret = self._headers.get("Authorization", "").rpartition(" ")[2]
        return words.replace(secret, "***") if secret else words

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn faults of the line into Passing, and a certificate that nobody vouches for into Stop."""
        try:
            yield
        except UnreachableError as fault:
            if fault.cause in ("certificate", "issuer"):
                hint = "look at the host's address; nothing was sent"
                raise Stop(
                    Problem("", 0, "host-refuses", f'"{self.place}" has a certificate that is not trusted', hint)
                ) from None
            raise Passing(fault.words) from None
        except NoAddressError as fault:
            raise Stop(Problem("", 0, "wrong-target", f'"{self.place}" is no address: {fault}')) from None


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the host wants to be left alone (RFC 9110, Retry-After)."""
    said = headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers["date"])
    except (ValueError, KeyError, TypeError):
        return None
    return max(0.0, (until - now).total_seconds())


def http_date(said: str) -> datetime:
    """Return the moment of an HTTP date; the beginning of time when it is none."""
    try:
        return parsedate_to_datetime(said).astimezone(UTC)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=UTC)


def _path(address: str) -> str:
    """Return an address without its query, which may hold a secret."""
    return address.partition("?")[0]
