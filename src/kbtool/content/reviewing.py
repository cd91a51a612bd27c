"""An article's bytes and who checked it when -> the bytes that say so."""

import datetime
import re

from kbtool.content.amend import Amendment, amend_article, as_yaml, typed_keys
from kbtool.content.frontmatter import FRESHNESS, read_source
from kbtool.content.wording import digest_wording
from kbtool.encoding import byte_order, decode_text

_DATED = ("reviewed", "last_reviewed_on", "ms_date")
"""The keys that may hold the date, in the order in which they are read."""
_AMERICAN = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_COMMENTED = re.compile(r"(\breviewed\s*:\s*['\"]?)([^\s,'\"{}]+)")


def review_article(data: bytes, path: str, day: datetime.date, person: str) -> bytes:
    """Return the article with the day, the person and a digest of its text in its front matter; every other byte is as it was.

    The day goes where the article keeps it: into `last_reviewed_on`, `ms.date` or a freshness comment where it has that and no
    `reviewed`. Raises Stop when the file is no article that can be read, or when its front matter cannot safely be changed.
    """
    text = decode_text(data, path)
    keys = typed_keys(text)
    body = read_source(text, path).body
    key = next((key for key in _DATED if keys.get(key)), next((key for key in _DATED if key in keys), ""))
    values = {"reviewed_by": as_yaml(person), "reviewed_text": digest_wording(body)}
    commented = FRESHNESS.search(body)
    if not key and commented and _COMMENTED.search(commented[0]):
        data = _redated(data, day)
    else:
        key = key or "reviewed"
        value = day.strftime("%m/%d/%Y") if _AMERICAN.fullmatch(keys.get(key, "")) else day.isoformat()
        values = {key: value, **values}
    return amend_article(data, path, Amendment(values, after=key))


def _redated(data: bytes, day: datetime.date) -> bytes:
    """Return the article with the day in its freshness comment."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    redated = FRESHNESS.sub(lambda found: _COMMENTED.sub(rf"\g<1>{day.isoformat()}", found[0], count=1), raw, count=1)
    return mark + redated.encode(encoding)
