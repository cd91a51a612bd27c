"""Every rule of `kbtool check` fires where a reader trips, and is silent at its commonest false alarm."""

from pathlib import Path

import pytest

from kbtool.content.checks.rules import RULES
from tests.content.checks.checking import found, told

LONG = "word " * 26
HEAD = "---\ntitle: Get a refund\ntype: {}\n---\n\n"
STEPS = HEAD.format("instructions")
FAQ = HEAD.format("faq")
TROUBLE = HEAD.format("troubleshooting")

FIRES: list[tuple[str, str, list[str]]] = [
    *(
        ("stray-marks", f"# A\n\nText.\n\n{typed}\n", ["one.md:5 warning"])
        for typed in (
            "See [B] (https://b.example).",
            "![The menu] (menu.png)",
            "##Prices",
            "The **bold **text.",
            "See [the prices][nope].",
            "| A | B |\n| 1 | 2 |",
            "```\ncode\n\nText.",
            "• One",
            "· One",
            "o\tOne",
            "> [!NOTICE]\n> Mind it.",
            "> [!note] Mind it.",
        )
    ),
    ("empty-article", "---\ntitle: A\n---\n", ["one.md:4 warning"]),
    ("empty-article", "-- content/one.md --\n<!-- to come -->\n", ["one.md:1 warning"]),
    ("wrong-ending", "-- content/one.md --\n# A\n\nText.\n-- content/two.md.txt --\n# B\n", ["two.md.txt:0 warning"]),
    (
        "wrong-ending",
        "-- content/one.md --\n# A\n\nText.\n-- content/_snippets/b.markdown.TXT --\nB\n",
        ["_snippets/b.markdown.TXT:0 warning"],
    ),
    ("unknown-snippet", "# A\n\n{{ snippet }}\n", ["one.md:3 error"]),
    ("title", "Text without a title.\n", ["one.md:1 error"]),
    ("title", f"---\ntitle: {'Long ' * 15}\n---\nText.\n", ["one.md:2 error"]),
    ("title", "---\nsummary: x\ntitle: FAQ\n---\nText.\n", ["one.md:3 error"]),
    ("title", "# Untitled\n\nText.\n", ["one.md:1 error"]),
    ("title", "-- content/a/one.md --\n# Fees\n\nOne.\n-- content/a/two.md --\n# fees\n\nTwo.\n", ["a/two.md:1 error"]),
    ("question-title", FAQ + "## Payment methods\n\nCash.\n\n## How do I pay\n\nCash.\n", ["one.md:6 warning"]),
    ("action-title", "---\ntitle: Settings\n---\n\n1. Open Settings.\n2. Save.\n", ["one.md:2 hint"]),
    ("answer-first", "# A\n\n## Introduction\n\nText.\n", ["one.md:3 warning"]),
    ("answer-first", "# A\n\n![The menu](a.png)\n\nText.\n", ["one.md:3 warning"]),
    ("answer-first", "# A\n\n> [!NOTE]\n> Mind the gap.\n\nText.\n", ["one.md:3 warning"]),
    ("answer-first", f"# A\n\n{'word ' * 61}\n", ["one.md:3 warning"]),
    ("numbered-steps", STEPS + "Do this:\n\n- Open it.\n- Close it.\n", ["one.md:8 warning"]),
    (
        "one-action-per-step",
        STEPS + "1. Open the list of all your orders in the app and then select the parcel.\n2. Wait.\n",
        ["one.md:6 warning"],
    ),
    (
        "one-action-per-step",
        STEPS + "1. Open the page that lists all your orders. Select the parcel that you want to return.\n2. Wait.\n",
        ["one.md:6 warning"],
    ),
    ("long-step", STEPS + f"1. Open it.\n2. Close {LONG}\n", ["one.md:7 warning"]),
    ("long-step", STEPS + "".join(f"{number}. Do it.\n" for number in range(1, 9)), ["one.md:6 hint"]),
    ("where-before-what", STEPS + "1. Select Save in the Settings menu.\n2. Wait.\n", ["one.md:6 hint"]),
    ("broken-list", STEPS + "1. One.\n1. Two.\n\n![The menu](a.png)\n\n1. Three.\n", ["one.md:9 error"]),
    ("broken-list", STEPS + "1. One.\n2. Two.\n\n> [!NOTE]\n> Wait.\n\n1. Three.\n", ["one.md:9 error"]),
    ("vague-link", "# A\n\nClick [here](https://a.example/).\n", ["one.md:3 warning"]),
    ("vague-link", "# A\n\nText.\n[Read more](two.md).\n", ["one.md:4 warning"]),
    ("vague-link", "# A\n\nSee https://a.example/b for more.\n", ["one.md:3 warning"]),
    ("alt-text", "# A\n\nText.\n\n![](img/menu.png)\n", ["one.md:5 warning"]),
    ("alt-text", "# A\n\nText.\n\n![menu.png](img/menu.png)\n", ["one.md:5 warning"]),
    ("alt-text", "# A\n\nText.\n\n![Screenshot 2](img/menu.png)\n", ["one.md:5 warning"]),
    ("alt-text", f"# A\n\nText.\n\n![{'long ' * 31}](img/menu.png)\n", ["one.md:5 warning"]),
    ("long-sentence", f"# A\n\nShort.\n{LONG}end.\n", ["one.md:4 hint"]),
    ("long-sentence", f"# A\n\n{LONG}{LONG}end.\n", ["one.md:3 warning"]),
    ("acronym", "# A\n\nType the CVV.\n", ["one.md:3 hint"]),
    ("ambiguous-date", "# A\n\nOrder until\n03/04/2025.\n", ["one.md:4 warning"]),
    ("ambiguous-date", "# A\n\nWe recently changed it.\n", ["one.md:3 hint"]),
    ("position-word", "# A\n\nUse the button on the right.\n", ["one.md:3 hint"]),
    ("heading-order", "# A\n\nText.\n\n## B\n\n#### C\n\nText.\n", ["one.md:7 warning"]),
    ("heading-order", "# A\n\nText.\n\n## B\n\n## C\n\nText.\n", ["one.md:5 warning"]),
    ("heading-order", "# A\n\nText.\n\n## B\n\nText.\n\n## B\n\nText.\n", ["one.md:9 warning"]),
    ("dead-end", TROUBLE + "It hangs.\n\n## Fix\n\nRestart the printer.\n", ["one.md:10 warning"]),
    ("placeholder", "# A\n\nThe fee is TBD.\n", ["one.md:3 error"]),
    ("placeholder", "# A\n\nText.\n\n## TODO\n\nLorem ipsum dolor.\n", ["one.md:5 error", "one.md:7 error"]),
    ("leaked-data", "# A\n\nAsk jane.roe@parcels.io about it.\n", ["one.md:3 error"]),
    ("leaked-data", "# A\n\nThe card 4539 5787 6362 1486 was refused.\n", ["one.md:3 error"]),
    ("leaked-data", "# A\n\n```\nkey = AKIAQ3EGRHXJ2KLMNOPQ\n```\n", ["one.md:4 error"]),
    ("leaked-data", "# A\n\nLook at http://wiki.intern.corp/page first.\n", ["one.md:3 error"]),
    ("review", "---\ntitle: A\nreviewed: 2025-01-08\nreview_every: 6 months\n---\nText.\n", ["one.md:1 warning"]),
    ("review", "---\ntitle: A\n---\nText.\n", ["one.md:1 hint"]),
    ("dead-link", "# A\n\nSee [B](two.md).\n", ["one.md:3 error"]),
    ("dead-anchor", "# A\n\nSee [B](#b).\n", ["one.md:3 error"]),
    ("missing-file", "# A\n\nText.\n\n![The menu](menu.png)\n", ["one.md:5 error"]),
    ("unknown-key", "---\ntitle: A\nsumary: B\n---\nText.\n", ["one.md:3 warning"]),
    ("url-collision", "-- content/one.md --\n# A\n-- content/One.md --\n# B\n", ["one.md:0 error"]),
    ("redirect", "---\ntitle: A\naliases: [two]\n---\nText.\n-- content/two.md --\n# B\n", ["one.md:1 error"]),
]
"""Of each rule an article with the fault, and where it is told."""

