"""The hook that pre-commit finds in this repository: what it runs refuses a fault and lets the rest pass."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

from tests.sites import ROOT, write_site


def test_the_hook_refuses_a_dead_link_and_lets_a_good_article_pass(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("kbtool-check", "python", False)
    assert all(re.search(hook["files"], name) for name in ("content/one.md", "kbtool.yml"))
    center = write_site(tmp_path, "-- kbtool.yml --\ntitle: Help\n-- content/one.md --\n# One\n\nSee [two](two.md).\n")
    program, *arguments = shlex.split(hook["entry"])
    command = [sys.executable, "-m", program, *arguments]
    refused = subprocess.run(command, cwd=center, capture_output=True, text=True, check=False)
    assert (refused.returncode, "content/one.md:3: error:" in refused.stdout) == (1, True)
    (center / "content/one.md").write_text("# One\n\nIt is good.\n")
    assert subprocess.run(command, cwd=center, capture_output=True, check=False).returncode == 0
