"""What is said of a long work where no terminal is."""

import pytest

from kbtool.cli import words


def test_a_line_now_and_then_where_no_terminal_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 3.0, 11.0, 11.0, 12.0, 25.0, 25.0, 40.0, 40.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with words.progress() as show:
        show("Reading tickets", 5000, 0)
        show("Reading tickets", 10_000, 0)
        show("Matching", 289, 20_000)
        show("Matching", 10_000, 20_000)
        show("Finding topics", 0, 1)
    said = capsys.readouterr()
    assert said.err == "Reading tickets: 10,000\nMatching: 10,000 of 20,000\nFinding topics\n"
    assert said.out == ""
