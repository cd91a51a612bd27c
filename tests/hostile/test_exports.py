"""Exports that nobody could read: a sentence with the file's name and exit code 2, never a traceback, never a full memory."""

import io
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from kbtool.tickets.export import ReadOptions
from kbtool.tickets.reading import read_tickets
from tests.sites import run_kbtool, write_site

HEADER = "Id,Subject,Status,Requester email,Created at\n"
ROW = "1,I forgot my password,open,jo@mail.example,2026-01-02\n"
CENTER = "-- content/password.md --\n# Reset your password\n\nOpen the page and choose Forgot password.\n"


def bomb() -> bytes:
    """Return a zip whose only member is far larger than itself."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tickets.csv", HEADER + ROW * 1_300_000)
    return buffer.getvalue()


def test_each_is_told_in_a_line_and_none_with_a_traceback(tmp_path: Path) -> None:
    write_site(tmp_path, CENTER)
    files = {
        "zero.csv": (b"", "empty-export"),
        "paper.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + b"x" * 5000, "not-an-export"),
        "bomb.zip": (bomb(), "export-too-large"),
        "list.json": (b"[" * 1_000_000, "broken-export"),
        "object.json": (b'{"tickets":' * 100_000 + b"1" + b"}" * 100_000, "broken-export"),
        "text.json": (b'{"tickets":[{"id":1,"subject":"' + b"a" * 2_000_000, "broken-export"),
        "nothing.csv": (bytes(1_000_000), "not-an-export"),
        "columns.csv": (b"Id,Colour,Size\n1,red,2\n2,blue,3\n", "no-subject-column"),
    }
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    answer = run_kbtool("gaps", *files, "content", "gone.csv", cwd=tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err
    said = [line for line in answer.err.splitlines() if not line.startswith(" ")]
    assert len(said) == len(files) + 2
    for name, rule in [*((name, rule) for name, (_, rule) in files.items()), ("content", "no-export"), ("gone.csv", "no-export")]:
        assert any(line.startswith(name) and line.endswith(f"[{rule}]") for line in said), name


@pytest.mark.parametrize(
    ("content", "tickets", "broken"),
    [
        ((HEADER + ROW).encode("utf-16"), 1, []),
        ((HEADER + ROW).encode("utf-16-be"), 1, []),
        (HEADER.encode() + b"2,no\x00ul here and a long way to go before anything else is said,open,,\n" + ROW.encode(), 2, []),
        (HEADER.encode() + "3,Käse ist da,,,\n".encode() * 20 + "4,Käse ist fort,,,\n".encode("latin-1") + ROW.encode(), 2, [22]),
        (HEADER.encode() + b"5," + b"a" * 3_000_000 + b",open,,\n" + ROW.encode(), 1, [2]),
        (HEADER.encode() + b"6,x" + b",y" * 3_000_000 + b"\n" + ROW.encode(), 1, [2]),
    ],
    ids=["UTF-16", "UTF-16 without a mark", "NUL", "two encodings", "a long cell", "many cells"],
)
def test_what_can_be_read_of_it_is_read_and_the_rest_has_a_line(
    content: bytes, tickets: int, broken: list[int], tmp_path: Path
) -> None:
    (tmp_path / "export.csv").write_bytes(content)
    export = read_tickets([tmp_path / "export.csv"], ReadOptions(), b"")
    assert len(export.tickets) == tickets
    assert [problem.line for problem in export.problems if problem.rule == "broken-row"] == broken
    assert export.understood[0].dropped.get("broken rows", 0) == len(broken)


@pytest.mark.parametrize("start", [HEADER + "7,", "a line of plain text\n"])
def test_a_line_without_an_end_does_not_fill_the_memory(start: str, tmp_path: Path) -> None:
    with (tmp_path / "export").open("wb") as file:
        file.write((ROW if start.startswith("a") else HEADER + ROW).encode())
        for _ in range(50):
            file.write(b"a" * 1_000_000)
    tracemalloc.start()
    read_tickets([tmp_path / "export"], ReadOptions(), b"")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells which files a process has open")
def test_ctrl_c_ends_with_130_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    write_site(tmp_path, CENTER)
    export = tmp_path / "tickets.csv"
    export.write_text(HEADER + "".join(f"{number},What about {number} and {number * 7}?,open,,\n" for number in range(400_000)))
    command = [sys.executable, "-m", "kbtool", "gaps", export.name, "--matches", "matches.csv"]
    run = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 4  # reading and matching so many takes far longer
    while not has_open(run.pid, export) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    out, said = run.communicate(timeout=60)
    if run.returncode == 0:
        pytest.skip("it had ended before Ctrl-C came")
    assert (run.returncode, out) == (130, "")
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*matches*"))


def has_open(process: int, file: Path) -> bool:
    """Tell whether the process has the file open."""
    try:
        return any(entry.resolve() == file for entry in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False
