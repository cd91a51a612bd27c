"""What machines read is well formed, complete and escaped."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.site.sited import Built, build

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://help.example/some/path/"

CENTER = """
-- kbtool.yml --
title: Help & <more>
url: https://help.example/some/path
description: All "answers"
-- content/a.md --
---
updated: 2026-01-02
summary: One & two
---
# A & \\<b> \x0b
-- content/Über.md --
---
title: About
---
-- content/t/index.md --
# Topic
-- content/t/b.md --
---
title: B [1]
updated: 2026-02-03
---
Ends with </script> and <!--.
-- content/t/c.md --
# C
-- content/t/faq.md --
---
title: F
type: faq
---
## Is `</script>` safe?

Yes & <b>no</b>.
"""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path, CENTER)


def test_the_sitemap_has_every_page_that_anyone_may_find(built: Built) -> None:
    places = [place.text or "" for place in ET.fromstring(built.files["sitemap.xml"]).iter(f"{MAP}loc")]  # noqa: S314 - our own
    assert {place.removeprefix(BASE) for place in places} == {
        "",
        "a/",
        "t/",
        "t/b/",
        "t/c/",
        "t/faq/",
        "faq/",
        "a-z/",
        "%C3%BCber/",
    }


def test_the_feed_tells_of_changes_the_latest_first(built: Built) -> None:
    feed = ET.fromstring(built.files["feed.xml"])  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title", "").strip() for entry in entries] == ["B [1]", "A & <b>"]
    assert feed.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    ids = [entry.findtext(f"{ATOM}id", "") for entry in entries]
    assert all(each.startswith("https://help.example/") for each in ids)
    assert len(set(ids)) == 2


def test_browser_search_leads_to_the_search_page(built: Built) -> None:
    described = ET.fromstring(built.files["opensearch.xml"])  # noqa: S314 - our own
    (url,) = [each for each in described if each.tag.endswith("Url")]
    assert url.get("template", "").endswith("/search/?q={searchTerms}")


def test_json_ld_ends_no_element_and_says_what_the_page_shows(built: Built) -> None:
    page = built.page("t/faq/")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    crumbs, questions = json.loads(text)
    assert [item["name"] for item in crumbs["itemListElement"]] == ["Help & <more>", "Topic", "F"]
    assert questions["@type"] == "FAQPage"
    assert questions["mainEntity"][0]["name"] == "Is </script> safe?"
    assert "<" not in text


def test_llms_lists_articles_with_their_markdown(built: Built) -> None:
    text = built.files["llms.txt"]
    assert text.startswith('# Help & <more>\n\n> All "answers"\n')
    assert "## Topic\n" in text
    assert r"[B \[1\]](https://help.example/" in text
    assert built.files["t/b/index.md"].startswith("# B [1]\n\nEnds with")


def test_robots_names_the_sitemap(built: Built) -> None:
    assert re.search(r"^Sitemap: https://help\.example/.*/sitemap\.xml$", built.files["robots.txt"], re.MULTILINE)


def test_markdown_is_left_out_when_not_wanted(tmp_path: Path) -> None:
    built = build(tmp_path, "-- kbtool.yml --\nllms: false\n-- content/a.md --\n# A\n")
    assert not [path for path in built.files if path.endswith((".md", "llms.txt"))]
