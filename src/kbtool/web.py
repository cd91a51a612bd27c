"""Requests over HTTP, and what went wrong on the line: the one place that knows httpx."""

import asyncio
import socket
import ssl
import weakref
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from kbtool import __version__

if TYPE_CHECKING:  # its import takes a third of a second, and most commands ask nobody
    import httpx

AGENT = f"kbtool/{__version__}"

Cause = Literal["name", "refused", "certificate", "issuer", "slow", "line"]
"""Why nothing came: no such host, nobody listens, a certificate that is not valid, one of an issuer that this computer does not
know, no answer in time, or whatever else broke the line."""

_NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_ISSUER = {2, 19, 20, 21}
"""OpenSSL's numbers (X509_verify_cert_error_string) for a chain whose end this computer does not know: browsers may complete it."""


class UnreachableError(Exception):
    """Raised when no answer came."""

    def __init__(self, cause: Cause, words: str) -> None:
        """Keep why, and what the line said."""
        super().__init__(words)
        self.cause = cause
        self.words = words


class NoAddressError(Exception):
    """Raised when an address is none that can be asked."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, whatever its status. Redirects are answers: nobody follows them here."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    """By their names in small letters."""
    content: bytes = field(repr=False)
    url: str = ""
    """Where it came from."""


class Line:
    """One host's requests, from any thread, with a pool of connections."""

    def __init__(self, base: str, headers: Mapping[str, str], *, at_once: int, connect: float, read: float) -> None:
        """Prepare requests to addresses below `base`; seconds for a connection, and for an answer's next byte."""
        self._base = base
        self._headers = {"User-Agent": AGENT, **headers}
        self._at_once = at_once
        self._connect = connect
        self._read = read

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - see above

        limits = httpx.Limits(max_connections=self._at_once, max_keepalive_connections=self._at_once)
        timeout = httpx.Timeout(self._read, connect=self._connect, pool=None)
        client = httpx.Client(base_url=self._base, headers=self._headers, limits=limits, timeout=timeout)
        weakref.finalize(self, client.close)
        return client

    def request(self, method: str, address: str, **content: Any) -> Response:  # noqa: ANN401 - httpx's own
        """Return the answer; `content` is what httpx takes. Raises UnreachableError and NoAddressError."""
        with _told():
            came = self._client.request(method, address, follow_redirects=False, **content)
        return Response(came.status_code, came.reason_phrase, dict(came.headers), came.content, str(came.url))


class Lines:
    """Requests to many hosts from one loop."""

    def __init__(self, client: "httpx.AsyncClient", patience: float) -> None:
        """Use the client; a request gets so many seconds in all, however slowly its answer drips."""
        self._client = client
        self._patience = patience

    async def request(self, method: str, address: str, most: int = 0) -> Response:
        """Return the answer with at most so many bytes of its body as they were sent. Raises UnreachableError and NoAddressError."""
        with _told():
            async with asyncio.timeout(self._patience), self._client.stream(method, address) as came:
                content = await _beginning(came, most) if most else b""
                return Response(came.status_code, came.reason_phrase, dict(came.headers), content, str(came.url))


@asynccontextmanager
async def open_lines(agent: str, *, at_once: int, patience: float) -> AsyncIterator[Lines]:
    """Give a way to ask many hosts, under this name. What HTTP_PROXY and SSL_CERT_FILE say is obeyed, as httpx does."""
    import httpx  # noqa: PLC0415 - see above

    limits = httpx.Limits(max_connections=at_once * 2, max_keepalive_connections=at_once)
    headers = {"User-Agent": agent, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=patience, verify=_trusted()) as client:
        yield Lines(client, patience)


@cache
def _trusted() -> ssl.SSLContext:
    """Return whose certificates are believed; reading them takes longer than most answers."""
    import httpx  # noqa: PLC0415 - see above

    return httpx.create_ssl_context()


async def _beginning(came: "httpx.Response", most: int) -> bytes:
    """Return the body's first bytes, as they were sent."""
    content = b""
    async for part in came.aiter_raw():
        content += part
        if len(content) >= most:
            break
    return content[:most]


@contextmanager
def _told() -> Iterator[None]:
    """Turn the library's faults into this module's."""
    import httpx  # noqa: PLC0415 - see above

    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as fault:
        raise UnreachableError("slow", str(fault) or "no answer in time") from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError) as fault:
        raise NoAddressError(str(fault)) from None
    except (httpx.TransportError, httpx.DecodingError) as fault:
        raise UnreachableError(_cause(fault), str(fault) or type(fault).__name__) from None


def _cause(fault: BaseException) -> Cause:
    """Return what the operating system or OpenSSL said behind the library's words."""
    for one in _behind(fault):
        if isinstance(one, ssl.SSLCertVerificationError):
            return "issuer" if one.verify_code in _ISSUER else "certificate"
        if isinstance(one, socket.gaierror) and one.errno in _NO_NAME:
            return "name"
        if isinstance(one, ConnectionRefusedError):
            return "refused"
    return "line"


def _behind(fault: BaseException) -> Iterator[BaseException]:
    """Yield the fault, and all that led to it."""
    waiting: list[BaseException | None] = [fault]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]
