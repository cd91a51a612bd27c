"""Library -> the index's postings as plain arrays, for whoever scores many texts at once."""

from array import array
from functools import partial
from pathlib import Path
from typing import Any

from kbtool import filler
from kbtool.content.index import FIELD_WEIGHTS, filler_words, read_index, stems_of
from kbtool.demand import FieldPostings, Postings
from kbtool.model import Library

_TONGUES = ("ar", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv", "tr")
"""Languages whose small words the index may know."""


def read_postings(library: Library, *, folder: Path, language: str) -> Postings:
    """Return every word of every article, from the index that `kbtool search` keeps in `folder`; it is brought up to date first.

    The same articles give the same postings, however the index came to be.
    """
    return read_index(library.articles, folder, language, partial(_postings, language=language))


def _postings(index: Any, language: str) -> Postings:  # noqa: ANN401 - Whoosh has no types
    """Return the index's postings and close it."""
    with index.reader() as reader:
        paths = {reader.stored_fields(number)["path"]: number for number in reader.all_doc_ids()}
        places = {number: place for place, (_, number) in enumerate(sorted(paths.items()))}
        stems = sorted({stem for name in FIELD_WEIGHTS for stem in reader.lexicon(name)})
        fields = tuple(_field(reader, name, stems, places) for name in FIELD_WEIGHTS)
    index.close()
    texts = tuple(stem.decode() for stem in stems)
    stems_in = partial(stems_of, language=language)
    return Postings(tuple(sorted(paths)), texts, fields, stems_in, filler_words(language), _tongues(language))


def _tongues(language: str) -> dict[str, frozenset[str]]:
    """Return the small words of other languages, without those that are also small words of this one, or parts of them ("won't")."""
    own = {part for word in (*filler_words(language), *filler.filler_words(language)) for part in (word, *word.split("'"))}
    others = {code: {*filler_words(code), *filler.filler_words(code)} - own for code in _TONGUES if not language.startswith(code)}
    return {code: frozenset(words) for code, words in others.items() if words}


def _field(reader: Any, name: str, stems: list[bytes], places: dict[int, int]) -> FieldPostings:  # noqa: ANN401
    """Return one field's postings. Places say which article a document's number in the index means."""
    columns = (array("i"), array("i"), array("i"))
    for number, stem in enumerate(stems):
        if (name, stem) not in reader:
            continue
        matcher = reader.postings(name, stem)
        found = []
        while matcher.is_active():
            found.append((places[matcher.id()], int(matcher.value_as("frequency"))))
            matcher.next()
        for article, count in sorted(found):
            for column, value in zip(columns, (number, article, count), strict=True):
                column.append(value)
    lengths = array(
        "d", (reader.doc_field_length(number, name, 0) or 0 for number, _ in sorted(places.items(), key=lambda pair: pair[1]))
    )
    return FieldPostings(FIELD_WEIGHTS[name], *columns, lengths)
