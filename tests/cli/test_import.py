"""`kbtool import` as a process: what each tool's export becomes, and what is refused."""

import json
from pathlib import Path

import pytest

from kbtool.imports.mkdocs import translate
from tests.sites import build, run_kbtool, write_site

pytest.importorskip("markdownify")

ZENDESK = {
    "articles": [
        {
            "id": 35467,
            "author_id": 3465,
            "draft": False,
            "title": "The use of a Flux Capacitor",
            "label_names": ["flux", "1.21 gigawatts"],
            "section_id": 1635,
            "html_url": "https://acme.zendesk.com/hc/en-us/articles/35467-The-use",
            "edited_at": "2015-04-16T09:14:57Z",
            "user_segment_id": None,
            "body": '<h2 id="h_01">Steps</h2><ol><li><p>Open <strong>it</strong> &lt;b&gt; {{x}}.</p><p>'
            '<img src="https://acme.zendesk.com/hc/article_attachments/1/pic.png" alt="A lever"></p></li>'
            '<li>Go <a href="/hc/en-us/articles/2-Other#h_02">there</a>, <a href="#h_01">up</a> or '
            '<a href="https://elsewhere.example/articles/2">away</a></li></ol>'
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2 | 3</td></tr></tbody></table>"
            '<div class="callout callout--warning"><p>Hot</p></div><pre><code>x = 1\n  {{y}}</code></pre>'
            '<script>alert(1)</script><p><img src="https://cdn.example/gone.png"></p>',
        },
        {
            "id": 2,
            "author_id": 9,
            "draft": False,
            "title": 'Other: "x"',
            "section_id": 1635,
            "user_segment_id": 7,
            "html_url": "https://acme.zendesk.com/hc/en-us/articles/2-Other",
            "body": "<h3 id='h_02'>Sub</h3><p>1. not a list</p>",
        },
    ],
    "sections": [{"id": 1635, "category_id": 3465, "name": "Avionics", "locale": "en-us"}],
    "categories": [{"id": 3465, "name": "Aircraft & more"}],
    "users": [{"id": 3465, "name": "Ada Roe"}],
}
HELP_SCOUT = {
    "article": {
        "id": "521632244566c845e582652d",
        "number": 125,
        "collectionId": "5214c83d45667acd25394b53",
        "status": "published",
        "name": "My Article",
        "text": 'This is my <b>article text</b>. <a href="https://docs.helpscout.net/article/125-my-article">Me</a>',
        "categories": ["5214c77d45667acd25394b52"],
        "publicUrl": "https://docs.helpscout.net/article/125-my-article",
        "keywords": ["lost password"],
        "createdBy": 73423,
        "lastPublishedAt": "2013-08-21T19:34:13Z",
    },
    "categories": {
        "page": 1,
        "items": [{"id": "5214c77d45667acd25394b52", "collectionId": "5214c83d45667acd25394b53", "name": "Basics"}],
    },
    "collections": {"items": [{"id": "5214c83d45667acd25394b53", "siteId": "52404efc4566740003092640", "name": "My Collection"}]},
}
INTERCOM = {
    "type": "list",
    "data": [
        {
            "type": "article",
            "id": "6871119",
            "workspace_id": "hfi1bx4l",
            "title": "Default language title",
            "description": "Default language description",
            "body": "<p>Default language body in html</p>",
            "author_id": "5017691",
            "state": "draft",
            "created_at": 1663597223,
            "updated_at": 1663597260,
            "url": "http://intercom.test/help/en/articles/3-default-language",
            "parent_id": "6871118",
        },
        {"id": "6871118", "workspace_id": "hfi1bx4l", "name": "English collection title", "parent_id": None},
    ],
    "admins": [{"type": "admin", "id": "5017691", "name": "Ciaran Lee"}],
}


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, "-- content/index.md --\n# Help\n-- content/here.md --\n# Here\n\nText.\n")


