"""Host and port -> a listening socket that this machine alone can reach."""

import ipaddress
import os
import socket
from contextlib import suppress

from kbtool.problems import Problem, Stop

_PORTS = range(8000, 8100)


def listen(host: str, port: int | None) -> socket.socket:
    """Return a listening socket; without a port, at the first free one from 8000.

    Raises Stop when there is none, or when other machines could reach the host: a preview shows drafts.
    """
    address = _loopback(host)
    for candidate in _PORTS if port is None else (port,):
        with suppress(OSError):
            return _bound(address, candidate)
    if port is None:
        what, hint = f"no port from {_PORTS.start} to {_PORTS.stop - 1} is free", "name a free one with --port"
    else:
        what, hint = f'port "{port}" cannot be used', "stop what uses it, or leave --port out and the next free one is taken"
    raise Stop(Problem("", 0, "port-taken", what, hint))


def address_of(listening: socket.socket) -> str:
    """Return the URL under which a browser finds the socket.

    >>> with listen("127.0.0.1", 0) as listening:
    ...     address_of(listening).startswith("http://127.0.0.1:")
    True
    """
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _loopback(host: str) -> str:
    """Return the address to listen at."""
    name = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    with suppress(ValueError):
        if ipaddress.ip_address(name).is_loopback:
            return name
    hint = 'leave --host out, or use "127.0.0.1" or "::1"; to show the site to others, publish it'
    raise Stop(Problem("", 0, "not-loopback", f'"{host}" is no address of this machine alone', hint))


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name != "nt":  # there it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening
