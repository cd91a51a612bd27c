"""Questions in another language than the articles' are told by their small words."""

from pathlib import Path

import pytest

from kbtool.tickets.export import TicketExport
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.naming import split_words
from kbtool.tickets.overview import look_over
from kbtool.tickets.report import GapReport, as_markdown, cautions, topic_rows
from kbtool.tickets.scoring import MatchOptions
from kbtool.tickets.tongues import tongue_reader
from kbtool.tickets.topics import find_topics
from tests.tickets.help_center import all_subjects, library, postings, tickets

GERMAN = ["Wo ist mein Paket geblieben", "wo ist mein Paket", "mein Paket ist nicht da", "ist mein Paket schon da"]


@pytest.mark.parametrize(
    ("subjects", "language"),
    [
        (["Wo ist mein Paket?"], "de"),
        (["Gibt es einen Rabatt", "Rabatt", "Rabatt?"], "de"),
        (["Où est mon colis ?"], "fr"),
        (["¿Dónde está mi pedido?"], "es"),
        (["non riesco ad accedere al mio account"], "it"),
        (["where is my parcel", "parcel"], ""),
        (["uno r4 does not start"], ""),
        (["uno r4"], ""),
        (["where is my parcel", "where is it", "Wo ist mein Paket?"], ""),
        ([], ""),
    ],
)
def test_the_language_is_told_by_small_words(subjects: list[str], language: str, tmp_path: Path) -> None:
    assert tongue_reader(postings(library(), tmp_path))([split_words(subject) for subject in subjects]) == language


def test_a_topic_in_another_language_has_no_nearest_article_and_lacks_no_words(tmp_path: Path) -> None:
    read = library()
    words = postings(read, tmp_path)
    asked = tickets([*all_subjects(), *GERMAN])
    scores = sorted(match.score for match in match_tickets(asked, read, words).matches)
    matched = match_tickets(asked, read, words, MatchOptions(unanswered=scores[len(GERMAN) + 8]))
    matches, topics = find_topics(matched, read, words)
    (topic,) = (topic for topic in topics if "Paket" in topic.name)
    assert (topic.language, topic.lacks) == ("de", ())
    report = GapReport(TicketExport((), (), ()), matches, topics, "wordllama", matched.cut, matched.sure)
    assert "none in German" in [row[4] for row in topic_rows(report)]
    assert "Nearest article: none in German." in as_markdown(report)
    assert any("came in German" in told for told in cautions(report))
    assert not {"ist", "mein", "wo"} & {word.word for word in look_over(matched, read, words).words}
