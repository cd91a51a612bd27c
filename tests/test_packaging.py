"""The wheel is whole: made from the sdist, installed where nothing else is, it builds a site outside the checkout."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.sites import ROOT, write_site

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a command that must succeed; return what it printed."""
    answer = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert answer.returncode == 0, answer.stderr[-3000:]
    return answer.stdout


def test_the_sdist_holds_what_it_takes_to_test_and_to_build(wheel: Path) -> None:
    with tarfile.open(next(wheel.parent.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "kbtool.yml"} <= names
    assert {
        "src/kbtool/py.typed",
        "themes/plain/theme.yml",
        "content/index.md",
        "tests/conftest.py",
        "docs/architecture.md",
    } <= names
    assert not [name for name in names if name.startswith((".venv", ".tools", "site/", ".kbtool")) or "__pycache__" in name]


def test_the_wheel_holds_the_theme_and_the_starter(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "kbtool/py.typed" in names
    assert "kbtool/themes/plain/templates/base.html" in names
    assert any(name.startswith("kbtool/starter/") and name.endswith(".md") for name in names)
    assert not [name for name in names if name.startswith(("tests", "content/"))]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_builds_a_site_where_nothing_else_is(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = next(folder for folder in (tmp_path / "venv" / "bin", tmp_path / "venv" / "Scripts") if folder.is_dir())
    run(str(binaries / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    folder = write_site(tmp_path / "center", "-- content/billing/refund.md --\n# Get a refund\n\n1. Open **Orders**.\n2. Ask.\n")
    assert "1 article" in run(str(binaries / "kbtool"), "build", cwd=folder)
    page = (folder / "site" / "billing" / "refund" / "index.html").read_text(encoding="utf-8")
    assert "<h1>Get a refund</h1>" in page
    assert (folder / "site" / "pagefind").is_dir()
    assert "Get a refund" in run(str(binaries / "kbtool"), "search", "refund", cwd=folder)
    started = tmp_path / "started"
    run(str(binaries / "kbtool"), "init", str(started))
    assert "articles" in run(str(binaries / "kbtool"), "build", "--strict", cwd=started)
