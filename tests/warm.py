"""Processes of kbtool that start at once: forks of one that has imported everything and built one small site.

Each is a process of its own, with its own folder, environment, input and output; only imports, and what every build compiles,
are paid once.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

LEFT_OUT = (".__main__", ".hosts.", ".sentence_encoder")
"""What starts something, or is large and hardly asked for: whoever needs it imports it."""

CAN_FORK = sys.platform == "linux"


class Warm:
    """The process that is forked, and the pipe to it."""

    def __init__(self) -> None:
        """Start it; nothing is imported until the first command."""
        here = Path(__file__).parent.parent
        command = [sys.executable, "-m", "tests.warm"]
        self._process = subprocess.Popen(command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        atexit.register(self._end)
        self._lock = threading.Lock()

    def run(self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
        """Return the exit code of a kbtool with these arguments, what it printed, and what it said on stderr."""
        with TemporaryFile() as out, TemporaryFile() as err:
            streams = [f"/proc/{os.getpid()}/fd/{stream.fileno()}" for stream in (out, err)]
            wish = {
                "arguments": list(arguments),
                "cwd": str(cwd),
                "environment": dict(environment),
                "streams": streams,
                "umask": _umask(),
            }
            with self._lock:
                code = self._ask(wish, timeout, arguments)
            return code, _text(out), _text(err)

    def _end(self) -> None:
        """End it, and all that was forked from it."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _ask(self, wish: object, timeout: float, arguments: Sequence[str]) -> int:
        source, sink = self._process.stdin, self._process.stdout
        if source is None or sink is None:
            raise AssertionError
        source.write(json.dumps(wish).encode() + b"\n")
        source.flush()
        ready, _, _ = select.select([sink], [], [], timeout)
        if not ready:
            self._end()
            raise subprocess.TimeoutExpired(["kbtool", *arguments], timeout)
        return int(sink.readline())


def _umask() -> int:
    """Return what new files' rights lack; it can only be asked by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8").replace("\r\n", "\n")


def _serve() -> None:
    """Fork for each line of stdin, and answer with the exit code of what was forked."""
    _prepare()
    for line in sys.stdin.buffer:
        wish = json.loads(line)
        child = os.fork()
        if not child:
            _become(wish)
        _, status = os.waitpid(child, 0)
        sys.stdout.buffer.write(b"%d\n" % os.waitstatus_to_exitcode(status))
        sys.stdout.buffer.flush()


def _prepare() -> None:
    """Import what is imported when it is first used, and compile what every build compiles."""
    # ruff: noqa: PLC0415 - the test worker, which has this module too, must not wait for all this
    import kbtool
    from kbtool import extensions
    from kbtool.pipeline.building import BuildOptions, build_site
    from kbtool.tickets import wordllama
    from tests.sites import write_site

    gc.disable()
    for module in pkgutil.walk_packages(kbtool.__path__, "kbtool."):
        if not any(part in module.name for part in LEFT_OUT):
            importlib.import_module(module.name)
    importlib.import_module("kbtool.publish.hosts.folder")
    for name in ("analysis", "codec.whoosh3", "fields", "filedb.filestore", "lang.snowball", "lang.stopwords", "scoring"):
        importlib.import_module(f"whoosh.{name}")
    for group in ("kbtool.embeddings", "kbtool.targets", "kbtool.ticket_sources"):
        extensions.offered(group)
    wordllama.read_tokenizer()
    with TemporaryDirectory() as folder:
        write_site(Path(folder), "-- content/a.md --\n# A\n\n[Text](a.md).\n")
        build_site(Path(folder, "kbtool.yml"), BuildOptions(date(2026, 11, 22), "", search="none"))
    gc.freeze()
    gc.enable()


def _become(wish: Mapping[str, Any]) -> None:
    """Be the kbtool that was wished for, and end."""
    code = 1
    try:
        out, err = (os.open(str(path), os.O_WRONLY) for path in wish["streams"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        for here, there in ((nothing, 0), (out, 1), (err, 2)):
            os.dup2(here, there)
        sys.stdin, sys.stdout, sys.stderr = (open(number, mode, encoding="utf-8", closefd=False) for number, mode in ((0, "r"), (1, "w"), (2, "w")))  # noqa: SIM115  # fmt: skip
        os.environ.clear()
        os.environ.update(wish["environment"])
        os.chdir(str(wish["cwd"]))
        os.umask(wish["umask"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        import kbtool
        from kbtool.cli.main import main

        sys.argv = [str(Path(kbtool.__path__[0], "__main__.py")), *wish["arguments"]]
        sys.modules["__main__"].__package__ = "kbtool"

        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - as Python does at the end of a process
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                code = code or 1
        os._exit(code)


if __name__ == "__main__":
    _serve()
