"""OutputFile -> the site that the last build made: one file more, whole or not there."""

from contextlib import suppress
from pathlib import Path

from kbtool.model import OutputFile
from kbtool.places import SITE_MARK
from kbtool.problems import Problem, Stop


def add_file(output: OutputFile, folder: Path) -> bool:
    """Put the file into the folder, in the place of one of its name; tell whether there is a site at all.

    The next build must put out the same file, or it takes it away. A file that is there is never written over: it may be the very
    file that the site before the last one holds. Raises Stop when it cannot be written.
    """
    if folder.is_symlink() or not (folder / SITE_MARK).is_file() or not isinstance(output.content, bytes):
        return False
    temporary = folder / f".{output.path}.new"
    try:
        temporary.write_bytes(output.content)
        temporary.replace(folder / output.path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        message = f'"{folder.name}/{output.path}" cannot be written: {error.strerror or error}'
        raise Stop(Problem("", 0, "cannot-write", message, "make room or rights, and type the command again")) from error
    return True
