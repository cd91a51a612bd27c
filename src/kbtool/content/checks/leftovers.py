"""What must never go out: words that wait for others, and what belongs to one person or to the house."""

import re
from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript
from kbtool.content.checks.vocabulary import PEOPLE_OF_EXAMPLES, ROLES
from kbtool.problems import Severity

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|TBA|FIXME)\b(?![./\\-]\w)|\b[Ll]orem ipsum\b|(?<![\w.\-/:@#*+])(?:xxx|XXX)(?![\w\-/:@*]|\.\w)|\?\?\?+"
    r"|[\[<(](?:insert|add|your) [^\])>\n]{2,40} here[\])>]",
)
_SUMMARY = re.compile(r"^[\"']?(?:summary|description)[\"']?[ \t]*:", re.MULTILINE)
_EMAIL = re.compile(r"(?<![\w.+/-])([A-Za-z0-9][\w.+%-]*)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})(?![\w@])")
_FREEMAIL = re.compile(
    r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|aol|gmx|web|t-online|proton|protonmail|posteo|mailbox|qq|163|yandex)"
    r"\.(?:com?|de|fr|it|es|net|org|me|at|ch|ru|uk|co\.\w\w)",
)
_PERSON = re.compile(r"[a-z]{1,20}[._][a-z][a-z-]{1,20}\d{0,4}")
_EXAMPLE_HOST = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost)(?:\.|$)|example|(?:^|\.)(?:your|my|our|acme|foo|bar|sample|some|company|organi[sz]ation|domain|email|mail|school|xyz)"
    r"[\w-]*\.",
    re.IGNORECASE,
)
_TOKENS = tuple(
    (what, mark, re.compile(expression))
    for what, mark, expression in (
        ("a private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
        ("an access key of AWS", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
        ("a passing key of AWS", "ASIA", r"\bASIA[0-9A-Z]{16}\b"),
        ("a token of GitHub", "gh", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b"),
        ("a token of GitLab", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),
        ("a token of Slack", "xox", r"\bxox[abprs]-[A-Za-z0-9-]{20,}"),
        ("a secret key of Stripe", "k_live_", r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
        ("a key of Google", "AIza", r"\bAIza[0-9A-Za-z_-]{35}\b"),
        ("a token", "eyJ", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    )
)
"""What each is called, what none is without, and how it looks."""
_CARD = re.compile(r"(?<![\w.-])(?:\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w-]|\.\d)")
_CARD_STARTS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|6(?:011|5)")
_TEST_CARDS = frozenset(
    ("4111111111111111", "4242424242424242", "4000056655665556", "5555555555554444", "5105105105105100", "378282246310005",
     "371449635398431", "6011111111111117", "4012888888881881", "2223003122003222", "4000000000000002", "4000002500003155")
)  # fmt: skip
_INSIDE = re.compile(r"(?<![\w.@-])((?:[a-z0-9-]+\.)+(?:internal|corp|intranet|lan))(?![\w-]|\.\w)", re.IGNORECASE)
_ENDS_INSIDE = re.compile(r"\.(?:internal|corp|intranet|lan)\b", re.IGNORECASE)
_KNOWN_INSIDE = re.compile(
    r"host\.docker\.internal|metadata\.google\.internal|example|(?:^|\.)(?:your|my)[\w-]*\.", re.IGNORECASE
)


def check_placeholders(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the words that wait for others; code may hold them, and a draft is where they wait rightly."""
    level: Severity | None = "warning" if manuscript.article.meta.status == "draft" else None
    for line, words in _waiting(manuscript):
        yield Finding(line, f'"{words}" waits for the words that belong there', "write them, or take the sentence out", level)


def _waiting(manuscript: Manuscript) -> Iterator[tuple[int, str]]:
    """Yield line and words of each, those of the summary among them: lists and search results show it."""
    for found in _PLACEHOLDER.finditer(manuscript.article.meta.summary):
        typed = _SUMMARY.search(manuscript.source)
        yield 1 + manuscript.source.count("\n", 0, typed.start()) if typed else 1, found[0]
    for block in manuscript.blocks:
        if block.kind not in ("paragraph", "cell", "heading") or block.reused:
            continue
        for found in _PLACEHOLDER.finditer(block.text):
            yield block.line + block.text.count("\n", 0, found.start()), found[0]


def check_leaks(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield what looks like a person's address, a card number, a token or a host of the house, in an article for everybody."""
    if manuscript.article.meta.audience != "public":
        return
    source = manuscript.source
    for place, what in sorted({*_addresses(manuscript), *_hosts(manuscript)}):
        yield Finding(1 + source.count("\n", 0, place), what, "take it out, or use one that is made up")
    for place, what in _tokens(source):
        yield Finding(1 + source.count("\n", 0, place), what, "take it out, and make it invalid where it was made")
    for block in manuscript.blocks:
        for place, what in _cards(block.text):
            yield Finding(
                block.line + block.text.count("\n", 0, place), what, "take it out, or use a number that is made for tests"
            )


def _addresses(manuscript: Manuscript) -> Iterator[tuple[int, str]]:
    if "@" not in manuscript.source:
        return
    own = {address.casefold() for address in manuscript.setup.contact}
    for found in _EMAIL.finditer(manuscript.source):
        name, host = found[1].casefold(), found[2].casefold()
        roles = re.split(r"[.+_-]", name)
        if found[0].casefold() in own or name in PEOPLE_OF_EXAMPLES or _EXAMPLE_HOST.search(host):
            continue
        if any(part in ROLES for part in (name, *roles)) or not (_PERSON.fullmatch(name) or _FREEMAIL.fullmatch(host)):
            continue
        yield found.start(), f'"{found[0]}" looks like a person\'s address'


def _cards(text: str) -> Iterator[tuple[int, str]]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _CARD_STARTS.match(digits) and digits not in _TEST_CARDS and len(set(digits)) > 3 and _luhn(digits):  # noqa: PLR2004 - 4444 3333 ... is made up
            yield found.start(), f'"{digits[:4]} ... {digits[-2:]}" looks like a card number'


def _luhn(digits: str) -> bool:
    """Tell whether the last digit is right (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - the sum of two digits


def _tokens(source: str) -> Iterator[tuple[int, str]]:
    for what, mark, expression in _TOKENS:
        for found in expression.finditer(source) if mark in source else ():
            if "EXAMPLE" not in found[0].upper():
                yield found.start(), f'"{found[0][:10]}..." looks like {what}'


def _hosts(manuscript: Manuscript) -> Iterator[tuple[int, str]]:
    if not _ENDS_INSIDE.search(manuscript.source):
        return
    for found in _INSIDE.finditer(manuscript.source):
        if not _KNOWN_INSIDE.search(found[1]) and found[1].lower() not in manuscript.setup.hosts:
            yield found.start(), f'"{found[1]}" looks like the name of an internal host'
