"""Work in forked processes: all of it comes back once, and no process stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kbtool.forked import work_apart
from kbtool.problems import Problem, Stop
from tests.sites import run_kbtool, write_site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


def test_every_number_comes_back_once_with_its_result() -> None:
    found = sorted(work_apart(lambda number: "x" * number * 100, 500, 3))
    assert found == [(number, "x" * number * 100) for number in range(500)]


def test_nothing_to_do_starts_nothing() -> None:
    assert list(work_apart(lambda number: number, 0, 3)) == []


def test_what_is_raised_there_is_raised_here() -> None:
    problem = Problem("a.md", 3, "broken", "this is broken")

    def work(number: int) -> int:
        if number == 7:
            raise Stop(problem)
        return number

    with pytest.raises(Stop) as stop:
        list(work_apart(work, 20, 2))
    assert stop.value.problems == (problem,)


def test_a_process_that_dies_takes_only_its_own_number_with_it() -> None:
    found = {number for number, _ in work_apart(lambda number: os._exit(1) if number == 5 else number, 40, 2)}
    assert found == set(range(40)) - {5}


def test_who_stops_waiting_leaves_no_process_behind() -> None:
    def work(_number: int) -> int:
        time.sleep(0.01)
        return os.getpid()

    results = work_apart(work, 1000, 2)
    _, child = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_build_that_is_killed_leaves_nobody_writing_and_the_next_one_whole(tmp_path: Path) -> None:
    text = "\n".join(f"-- content/t{n % 7}/a{n}.md --\n# Article {n}\n\n" + "Some **words**.\n\n" * 20 for n in range(150))
    write_site(tmp_path, f"{text}\n-- kbtool.yml --\ntitle: Help\n")
    command = (sys.executable, "-m", "kbtool", "build", "--no-search", "--workers", "2")
    second = tmp_path / ".kbtool" / "site-before"
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
        while build.poll() is None and not any(second.glob("t*")):
            time.sleep(0.002)
        build.send_signal(signal.SIGKILL)
    assert run_kbtool(*command[3:], cwd=tmp_path).code == 0
    pages = {file.relative_to(tmp_path / "site"): file.read_bytes() for file in (tmp_path / "site").rglob("*.html")}
    (tmp_path / "clean").mkdir()
    write_site(tmp_path / "clean", f"{text}\n-- kbtool.yml --\ntitle: Help\n")
    assert run_kbtool(*command[3:-1], "1", cwd=tmp_path / "clean").code == 0
    clean = tmp_path / "clean" / "site"
    assert pages == {file.relative_to(clean): file.read_bytes() for file in clean.rglob("*.html")}
