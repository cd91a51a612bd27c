"""`kbtool build` as a process: what it says, where, and with which exit code."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sites import run_kbtool


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """A help center of two articles."""
    (tmp_path / "kbtool.yml").write_text("title: Help\n")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/refund.md").write_text("# Get a refund\n\nAsk us.\n")
    (tmp_path / "content/prices.md").write_text("# Prices\n\nNone.\n")
    return tmp_path


def test_it_builds_and_says_so_in_one_line(center: Path) -> None:
    run = run_kbtool("build", "--no-search", cwd=center)
    assert (run.code, run.err) == (0, "")
    assert re.fullmatch(r"2 articles, \d+ pages in site/ after \d+\.\d s: \d+ files new or changed; no problems\.\n", run.out)
    assert (center / "site/refund/index.html").is_file()


def test_the_second_build_says_that_nothing_changed(center: Path) -> None:
    run_kbtool("build", "--no-search", cwd=center)
    assert run_kbtool("build", "--no-search", cwd=center).out.endswith("nothing changed; no problems.\n")


def test_a_broken_article_does_not_hide_the_others(center: Path) -> None:
    (center / "content/broken.md").write_bytes(b"# Broken \xff\n")
    (center / "content/refund.md").write_text("---\ntitel: Get a refund\n---\n\nSee [prices](price.md).\n")
    run = run_kbtool("build", "--no-search", cwd=center)
    assert run.code == 0
    assert (center / "site/prices/index.html").is_file()
    told = re.findall(r"^(\S+?:\d+): (\w+): .* \[([\w-]+)\]$", run.err, re.MULTILINE)
    assert ("content/broken.md:1", "error", "wrong-encoding") in told
    assert ("content/refund.md:5", "error", "dead-link") in told
    assert ("content/refund.md:2", "warning", "unknown-key") in told
    assert 'did you mean "title"?' in run.err
    assert 'did you mean "prices.md"?' in run.err


def test_problems_are_told_again_when_nothing_changed_and_strict_fails(center: Path) -> None:
    (center / "content/refund.md").write_text("# Refund\n\nSee [prices](price.md).\n")
    first = run_kbtool("build", "--no-search", "--strict", cwd=center)
    again = run_kbtool("build", "--no-search", "--strict", cwd=center)
    assert (first.code, again.code) == (1, 1)
    assert first.err == again.err != ""


def test_a_problem_that_many_articles_share_is_told_three_times_and_counted(center: Path) -> None:
    for number in range(20):
        (center / "content" / f"article-{number:02}.md").write_text(f"---\ntitle: Article {number}\nsection: 7\n---\n\nWords.\n")
    run = run_kbtool("build", cwd=center)
    told = [line for line in run.err.splitlines() if "unknown-key" in line]
    assert [line.partition(":")[0] for line in told] == [
        "content/article-00.md",
        "content/article-01.md",
        "content/article-02.md",
        '17 more places with [unknown-key] unknown key "section"',
    ]
    assert len(json.loads(run_kbtool("build", "--format", "json", cwd=center).out)["problems"]) == 20


def test_json_alone_is_on_stdout(center: Path) -> None:
    (center / "content/refund.md").write_text("# Refund\n\nSee [prices](price.md).\n")
    run = run_kbtool("build", "--no-search", "--format", "json", cwd=center)
    answer = json.loads(run.out)
    assert answer["articles"] == 2
    assert [(problem["path"], problem["line"], problem["rule"]) for problem in answer["problems"]] == [
        ("content/refund.md", 3, "dead-link")
    ]


@pytest.mark.parametrize(
    ("config", "rule", "line"),
    [
        ("titel: Help\n", "unknown-key", 1),
        ("title: Help\nbrand:\n  color: red\n", "unknown-key", 3),
        ("title: [a\n", "broken-yaml", 1),
        ("title: Help\nllms: perhaps\n", "wrong-value", 2),
    ],
)
def test_a_wrong_configuration_is_exit_code_2(center: Path, config: str, rule: str, line: int) -> None:
    (center / "kbtool.yml").write_text(config)
    run = run_kbtool("build", cwd=center)
    assert run.code == 2
    assert re.search(rf"^kbtool\.yml:{line}: error: .*\[{rule}\]$", run.err, re.MULTILINE), run.err
    assert not (center / "site").exists()


def test_without_a_configuration_it_says_how_to_start(tmp_path: Path) -> None:
    run = run_kbtool("build", cwd=tmp_path)
    assert run.code == 2
    assert 'type "kbtool init"' in run.err


def test_an_emptied_content_folder_keeps_the_last_good_site(center: Path) -> None:
    run_kbtool("build", "--no-search", cwd=center)
    for file in (center / "content").iterdir():
        file.unlink()
    run = run_kbtool("build", "--no-search", cwd=center)
    assert run.code == 1
    assert "[no-articles]" in run.err
    assert (center / "site/refund/index.html").is_file()


def test_it_works_from_a_folder_below_and_with_config(center: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert run_kbtool("build", "--no-search", cwd=center / "content").code == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert run_kbtool("build", "--no-search", "--config", str(center / "kbtool.yml"), cwd=elsewhere).code == 0


def test_two_builds_at_once_both_end_with_a_whole_site(center: Path) -> None:
    for number in range(30):
        (center / f"content/more-{number}.md").write_text(f"# More {number}\n\nWords.\n")
    command = [sys.executable, "-m", "kbtool", "build", "--no-search"]
    runs = [subprocess.Popen(command, cwd=center, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    for run in runs:
        run.communicate()
    assert len(list((center / "site").glob("more-*/index.html"))) == 30


def test_ctrl_c_leaves_the_last_good_site(center: Path) -> None:
    run_kbtool("build", "--no-search", cwd=center)
    before = (center / "site/refund/index.html").read_bytes()
    for number in range(400):
        (center / f"content/more-{number}.md").write_text(f"# More {number}\n\n" + "Some words.\n\n" * 200)
    shutil.rmtree(center / ".kbtool")
    run = subprocess.Popen([sys.executable, "-m", "kbtool", "build"], cwd=center, stderr=subprocess.PIPE, text=True)
    while not (center / ".kbtool/lock").exists():
        time.sleep(0.02)
    time.sleep(0.3)
    run.send_signal(2)
    _, said = run.communicate(timeout=20)
    assert run.returncode in (0, 130)
    if run.returncode == 130:
        assert said.strip() == "Stopped; nothing is half-written."
        assert (center / "site/refund/index.html").read_bytes() == before
    assert "Traceback" not in said


HELP = """
import sys
from kbtool.cli.main import kbtool
kbtool.main(["--help"], standalone_mode=False)
heavy = {"babel", "jinja2", "kbtool.pipeline", "markdown_it", "msgspec", "nh3", "pygments", "rich", "watchdog", "werkzeug", "whoosh", "yaml"}
print("loaded:", sorted(heavy & set(sys.modules)))
"""


def test_the_help_loads_nothing_heavy(center: Path) -> None:
    said = subprocess.check_output([sys.executable, "-c", HELP], cwd=center, text=True)
    assert said.endswith("loaded: []\n")


def test_a_build_with_nothing_changed_loads_nothing_heavy(center: Path) -> None:
    run_kbtool("build", "--no-search", cwd=center)
    code = HELP.replace('["--help"]', '["build", "--no-search"]')
    said = subprocess.check_output([sys.executable, "-c", code], cwd=center, text=True)
    assert "nothing changed" in said
    assert said.endswith("loaded: []\n")


def test_a_mistyped_command_is_guessed(center: Path) -> None:
    run = run_kbtool("bild", cwd=center)
    assert run.code == 2
    assert 'did you mean "build"?' in run.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(center: Path, shell: str) -> None:
    run = run_kbtool("completion", shell, cwd=center)
    assert run.code == 0
    assert "_KBTOOL_COMPLETE" in run.out
