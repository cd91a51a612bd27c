"""An article's body -> a digest that changes when its words do."""

import re
from hashlib import sha256

from kbtool.content.frontmatter import FRESHNESS

_ADDRESS = re.compile(r"\]\((?![a-zA-Z][a-zA-Z0-9+.-]*:)[^()\s]*")


def digest_wording(body: str) -> str:
    r"""Return a short digest of the text: spaces, line ends, addresses of own pages and the date of a freshness comment do not count.

    So neither an editor that trims lines nor a page that moved makes an article look changed.

    >>> digest_wording("See [prices](prices.md).\n") == digest_wording("See\r\n[prices](../prices.md). ")
    True
    >>> digest_wording("It costs 5") == digest_wording("It costs 6")
    False
    """
    typed = (FRESHNESS.sub("", body) if "freshness" in body else body) if "freshness" in body else body
    words = " ".join(_ADDRESS.sub("](", typed).split())
    return f"sha256:{sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
