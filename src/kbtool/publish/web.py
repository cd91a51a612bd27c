"""Requests to hosts over HTTP, and what their answers mean: the one place that knows httpx."""

import json
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from kbtool import __version__
from kbtool.problems import Problem, Stop
from kbtool.publish.retry import PASSING_STATUSES, Passing

if TYPE_CHECKING:  # its import takes a third of a second, and most commands ask nobody
    import httpx

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
        self._base = base
        self._headers = {"User-Agent": f"kbtool/{__version__}", **headers}
        self._rights = rights
        self._at_once = at_once

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - see above

        limits = httpx.Limits(max_connections=self._at_once, max_keepalive_connections=self._at_once)
        timeout = httpx.Timeout(READ, connect=CONNECT, pool=None)
        client = httpx.Client(base_url=self._base, headers=self._headers, limits=limits, timeout=timeout)
        weakref.finalize(self, client.close)
        return client

    def ask(self, method: str, address: str, *, expect: tuple[int, ...] = (), **content: Any) -> Answer:  # noqa: ANN401 - httpx's own
        """Return the answer. Raises Passing for a fault that may pass, Stop for one that lasts.

        Statuses of the 200s and those in `expect` are answers; `content` is what httpx takes: `content`, `json`, `headers`, `files`.
        A redirect is a fault that lasts: what was sent did not arrive.
        """
        with self._told():
            response = self._client.request(method, address, follow_redirects=False, **content)
        answer = Answer(response.status_code, dict(response.headers), response.content, str(response.url))
        if answer.status < _REDIRECTS or answer.status in expect:
            return answer
        if answer.status in PASSING_STATUSES:
            raise Passing(f"{answer.status} {response.reason_phrase}".strip(), _wait(answer.headers))
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
        import httpx  # noqa: PLC0415 - see above

        try:
            yield
        except httpx.TransportError as fault:
            words = str(fault) or type(fault).__name__
            if "CERTIFICATE_VERIFY_FAILED" in words:
                hint = "look at the host's address; nothing was sent"
                raise Stop(
                    Problem("", 0, "host-refuses", f'"{self.place}" has a certificate that is not trusted', hint)
                ) from None
            raise Passing(words) from None
        except httpx.DecodingError as fault:
            raise Passing(str(fault)) from None
        except httpx.InvalidURL as fault:
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
