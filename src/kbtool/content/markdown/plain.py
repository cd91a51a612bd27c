"""Inline tokens -> their words."""

from collections.abc import Iterable

from markdown_it.token import Token


def plain(tokens: Iterable[Token]) -> str:
    """Return the words in one line: images by their alternative text, raw tags left out."""
    return " ".join("".join(map(_words, tokens)).split())


def _words(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    if token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and token.content[:3].lower() == "<br"):
        return " "
    return plain(token.children) if token.type == "image" and token.children else ""
