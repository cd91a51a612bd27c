"""Mail as programs keep it (mbox, .eml) -> rows, one a message; a thread is one conversation."""

import email.errors
import email.header
import email.message
import email.parser
import email.utils
import re
from collections.abc import Iterable, Iterator, Mapping

from kbtool.tickets.sources.source import CERTAIN, Content, Row, Skipped, Source, Wanted

_ID = re.compile(r"<([^<>\s]{1,998})>")
_FIELD = re.compile(r"[A-Za-z][\w-]*:")
_LARGEST = 1 << 18
"""So much of a message is looked at: attachments are no words."""
_MBOX, _LETTER = CERTAIN, 7


def sources() -> tuple[Source, ...]:
    """Return the source for mbox files and single letters."""
    return (Source("mail", "mail", _tells, _rows, _columns, text=False),)


def _tells(content: Content) -> int:
    if content.head.startswith("From ") and _is_letter(content.head.partition("\n")[2]):
        return _MBOX
    return _LETTER if _is_letter(content.head) else 0


def _is_letter(head: str) -> bool:
    """Tell whether a text begins with the fields of RFC 5322."""
    fields: set[str] = set()
    for line in head.splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        if not _FIELD.match(line):
            return False
        fields.add(line.partition(":")[0].lower())
    return bool(fields & {"from", "message-id"}) and bool(fields & {"subject", "date", "to"})


def _columns(content: Content, wanted: Wanted) -> Mapping[str, str]:
    del content
    columns = {"subject": "Subject", "id": "Message-ID", "created": "Date", "person": "From", "tags": "X-Gmail-Labels"}
    return {**columns, "body": "text"} if wanted.body else columns


def _rows(content: Content, wanted: Wanted) -> Iterator[Row | Skipped]:
    """Yield each message, in the conversation that its references say."""
    with content.open_bytes() as stream:
        for line, data in _messages(stream):
            message = _message(data)
            if _is_automatic(message):
                yield Skipped(line, "automatic mails")
            elif message.keys():
                yield _row(message, line, wanted)
            else:
                yield Skipped(line, "broken rows", "a message without a head")


def _messages(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each message with its line: a line "From " after a blank one begins the next."""
    kept: list[bytes] = []
    size, first, blank = 0, 1, True
    for number, line in enumerate(lines, 1):
        if blank and line.startswith(b"From "):
            if kept:
                yield first, b"".join(kept)
            kept, size, first = [], 0, number
        elif size < _LARGEST:
            kept.append(line[:_LARGEST])
            size += len(line)
        blank = not line.strip()
    if kept:
        yield first, b"".join(kept)


def _message(data: bytes) -> email.message.Message:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return email.parser.Parser().parsestr(text.lstrip("\ufeff\r\n"))


def _is_automatic(message: email.message.Message) -> bool:
    submitted, precedence = (_field(message, name).strip().lower() for name in ("Auto-Submitted", "Precedence"))
    return submitted not in ("", "no") or precedence in ("bulk", "junk", "list", "auto_reply") or "X-Autoreply" in message


def _row(message: email.message.Message, line: int, wanted: Wanted) -> Row:
    own = (_ID.findall(_field(message, "Message-ID")) or [f"line {line}"])[0]
    before = _ID.findall(_field(message, "References")) or _ID.findall(_field(message, "In-Reply-To"))
    name, address = email.utils.parseaddr(_field(message, "From"))
    labels = tuple(label.strip() for label in _field(message, "X-Gmail-Labels").split(",") if label.strip())
    held = {label.casefold() for label in labels}
    return Row(
        " ".join(_field(message, "Subject").split()),
        own,
        _field(message, "Date"),
        next((status for label, status in (("spam", "spam"), ("trash", "deleted")) if label in held), ""),
        labels,
        address,
        name,
        _words(message) if wanted.body else "",
        line=line,
        conversation=before[0] if before else own,
        inbound="sent" not in held,
    )


def _field(message: email.message.Message, name: str) -> str:
    """Return a field's text, RFC 2047 undone."""
    try:
        value = str(message.get(name, ""))
        return "".join(_chunk(*chunk) for chunk in email.header.decode_header(value)) if "=?" in value else value
    except (email.errors.MessageError, ValueError, LookupError, IndexError, TypeError, AttributeError):
        return str(message.get(name, ""))


def _chunk(chunk: bytes | str, charset: str | None) -> str:
    if isinstance(chunk, str):
        return chunk
    for name in (charset or "raw-unicode-escape", "utf-8", "cp1252"):
        try:
            return chunk.decode(name)
        except (UnicodeError, LookupError):
            continue
    return chunk.decode("latin-1")


def _words(message: email.message.Message) -> str:
    """Return the first part that is plain text."""
    try:
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                payload = part.get_payload(decode=True)
                return _chunk(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
    except (email.errors.MessageError, ValueError, LookupError, IndexError, TypeError, AttributeError):
        pass
    return ""
