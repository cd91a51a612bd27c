"""Articles as bytes -> what `kbtool check --fix` makes of them: each fix with what it must leave alone."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kbtool.content.fixes.article import FIX_RULES, Desk, Mend, Task, fix_article
from kbtool.content.lookup import make_lookup
from kbtool.content.markdown import MarkdownOptions, render_markdown
from kbtool.content.wording import digest_wording
from tests.thorough import tries

DESK = Desk(make_lookup((), (), (), frozenset()), MarkdownOptions(snippets={"call": "1. Call us.\n1. Wait.\n3. Speak."}))
EVERYTHING = frozenset(FIX_RULES)
BREAK = re.compile(r"\r\n|\n|\r")


def fixed(text: str, *allowed: str) -> str:
    return fix_article(text.encode(), Task("a.md", (), frozenset(allowed) or EVERYTHING), DESK)[0].decode()


def mends(text: str) -> tuple[Mend, ...]:
    return fix_article(text.encode(), Task("a.md", (), EVERYTHING), DESK)[1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1. a\n2. b\n2. c\n4. d\n", "1. a\n2. b\n3. c\n4. d\n"),
        ("1) a\n3) b\n\n   c\n", "1) a\n2) b\n\n   c\n"),
        ("3. a\n3. b\n5. c\n", "3. a\n4. b\n5. c\n"),
        ("- x\n  1. a\n  1. b\n  3. c\n", "- x\n  1. a\n  2. b\n  3. c\n"),
        ("> 1. a\n> 2. b\n> 2. c\n", "> 1. a\n> 2. b\n> 3. c\n"),
        ("- 1. a\n  1. b\n  5. c\n", "- 1. a\n  2. b\n  3. c\n"),
    ],
)
def test_numbers_become_those_that_readers_see(typed: str, meant: str) -> None:
    assert fixed(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "1. a\n1. b\n1. c\n",
        "0. a\n0. b\n",
        "3. a\n2. b\n1. c\n",
        "1998. Founded.\n2004. Sold.\n2011. Closed.\n",
        "5. a\n7. b\n",
        "01. a\n02. b\n02. c\n",
        "```\n1. a\n1. b\n3. c\n```\n",
        "Text\n\n    1. a\n    1. b\n    3. c\n",
        "<pre>\n1. a\n1. b\n3. c\n</pre>\n",
        "{{ snippet call }}\n",
        "1. a\n\n## Part\n\n1. b\n",
    ],
)
def test_numbers_that_may_be_meant_stay(typed: str) -> None:
    assert fixed(typed) == typed


def test_what_belongs_to_a_step_stays_in_it_when_its_number_grows() -> None:
    steps = "".join(f"{number}. s\n" for number in range(1, 9))
    typed = f"{steps}9. s\n9. t\n\n   more\n\n   - x\n\n     y\n10. u\n"
    assert fixed(typed) == f"{steps}9. s\n10. t\n\n    more\n\n    - x\n\n      y\n11. u\n"
    assert fixed(f"{steps}9. s\n9.  t\n\n    more\n") == f"{steps}9. s\n10. t\n\n    more\n"
    assert fixed("1. a\n10. b\n\n    more\n") == "1. a\n2.  b\n\n    more\n"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1. a\n  - x\n  - y\n2. b\n", "1. a\n   - x\n   - y\n2. b\n"),
        ("1. a\n2. b\n  - x\n", "1. a\n2. b\n   - x\n"),
        ("1. a\n\n![Menu](m.png)\n\n2. b\n", "1. a\n\n   ![Menu](m.png)\n\n2. b\n"),
        ("1. a\n\n  ![Menu](m.png)\n\n2. b\n", "1. a\n\n   ![Menu](m.png)\n\n2. b\n"),
        ("1. a\n\n![Menu](m.png)\n\n1. b\n", "1. a\n\n   ![Menu](m.png)\n\n1. b\n"),
        ("1. a\n\n  - x\n   - y\n\n1. b\n", "1. a\n\n   - x\n   - y\n\n1. b\n"),
        ("1. a\n2. b\n2. c\n\n![Menu](m.png)\n\n4. d\n", "1. a\n2. b\n3. c\n\n   ![Menu](m.png)\n\n4. d\n"),
        ("1. a\n  - x\n\n     y\n2. b\n", "1. a\n   - x\n\n     y\n2. b\n"),
        ("1. a\n\n> [!TIP]\n   > n\n\n2. b\n", "1. a\n\n   > [!TIP]\n   > n\n\n2. b\n"),
        ("9. a\n\n```sh\nx\n\n  y\n```\n\n10. b\n", "9. a\n\n   ```sh\n   x\n\n     y\n   ```\n\n10. b\n"),
        ("1. a\n\n::: note\nb\n:::\n\n2. c\n", "1. a\n\n   ::: note\n   b\n   :::\n\n2. c\n"),
        ("1. a\n- x\n\n  y\n\n2. b\n\nz\n\n3. c\n", "1. a\n   - x\n\n     y\n\n2. b\n\n   z\n\n3. c\n"),
        ("1. a\n\n> [!NOTE]\n> n\n\n2. c\n2. d\n", "1. a\n\n   > [!NOTE]\n   > n\n\n2. c\n3. d\n"),
    ],
)
def test_what_breaks_a_list_comes_into_its_step(typed: str, meant: str) -> None:
    assert fixed(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "1. a\n2. b\n\n![Menu](m.png)\n\n1. c\n2. d\n",
        "1. a\n\n- x\n- y\n\n1. b\n",
        "1. a\n\nNow the other way:\n\n1. b\n",
        "1. a\n\n## Then\n\n2. b\n",
        "1. a\n\n---\n\n2. b\n",
        "1. a\n\n- x\n- y\n",
        "1. a\n\nb\n",
        "1. a\n\n\t![Menu](m.png)\n",
        "- a\n - b\n",
        "1. a\n\nb\n\n    code\n\n2. c\n",
        "1. a\n2) b\n3. c\n",
    ],
)
def test_lists_that_may_be_two_stay_two(typed: str) -> None:
    assert fixed(typed) == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a \nb\t\n\n  \nc  ", "a\nb\n\n\nc"),
        ("a  \nb  \n", "a  \nb\n"),
        ("# A  \n\n- x \n- y  \n", "# A\n\n- x\n- y\n"),
        ("```\na  \n```  \n\n    b  \n", "```\na  \n```  \n\n    b  \n"),
        ("<pre>\na  \n</pre>\n", "<pre>\na  \n</pre>\n"),
        ("a\\ \nb\n", "a\\ \nb\n"),
        ("`a \nb` \n", "`a \nb`\n"),
        ("a\u00a0\nb\u3000\n", "a\u00a0\nb\u3000\n"),
        ("| a |  \n|---|\t\n| b | \n", "| a |\n|---|\n| b |\n"),
    ],
)
def test_spaces_go_where_they_do_nothing(typed: str, meant: str) -> None:
    assert fixed(typed) == meant


HEAD = "---\n# dates\ntitle: A \nreviewed: {}   # by Ada\nkeywords: [b,  c]\n---\nText\n"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026/3/1", "2026-03-01"),
        ("'1 March 2026'", "'2026-03-01'"),
        ('"March 1st, 2026"', '"2026-03-01"'),
        ("1. März 2026", "2026-03-01"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025", "2025-12-31"),
        ("31.12.2025", "2025-12-31"),
    ],
)
def test_a_date_that_is_one_day_only_is_typed_as_it_is_read(typed: str, meant: str) -> None:
    assert fixed(HEAD.format(typed)) == HEAD.format(meant)


@pytest.mark.parametrize(
    "typed", ["3/4/2026", "31 June 2026", "2026-03-01", "2026-3-1", "soon", "[2026/3/1]", "1 March", "3/4/26", "&a 1 May 2026"]
)
def test_any_other_date_stays(typed: str) -> None:
    assert fixed(HEAD.format(typed)) == HEAD.format(typed)


def test_dates_elsewhere_stay() -> None:
    typed = "---\nsummary: 1 March 2026\ntitle: |\n  2026/3/1  \n---\nreviewed: 2026/3/1\n"
    assert fixed(typed) == typed


def test_what_is_not_allowed_is_not_mended() -> None:
    typed = "---\nreviewed: 2026/3/1\n---\n1. a \n1. b\n3. c\n"
    assert fixed(typed, "trailing-spaces") == "---\nreviewed: 2026/3/1\n---\n1. a\n1. b\n3. c\n"
    assert fixed(typed, "list-numbers") == "---\nreviewed: 2026/3/1\n---\n1. a \n2. b\n3. c\n"


def test_each_mend_says_its_rule_and_its_line() -> None:
    found = mends("---\nreviewed: 2026/3/1\n---\n1. a \n1. b\n3. c\n")
    assert sorted((mend.line, mend.rule) for mend in found) == [(2, "wrong-value"), (4, "trailing-spaces"), (5, "list-numbers")]


def test_a_reviewed_text_stays_reviewed() -> None:
    old, new = digest_wording("1. a\n1. b\n3. c\n"), digest_wording("1. a\n2. b\n3. c\n")
    head = "---\nreviewed: 2026-03-01\nreviewed_text: {}\n---\n"
    assert fixed(head.format(old) + "1. a\n1. b\n3. c\n") == head.format(new) + "1. a\n2. b\n3. c\n"
    assert fixed(head.format("sha256:0") + "1. a\n1. b\n3. c\n") == head.format("sha256:0") + "1. a\n2. b\n3. c\n"


def test_a_list_in_many_pieces_with_wrong_numbers_is_whole_after_one_run() -> None:
    pieces = [(number, " " * len(f"{number + 1}. ")) for number in range(2, 42, 2)]
    typed = "1. a\n" + "".join(f"{number}. b\n{number}. c\n\n![P](p.png)\n\n" for number, _ in pieces) + "42. d\n"
    whole = "".join(f"{number}. b\n{number + 1}. c\n\n{indent}![P](p.png)\n\n" for number, indent in pieces)
    assert fixed(typed) == f"1. a\n{whole}42. d\n"


def test_what_is_no_article_for_its_length_is_left_alone() -> None:
    typed = "words \n" * 200_000
    assert fixed(typed) == typed


LEADS = st.sampled_from(["", " ", "  ", "   ", "    ", "      ", "\t", "> "])
MARKS = st.sampled_from(
    ["1. ", "2. ", "3. ", "9. ", "10. ", "1) ", "2)  ", "- ", "* ", "", "", "# ", "```", "::: note", ":::", "---", "<pre>", "| "]
)
WORDS = st.sampled_from(
    [
        "",
        "a",
        "über",
        "![x](y.png)",
        "[l](m.md)",
        "`c",
        "b`",
        "a\\",
        "*e",
        "<b>",
        "[r]: u.md",
        "{{ snippet call }}",
        "&nbsp;",
        "|---|",
    ]
)
STEPS = st.sampled_from(
    """1. a|2. b|2. c|3. d|4. e|9. f|10. g|1) h|||||![x](y.png)|  ![x](y.png)|   ![x](y.png)|  - k|   - l|- m|     n|   o|  p|    q|> [!NOTE]
