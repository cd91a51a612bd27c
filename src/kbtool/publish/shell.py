"""Commands on a server, through the system's ssh."""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kbtool.address import Address
from kbtool.problems import Problem, Stop
from kbtool.publish.retry import Passing

COMMAND = "KBTOOL_SSH"
"""The environment variable that replaces `ssh`, with options of its own."""

_UNREACHED = 255
"""The status of an ssh that did not reach the server, or lost it."""
_LASTING = re.compile(
    r"permission denied|host key verification|no such identity|bad configuration|too many authentication", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Failed(Exception):  # noqa: N818 - what a command on the server answered
    """Raised when the server was reached and the command there failed."""

    status: int
    words: str


@dataclass(frozen=True, slots=True)
class Shell:
    """A server, its user and its port, and how ssh is called."""

    host: str
    user: str
    port: int | None
    environment: Mapping[str, str]

    def run(self, script: str, *arguments: str, source: Iterable[bytes] = ()) -> bytes:
        """Return what a POSIX shell there prints, the arguments in "$1" and so on, `source` on its stdin.

        Raises Failed when the script fails, Passing when the server is not reached, Stop when it lets nobody in.
        """
        with tempfile.TemporaryFile() as spool:
            spool.writelines(source)
            spool.seek(0)
            try:
                done = subprocess.run(  # noqa: S603 - the words are quoted for the shell at the other end
                    [*self._command(), shlex.join(["sh", "-c", f"set -eu\n{script}", "kbtool", *arguments])],
                    env=dict(self.environment),
                    stdin=spool,
                    capture_output=True,
                    check=False,
                )
            except FileNotFoundError:
                hint = f"install OpenSSH's client, or name another in the variable {COMMAND}"
                raise Stop(Problem("", 0, "missing-program", "ssh is needed to publish to this server", hint)) from None
        if done.returncode == _UNREACHED:
            raise self._unreached(_words(done.stderr))
        if done.returncode:
            raise Failed(done.returncode, _words(done.stderr))
        return done.stdout

    def _command(self) -> list[str]:
        """Return how ssh is called: it asks nobody anything."""
        port = [f"-p{self.port}"] if self.port else []
        place = f"{self.user}@{self.host}" if self.user else self.host
        ssh = shlex.split(self.environment.get(COMMAND, "")) or ["ssh"]
        return [*ssh, "-T", "-oBatchMode=yes", "-oConnectTimeout=30", "-oServerAliveInterval=20", *port, "--", place]

    def _unreached(self, words: str) -> Exception:
        if not _LASTING.search(words):
            return Passing(words)
        hint = f"try it by hand first: ssh {f'{self.user}@' if self.user else ''}{self.host}; nothing was changed"
        return Stop(Problem("", 0, "no-access", f'"{self.host}" lets nobody in: {words}', hint))


def open_shell(address: Address, environment: Mapping[str, str]) -> Shell:
    """Return the server of an address."""
    return Shell(address.host, address.user, address.port, environment)


def _words(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split())[-500:] or "it said nothing"