SILENT: list[tuple[str, str]] = [
    ("title", f"---\ntitle: {'a' * 70}\n---\nText.\n"),
    ("title", "-- content/a/one.md --\n# Fees\n\nOne.\n-- content/b/two.md --\n# Fees\n\nTwo.\n"),
    ("title", "-- content/a/index.md --\n# FAQ\n\nAsked often.\n-- content/a/one.md --\n# Pay by card\n\nYes.\n"),
    ("question-title", FAQ + "## Can I pay in cash\n\nYes.\n"),
    ("question-title", "---\ntitle: A\n---\n\n## Payment\n\nCash.\n\n## Returns\n\nFree.\n"),
    ("action-title", "---\ntitle: Activate the alarm\n---\n\n1. Open Settings.\n2. Save.\n"),
    ("action-title", "---\ntitle: Settings\n---\n\nAbout the settings.\n"),
    ("answer-first", "<!-- a note to colleagues -->\n# A\n\nThe answer.\n\n## More\n\nText.\n"),
    ("answer-first", FAQ + "## How do I pay?\n\nBy card.\n"),
    ("answer-first", "# A\n\n> [!WARNING]\n> This app is no longer supported.\n\nText.\n"),
    ("numbered-steps", STEPS + "- Select **Save**.\n"),
    (
        "numbered-steps",
        STEPS + "## Before you start\n\n- Open it.\n- Buy it.\n\n## Zendesk\n\nOpen it.\n\n## Intercom\n\nOpen it.\n",
    ),
    ("numbered-steps", STEPS + "## Step 1\n\nOpen it.\n\n## Step 2\n\nClose it.\n"),
    ("one-action-per-step", STEPS + "1. Open Settings. Select Save.\n2. Wait.\n"),
    (
        "one-action-per-step",
        STEPS + "1. Select the parcel that you want to return. The page shows what it costs and what you get back.\n",
    ),
    (
        "one-action-per-step",
        STEPS + "1. Switch on the box that stands under the desk in your room. [Select a box](a.md) shows how.\n",
    ),
    (
        "one-action-per-step",
        STEPS + "1. Paste the command that you have copied into the black window, then press Enter to begin.\n",
    ),
    ("long-step", STEPS + f'1. Open it.\n\n   {LONG}\n\n2. Close "{LONG}" ({LONG}).\n'),
    ("long-step", f"# Why it fails\n\nThere are two causes.\n\n1. The cable {LONG}.\n2. The board is old.\n"),
    ("where-before-what", STEPS + "1. In the Settings menu, select Save.\n2. Click the link in the email.\n"),
    ("broken-list", STEPS + "1. One.\n2. Two.\n\n   ![The menu](a.png)\n\n3. Three.\n"),
    ("broken-list", STEPS + "1. One.\n\n![The menu](a.png)\n\n2. Two.\n"),
    ("broken-list", STEPS + "1. One.\n2. Two.\n\nTo undo it:\n\n1. Three.\n\n## Again\n\n1. Four.\n"),
    ("vague-link", "# A\n\nSee [what a return costs](https://a.example/here), or write to help@a.example.\n"),
    ("vague-link", "# A\n\nType `https://a.example/b` into the box.\n"),
    ("alt-text", "# A\n\nText.\n\n![The menu, open](img/menu.png)\n"),
    ("alt-text", f"# A\n\nText.\n\n![A box that says \u201c{'long ' * 31}\u201d](img/menu.png)\n"),
    ("alt-text", '# A\n\nText.\n\n<img src="img/line.png" alt="">\n'),
    ("long-sentence", f"# A\n\n{'word ' * 25}\n\n```\n{LONG}{LONG}\n```\n"),
    (
        "long-sentence",
        "# A\n\nUse version 1.2 of the app, e.g. on a phone. Ask Dr. Roe. Then it works for all the people who use it there.\n",
    ),
    ("acronym", "# A\n\nType the three digits (CVV). The CVV is on the card. Save it as PDF.\n"),
    ("acronym", "# A\n\nUse a **LAN** cable for the Parcel MKR 1000. NEVER pull it.\n"),
    ("ambiguous-date", "# A\n\nOn 25/12/2025, or 2025-04-03. See https://a.example/03/04/2025/, `03/04/2025`. Half is 1/2.\n"),
    ("position-word", "# A\n\nOver 5 kg and above, it costs 5 euros. You are on the right track, below 3 volts.\n"),
    ("heading-order", "# A\n\nText.\n\n## B\n\n### Windows\n\nText.\n\n## C\n\n### Windows\n\nText.\n"),
    ("dead-end", TROUBLE + "It hangs.\n\n## Fix\n\nRestart it. If it still hangs, write to us: contact support.\n"),
    (
        "dead-end",
        "-- kbtool.yml --\ncontact: {email: help@a.example}\n-- content/one.md --\n" + TROUBLE + "Restart it.\n\n- Again.\n",
    ),
    (
        "placeholder",
        "# A\n\nWrite `TODO` in it. Order XXXXXX, address 192.168.xxx.xxx, the todo list, size XXL.\n\n```\nTODO\n```\n<!-- TODO -->\n",
    ),
    ("leaked-data", "# A\n\nWrite to support@parcels.io, or as john.doe@example.com. Pay with 4242 4242 4242 4242.\n"),
    ("leaked-data", "---\ntitle: A\nid: 4539578763621486\n---\nOpen http://printer.local or 192.168.0.1.\n"),
    ("leaked-data", "---\ntitle: A\naudience: agents\n---\nAsk jane.roe@parcels.io about it.\n"),
    ("review", "---\ntitle: A\nreviewed: 2026-11-01\nreview_every: 6 months\n---\nText.\n"),
    ("review", "---\ntitle: A\nstatus: archived\n---\nText.\n"),
    ("dead-link", "# A\n\nSee [B](two.md), [out](https://a.example).\n-- content/two.md --\n# B\n"),
    ("dead-anchor", "# A\n\nSee [B](#Bread).\n\n## Bread\n\nText.\n"),
    ("missing-file", "# A\n\nText.\n\n![The menu](menu.png)\n-- content/menu.png --\nx\n"),
    ("unknown-key", "---\ntitle: A\nlabels: [b]\nms.date: 01/02/2026\n---\nText.\n"),
    ("url-collision", "-- content/one.md --\n# A\n-- content/two.md --\n# B\n"),
    *(
        ("stray-marks", f"# A\n\nText.\n\n{typed}\n")
        for typed in (
            "[B](https://b.example), [B] (see there), `[B] (https://b.example)`, **bold** text, 2 ** 3 **4.",
            "#1 in sales\n\n#hashtag\n\n\\##No\n\n## Yes",
            "See [the prices][p], a note.[^1][^2]\n\n[P]: https://b.example\n[^1]: One.\n[^2]: Two.",
            "| A | B |\n|---|:-:|\n| 1 | 2 |\n\n|x| is a size.",
            "````\n```\n##x\n[B] (https://b.example)\n````\n\n1. One:\n\n   ```\n   • x\n   ```\n\n<pre>\n##x\n</pre>\n<!-- ##x\n##y -->",
            "> [!NOTE]\n> Mind it.\n\n> [!tip]\n> Mind it.",
        )
    ),
    ("empty-article", "---\ntitle: A\nstatus: draft\n---\n"),
    (
        "empty-article",
        "-- content/one.md --\n# A\n\nText.\n-- content/a/index.md --\n---\ntitle: B\n---\n-- content/a/two.md --\n![B](b.png)\n",
    ),
    ("wrong-ending", "-- content/one.md --\n# A\n\nText.\n-- content/notes.txt --\nx\n"),
    ("unknown-snippet", "# A\n\nType `{{ snippet }}`.\n"),
    ("redirect", "---\ntitle: A\naliases: [old/two]\n---\nText.\n-- content/two.md --\n# B\n"),
]
"""Of each rule what it must not take for a fault."""


@pytest.mark.parametrize(("rule", "site", "expected"), FIRES, ids=[rule for rule, _, _ in FIRES])
def test_a_fault_is_told_where_it_is(tmp_path: Path, rule: str, site: str, expected: list[str]) -> None:
    text = site if site.startswith("-- ") else f"-- content/one.md --\n{site}"
    assert told(tmp_path, text, rule) == expected


@pytest.mark.parametrize(("rule", "site"), SILENT, ids=[rule for rule, _ in SILENT])
def test_what_is_right_is_let_alone(tmp_path: Path, rule: str, site: str) -> None:
    text = site if site.startswith("-- ") else f"-- content/one.md --\n{site}"
    assert [str(problem) for problem in found(tmp_path, text, rule)] == []


def test_every_rule_is_tried_both_ways() -> None:
    elsewhere = {"terms", "heavy-image", "duplicate", "no-evidence", "customers-words"}
    names = {rule.name for rule in RULES} - elsewhere
    assert names <= {rule for rule, _, _ in FIRES}
    assert names <= {rule for rule, _ in SILENT}