> r|   > s|```|   ```|::: tip|:::|## T|<b>u</b>|   1. v|   1. w|   3. x|    | y|\tz|---|[t]: u.md""".replace("\n", "|").split("|")
)
ENDS = st.sampled_from(["", "", " ", "  ", "   ", "\t", " \t"])
LINES = st.tuples(LEADS, MARKS, WORDS, ENDS).map("".join)
HEADS = st.sampled_from(["", "---\ntitle: A  \nreviewed: 1 May 2026\n---\n", "---\nreviewed: 'x'  \n"])


@settings(max_examples=tries(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    HEADS,
    st.lists(LINES, max_size=14) | st.lists(STEPS, max_size=18),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example("", ["9. a", "9. b", "   c"], "\r\n", "utf-8-sig")
@example("", ["1. ", "> 1. ", "\t", "1. "], "\n", "utf-8")
def test_any_article_is_mended_once_and_reads_the_same(head: str, lines: list[str], end: str, encoding: str) -> None:
    data = (head + "".join(f"{line}\n" for line in lines)).replace("\n", end).encode(encoding)
    task = Task("a.md", (), EVERYTHING)
    once, found = fix_article(data, task, DESK)
    assert fix_article(once, task, DESK) == (once, ())
    before, after = data.decode(encoding), once.decode(encoding)
    assert once.startswith(data[:2]) or encoding == "utf-8"
    assert BREAK.findall(before) == BREAK.findall(after)
    old, new = BREAK.split(before), BREAK.split(after)
    differ = {number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]}
    assert {mend.line for mend in found} <= differ
    assert (found == ()) == (differ == set())
    for number in differ:
        assert (
            re.sub(r"\A[ ]+|\d+|[ \t]", "", old[number - 1]) == re.sub(r"\A[ ]+|\d+|[ \t]", "", new[number - 1])
            or "reviewed" in old[number - 1]
        )
    pages = [render_markdown(BREAK.sub("\n", text), "", 1, DESK.options, None) for text in (before, after)]
    if "reviewed" not in head:
        assert pages[0].text == pages[1].text
        assert pages[0].links == pages[1].links
    if not any(mend.rule == "broken-list" for mend in found) and "reviewed" not in head:
        assert pages[0].html == pages[1].html
