"""`kbtool init` as a process."""

import subprocess
import sys
from pathlib import Path

from tests.sites import run_kbtool


def test_it_answers_with_the_next_two_commands(tmp_path: Path) -> None:
    run = run_kbtool("init", "my help", cwd=tmp_path)
    assert (run.code, run.out) == (0, "cd 'my help'\nkbtool serve\n")
    assert "made  kbtool.yml\n" in run.err
    assert "title: My help\n" in (tmp_path / "my help/kbtool.yml").read_text()


def test_it_starts_in_the_folder_one_stands_in(tmp_path: Path) -> None:
    run = run_kbtool("init", "--title", "Blue Bottle: help", cwd=tmp_path)
    assert (run.code, run.out) == (0, "kbtool serve\nkbtool build\n")
    assert 'title: "Blue Bottle: help"\n' in (tmp_path / "kbtool.yml").read_text()


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    run_kbtool("init", cwd=tmp_path)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.rglob("*") if file.is_file()}
    run = run_kbtool("init", "--title", "Other", cwd=tmp_path)
    assert run.code == 0
    assert "kept  kbtool.yml (it was there already)\n" in run.err
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = run_kbtool("init", "file/help", cwd=tmp_path)
    assert run.code == 1
    assert "[cannot-write]" in run.err
    assert run_kbtool("init", "file", cwd=tmp_path).code == 2
    assert "[cannot-write]" in run_kbtool("init", "a" * 300, cwd=tmp_path).err


def test_the_new_help_center_builds_without_a_problem(tmp_path: Path) -> None:
    run_kbtool("init", cwd=tmp_path)
    run = run_kbtool("build", "--strict", "--hints", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert (tmp_path / "site/orders/track-your-order/index.html").is_file()


def test_the_workflows_and_settings_hold_to_their_schemas(tmp_path: Path) -> None:
    run_kbtool("init", cwd=tmp_path)
    for arguments in (
        ("--builtin-schema", "vendor.github-workflows", ".github/workflows/help-center.yml"),
        ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", ".gitlab-ci.yml"),
        ("--schemafile", "kbtool.schema.json", "kbtool.yml"),
    ):
        command = [sys.executable, "-m", "check_jsonschema", *arguments]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout
