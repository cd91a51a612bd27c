"""Articles' new bytes -> their files: each whole or as it was."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from kbtool.problems import Problem, Stop


def rewrite_files(contents: Mapping[Path, bytes]) -> None:
    """Put the bytes into the files, which keep their rights. Nothing is changed before all of it is on the disk.

    Raises Stop when a file cannot be written.
    """
    with ExitStack() as leftovers:
        ready = []
        for file, content in contents.items():
            try:
                if not os.access(file, os.W_OK):
                    raise PermissionError(13, "it may not be changed")
                ready.append((file, _beside(file, content, leftovers)))
            except OSError as error:
                raise _cannot(file, error) from error
        for file, new in ready:
            try:
                new.replace(file)
            except OSError as error:
                raise _cannot(file, error) from error


def _beside(file: Path, content: bytes, leftovers: ExitStack) -> Path:
    """Return a file in the same folder with the content, which is gone in the end. Its name is one that kbtool passes over."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", suffix=".new", dir=file.parent)
    leftovers.callback(_forget, Path(name))
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    shutil.copymode(file, name)
    return Path(name)


def _forget(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _cannot(file: Path, error: OSError) -> Stop:
    hint = "make room or rights, and type the command again"
    return Stop(Problem("", 0, "cannot-write", f'"{file.name}" cannot be written: {error.strerror or error}', hint))