def article(center: Path, path: str) -> str:
    return (center / "content" / path).read_text(encoding="utf-8")


def test_zendesk(center: Path) -> None:
    write_site(center, f"-- source/articles.json --\n{json.dumps(ZENDESK)}\n-- source/files/pic.png --\nGIF8\n")
    run = run_kbtool("import", "source", cwd=center)
    assert run.code == 0, run.err
    assert run.out.startswith("2 articles and 1 file from Zendesk.\n")
    assert '"https://acme.zendesk.com/hc/*/articles/{id}-*" to old_urls' in run.out
    assert [line for line in run.err.splitlines() if "[not-carried]" in line] != []
    assert "https://cdn.example/gone.png" in run.err
    assert article(center, "aircraft-more/avionics/the-use-of-a-flux-capacitor.md") == (
        '---\ntitle: The use of a Flux Capacitor\nid: "35467"\nkeywords: [flux, "1.21 gigawatts"]\nowner: Ada Roe\nupdated: 2015-04-16\n'
        "---\n\n## Steps {#h_01}\n\n1. Open **it** \\<b> \\{{x}}.\n\n   ![A lever](img/pic.png)\n"
        "2. Go [there](other-x.md#h_02), [up](#h_01) or [away](https://elsewhere.example/articles/2)\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 \\| 3 |\n\n::: warning\nHot\n:::\n\n```\nx = 1\n  {{y}}\n```\n\n"
        "![](https://cdn.example/gone.png)\n"
    )
    assert "audience: agents\n---\n\n### Sub {#h_02}\n\n1\\. not a list\n" in article(center, "aircraft-more/avionics/other-x.md")
    assert article(center, "aircraft-more/index.md") == '---\ntitle: "Aircraft & more"\n---\n'
    assert "error" not in run_kbtool("build", "--no-search", cwd=center).err


def test_help_scout(center: Path) -> None:
    write_site(center, f"-- docs.json --\n{json.dumps(HELP_SCOUT)}\n")
    run = run_kbtool("import", "docs.json", "--into", "support", "--format", "json", cwd=center)
    assert json.loads(run.out)["articles"] == ["content/support/my-collection/basics/my-article.md"]
    assert json.loads(run.out)["problems"] == []
    assert article(center, "support/my-collection/basics/my-article.md") == (
        '---\ntitle: My Article\nid: "125"\nkeywords: [lost password]\nupdated: 2013-08-21\n---\n\n'
        "This is my **article text**. [Me](my-article.md)\n"
    )


def test_intercom(center: Path) -> None:
    write_site(center, f"-- intercom.json --\n{json.dumps(INTERCOM)}\n")
    run = run_kbtool("import", "intercom.json", cwd=center)
    assert (run.code, run.err) == (0, "")
    assert article(center, "english-collection-title/default-language-title.md") == (
        '---\ntitle: Default language title\nid: "6871119"\nsummary: Default language description\nowner: Ciaran Lee\n'
        "updated: 2022-09-19\nstatus: draft\n---\n\nDefault language body in html\n"
    )


def test_mkdocs(center: Path) -> None:
    write_site(
        center,
        """
-- old/mkdocs.yml --
site_name: Old
nav:
  - Start: start.md
  - More: [{Deep page: more/deep.md}]
markdown_extensions:
  - pymdownx.emoji: {emoji_index: !!python/name:x.y}
-- old/docs/start.md --
See [deep](more/deep.md) and ![pic](img/a.png).

!!! warning "Hot"
    Do not touch.

    1. One
-- old/docs/more/deep.md --
---
tags: [one]
---
# Deep

Words.
-- old/docs/img/a.png --
GIF8
""",
    )
    run = run_kbtool("import", "old", "--into", "old", cwd=center)
    assert (run.code, run.out, run.err) == (0, "2 articles and 1 file from MkDocs.\n", "")
    assert article(center, "old/start.md") == (
        "---\ntitle: Start\n---\nSee [deep](more/deep.md) and ![pic](img/a.png).\n\n::: warning Hot\nDo not touch.\n\n1. One\n:::\n"
    )
    build(center, "--no-search", "--strict")


