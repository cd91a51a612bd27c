"""A line to a server with a round trip of so many milliseconds: every byte is passed on, later."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit


@contextmanager
def slow_line(endpoint: str, round_trip: float) -> Iterator[str]:
    """Give the address of the line's near end; `round_trip` is in seconds. It ends with the block."""
    parts = urlsplit(endpoint)
    loop = asyncio.new_event_loop()
    line = _Line(parts.hostname or "", parts.port or 80, round_trip / 2)
    server = loop.run_until_complete(asyncio.start_server(line.serve, "127.0.0.1", 0))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Line:
    def __init__(self, host: str, port: int, delay: float) -> None:
        self.host, self.port, self.delay = host, port, delay

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes, both ways, until one side ends it, or the line ends."""
        with suppress(asyncio.CancelledError):  # asyncio tells a server's call that was cancelled as a fault
            far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
            await asyncio.gather(self.way(reader, far_writer), self.way(far_reader, writer))

    async def way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes, each piece after its delay, without holding up the next."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while data := await reader.read(65_536):
                loop.call_later(self.delay, _write, writer, data)
        loop.call_later(self.delay, writer.close)


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)
