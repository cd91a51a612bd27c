"""A command of the user's own as a target."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.pipeline.sending import SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Contract, Time, surroundings, write_built

SCRIPT = """\
#!/bin/sh
# Publishes into the folder that is named first.
set -e
cd "$1"
case $KBTOOL_DO in
fetch) test ! -f "$KBTOOL_PATH" || cp "$KBTOOL_PATH" "$KBTOOL_FILE" ;;
send)
  test ! -e ../refuse || { echo "no room for $SECRET_WORD" >&2; exit 3; }
  tar -C "$KBTOOL_FOLDER" --verbatim-files-from -T "$KBTOOL_LIST" -cf - | tar -xf -
  tr / _ < "$KBTOOL_LIST" | while IFS= read -r name; do
    printf '%s\\n%s\\n' "$KBTOOL_TYPE" "$KBTOOL_CACHE" > "../headers/$name"
  done ;;
delete) while IFS= read -r path; do rm -f "$path"; done < "$KBTOOL_LIST" ;;
esac
"""


class CommandBench:
    """A folder that a script fills."""

    def __init__(self, folder: Path) -> None:
        """Write the script."""
        self.root = folder / "center"
        self.www = folder / "host/www"
        for one in (self.root, self.www, folder / "host/headers"):
            one.mkdir(parents=True)
        (self.root / "publish.sh").write_text(SCRIPT)
        (self.root / "publish.sh").chmod(stat.S_IRWXU)

    @property
    def url(self) -> str:
        """The target."""
        return f"exec:./publish.sh {self.www}"

    @property
    def environment(self) -> dict[str, str]:
        """What the script finds in the environment."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "SECRET_WORD": "hush-hush-hush"}

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.url), surroundings(self.root, time, self.environment))

    def served(self) -> dict[str, bytes]:
        """Return every file but kbtool's own."""
        files = {file.relative_to(self.www).as_posix(): file for file in self.www.rglob("*") if file.is_file()}
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> tuple[str, str]:
        """Return what the script was told."""
        kind, cache = (self.www.parent / "headers" / path.replace("/", "_")).read_text().splitlines()
        return kind, cache

    def put_foreign(self, _path: str, _content: bytes) -> None:
        """A command lists nothing, so that kbtool never hears of it."""
        pytest.skip("what others put there is never seen, and never touched")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Let the script fail."""
        (self.www.parent / "refuse").touch()
        yield
        (self.www.parent / "refuse").unlink()


class TestCommand(Contract):
    """The contract."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> CommandBench:
        if shutil.which("sh") is None:
            pytest.skip("no shell here")
        return CommandBench(tmp_path)


def test_a_command_that_fails_is_told_in_its_own_words_without_secrets(tmp_path: Path) -> None:
    bench, time = CommandBench(tmp_path), Time()
    with bench.refused(), pytest.raises(Stop) as stop:
        publish_built(write_built(tmp_path / "site", SITE), bench.target(time.clock), SendOptions(clock=time.clock))
    assert "no room for ***" in str(stop.value)
    assert stop.value.problems[0].rule == "command-failed"