def test_tabs_and_folded_parts_of_mkdocs_become_containers() -> None:
    text = (
        '=== "Mac"\n\n    !!! tip\n        T\n\n=== "Linux"\n\n    L\n\n??? note "More"\n    M\n\n```\n!!! note\n    code\n```\n'
    )
    assert translate(text) == (
        ":::: tabs\n\n== Mac\n\n::: tip\nT\n:::\n\n\n== Linux\n\nL\n\n::::\n\n::: details More\nM\n:::\n\n```\n!!! note\n    code\n```\n"
    )


def test_html_pages(center: Path) -> None:
    write_site(
        center,
        """
-- pages/getting started/360001-sign-in.html --
<html><head><title>Sign in - Acme</title><meta name="author" content="Ada"><meta name="keywords" content="login, enter"></head>
<body><nav>Menu</nav><main><h1>Sign in</h1><p>See <a href="../prices.htm#x">prices</a>.</p></main><footer>(c)</footer></body></html>
-- pages/prices.htm --
<p>Five.</p>
""",
    )
    run = run_kbtool("import", "pages", cwd=center)
    assert (run.code, run.err) == (0, "")
    assert article(center, "getting-started/sign-in.md") == (
        '---\ntitle: Sign in\nid: "360001"\nkeywords: [login, enter]\nowner: Ada\n---\n\nSee [prices](../prices.md#x).\n'
    )


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("x.json", '{"articles": [', "broken-import"),
        ("x.json", '{"tickets": []}', "no-import"),
        ("x.json", "[" * 100_000, "broken-import"),
        ("x.txt", "words", "no-import"),
        ("mkdocs.yml", "site_name: x", "broken-import"),
    ],
)
def test_what_is_not_understood_is_told(center: Path, name: str, content: str, rule: str) -> None:
    (center / name).write_text(content)
    run = run_kbtool("import", name, cwd=center)
    assert run.code in (1, 2)
    assert f"[{rule}]" in run.err
    assert "bug" not in run.err


def test_nothing_is_overwritten_and_nothing_leaves_the_content(center: Path) -> None:
    thing = {"title": "Here", "body": "<p>x</p>", "section_id": 1}
    evil = {
        "title": "../../etc/passwd",
        "id": "../x",
        "body": "<div>" * 3000 + "deep",
        "section_id": 1,
        "html_url": 3,
        "label_names": 7,
    }
    (center / "x.json").write_text(json.dumps({"articles": [thing, evil]}))
    run = run_kbtool("import", "x.json", cwd=center)
    assert (run.code, "[already-there]" in run.err) == (1, True)
    assert sorted(path.name for path in (center / "content").iterdir()) == ["here.md", "index.md"]
    run = run_kbtool("import", "x.json", "--into", "new", cwd=center)
    assert run.code == 0
    assert "nested too deep" in run.err or run.err == ""
    assert len(list((center / "content/new").iterdir())) == 2
    assert run_kbtool("import", "x.json", "--into", "../out", cwd=center).code == 1


def test_every_anchor_that_a_link_leads_to_is_kept(center: Path) -> None:
    body = (
        '<p>Note<sup id="fnref1"><a href="#fn1">1</a></sup> <a href="#t">table</a></p><ol><li id="fn1">A note. <a href="#fnref1">back</a></li></ol>'
        '<table id="t"><tr><th>a</th></tr><tr><td>b</td></tr></table><p id="unused">x</p>'
    )
    (center / "x.json").write_text(json.dumps({"articles": [{"id": 1, "title": "T", "body": body, "section_id": 1}]}))
    assert run_kbtool("import", "x.json", cwd=center).code == 0
    assert "unused" not in article(center, "t.md")
    assert run_kbtool("build", "--no-search", cwd=center).err == ""
