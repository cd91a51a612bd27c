"""Matching tickets to articles, and the topics of those that no article answers."""

import csv
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kbtool.tickets.arrays import Floats
from kbtool.tickets.cut import least_gap_share
from kbtool.tickets.matching import Matches, match_tickets
from kbtool.tickets.scoring import MatchOptions, Taught
from kbtool.tickets.topics import find_topics
from tests.tickets.help_center import ANSWERED, ARTICLES, GAP, all_subjects, library, postings, tickets

RIGHT = {subject: f"{name}.md" for name, subjects in ANSWERED.items() for subject in subjects}


def matched(folder: Path, subjects: list[str] | None = None, options: MatchOptions | None = None) -> Matches:
    """Return the tickets matched with the small help center."""
    read = library()
    return match_tickets(tickets(subjects or all_subjects()), read, postings(read, folder), options)


@pytest.mark.parametrize("words_only", [False, True])
def test_most_subjects_find_their_article_and_the_gap_is_seen(words_only: bool, tmp_path: Path) -> None:  # noqa: FBT001
    found = matched(tmp_path, options=MatchOptions(words_only=words_only)).matches
    by_subject = {match.ticket.subject: match for match in found}
    assert sum(by_subject[subject].article == path for subject, path in RIGHT.items()) >= 0.8 * len(RIGHT)
    mean = sum(match.score for match in found) / len(found)
    assert sum(by_subject[subject].score < mean for subject in GAP) >= 0.9 * len(GAP)
    assert all(0 <= match.score <= 1 for match in found)


def test_what_shares_no_word_with_its_article_finds_it(tmp_path: Path) -> None:
    subject = "my credentials are lost"
    found = {match.ticket.subject: match for match in matched(tmp_path, [*all_subjects(), subject]).matches}
    assert found[subject].article == "password.md"


def test_what_other_companies_are_asked_is_not_answered(tmp_path: Path) -> None:
    with (Path(__file__).parent / "arduino.csv").open(encoding="utf-8", newline="") as file:
        foreign = [row["subject"] for row in csv.DictReader(file)]
    states = Counter(match.state for match in matched(tmp_path, foreign).matches)
    assert states["unanswered"] > 0.9 * len(foreign)
    assert states["answered"] < 0.05 * len(foreign)


@pytest.mark.parametrize(
    ("nearness", "titles", "least", "most"),
    [
        (np.linspace(0.1, 0.4, 400), np.linspace(0.5, 0.9, 40), 0.9, 1.0),  # nothing is as near to an article as titles are
        (np.linspace(0.5, 0.9, 400), np.linspace(0.5, 0.9, 40), 0.0, 0.0),  # all is
        (np.concatenate([np.linspace(0.5, 0.9, 100), np.full(300, 0.2)]), np.linspace(0.5, 0.9, 40), 0.4, 0.7),  # a quarter is
        (np.linspace(0.1, 0.4, 400), np.zeros(0), 0.0, 0.0),  # titles alone tell nothing
        (np.zeros(0), np.zeros(0), 0.0, 0.0),
    ],
)
def test_the_least_share_of_gaps_is_told_by_how_near_titles_are(
    nearness: Floats, titles: Floats, least: float, most: float
) -> None:
    assert least <= least_gap_share(nearness, titles) <= most


def test_the_order_of_tickets_changes_nothing(tmp_path: Path) -> None:
    read = library()
    one = tickets([*all_subjects(), *GAP])
    other = random.Random(3).sample(one, len(one))  # noqa: S311 - to be drawn alike each time
    found = [match_tickets(each, read, postings(read, tmp_path)) for each in (one, other)]
    assert set(found[0].matches) == set(found[1].matches)
    topics = [find_topics(each, read, postings(read, tmp_path))[1] for each in found]
    assert [(topic.name, topic.examples, sorted(topic.ids)) for topic in topics[0]] == [
        (topic.name, topic.examples, sorted(topic.ids)) for topic in topics[1]
    ]


