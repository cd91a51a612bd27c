"""The hook that pre-commit finds in this repository: what it runs refuses a fault and lets the rest pass."""

import re
import shlex
from pathlib import Path

import yaml

from tests.sites import ROOT, run_kbtool, write_site


def test_the_hook_refuses_a_dead_link_and_lets_a_good_article_pass(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("kbtool-check", "python", False)
    assert all(re.search(hook["files"], name) for name in ("content/one.md", "kbtool.yml"))
    center = write_site(tmp_path, "-- kbtool.yml --\ntitle: Help\n-- content/one.md --\n# One\n\nSee [two](two.md).\n")
    program, *arguments = shlex.split(hook["entry"])
    assert program == "kbtool"
    refused = run_kbtool(*arguments, cwd=center)
    assert (refused.code, "content/one.md:3: error:" in refused.out) == (1, True)
    (center / "content/one.md").write_text("# One\n\nIt is good.\n")
    assert run_kbtool(*arguments, cwd=center).code == 0
