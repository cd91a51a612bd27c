"""One build at a time: a lock that dies with the process that holds it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kbtool.problems import Problem, Stop


@contextmanager
def only_one(folder: Path, patience: float = 60) -> Iterator[None]:
    """Hold the folder's lock while the body runs; wait up to `patience` seconds for another holder. Raises Stop then."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep_out_of_git(folder)
        lock = FileLock(folder / "lock", timeout=patience)
        lock.acquire()
    except Timeout:
        hint = "wait until it has ended, or stop it"
        raise Stop(Problem("", 0, "busy", "another kbtool is building this help center", hint)) from None
    except OSError as error:
        raise Stop(Problem(str(folder), 0, "cannot-write", f'"{folder}" cannot be written: {error.strerror}')) from error
    try:
        yield
    finally:
        lock.release()


def _keep_out_of_git(folder: Path) -> None:
    """Let git overlook the folder, as it holds nothing but what can be made again."""
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


@contextmanager
def only_one_where_possible(folder: Path) -> Iterator[None]:
    """Hold the folder's lock as `only_one` does; do without where nothing can be written: there, nobody else writes either."""
    with ExitStack() as held:
        try:
            held.enter_context(only_one(folder))
        except Stop as stop:
            if any(problem.rule != "cannot-write" for problem in stop.problems):
                raise
        yield
