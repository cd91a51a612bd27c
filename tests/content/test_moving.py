"""kbtool mv: whatever moves, no link dies, no old URL is lost, and nothing else changes."""

import datetime
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kbtool.config import load_config
from kbtool.content import carrying
from kbtool.content.carrying import Change, carry_out, complete_move
from kbtool.content.published import keep_ledger, live_urls, lost_urls
from kbtool.content.reader import read_content
from kbtool.model import Library
from kbtool.pipeline.moving import MoveOrder, MoveResult, move_content
from kbtool.problems import Stop
from tests.sites import write_site
from tests.thorough import tries

TODAY = datetime.date(2026, 11, 22)

SITE = """
-- kbtool.yml --
title: Help
# the words of this file stay
topics: { billing: { owner: Ada } }
brand:
  logo: "img/logo.svg"
redirects:
  old-refund: billing/refund.md   # keep
header:
  - { title: Money, url: billing/refund/ }
-- content/index.md --
# Help

[All about money](billing/) and [refunds](billing/refund.md). ![Logo](img/logo.svg)
-- content/img/logo.svg --
<svg/>
-- content/billing/refund.md --
---
title: Get a refund
related: [prices, ../intro.md, '/account/sign-in.md']
---
See [prices](prices.md#fees "T"), ![i](<img/my pic.png>) and [terms](./terms.pdf).

{{ snippet hint }}

    [code](prices.md)

`[code](prices.md)` [My file](../account/My%20file.md) [spaces](../account/My file.md)
-- content/billing/prices.md --
# Prices

## Fees

[back](refund.md), [by URL](../billing/refund/), [by html](refund.html), [ref][it] and <a class="x" href='refund.md?x=1#y'>raw</a>.

[it]: <../account/My file.md> "Title"
-- content/billing/terms.pdf --
%PDF
-- content/billing/img/my pic.png --
GIF8
-- content/account/index.md --
# Your account

[in](sign-in.md) > [money](/billing/)
-- content/account/sign-in.md --
---
title: Sign in
aliases: [login]
---
> Quoted [deep
> words](../billing/refund) and [old](/old-refund)

1. Step [up](../)

   ![pic](../billing/img/my%20pic.png)
-- content/account/My file.md --
# My file

[self](#top) [abs](/billing/refund.md)
-- content/intro.md --
# Intro

[t](account/) | [a](account/index.md) | [login](login) | [mail](mailto:a@help.example)
-- content/_snippets/hint.md --
Read [this](../intro.md) and [that](/billing/prices.md).
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


def read(folder: Path) -> Library:
    return read_content(load_config(folder / "kbtool.yml"), cache=None, workers=1, today=TODAY)


def move(folder: Path, old: str, new: str, *, dry_run: bool = False) -> MoveResult:
    return move_content(folder / "kbtool.yml", MoveOrder(Path(old), new, folder / "content", dry_run), TODAY)


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and ".kbtool" not in file.parts and ".git" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def what_links_mean(library: Library) -> dict[str, list[str]]:
    """By title, what each link of each article leads to, by title or file name: a move must not change it."""
    articles = (*library.articles, *(topic.article for topic in library.topics if topic.article))
    names = {article.url: article.title for article in articles} | {topic.url: "a topic" for topic in library.topics}
    names |= {asset.url: asset.file.read_text() for asset in library.assets}
    return {
        article.title: [
            names.get(target.partition("#")[0], target) + "#" + target.partition("#")[2]
            for target in library.targets[article.path]
        ]
        for article in articles
    }


def faults(library: Library) -> list[str]:
    return [str(problem) for problem in library.problems if problem.severity != "hint" and problem.rule != "unknown-topic"]


def test_the_fixture_is_sound(center: Path) -> None:
    assert [fault for fault in faults(read(center)) if "#y" not in fault] == []


def test_every_form_of_link_is_mended_and_nothing_else_changes(center: Path) -> None:
    before = contents(center)
    meant = what_links_mean(read(center))
    result = move(center, "billing/refund.md", "orders/Money back.md")
    after = contents(center)
    assert result.problems == ()
    assert what_links_mean(read(center)) == meant
    assert after["content/billing/prices.md"].decode() == (
        "# Prices\n\n## Fees\n\n[back](<../orders/Money back.md>)".replace("<", "")
        .replace(">", "")
        .replace("Money back", "Money%20back")
        + ", [by URL](../orders/money-back/), [by html](../orders/Money%20back.html), [ref][it] and "
        '<a class="x" href=\'../orders/Money%20back.md?x=1#y\'>raw</a>.\n\n[it]: <../account/My file.md> "Title"\n'
    )
    assert after["content/orders/Money back.md"].decode() == (
        "---\ntitle: Get a refund\nrelated: [../billing/prices, ../intro.md, '/account/sign-in.md']\naliases: [\"billing/refund\"]\n---\n"
        'See [prices](../billing/prices.md#fees "T"), ![i](<../billing/img/my pic.png>) and [terms](../billing/terms.pdf).\n\n'
        "{{ snippet hint }}\n\n    [code](prices.md)\n\n"
        "`[code](prices.md)` [My file](../account/My%20file.md) [spaces](../account/My file.md)\n"
    )
    assert after["kbtool.yml"].decode() == before["kbtool.yml"].decode().replace(
        "old-refund: billing/refund.md   # keep", 'old-refund: "orders/Money back.md"   # keep'
    ).replace("url: billing/refund/", "url: orders/money-back/")
    untouched = {"content/intro.md", "content/img/logo.svg", "content/account/index.md", "content/_snippets/hint.md"}
    assert all(after[path] == before[path] for path in untouched)


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_stay(center: Path, ends: str) -> None:
    file = center / "content/billing/prices.md"
    old = file.read_bytes().decode().replace("\n", ends)
    file.write_bytes(b"\xef\xbb\xbf" + old.encode())
    move(center, "billing/refund.md", "refund.md")
    new = file.read_bytes().decode("utf-8-sig")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert new == old.replace("](refund.md)", "](../refund.md)").replace("../billing/refund/", "../refund/").replace(
        "(refund.html)", "(../refund.html)"
    ).replace("'refund.md?", "'../refund.md?")


def test_a_topic_moves_with_all_that_is_in_it(center: Path) -> None:
    meant = what_links_mean(read(center))
    result = move(center, "billing", "shop/money/")
    assert result.new == "content/shop/money"
    library = read(center)
    assert what_links_mean(library) == meant
    assert [fault for fault in faults(library) if "#y" not in fault] == []
    settings_ = (center / "kbtool.yml").read_text()
    assert "topics: { shop/money: { owner: Ada } }" in settings_
    assert '  "billing/terms.pdf": "shop/money/terms.pdf"\n  "billing/": "shop/money/"\n' in settings_
    assert library.redirects["billing/refund/"] == "shop/money/refund/"


def test_a_file_is_moved_into_a_folder_that_is_there(center: Path) -> None:
    result = move(center, "img/logo.svg", "billing")
    assert (result.new, dict(result.urls)) == ("content/billing/logo.svg", {})
    assert 'logo: "billing/logo.svg"' in (center / "kbtool.yml").read_text()
    assert "![Logo](billing/logo.svg)" in (center / "content/index.md").read_text()


def test_a_snippet_that_is_called_from_many_places_gets_links_from_the_root(center: Path) -> None:
    move(center, "intro.md", "start/intro")
    assert (center / "content/_snippets/hint.md").read_text() == "Read [this](/start/intro.md) and [that](/billing/prices.md).\n"


def test_there_and_back_leaves_no_alias_that_is_its_own_place(center: Path) -> None:
    before = contents(center)["content/intro.md"]
    move(center, "intro.md", "a.md")
    move(center, "a.md", "b.md")
    move(center, "b.md", "intro.md")
    library = read(center)
    assert (library.redirects["a/"], library.redirects["b/"]) == ("intro/", "intro/")
    text = (center / "content/intro.md").read_bytes()
    assert text == b"---\naliases: [a, b]\n---\n" + before


def test_a_file_that_changes_only_in_case_is_named_as_it_is_called_then(tmp_path: Path) -> None:
    site = "-- kbtool.yml --\ntitle: Help\nbrand: { logo: img/Pic.PNG }\n-- content/a.md --\n# A\n\n![It](img/Pic.PNG)\n-- content/img/Pic.PNG --\nx\n"
    center = write_site(tmp_path, site)
    move(center, "img/Pic.PNG", "img/pic.png")
    assert "![It](img/pic.png)" in (center / "content/a.md").read_text()
    assert "logo: img/pic.png" in (center / "kbtool.yml").read_text()
    move(center, "img", "IMG")
    assert "![It](IMG/pic.png)" in (center / "content/a.md").read_text()


def test_a_topic_moves_although_its_place_led_elsewhere_once(tmp_path: Path) -> None:
    center = write_site(tmp_path, "-- content/a/one.md --\n# One\n\nText.\n")
    move(center, "a", "b")
    write_site(center, f"-- kbtool.yml --\n{(center / 'kbtool.yml').read_text()}-- content/a/two.md --\n# Two\n\nText.\n")
    move(center, "a", "c")
    assert dict(load_config(center / "kbtool.yml").config.redirects) == {"a/": "c/"}
    move(center, "b", "d")
    assert dict(load_config(center / "kbtool.yml").config.redirects) == {"a/": "c/", "b/": "d/"}


def test_a_dry_run_changes_nothing_and_says_the_same(center: Path) -> None:
    before = contents(center)
    planned = move(center, "billing", "money", dry_run=True)
    assert contents(center) == before
    assert move(center, "billing", "money") == planned


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("nowhere.md", "x.md", "no-such-article"),
        ("intro.md", "account/sign-in.md", "already-there"),
        ("intro.md", "../outside.md", "outside-content"),
        ("intro.md", "Account", "url-collision"),
        ("billing", "billing/below", "not-an-article"),
        ("account/index.md", "x.md", "not-an-article"),
        ("intro.md", "_hidden/x.md", "not-an-article"),
        ("img/logo.svg", "logo.md", "not-an-article"),
        ("billing", "shop/money.md", "not-an-article"),
        ("intro.md", "intro.md", "already-there"),
        (".", "x", "not-an-article"),
        ("_snippets/hint.md", "x.md", "not-an-article"),
    ],
)
def test_what_would_lose_something_is_refused(center: Path, old: str, new: str, rule: str) -> None:
    before = contents(center)
    with pytest.raises(Stop) as stopped:
        move(center, old, new)
    assert [problem.rule for problem in stopped.value.problems] == [rule]
    assert contents(center) == before


def test_an_article_that_cannot_be_changed_stops_it_before_anything_is(center: Path) -> None:
    (center / "content/intro.md").write_text("---\ntitle: &a Intro\naliases: [*a]\n---\n[x](billing/refund.md)\n")
    before = contents(center)
    with pytest.raises(Stop):
        move(center, "intro.md", "x.md")
    assert contents(center) == before


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_failure_in_the_middle_is_undone(center: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    before, calls = contents(center), []
    put = carrying._put  # noqa: SLF001 - the place where a disk fails

    def fails(file: Path, content: bytes, expected: tuple[bytes, bytes]) -> None:
        calls.append(file)
        if len(calls) == step + 1:
            raise OSError(28, "No space left on device", str(file))
        put(file, content, expected)

    monkeypatch.setattr(carrying, "_put", fails)
    with pytest.raises(Stop, match="No space left"):
        move(center, "billing", "deep/money")
    assert contents(center) == before
    assert not (center / ".kbtool/move").exists()
    assert not (center / "content/deep").exists()


@pytest.mark.parametrize("step", [0, 1, 3])
def test_a_move_that_was_killed_is_completed_by_the_next_run(center: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    other = center.parent / f"{center.name}-other"
    shutil.copytree(center, other)
    move(other, "billing", "money")

    class Killed(BaseException):
        pass

    put, calls = carrying._put, []  # noqa: SLF001

    def dies(file: Path, content: bytes, expected: tuple[bytes, bytes]) -> None:
        calls.append(file)
        if len(calls) > step:
            raise Killed
        put(file, content, expected)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "_put", dies)
        patch.setattr(carrying, "_back", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            move(center, "billing", "money")
    assert complete_move(center, center / ".kbtool")
    assert contents(center) == contents(other)
    assert not complete_move(center, center / ".kbtool")


def test_a_journal_that_leads_out_is_not_followed(center: Path) -> None:
    folder = center / ".kbtool/move"
    folder.mkdir(parents=True)
    (folder / "journal.json").write_text(json.dumps({"old": "content", "new": "../../stolen", "folders": [], "files": []}))
    assert not complete_move(center, center / ".kbtool")
    assert (center / "content").is_dir()


def test_what_somebody_wrote_meanwhile_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    (tmp_path / "b").write_text("theirs")
    carry_out(
        tmp_path,
        tmp_path / ".kbtool",
        (tmp_path / "a", tmp_path / "c"),
        (Change(tmp_path / "b", tmp_path / "b", b"old", b"new"),),
    )
    assert (tmp_path / "b").read_text() == "theirs"


PLACES = ("account", "billing", "account/deep", "shop")
NAMES = ("refund.md", "prices.md", "My file.md", "sign-in.md", "intro.md", "new-name.md")
FOLDERS = ("billing", "account", "shop", "a b", "account/deep", "shop/x")
FILES = ("terms.pdf", "logo.svg", "img/my pic.png")


@settings(max_examples=tries(6), deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(st.data())
def test_no_sequence_of_moves_loses_a_link_or_a_url(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = write_site(tmp_path_factory.mktemp("moves"), SITE)
    keep_ledger(folder, None, read(folder))
    meant = what_links_mean(read(folder))
    ever = set(live_urls(read(folder)))
    for _ in range(data.draw(st.integers(1, 5))):
        here = sorted(path.relative_to(folder / "content").as_posix() for path in (folder / "content").rglob("*"))
        old = data.draw(st.sampled_from([path for path in here if not path.startswith("_") and not path.endswith("index.md")]))
        new = f"{data.draw(st.sampled_from((*PLACES, '')))}/{data.draw(st.sampled_from((*NAMES, *FOLDERS, *FILES)))}".lstrip("/")
        before = contents(folder)
        try:
            move(folder, old, new)
        except Stop:
            assert contents(folder) == before
        library = read(folder)
        keep_ledger(folder, None, library)
        assert what_links_mean(library) == meant
        assert [fault for fault in faults(library) if "#y" not in fault] == []
        assert list(lost_urls(folder, None, library)) == []
        live = live_urls(library)
        assert {url.rstrip("/") for url in ever} <= {url.rstrip("/") for url in live}
        pages = (
            {article.url for article in library.articles}
            | {topic.url for topic in library.topics}
            | {one.url for one in library.assets}
        )
        assert {new.partition("#")[0] for new in library.redirects.values()} <= pages
        ever |= live.keys()
