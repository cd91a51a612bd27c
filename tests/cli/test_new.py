"""`kbtool new` as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool


def new(*arguments: str, cwd: Path) -> Run:
    """Run `kbtool new` with a name that git knows."""
    return run_kbtool(
        "new", *arguments, cwd=cwd, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="user.name", GIT_CONFIG_VALUE_0="Ana Ónodi"
    )


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """A help center without an article."""
    (tmp_path / "kbtool.yml").write_text("title: Help\n")
    return tmp_path


def test_it_answers_with_the_path(center: Path) -> None:
    run = new("instructions", "Change your address", "--in", "orders", cwd=center)
    assert (run.code, run.out, run.err) == (0, "content/orders/change-your-address.md\n", "")
    text = (center / run.out.strip()).read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Change your address\ntype: instructions\n")
    assert "owner: Ana Ónodi\n" in text
    assert "reviewed:" not in text


def test_from_a_folder_inside_it_answers_with_the_path_from_there(center: Path) -> None:
    (center / "content/orders").mkdir(parents=True)
    run = new("faq", "Preise für Öl?", "--in", "orders", cwd=center / "content/orders")
    assert run.out == "preise-für-öl.md\n"


def test_an_article_that_is_there_is_kept(center: Path) -> None:
    new("article", "Prices", cwd=center)
    (center / "content/prices.md").write_text("mine")
    run = new("article", "Prices", cwd=center)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith('content/prices.md: error: "prices.md" is there already [already-there]\n')
    assert (center / "content/prices.md").read_text() == "mine"


def test_a_topic_outside_is_refused(center: Path) -> None:
    run = new("article", "Prices", "--in", "../..", cwd=center)
    assert run.code == 1
    assert "[outside-content]" in run.err
    assert not (center / "content").exists()


@pytest.mark.parametrize("arguments", [("poem", "Prices"), ("faq",), ("faq", "Prices", "--on", "orders")])
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], center: Path) -> None:
    assert new(*arguments, cwd=center).code == 2


def test_without_a_help_center_it_says_how_to_start_one(tmp_path: Path) -> None:
    run = new("faq", "Prices", cwd=tmp_path)
    assert run.code == 2
    assert "kbtool init" in run.err


def test_the_tab_key_completes_topics(center: Path) -> None:
    for path in ("orders/track.md", "orders/returns/refund.md", "account/index.md", "_snippets/hours.md"):
        (center / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (center / "content" / path).write_text("# A\n")
    (center / "content/orders/img").mkdir()
    assert completed("kbtool new faq Prices --in or", cwd=center) == ["orders", "orders/returns"]
    assert completed("kbtool new fa", cwd=center) == ["faq"]


def completed(line: str, cwd: Path) -> list[str]:
    """Ask as bash does when the Tab key is pressed."""
    words = str(len(line.split()) - 1)
    script = "from kbtool.cli.main import kbtool; kbtool(prog_name='kbtool')"
    environment = {**os.environ, "_KBTOOL_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": words}
    run = subprocess.run([sys.executable, "-c", script], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return [line.removeprefix("plain,") for line in run.stdout.splitlines()]


@pytest.mark.parametrize("kind", ["faq", "instructions", "troubleshooting", "article"])
def test_what_the_template_says_is_told_until_it_is_replaced(kind: str, center: Path) -> None:
    new(kind, "Change your address", cwd=center)
    draft = run_kbtool("check", "--rule", "placeholder", cwd=center)
    assert draft.code == 0
    assert ":4: warning: " in draft.out
    file = center / "content/change-your-address.md"
    text = file.read_text(encoding="utf-8").replace("status: draft\n", "")
    file.write_text(text, encoding="utf-8")
    public = run_kbtool("check", "--rule", "placeholder", cwd=center)
    assert public.code == 1
    told = {int(line.split(":")[1]) for line in public.out.splitlines() if "error: " in line}
    assert told == {number for number, line in enumerate(text.splitlines(), start=1) if "TODO" in line}
