"""Which customers' words an article lacks, and that no private word is among them."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.content.index import stems_of
from kbtool.demand import Match, MatchState, Ticket
from kbtool.model import Article, Meta
from kbtool.tickets.drafts import drafting
from kbtool.tickets.export import ReadOptions, TicketExport
from kbtool.tickets.keywordreport import as_csv, as_markdown
from kbtool.tickets.keywords import KeywordLine, find_keywords
from kbtool.tickets.replayed import ReplayReport, as_json, covered_subjects, judge_answers, replay_rows, summarize
from kbtool.tickets.replayed import as_csv as replay_csv
from kbtool.tickets.sources.source import Row

ARTICLE = Article(
    "password.md", "password/", "article", Meta(keywords=("sign-in",)), "Reset your password", "", "", "Choose Forgot password."
)
OTHER = Article("refund.md", "refund/", "article", Meta(), "Get a refund", "", "", "We pay back within 30 days.")
FILLER = ("how", "do", "my", "the", "can", "not")


def match(subject: str, number: int, article: str = "password.md", state: MatchState = "answered") -> Match:
    created = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    return Match(Ticket(str(number), subject, subject, created, "solved", (), f"p{number}"), article, 0.9, state)


def found(*matches: Match) -> tuple[KeywordLine, ...]:
    return find_keywords(matches, (ARTICLE, OTHER), lambda text: stems_of(text, "en"), FILLER)


def words(*matches: Match) -> list[str]:
    return [word.word for line in found(*matches) for word in line.words]


def test_a_word_of_three_people_that_the_article_lacks() -> None:
    subjects = ("locked out of my password", "password: locked account", "locked, need a new password", "forgot password")
    lines = found(*(match(subject, number) for number, subject in enumerate(subjects)))
    assert [(line.article, line.people) for line in lines] == [("password.md", 4)]
    assert [(word.word, word.people, word.tickets) for word in lines[0].words] == [("locked", 3, 3)]


def test_two_people_are_too_few_and_one_person_counts_once() -> None:
    assert words(match("locked", 1), match("locked", 2)) == []
    assert words(*[match("locked again", 1)] * 5) == []


def test_what_says_nothing_about_the_article_is_no_keyword() -> None:
    everywhere = [match("parcel", number, "refund.md", "weak") for number in range(10, 20)]
    assert words(*(match("how do my parcel", number) for number in range(5)), *everywhere) == []
    assert words(*(match("urgent help please", number) for number in range(5))) == []
    assert words(*(match("pasword 12345 ab", number) for number in range(5))) == [], "search forgives slips; numbers are private"
    assert words(*(match("locked", number, state="weak") for number in range(5))) == []


def test_forms_of_one_word_are_one_and_the_commonest_is_shown() -> None:
    assert words(match("lock", 1), match("locks", 2), match("locks", 3), match("locking", 4)) == ["locks"]


def test_the_order_of_the_tickets_changes_nothing() -> None:
    matches = [
        match(subject, number)
        for number, subject in enumerate(("locked out", "out: locked", "locked out", "blocked", "blocked", "blocked"))
    ]
    assert found(*matches) == found(*matches[::-1])


names = st.sampled_from(
    ["jo.private@mail.example", "+49 170 5550199", "4111 1111 1111 1111", "order 8812-3391", "sk_live_51HxyzABCDEFGHIJ"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["locked", "password", "=cmd|x", "blocked"]), names), min_size=3, max_size=12))
def test_nothing_private_comes_out_of_keywords_or_replay(rows: list[tuple[str, str]]) -> None:
    draft = drafting(ReadOptions(), b"salt")
    matches = []
    for number, (word, private) in enumerate(rows):
        made = draft(Row(subject=f"{word} {private}", id=str(number), person=private))
        if not isinstance(made, str):
            ticket = Ticket(made.id, made.subject, made.shown, None, "solved", (), made.person)
            matches.append(Match(ticket, "password.md", 0.9, "answered"))
    lines = found(*matches)
    covered, _ = covered_subjects(matches)
    report = ReplayReport(TicketExport((), (), ()), judge_answers(covered, [()] * len(covered), {}), 0, "node")
    texts = (
        as_csv(lines),
        as_markdown(lines, lambda line: " ".join(word.word for word in line.words)),
        as_json(report),
        replay_csv(report),
    )
    for text in (*texts, str(replay_rows(report))):
        assert not [private for _, private in rows if private in text]
        assert not [digits for digits in ("5550199", "8812", "4111", "mail.example") if digits in text]
    for text in (as_csv(lines), replay_csv(report)):
        assert not [line for line in text.splitlines() if line.startswith(("=", "+", "-", "@"))]


def test_success_is_weighed_by_tickets_and_counts_the_first_three_pages() -> None:
    matches = [
        match("locked out", 1),
        match("locked out", 2),
        match("money", 3, "refund.md"),
        match("weak", 4, state="weak"),
        match("", 5),
    ]
    covered, left_out = covered_subjects(matches)
    assert ([(one.subject, one.tickets) for one in covered], left_out) == ([("locked out", 2), ("money", 1)], 0)
    pages = [("a/", "b/", "password/"), ("a/", "b/", "c/", "refund/")]
    report = ReplayReport(
        TicketExport((), (), ()), judge_answers(covered, pages, {"password.md": "password/", "refund.md": "refund/"}), 0, "node"
    )
    assert round(report.share, 3) == 0.667
    assert replay_rows(report) == (("refund.md", "1", "0 %", "money"),)
    assert (
        summarize(report)
        == "search shows the right article among the first 3 for 67 % of 3 tickets with 2 different subjects (node)"
    )


def test_of_too_many_subjects_the_same_part_is_drawn_whatever_their_order() -> None:
    matches = [match(f"subject {number}", number) for number in range(2500)]
    first, left_out = covered_subjects(matches)
    assert (len(first), left_out) == (2000, 500)
    assert covered_subjects(matches[::-1])[0] == first


def test_without_tickets_nothing_is_said() -> None:
    assert found() == ()
    assert covered_subjects(()) == ((), 0)
