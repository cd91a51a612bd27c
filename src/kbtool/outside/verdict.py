"""What came back for an address -> what it says about the link."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from kbtool.web import Cause

State = Literal["answers", "moved", "dead", "unknown"]
"""unknown: whoever is there did not let us look, or was too slow: it says nothing about the link."""

_GONE = frozenset({404, 410})
_REFUSALS = 400
_GATE = re.compile(r"/(?:(?:log|sign)[-_]?(?:in|on)|sso|oauth2?|auth|captcha|challenge|consent|cdn-cgi)(?![a-z])", re.IGNORECASE)
_DEAD_LINES: dict[Cause, str] = {
    "name": "there is no such host",
    "refused": "the host takes no connections",
    "certificate": "its certificate is not valid",
}
_ODD_LINES: dict[Cause, str] = {
    "issuer": "an issuer of certificates that is not known here",
    "slow": "no answer in time",
    "line": "the connection broke",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look at an address showed."""

    state: State
    said: str = ""
    """Why, in words, where it does not simply answer."""
    to: str = ""
    """Where it has moved for good."""
    reached: bool = True
    """Whether anybody answered at all."""
    sure: bool = True
    """Whether asking in another way cannot change it."""


def is_gate(there: str, address: str) -> bool:
    """Tell whether a redirect leads to a page that lets people in, and programs not: what is behind it cannot be seen.

    >>> is_gate("https://a.org/accounts/login?next=x", "https://a.org/x"), is_gate("https://a.org/authors/", "https://a.org/x")
    (True, False)
    """
    return bool(_GATE.search(there)) and not _GATE.search(address)


def judge_status(status: int, moved: str) -> Verdict:
    """Return what a status says; `moved` is where permanent redirects led, if they did."""
    if status < _REFUSALS:
        return Verdict("moved", to=moved) if moved else Verdict("answers")
    if status in _GONE:
        return Verdict("dead", f"{status} {HTTPStatus(status).phrase}", sure=False)
    return Verdict("unknown", str(status), sure=status == HTTPStatus.TOO_MANY_REQUESTS)


def judge_line(cause: Cause) -> Verdict:
    """Return what it says that no answer came."""
    reached = cause in ("certificate", "issuer")
    if cause in _DEAD_LINES:
        return Verdict("dead", _DEAD_LINES[cause], reached=reached)
    return Verdict("unknown", _ODD_LINES[cause], reached=reached, sure=cause == "issuer")
