"""Library -> Site: what is shown where, and to whom."""

import datetime
from pathlib import Path

import pytest

from tests.site.sited import TODAY, build, links

SECRETS = """
-- content/index.md --
# Help
See [the rules](billing/rules.md), [the plan](billing/plan.md) and [refunds](billing/refund.md).
-- content/billing/refund.md --
---
title: Get a refund
related: [rules.md, prices.md]
---
Ask. ![A form](img/form.png) See [the rules](rules.md) and [the plan](plan.md#now).
-- content/billing/prices.md --
# Prices
Low.
-- content/billing/rules.md --
---
title: Zebra rules
audience: agents
aliases: [old-rules.md]
---
Zebra. ![Inside](img/inside.png)
-- content/billing/plan.md --
---
title: Quokka plan
status: draft
---
Quokka. ![Sketch](img/sketch.png)
## Now
-- content/billing/img/form.png --
a
-- content/billing/img/inside.png --
b
-- content/billing/img/sketch.png --
c
-- content/billing/img/unused.png --
d
-- content/secret/only.md --
---
title: Axolotl
audience: agents
---
Axolotl.
"""


def test_what_is_for_agents_or_a_draft_is_nowhere_in_a_public_site(tmp_path: Path) -> None:
    built = build(tmp_path, SECRETS)
    everything = "\n".join(f"{path}\n{text}" for path, text in built.files.items()).casefold()
    for word in ("zebra", "quokka", "axolotl", "inside.png", "sketch.png", "unused.png", "rules/", "plan/", "secret"):
        assert word not in everything, word
    assert "billing/img/form.png" in built.files


def test_a_link_to_a_hidden_article_keeps_its_words(tmp_path: Path) -> None:
    page = build(tmp_path, SECRETS).main("billing/refund/")
    assert "See <a>the rules</a> and <a>the plan</a>." in page


def test_a_preview_shows_drafts_and_says_so(tmp_path: Path) -> None:
    built = build(tmp_path, SECRETS, drafts=True)
    assert "Draft: this page is not in the published site." in built.main("billing/plan/")
    assert "For agents only" in built.main("billing/rules/")
    assert "../plan/#now" in links(built.main("billing/refund/"))
    assert 'content="noindex"' in built.page("billing/plan/")
    assert [article.title for article in built.site.searchable] == ["Prices", "Get a refund"]
    assert "Quokka" not in built.files["llms.txt"]
    assert "billing/plan/index.md" not in built.files


ARCHIVED = """
-- content/old.md --
---
title: The old way
status: archived
replacement: new.md
reviewed: 2020-01-01
review_every: 1 year
---
Old.
-- content/new.md --
# The new way
New. See [the old way](old.md).
"""


def test_an_archived_article_is_reachable_marked_and_in_no_list(tmp_path: Path) -> None:
    built = build(tmp_path, ARCHIVED)
    page = built.main("old/")
    assert "no longer maintained" in page
    assert '<a href="../new/">The new way</a>' in page
    assert "notice-overdue" not in page
    assert "The old way" not in built.page("") + built.page("a-z/") + built.files["sitemap.xml"] + built.files["llms.txt"]
    assert "../old/" in links(built.main("new/"))


EXPIRING = """
-- content/sale.md --
---
title: Summer sale
expires: 2026-11-22
pinned: true
---
Now.
-- content/later.md --
---
title: Winter sale
expires: 2026-12-31
---
Then.
"""


def test_an_article_is_listed_until_its_last_day(tmp_path: Path) -> None:
    before = build(tmp_path / "before", EXPIRING)
    assert "Summer sale" in before.page("")
    assert before.site.valid_until == TODAY
    after = build(tmp_path / "after", EXPIRING, today=TODAY + datetime.timedelta(days=1))
    assert "Summer sale" not in after.page("") + after.page("a-z/")
    assert "Summer sale" in after.page("sale/")
    assert after.site.valid_until == datetime.date(2026, 12, 31)


def test_nothing_else_depends_on_the_day(tmp_path: Path) -> None:
    text = "-- content/one.md --\n---\nreviewed: 2020-01-01\nreview_every: 90 days\nupdated: 2026-01-01\n---\n# One\n"
    assert build(tmp_path, text).files == build(tmp_path, text, today=datetime.date(2031, 1, 1)).files
    assert build(tmp_path, text).site.valid_until is None


