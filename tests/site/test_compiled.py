"""Templates stay compiled from one build to the next, and what is kept of them is never trusted blindly."""

from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
from jinja2 import DictLoader, Environment

from kbtool.site.compiled import Compiled

TEMPLATES = {"page.html": "<h1>{{ title }}</h1>", "other.html": "{% include 'page.html' %}"}


def render(folder: Path, look: str = "plain") -> str:
    """Render a page as a new process would: nothing but the folder remembers."""
    environment = Environment(loader=DictLoader(TEMPLATES), bytecode_cache=Compiled(folder, look, {}), autoescape=True)
    return environment.get_template("other.html").render(title="Help & more")


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are compiled from now on."""
    names: list[str] = []
    whole = jinja2.Environment.compile

    def watch(environment: Environment, source: str, name: str, filename: str | None = None) -> object:
        names.append(name)
        return whole(environment, source, name, filename)

    monkeypatch.setattr(jinja2.Environment, "compile", watch)
    return names


def test_a_template_is_compiled_once_for_all_builds(tmp_path: Path, compilations: list[str]) -> None:
    assert render(tmp_path / "templates") == render(tmp_path / "templates") == "<h1>Help &amp; more</h1>"
    assert compilations == ["other.html", "page.html"]


def test_another_look_shares_nothing(tmp_path: Path, compilations: list[str]) -> None:
    render(tmp_path, "plain in English")
    render(tmp_path, "plain in German")
    assert len(compilations) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:40],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content[:32] + b"\xe3" * 500,
    ],
    ids=["empty", "short", "last bit", "first bit", "foreign"],
)
def test_a_damaged_file_is_made_again(tmp_path: Path, compilations: list[str], damage: Callable[[bytes], bytes]) -> None:
    whole = render(tmp_path)
    for file in tmp_path.iterdir():
        file.write_bytes(damage(file.read_bytes()))
    assert render(tmp_path) == whole
    assert len(compilations) == 4
    render(tmp_path)
    assert len(compilations) == 4, "it was kept again"


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert render(tmp_path / "file" / "templates") == "<h1>Help &amp; more</h1>"


def test_nothing_is_left_of_writing(tmp_path: Path) -> None:
    render(tmp_path)
    assert all(len(file.name) == 40 for file in tmp_path.iterdir())
