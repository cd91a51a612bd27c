"""New files -> the content folder: all of them or none, and nothing overwritten."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from kbtool.config import HelpCenter
from kbtool.problems import Problem, Stop


def write_new_files(files: Mapping[str, bytes | Path], center: HelpCenter) -> None:
    """Put the files into the content folder, all of them or none. Raises Stop when one is there already."""
    there = sorted(path for path in files if os.path.lexists(center.content / path))
    if there:
        hint = "choose another folder with --into: nothing is ever overwritten"
        raise Stop(Problem("", 0, "already-there", f'"{there[0]}" is there already, and {len(there) - 1} more', hint))
    stage = center.cache / "import"
    shutil.rmtree(stage, ignore_errors=True)
    done: list[Path] = []
    try:
        for path, content in files.items():
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, stage / path)
            else:
                (stage / path).write_bytes(content)
        for path in files:
            place = center.content / path
            done += [folder for folder in reversed(place.parents) if not folder.exists()]
            place.parent.mkdir(parents=True, exist_ok=True)
            done.append(place)
            (stage / path).rename(place)
    except BaseException as error:
        _undo(done)
        if isinstance(error, OSError):
            what = f'"{Path(error.filename or center.content).name}" cannot be written: {error.strerror or error}'
            raise Stop(Problem("", 0, "cannot-write", what, "nothing was written; make room or rights, and try again")) from error
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _undo(done: list[Path]) -> None:
    for place in reversed(done):
        try:
            place.rmdir() if place.is_dir() else place.unlink(missing_ok=True)
        except OSError:
            continue
