"""Site -> files: whole, linked, the same each time, and plain about what fails."""

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from kbtool.problems import Stop
from kbtool.site.render import render_site
from tests.site.sited import Built, build, links

CENTER = """
-- kbtool.yml --
title: Help & <more>
url: https://help.example/some/path
contact: {url: /contact-us, email: help@help.example, phone: "+49 30 1234"}
header: [{title: Shop, url: "https://shop.example/"}, {title: Fees, url: billing/prices/}]
brand: {logo: img/logo.svg}
edit_url: https://git.example/edit/{path}
redirects: {"old page.html": billing/prices.md}
-- content/img/logo.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>
-- content/index.md --
# Welcome
Read [prices](billing/prices.md).
-- content/billing/index.md --
# Billing "and" <b>more</b>
All about [money](prices.md#fees).
-- content/billing/prices.md --
---
title: Prices </script><script>alert(1)</script>
aliases: [old/prices.md]
updated: 2026-03-01
pinned: true
---
## Fees
None. ![Gone](img/gone.png)
## Taxes
### In Spain
Some.
-- content/billing/Über uns & more.md --
---
title: Über uns
type: instructions
---
1. One
2. Two
-- content/billing/deep/er/faq.md --
---
title: Questions
type: faq
---
## Why?

Because [of that](../../prices.md).
-- content/top.md --
# Top
"""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path, CENTER)


def test_every_relative_link_leads_to_a_file(built: Built) -> None:
    checked = 0
    for path, text in built.files.items():
        if not path.endswith(".html"):
            continue
        for address in links(text):
            parts = urlsplit(address)
            if parts.scheme or address.startswith("#"):
                continue
            target = unquote(posixpath.normpath(posixpath.join("/some/path", posixpath.dirname(path), parts.path)))
            file = posixpath.relpath(target, "/some/path")
            file = posixpath.normpath(f"{file}/index.html") if parts.path.endswith("/") else file
            if address.endswith("/contact-us"):
                continue
            assert file in built.files, f"{path}: {address}"
            if parts.fragment:
                assert f'id="{unquote(parts.fragment)}"' in built.files[file], f"{path}: {address}"
            checked += 1
    assert checked > 100


def test_titles_are_escaped_in_every_place(built: Built) -> None:
    for path, text in built.files.items():
        if path.endswith((".html", ".xml")):
            assert "<script>alert" not in text, path
            assert "<b>more</b>" not in text, path


def test_the_page_runs_under_its_own_policy(built: Built) -> None:
    for path, text in built.files.items():
        if path.endswith(".html"):
            assert " style=" not in text, path
            assert "<style" not in text, path
            assert not any(part.startswith(">") and part[1:].strip() for part in text.split("<script")[1:]), path
    assert "Content-Security-Policy" in built.page("")


def test_trusted_html_comes_without_a_policy(tmp_path: Path) -> None:
    page = build(tmp_path, "-- kbtool.yml --\ntrusted_html: true\n-- content/a.md --\n# A\n").page("a/")
    assert "Content-Security-Policy" not in page


def test_the_404_page_works_from_anywhere(built: Built) -> None:
    page = built.files["404.html"]
    own = [address for address in links(page) if not address.startswith(("https://", "#", "mailto:", "tel:"))]
    assert own
    assert all(address.startswith("/some/path/") for address in own)


def test_without_a_public_address_nothing_is_absolute(tmp_path: Path) -> None:
    built = build(tmp_path, "-- kbtool.yml --\ntitle: Help\n-- content/a.md --\n---\nupdated: 2026-01-01\n---\n# A\n")
    assert not {"sitemap.xml", "feed.xml", "opensearch.xml"} & built.files.keys()
    assert "canonical" not in built.page("a/")
    assert 'href="/a/"' in built.files["404.html"] or 'href="/a-z/"' in built.files["404.html"]


def test_the_current_page_is_marked_in_the_sidebar(built: Built) -> None:
    for url in ("billing/prices/", "billing/", "billing/über-uns-more/", "top/"):
        assert built.page(url).count('aria-current="page"') == 1, url


def test_each_page_has_one_heading_of_the_first_level(built: Built) -> None:
    for path, text in built.files.items():
        if path.endswith(".html"):
            assert text.count("<h1") == 1, path


def test_a_missing_image_leaves_its_words(built: Built) -> None:
    assert '<span class="missing-image">Image missing: Gone</span>' in built.main("billing/prices/")


def test_contents_come_from_the_headings(built: Built) -> None:
    contents = built.page("billing/prices/").partition('<nav class="contents"')[2].partition("</nav>")[0]
    assert links(contents) == ["#fees", "#taxes", "#in-spain"]
    assert "contents" not in built.page("top/").partition("<body")[2].partition("<script")[0]


