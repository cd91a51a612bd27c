"""A proxy on loopback between kbtool and a real server, which delays, breaks and refuses what it is told to."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from ssl import SSLContext
from threading import Thread
from urllib.parse import urlsplit

Fault = str
FAULTS: tuple[Fault, ...] = ("500", "503", "429", "reset before", "reset after", "short write", "short answer", "silence")


@dataclass
class Weather:
    """What the way to the server is like; it may change while requests run."""

    rate: float = 0.0
    """The share of requests that go wrong."""
    faults: tuple[Fault, ...] = FAULTS
    delay: float = 0.0
    """Seconds before each request goes on."""
    decide: Callable[[int], Fault | None] | None = None
    """Called with the request's number, from 1: decides in the rate's place."""
    random: Random = field(default_factory=lambda: Random(5))  # noqa: S311 - the same faults in every run
    requests: list[str] = field(default_factory=list)
    """Method and path of all that was asked."""
    broken: int = 0


@contextmanager
def proxied(endpoint: str, weather: Weather, tls: SSLContext | None = None) -> Iterator[str]:
    """Give the address of a proxy to the server; it ends with the block. With `tls` it speaks HTTPS, and the server HTTP."""
    parts = urlsplit(endpoint)
    loop = asyncio.new_event_loop()
    handler = _Handler(parts.hostname or "", parts.port or 80, weather)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(handler.serve, "127.0.0.1", 0, ssl=tls), loop).result(10)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{parts.path}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    for _ in range(3):
        await asyncio.sleep(0)  # what was accepted begins, so that it can end itself
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class _Handler:
    host: str
    port: int
    weather: Weather

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of kbtool's with one of the server's."""
        writers = [writer]
        try:
            up_reader, up_writer = await asyncio.open_connection(self.host, self.port)
            writers.append(up_writer)
            while await self.request(reader, writer, up_reader, up_writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            return
        finally:
            for one in writers:
                one.transport.abort()

    async def request(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        up_reader: asyncio.StreamReader,
        up_writer: asyncio.StreamWriter,
    ) -> bool:
        """Pass one request on; return whether the connection may live on."""
        head, body = await _message(reader)
        weather = self.weather
        weather.requests.append(head.split(b" HTTP", 1)[0].decode())
        await asyncio.sleep(weather.delay)
        fault = weather.decide(len(weather.requests)) if weather.decide else None
        if fault is None and weather.random.random() < weather.rate:
            fault = weather.random.choice(weather.faults)
        if fault is not None:
            weather.broken += 1
        if fault and fault.isdigit():
            writer.write(_refusal(int(fault)))
            await writer.drain()
            return False
        if fault in ("reset before", "short write"):
            up_writer.write(head + body[: len(body) // 2] if fault == "short write" else b"")
            return False
        up_writer.write(head + body)
        await up_writer.drain()
        answer_head, answer = await _message(up_reader, bodiless=head.startswith(b"HEAD"))
        if fault in ("reset after", "silence"):
            await asyncio.sleep(0.3 if fault == "silence" else 0)
            return False
        if fault == "short answer":
            writer.write((answer_head + answer)[: len(answer_head) + len(answer) // 2 - 1])
            await writer.drain()
            return False
        writer.write(answer_head + answer)
        await writer.drain()
        return True


async def _message(reader: asyncio.StreamReader, *, bodiless: bool = False) -> tuple[bytes, bytes]:
    """Return a message's head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if bodiless or head[9:12] in (b"204", b"304"):
        return head, b""
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        body = b""
        while True:
            size = await reader.readuntil(b"\r\n")
            body += size + await reader.readexactly(int(size.split(b";")[0], 16) + 2)
            if int(size.split(b";")[0], 16) == 0:
                return head, body
    return head, await reader.readexactly(int(fields.get(b"content-length", b"0")))


def _refusal(status: int) -> bytes:
    """Return an answer that refuses."""
    codes = {
        500: "InternalError",
        503: "SlowDown",
        429: "TooManyRequests",
        403: "AccessDenied",
        507: "InsufficientStorage",
        308: "Moved",
    }
    body = f"<Error><Code>{codes[status]}</Code></Error>".encode()
    more = {429: b"Retry-After: 1\r\n", 308: b"Location: https://elsewhere.example/help/\r\n"}
    wait = more.get(status, b"")
    return b"HTTP/1.1 %d No\r\n%bContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status, wait, len(body), body)
