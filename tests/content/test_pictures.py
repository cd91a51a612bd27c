"""kbtool.content.pictures: what is shown as a picture and is none."""

import base64
import datetime
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.problems import Problem
from tests.sites import write_site

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def told(folder: Path, name: str, content: bytes, text: str) -> list[Problem]:
    """Return what is wrong with an article of this text, with one file beside it."""
    write_site(folder, f"-- content/a.md --\n# A\n\n{text}\n")
    (folder / "content" / name).write_bytes(content)
    center = load_config(folder / "kbtool.yml")
    return list(read_content(center, cache=None, workers=1, today=datetime.date(2026, 11, 22)).problems)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.png", b"", '"b.png" is empty'),
        ("b.png", b"only words", "holds something else"),
        ("b.jpg", b"%PDF-1.7", "holds something else"),
        ("b.svg", b"<html>no drawing</html>", "holds something else"),
        ("b.pdf", b"%PDF-1.7", '"b.pdf" is no picture that browsers show'),
        ("b.HEIC", b"\0\0\0\x18ftypheic", "save it as JPEG"),
        ("b.tiff", b"II*\0", "save it as PNG or JPEG"),
    ],
)
def test_a_picture_that_is_none_is_told(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (problem,) = told(tmp_path, name, content, f"![It]({name})")
    assert (problem.path, problem.rule, problem.severity) == (f"content/{name}", "broken-image", "warning")
    assert words in str(problem)
    (problem,) = told(tmp_path, name, content, f'<img src="{name}" alt="It">')
    assert problem.rule == "broken-image"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.png", DOT),
        ("b.jpg", DOT),
        ("b.svg", b"<?xml version='1.0'?><!-- a --><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("b.avif", b"\0\0\0\x1cftypavif"),
        ("b.gif", b"GIF89a"),
    ],
)
def test_a_picture_is_not_told(tmp_path: Path, name: str, content: bytes) -> None:
    assert told(tmp_path, name, content, f"![It]({name})") == []


def test_a_file_that_is_only_linked_may_be_anything(tmp_path: Path) -> None:
    assert told(tmp_path, "b.pdf", b"%PDF", "[It](b.pdf)") == []
    assert told(tmp_path, "b.heic", b"", "[It](b.pdf)") == []


def test_the_pictures_of_the_brand_are_looked_at_too(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        "-- kbtool.yml --\ntitle: Help\nbrand: { logo: logo.png }\n-- content/a.md --\n# A\n\nText.\n-- content/logo.png --\nx\n",
    )
    center = load_config(tmp_path / "kbtool.yml")
    problems = read_content(center, cache=None, workers=1, today=datetime.date(2026, 11, 22)).problems
    assert [(problem.path, problem.rule) for problem in problems] == [("content/logo.png", "broken-image")]