def test_the_gap_becomes_a_topic_in_the_customers_words(tmp_path: Path) -> None:
    read = library()
    words = postings(read, tmp_path)
    subjects = all_subjects()
    scores = sorted(match.score for match in match_tickets(tickets(subjects), read, words).matches)
    options = MatchOptions(unanswered=scores[len(GAP) - 1])
    found, topics = find_topics(match_tickets(tickets(subjects), read, words, options), read, words)
    topic = topics[0]
    assert "webcam" in topic.name
    assert any(topic.name in subject for subject in subjects)
    assert "webcam" in topic.lacks
    assert topic.people == topic.tickets >= 3
    assert 3 <= len(set(topic.examples)) == len(topic.examples) <= 5
    assert sum(count for _, count in topic.weeks) == topic.tickets
    assert {match.ticket.id for match in found if match.topic == topic.name} == set(topic.ids)


def test_examples_differ_and_what_one_person_alone_wrote_is_not_what_an_article_lacks(tmp_path: Path) -> None:
    read = library()
    words = postings(read, tmp_path)
    told = ["WEBCAM STAYS BLACK", "webcam stays black asap", "wecbam stays black", "webcam not found on zebulons laptop"]
    subjects = [*all_subjects(), *told]
    scores = sorted(match.score for match in match_tickets(tickets(subjects), read, words).matches)
    options = MatchOptions(unanswered=scores[len(GAP) + 2])
    _, topics = find_topics(match_tickets(tickets(subjects), read, words, options), read, words)
    lacks = {word for topic in topics for word in topic.lacks}
    assert "webcam" in lacks
    assert not lacks & {"zebulons", "wecbam", "asap"}
    examples = [example for topic in topics for example in topic.examples]
    assert sum("stays black" in example.lower() for example in examples) == 1
    assert not any(topic.name.isupper() for topic in topics)


def test_what_a_person_marked_is_obeyed(tmp_path: Path) -> None:
    taught = (Taught("webcam stays black", "plan.md", right=True), Taught("can I get a refund", "refund.md", right=False))
    by_subject = {match.ticket.subject: match for match in matched(tmp_path, options=MatchOptions(taught=taught)).matches}
    assert (by_subject["webcam stays black"].article, by_subject["webcam stays black"].state) == ("plan.md", "answered")
    assert by_subject["can I get a refund"].article != "refund.md"


def test_fixed_cuts_are_obeyed(tmp_path: Path) -> None:
    states = {match.state for match in matched(tmp_path, options=MatchOptions(answered=0.0, unanswered=-1.0)).matches}
    assert states == {"answered"}
    assert {match.state for match in matched(tmp_path, options=MatchOptions(unanswered=1.0)).matches} == {"unanswered"}


def test_hidden_articles_are_never_the_answer(tmp_path: Path) -> None:
    read = library(refund="draft")
    found = match_tickets(tickets(all_subjects()), read, postings(read, tmp_path))
    assert "refund.md" not in {match.article for match in found.matches}


@pytest.mark.parametrize("subjects", [[], [""], ["refund"], ["refund", "webcam"], ["", "refund", "refund", "???"]])
@pytest.mark.parametrize("articles", [1, 2, 5])
def test_little_is_enough(subjects: list[str], articles: int, tmp_path: Path) -> None:
    read = library(dict(list(ARTICLES.items())[:articles]))
    words = postings(read, tmp_path)
    found = match_tickets(tickets(subjects), read, words)
    assert len(found.matches) == len(subjects)
    assert all(match.state == "weak" for match in found.matches if not match.ticket.subject)
    assert len(find_topics(found, read, words)[0]) == len(subjects)


def test_a_language_the_model_does_not_know_is_learned_from_the_export(tmp_path: Path) -> None:
    assert matched(tmp_path).space.model == "wordllama"
    assert matched(tmp_path, options=MatchOptions(language="de")).space.model == "the export itself"


def test_who_waits_is_told_how_many_subjects_are_matched(tmp_path: Path) -> None:
    read, told = library(), list[tuple[int, int]]()
    match_tickets(
        tickets(all_subjects()), read, postings(read, tmp_path), progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (len(set(all_subjects())), len(set(all_subjects())))


@pytest.mark.parametrize("words_only", [False, True])
def test_the_size_of_the_blocks_changes_nothing(
    words_only: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = MatchOptions(words_only=words_only)
    whole = matched(tmp_path, options=options)
    monkeypatch.setattr("kbtool.tickets.arrays.ROWS", 500)
    pieces = matched(tmp_path, options=options)
    assert pieces.matches == whole.matches
    assert (pieces.neighbours == whole.neighbours).all()
