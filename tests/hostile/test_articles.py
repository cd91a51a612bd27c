"""One help center full of what nobody should write: each fault is told with its file and line, and the rest is built."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool, write_site

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{other}'] * 10)}]\n" for other, one in zip("abcdefgh", "bcdefghi", strict=True)
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file of the content folder, and what kbtool must make of it."""

    path: str
    content: bytes
    says: str = ""
    """How the problem's line goes on after the path; empty: the file is fine."""
    page: str = ""
    """The page that must be there in spite of all; empty: there is none."""
    holds: str = ""
    """What stands on the page."""


HOSTILE = (
    Hostile("big.md", b"# Big\n\n" + (b"word " * 20 + b"\n\n") * 200_000, ": error: an article of 20400007 bytes"),
    Hostile(
        "headings.md",
        b"# H\n\n" + b"".join(b"## Step %d\n\nDo.\n\n" % n for n in range(2_000)),
        "",
        "headings/",
        'id="step-1999"',
    ),
    Hostile("same.md", b"# S\n\n" + b"## Same\n\nDo.\n\n" * 2_000, "", "same/", 'id="same-1999"'),
    Hostile("quotes.md", b"# Q\n\n" + b">" * 1000 + b" deep\n", ":3: warning: lists and quotes are nested", "quotes/"),
    Hostile(
        "lists.md",
        b"# L\n\n" + b"".join(b"  " * n + b"- x\n" for n in range(1000)),
        "warning: lists and quotes are nested",
        "lists/",
    ),
    Hostile(
        "one-line-lists.md", b"# L\n\n" + b"- " * 1000 + b"x\n", ":3: warning: lists and quotes are nested", "one-line-lists/"
    ),
    Hostile(
        "containers.md",
        b"# C\n\n" + b"".join(b":" * (1003 - n) + b" note\n" for n in range(1000)) + b"x\n",
        ":3: warning",
        "containers/",
    ),
    Hostile("tags.md", b"# T\n\n" + b"<div>" * 1000 + b"x\n", "", "tags/", "x"),
    Hostile(
        "marks.md", b"# M\n\n" + b"[" * 1000 + b"x\n\n" + b"**a " * 1000 + b"\n\n" + b"*a _b " * 1000 + b"`" * 999, "", "marks/"
    ),
    Hostile("pictures.md", b"# P\n\n" + b"![a](" * 2000 + b"\n\n" + b"a](b" * 3000 + b"\n\n" + b"<" * 5000, "", "pictures/"),
    Hostile("zero.md", b"# N\n\nab\0cd\n", ":3: error: character 8 is a NUL"),
    Hostile("nul-above.md", b"---\ntitle: a\0b\n---\nx\n", ":2: error: character 13 is a NUL"),
    Hostile("latin.md", "# Café\n\nÀ\n".encode("latin-1"), ':1: error: byte 6 ("e9") is not UTF-8'),
    Hostile("byte-order.md", b"\xef\xbb\xbf---\ntitle: With a mark\n---\nx\n", "", "byte-order/", "<h1>With a mark</h1>"),
    Hostile("crlf.md", b"---\r\ntitle: Two characters\r\n---\r\n1. One\r\n2. Two\r\n", "", "crlf/", "<h1>Two characters</h1>"),
    Hostile("cr.md", b"---\rtitle: Old Mac\r---\rText\r", "", "cr/", "<h1>Old Mac</h1>"),
    Hostile("utf-16.md", "---\ntitle: Sixteen\n---\nß\n".encode("utf-16"), "", "utf-16/", "<h1>Sixteen</h1>"),
    Hostile("utf-16-bare.md", "---\ntitle: Sixteen\n---\n".encode("utf-16-be"), ":1: error: character 1 is a NUL"),
    Hostile("bomb.md", f"---\n{BOMB}keywords: *i\n---\nx\n".encode(), ":6: error: more than"),
    Hostile("circle.md", b"---\ntitle: x\nkeywords: &a [*a]\n---\nx\n", ":3: error:"),
    Hostile("deep-yaml.md", b"---\ntitle: " + b"[" * 1000 + b"]" * 1000 + b"\n---\nx\n", ":2: error: lists within lists"),
    Hostile("long-yaml.md", b"---\ntitle: " + b"{a: " * 20_000 + b"\n---\nx\n", ":1: error: 80008 characters of front matter"),
    Hostile("tag.md", b"---\ntitle: !!python/object/apply:os.system ['touch pwned']\n---\nx\n", ":2: error: the tag"),
    Hostile("twice.md", b"---\ntitle: One\ntitle: Two\n---\nx\n", ':3: error: the key "title" stands here twice'),
    Hostile(
        "date.md", b"---\ntitle: Day\nreviewed: 2026-02-30\n---\nx\n", ':3: error: "reviewed" must be a day that exists', "date/"
    ),
    Hostile(
        "digits.md",
        b"---\ntitle: Digits\norder: " + b"9" * 5000 + b"\n---\nx\n",
        ':3: error: "order" must be a number',
        "digits/",
    ),
    Hostile("infinite.md", b"---\ntitle: Endless\norder: .nan\n---\nx\n", ':3: error: "order"', "infinite/"),
    Hostile("list.md", b"---\n- a\n---\nx\n", ":2: error: this must be keys with values"),
    Hostile("open.md", b"---\ntitle: x\nbody\n", ":1: error: the front matter has no end"),
    Hostile("broken.md", b"---\ntitle: 'x\nb: [\n---\nx\n", ": error: this is not YAML"),
    Hostile(
        "alias.md",
        b"---\ntitle: Old\naliases: [../../outside]\n---\nx\n",
        'error: the old path "../../outside" climbs out',
        "alias/",
    ),
    Hostile("backslash.md", b"---\ntitle: Old\naliases: ['..\\..\\w']\n---\nx\n", "climbs out", "backslash/"),
    Hostile(
        "other-site.md", b"---\ntitle: Old\naliases: ['https://evil.example/x']\n---\nx\n", "cannot be an old path", "other-site/"
    ),
    Hostile(
        "link.md", b"# Link\n\n[a](../../../../etc/passwd)\n", ':3: error: link to "../../../../etc/passwd" climbs out', "link/"
    ),
    Hostile("picture.md", b"# Picture\n\n![a](../../../../etc/hostname)\n", ":3: error: image", "picture/"),
    Hostile("Twin.md", b"# One\n", "", "twin/"),
    Hostile("twin.md", b"# Two\n", ': error: "twin.md" and "Twin.md" have one address'),
    Hostile("caf\u00e9.md", b"# One\n", "error: two files are called", "caf\u00e9/"),
    Hostile("cafe\u0301.md", b"# One\n"),
    Hostile("con.md", b"# Con\n", ': error: "con" in "con.md" is a device on Windows'),
    Hostile("aux/fine.md", b"# Fine\n", ""),
    Hostile("LPT1.png", b"x", "is a device on Windows"),
    Hostile("---.md", b"# No letter\n", ': error: no address can be made of "---.md"'),
    Hostile("search.md", b"# Search\n", ": error: "),
    Hostile("long-" + "l" * 230 + ".md", b"# Long\n", ": error: "),
    Hostile("danger.md", b"---\ntitle: </script><script>run()</script>\n---\nx\n", "", "danger/", "<h1>&lt;/script&gt;"),
    Hostile(
        "links.md",
        b"# L\n\n[a](javascript:run()) <javascript:run()> <a href='javascript:run()'>b</a>\n",
        ":3: warning: a link to",
        "links/",
    ),
    Hostile("svg.md", b"# SVG\n\n![x](x.svg)\n\n<svg><script>run()</script></svg>\n", "", "svg/", 'src="../x.svg"'),
    Hostile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'><script>run()</script></svg>"),
)

