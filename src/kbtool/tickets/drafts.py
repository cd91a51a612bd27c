"""Rows of an export -> drafts of tickets: cleaned, redacted, and without the requester; only the date is still to be read."""

import hashlib
import html
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from kbtool.demand import TicketStatus
from kbtool.tickets.export import ReadOptions
from kbtool.tickets.noise import first_sentence, is_system_mail, is_uninformative
from kbtool.tickets.redact import redact, without_marks
from kbtool.tickets.sources.source import Row
from kbtool.tickets.statuses import read_status
from kbtool.tickets.subjects import clean_subject, decoded

_CACHED = 1 << 16
_LONGEST_SUBJECT, _LONGEST_BODY = 500, 5000
_MARGIN = 1000
"""What is cut off is redacted with the rest, or half an address would stay."""


class Draft(NamedTuple):
    """A row, cleaned, whose date is not yet read."""

    id: str
    subject: str
    shown: str
    created: str
    status: TicketStatus
    tags: tuple[str, ...]
    person: str
    body: str
    reopened: bool
    conversation: str
    inbound: bool


def drafting(options: ReadOptions, salt: bytes) -> Callable[[Row], Draft | str]:
    """Return a function: row -> what is kept of it, or why it is dropped. It remembers the texts that come again and again."""
    tags = {tag.casefold() for tag in options.tags}
    words = lru_cache(_CACHED)(_words)
    shared = lru_cache(_CACHED)(lambda held: held)

    @lru_cache(_CACHED)
    def person(text: str) -> str:
        return hashlib.blake2b(text.strip().casefold().encode("utf-8", "replace"), digest_size=8, key=salt[:64]).hexdigest()

    def draft(row: Row) -> Draft | str:
        status, dropped = read_status(row.status) if row.status else ("unknown", "")
        if dropped:
            return dropped
        if tags and tags.isdisjoint(tag.casefold() for tag in row.tags):
            return "tickets without the tag"
        subject, shown, fate = words(row.subject[: _LONGEST_SUBJECT + _MARGIN], row.name)
        body = ""
        if options.use_body and row.body:
            sentence = first_sentence(row.body)
            body = without_marks(redact(row.body[: _LONGEST_BODY + _MARGIN], row.name)[:_LONGEST_BODY])
            if not subject and sentence:
                subject, shown, fate = words(sentence, row.name)
        if fate:
            return fate
        return Draft(
            row.id,
            subject,
            shown,
            row.created,
            status,
            shared(row.tags),
            person(row.person) if row.person.strip() else "",
            body,
            row.reopened,
            row.conversation,
            row.inbound,
        )

    return draft


def subject_words(shown: str) -> str:
    """Return what is matched of a redacted subject; nothing when it says nothing."""
    subject = clean_subject(without_marks(shown))
    return "" if is_uninformative(subject) else subject


def _words(text: str, name: str) -> tuple[str, str, str]:
    """Return the subject for matching, the subject as it may be shown, and why it is dropped."""
    text = html.unescape(html.unescape(text)) if "&" in text else text
    text = decoded(text) if "=?" in text else text
    shown = redact(text, name)[:_LONGEST_SUBJECT]
    subject = clean_subject(without_marks(shown))
    if not shown:
        return "", "", "empty subjects"
    if is_system_mail(shown) or (subject != shown and is_system_mail(subject)):
        return "", shown, "system mails"
    return "" if is_uninformative(subject) else subject if subject != shown else shown, shown, ""