def test_a_redirect_is_a_page_that_leads_on(built: Built) -> None:
    stub = built.files["old/prices/index.html"]
    assert '<meta http-equiv="refresh" content="0; url=../../billing/prices/">' in stub
    assert '<link rel="canonical" href="https://help.example/some/path/billing/prices/">' in stub
    assert "noindex" in stub
    assert "/some/path/old/prices/ /some/path/billing/prices/ 301\n" in built.files["_redirects"]


def test_what_is_kept_is_not_rendered(built: Built) -> None:
    again = list(render_site(built.site, built.theme, built.keys, workers=1))
    assert {output.path for output in again} == built.files.keys()
    assert all(output.content is None for output in again)
    half = {path: key for path, key in built.keys.items() if path != "top/index.html"}
    rendered = [output.path for output in render_site(built.site, built.theme, half, workers=1) if output.content is not None]
    assert rendered == ["top/index.html", "top/index.md"]


def test_two_processes_make_the_same_files(tmp_path: Path) -> None:
    text = "".join(f"-- content/t{number % 5}/{number}.md --\n# Article {number}\n" for number in range(120))
    assert build(tmp_path, text, workers=2).files == build(tmp_path, text).files


def test_a_long_topic_shows_the_part_of_its_articles_around_the_current_one(tmp_path: Path) -> None:
    text = "".join(f"-- content/t/{number:03}.md --\n# Article {number:03}\n" for number in range(95))
    built = build(tmp_path, text)
    sidebar = built.page("t/050/").partition('<nav class="sidebar"')[2].partition("</nav>")[0]
    assert sidebar.count("Article ") == 40
    assert 'aria-current="page">Article 050<' in sidebar
    assert "All 95 articles" in sidebar


def test_an_override_extends_the_file_that_it_replaces(tmp_path: Path) -> None:
    text = (
        "-- content/a.md --\n# A\n"
        '-- overrides/templates/article.html --\n{% extends "plain/article.html" %}\n'
        "{% block after_article %}<p>Ask the {{ config.title }} forum.</p>{% endblock %}\n"
        "-- overrides/templates/footer.html --\n<footer>Mine</footer>\n"
        "-- overrides/assets/base.css --\nbody { color: rebeccapurple; }\n"
    )
    built = build(tmp_path, text)
    page = built.page("a/")
    assert "<p>Ask the Help forum.</p>" in page
    assert "<footer>Mine</footer>" in page
    assert "<h1>A</h1>" in page
    assert "rebeccapurple" in built.files[built.theme.assets["plain.css"].url]


@pytest.mark.parametrize(
    ("template", "line", "message", "hint"),
    [
        ("<p>\n{{ artcle.title }}", 2, '"artcle" is undefined', 'did you mean "article"?'),
        ("{{ article.titel }}", 1, "titel", 'did you mean "title"?'),
        ("\n\n{% if %}", 3, "Expected an expression", ""),
        ("{{ 1 / 0 }}", 1, "division by zero", ""),
        ('\n{% include "fotter.html" %}', 2, '"fotter.html"', 'did you mean "footer.html"?'),
        (
            '{% extends "article.html" %}',
            1,
            "itself",
            'write {% extends "plain/article.html" %} to extend the file that this one replaces',
        ),
    ],
)
def test_a_template_that_fails_is_told_with_its_line(tmp_path: Path, template: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(Stop) as stop:
        build(tmp_path, f"-- content/a.md --\n# A\n-- overrides/templates/article.html --\n{template}\n")
    (problem,) = stop.value.problems
    assert (problem.rule, problem.line, problem.hint) == ("template-error", line, hint)
    assert problem.path == "overrides/templates/article.html"
    assert message in problem.message


def test_an_article_page_is_light(built: Built) -> None:
    import gzip  # noqa: PLC0415 - for this test alone

    page = built.page("billing/prices/").encode()
    used = [built.theme.assets[name].content for name in ("plain.css", "plain.js", "theme.js")]
    assert sum(len(gzip.compress(part, mtime=0)) for part in (page, *used)) <= 30_000


def test_what_messengers_show_of_a_page(tmp_path: Path) -> None:
    shared = CENTER.replace("{logo: img/logo.svg}", "{logo: img/logo.svg, share_image: img/share.svg}")
    drawn = '-- content/img/share.svg --\n<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"/>\n'
    page = build(tmp_path, shared + drawn).page("billing/prices/")
    assert '<meta property="og:locale" content="en_US">' in page
    assert '<meta property="og:image" content="https://help.example/some/path/img/share.svg">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert page.count('<meta name="theme-color"') == 2
    assert "og:image" not in build(tmp_path / "without", CENTER).page("billing/prices/")