GOOD = "-- content/good.md --\n# Good\n\nFine.\n-- kbtool.yml --\ntitle: Help\nurl: https://help.example/\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center with every hostile file in it."""
    folder = write_site(tmp_path_factory.mktemp("hostile"), GOOD)
    for file in HOSTILE:
        try:
            (folder / "content" / file.path).parent.mkdir(exist_ok=True)
            (folder / "content" / file.path).write_bytes(file.content)
        except OSError:  # a file system that refuses the name needs no help from kbtool
            continue
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("# Secret\n", encoding="utf-8")
    if hasattr(os, "symlink"):
        (folder / "content" / "linked.md").symlink_to(outside / "secret.md")
        (folder / "content" / "linked-folder").symlink_to(outside)
        (folder / "content" / "endless").symlink_to(folder / "content")
        (folder / "content" / "nowhere.md").symlink_to(folder / "content" / "not-there.md")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """What kbtool said of it."""
    return run_kbtool("build", "--no-search", cwd=folder, timeout=180)


def test_the_rest_is_built_and_nothing_breaks(folder: Path, run: Run) -> None:
    assert run.code == 0
    assert "Traceback" not in run.err
    assert "internal-error" not in run.err
    assert "<h1>Good</h1>" in (folder / "site" / "good" / "index.html").read_text(encoding="utf-8")
    assert run_kbtool("build", "--no-search", "--strict", cwd=folder).code == 1


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.path[:30])
def test_hostile_file(file: Hostile, folder: Path, run: Run) -> None:
    if not (folder / "content" / file.path).exists():
        pytest.skip("this file system refuses the name")
    told = [
        line
        for line in run.err.splitlines()
        if line.startswith((f"content/{file.path}:", f"content/{file.path.partition('/')[0]}:"))
    ]
    assert bool(file.says) == bool(told) or "/" in file.path, told
    assert any(file.says in line for line in told) or not file.says
    if file.page:
        page = (folder / "site" / file.page / "index.html").read_text(encoding="utf-8")
        assert file.holds in page
        assert not re.search(r"""(<script>|="javascript:|=' *javascript:)""", page)


@pytest.mark.parametrize("name", ["linked.md", "linked-folder", "endless", "nowhere.md"])
def test_a_symbolic_link_out_of_the_content_is_told_and_not_followed(name: str, folder: Path, run: Run) -> None:
    assert [line for line in run.err.splitlines() if line.startswith(f"content/{name}:") and " error: " in line]
    assert not list((folder / "site").rglob("*secret*"))
    assert not (folder / "site" / "linked").exists()
    assert not (folder / "site" / "endless").exists()


def test_nothing_was_written_outside_and_nothing_ran(folder: Path, run: Run) -> None:
    assert run.out
    assert sorted(file.name for file in folder.iterdir()) == [".kbtool", "content", "kbtool.yml", "outside", "site", "urls.lock"]
    assert not (folder.parent / "outside").exists()
    assert not list(folder.rglob("pwned"))


def test_one_fault_is_told_once(run: Run) -> None:
    lines = [line for line in run.err.splitlines() if line.startswith("content/")]
    assert len(lines) == len(set(lines))
    for name in ("broken.md", "list.md", "open.md", "deep-yaml.md", "long-yaml.md", "tag.md", "zero.md"):
        assert len([line for line in lines if line.startswith(f"content/{name}:")]) == 1, name
