"""An address of a former help center -> the number of the article that stood there."""

import re
from functools import lru_cache

_LONGEST = 2000
_NUMBER = r"(?P<id>[A-Za-z0-9_]+)"


def old_url_id(url: str, patterns: tuple[str, ...]) -> str | None:
    """Return the article's number; empty for a pattern without one, None when no pattern fits.

    In a pattern {id} stands for letters and digits, * for anything up to a query or an anchor. A slash, a query or an
    anchor at the end of the URL never matters, nor does http against https, nor the slug after `{id}-` or `{id}`.

    >>> old_url_id("https://help.example/hc/en-us/articles/360017-Refunds#fees", ("https://help.example/hc/*/articles/{id}-*",))
    '360017'
    >>> old_url_id("http://help.example/hc/de/articles/360017", ("https://help.example/hc/*/articles/{id}*",))
    '360017'
    """
    if len(url) > _LONGEST:
        return None
    for pattern in patterns:
        match = _expression(pattern).match(url)
        if match:
            return match.groupdict().get("id") or ""
    return None


@lru_cache(maxsize=100)
def _expression(pattern: str) -> re.Pattern[str]:
    _, _, rest = pattern.rpartition("://")
    rest = re.sub(r"\{id\}-?\*?$", "{id}", rest)
    before, mark, after = (re.escape(re.sub(r"\*+", "*", part)).replace(r"\*", r"[^?#]*") for part in _split(rest))
    number = _NUMBER if mark else ""
    slug = r"(?:-[^/?#]*)?" if mark and not after else ""
    return re.compile(rf"(?:https?:)?//{before}{number}{slug}{after}/?(?:[?#].*)?\Z", re.IGNORECASE | re.DOTALL)


def _split(pattern: str) -> tuple[str, str, str]:
    return pattern.partition("{id}")
