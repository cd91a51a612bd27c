"""Code -> HTML with the classes of Pygments; what is unknown or too long stays plain."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType as TokenType

_LONGEST_CODE = 30_000
_PLAIN = frozenset(("", "text", "txt", "plain", "plaintext", "none", "output", "console-output", "mermaid"))


def highlight(code: str, language: str) -> str:
    r"""Return the code escaped, with `<span class="k">` and the like when the language is known.

    >>> highlight("return 1", "python")
    '<span class="k">return</span> <span class="mi">1</span>\n'
    >>> highlight("a < b", "no-such-language")
    'a &lt; b'
    """
    name = language.lower()
    lexer = None if name in _PLAIN or len(code) > _LONGEST_CODE else _lexer(name)
    return escape(code, quote=False) if lexer is None else _spans(code, lexer)


def _spans(code: str, lexer: "Lexer") -> str:
    out: list[str] = []
    for css, values in groupby(lexer.get_tokens(code), key=lambda pair: _css(pair[0])):
        text = escape("".join(value for _, value in values), quote=False)
        out.append(f'<span class="{css}">{text}</span>' if css and not text.isspace() else text)
    return "".join(out)


@lru_cache(maxsize=500)
def _css(kind: "TokenType") -> str:
    """Return the class of a kind of token, up to the nearest kind that has one; names and punctuation stay plain."""
    from pygments.token import STANDARD_TYPES, Token  # noqa: PLC0415 - most articles hold no code

    while kind not in STANDARD_TYPES:
        kind = kind.parent or Token
    css = STANDARD_TYPES[kind]
    return "" if css in ("n", "p", "w") else css


@lru_cache(maxsize=64)
def _lexer(name: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - the same
    from pygments.util import ClassNotFound  # noqa: PLC0415 - the same

    try:
        return get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return None