def test_an_overdue_review_is_told_by_the_browser(tmp_path: Path) -> None:
    text = "-- kbtool.yml --\ntopics: {billing: {review_every: 1 month}}\n-- content/billing/one.md --\n---\nreviewed: 2026-01-31\n---\n# One\n"
    page = build(tmp_path, text).main("billing/one/")
    assert 'hidden data-review-due="2026-02-28"' in page
    assert 'Last reviewed <time datetime="2026-01-31">January 31, 2026</time>' in page


ORDERED = """
-- content/t/c.md --
---
title: Last by name
order: 1
---
-- content/t/b.md --
# Beta
-- content/t/a.md --
# alpha
"""


def test_a_topics_articles_stand_by_order_then_by_title(tmp_path: Path) -> None:
    built = build(tmp_path, ORDERED)
    assert [article.title for article in built.site.branches["t"].articles] == ["Last by name", "alpha", "Beta"]
    pager = built.main("t/a/").partition('<nav class="pager"')[2]
    assert links(pager) == ["../../t/c/", "../../t/b/"]


QUESTIONS = """
-- content/account/faq.md --
---
title: Account questions
type: faq
---
## Can I change my name?

Yes, see [here](name.md).

## Is it free?

Yes.
-- content/account/name.md --
# Name
-- content/billing/questions.md --
---
title: Money
type: faq
---
## Is it free?

No.

### Details
None.

## Is it really free?

No.

### Details
None.
"""


def test_questions_have_a_page_per_topic_and_one_for_all(tmp_path: Path) -> None:
    built = build(tmp_path, QUESTIONS)
    assert built.site.branches["billing"].questions == "billing/faq/"
    assert built.site.branches["account"].questions == "", "an article has that address"
    everything = built.main("faq/")
    assert everything.count('<details class="question">') == 4
    assert 'id="is-it-free"' in everything
    assert 'id="is-it-free-2"' in everything
    assert 'id="is-it-free-2--details"' in everything
    assert "../account/name/" in links(everything)
    assert built.page("faq/").count('"@type":"Question"') == 4


RELATED = "".join(f"-- content/t/{number}.md --\n# The thing number{number}\nText.\n" for number in range(30)) + (
    "-- content/t/solder.md --\n# Solder the thing yourself\n-- content/u/iron.md --\n# Solder with an iron\n"
)


def test_articles_that_share_a_rare_word_are_related(tmp_path: Path) -> None:
    built = build(tmp_path, RELATED)
    page = next(page for page in built.site.pages if page.url == "t/solder/")
    assert [article.title for article in page.neighbours.related] == ["Solder with an iron"]


CENTER = """
-- content/a/one.md --
# One
-- content/a/two.md --
# Two
See [three](../b/three.md). ![p](p.svg)
-- content/a/p.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>
-- content/b/three.md --
# Three
-- content/b/four.md --
---
title: Four
updated: 2026-01-01
---
"""


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ("-- content/b/three.md --\n# Three\nMore.\n", {"b/three/index.html", "b/three/index.md", "b/index.html", "llms.txt"}),
        (
            '-- content/a/p.svg --\n<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>\n',
            {"a/two/index.html", "a/two/index.md", "a/p.svg"},
        ),
        (
            "-- content/b/four.md --\n---\ntitle: Four\n---\n",
            {"b/four/index.html", "index.html", "b/four/index.md", "feed.xml", "sitemap.xml"},
        ),
    ],
)
def test_a_change_changes_the_keys_of_what_shows_it(tmp_path: Path, change: str, changed: set[str]) -> None:
    before = build(tmp_path, CENTER)
    after = build(tmp_path, change)
    assert {path for path in {*before.keys, *after.keys} if before.keys.get(path) != after.keys.get(path)} == changed


@pytest.mark.parametrize(
    "change",
    [
        "-- content/a/one.md --\n# Uno\n",
        "-- content/b/three.md --\n---\nstatus: archived\n---\n# Three\n",
        "-- content/b/index.md --\n# Bee\n",
        "-- content/index.md --\nWelcome to all.\n",
        "-- content/b/ask.md --\n---\ntype: faq\n---\n# Ask\n## Why?\nSo.\n",
        "-- kbtool.yml --\ntitle: Other\n",
        "-- content/a/p.svg --\nno image\n",
        "-- content/a/five.md --\n# Five\n",
    ],
)
def test_the_same_key_means_the_same_bytes(tmp_path: Path, change: str) -> None:
    before = build(tmp_path, CENTER)
    after = build(tmp_path, change)
    same = [path for path in before.keys if before.keys[path] == after.keys.get(path)]
    assert same
    assert {path: before.files[path] for path in same} == {path: after.files[path] for path in same}
    assert before.files != after.files
