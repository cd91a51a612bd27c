"""What a style sheet kept from readers' eyes stays hidden, though its style goes; search still knows its words."""

import pytest

from kbtool.content.markdown import MarkdownOptions, render_markdown


@pytest.mark.parametrize("typed", ['style="display:none;"', "style='color: red; DISPLAY : none'", "hidden"])
def test_hidden_stays_hidden(typed: str) -> None:
    made = render_markdown(f"Words.\n\n<p {typed}>Tags: refund</p>\n", "a.md", 1, MarkdownOptions({}, {}, {}), None)
    assert '<p hidden="">Tags: refund</p>' in made.html
    assert "refund" in made.text
    assert made.first_paragraph == "Words."


def test_other_styles_go_and_hide_nothing() -> None:
    made = render_markdown('<p style="color: red">Words</p>\n', "a.md", 1, MarkdownOptions({}, {}, {}), None)
    assert "<p>Words</p>" in made.html
