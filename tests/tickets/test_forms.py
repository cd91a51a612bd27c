"""Cells and tables of the answers."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from kbtool.tickets.forms import guarded_table
from kbtool.tickets.naming import count_words, split_words

CELLS = st.text(st.sampled_from("ab,\"\n\r ;'\t\u2028"), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS)))
def test_a_table_is_written_as_the_writer_of_csv_does(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    assert guarded_table(("a", "b", "c"), rows) == text.getvalue()


@given(st.lists(st.text(st.sampled_from("abIi\u0130\u03a3\u03c3\u2019' -\n"), max_size=9)))
def test_words_are_counted_as_they_are_split(texts: list[str]) -> None:
    split = [word for text in texts for word in split_words(text)]
    assert count_words(texts) == {word: split.count(word) for word in split}
