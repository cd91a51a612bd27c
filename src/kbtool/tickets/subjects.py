"""A subject as a mail program wrote it -> the question in it."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from kbtool.tickets.noise import is_uninformative

_PREFIX = re.compile(
    r"""\s*(?:
      \[[^\]]{0,40}\]                                                       # [EXTERNAL], [#123]
      | \#\#?[\w-]*\d[\w-]*\#{0,2}\s*[:-]?                                  # ##123##, #123
      | (?:re|fwd?|aw|wg|sv|vs|rv|enc|res|tr|antw|antwort|rép|ref|r|i|rif|odp|pd|ynt|i̇lt|ilt|vb|doorst|vl|回复|转发|答复|回覆|轉寄|返信|転送)\s*(?:\[\d+\])?\s*[:\uff1a]   # replies and forwards
      | (?:hi|hello|hey|dear|hallo|hola|bonjour|olá|ciao|hej|guten\ tag|good\ (?:morning|afternoon|evening|day))
        (?:\s+(?:there|all|team|everyone|support|sir|madam|zusammen|à\ tous)){0,2}\s*[,!:.\u2013-]+       # greetings
      | (?:urgent(?:e|ly)?|dringend|wichtig|important|asap)\s*[!:.\u2013-]+                        # how urgent it is
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_BRACKETED = re.compile(r"[(\[](?:ticket|case|order|ref|nr|no|id)\b[^)\]]{0,40}[)\]]$", re.IGNORECASE)
_THANKS = re.compile(
    r"\b(?:please\s+help(?:\s+me)?|thank(?:s|\s+you)(?:\s+(?:in\s+advance|so\s+much|a\s+lot))?|many\s+thanks|danke|merci|gracias|obrigad[oa]|grazie)[\s.!]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:order|ticket|case|invoice|bestellung|commande|pedido)\s*(?:nr|no|number)?[.:]?\s*\#?\d[\d-]{3,}[\s.!?]*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"#?\b\d{5,}\b")
_FIVE_DIGITS = re.compile(r"\d{5}")
_LAST_WORDS = (
    *("help", "help me", "thanks", "thank you", "in advance", "so much", "a lot", "danke", "merci", "gracias"),
    *("obrigado", "obrigada", "grazie"),
)
_NEAR_END = 64
"""So far from the end a search for an ending begins."""
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_CLOSING = re.compile(
    rf"""(?:^|(?<=[.;!?])\s*|[\s,\u2013-]+)(?:
      (?i:(?:(?:with|mit|met)\s+)?(?:(?:kind(?:est)?|best|warm(?:est)?|many|freundlichen?|besten?|viele[n]?|liebe[n]?|schönen?|vriendelijke)\s+)?
        (?:regards|gr[üu](?:ß|ss)en?|groeten?)) | (?i:mfg|cheers|sincerely|cordialement|bien\s+à\s+vous|saludos|atentamente|saluti|atenciosamente)
    )(?:\s*[,.!\u2013-]*\s*{_CAPITAL}[\w'\u2019.-]*){{0,3}}[\s,.!\u2013-]*$""",
    re.VERBOSE,
)
_DEVICE = re.compile(
    r"""(?:(?<=[.;!?])\s*|[\s,\u2013-]+)(?:(?:Sent|SENT|Gesendet|GESENDET|Envoyé|ENVOYÉ|Enviad[oa]|ENVIAD[OA]|Inviato|INVIATO|Verzonden|VERZONDEN)\s(?i:from|von|vom|mit|via|de|desde|do|da|dal|vanaf)
      |(?i:von\smeinem\s[\w\s-]{1,30}gesendet)|(?i:get\soutlook\sfor))\b[^.?!]{0,40}\.?$""",
    re.VERBOSE,
)
_CLOSINGS = frozenset(
    """regards grüße grüßen gruß grüsse grüssen gruss gruessen groet groeten mfg cheers sincerely cordialement vous saludos atentamente saluti
    atenciosamente sent gesendet envoyé enviado enviada inviato verzonden outlook""".split()  # noqa: SIM905 - as long a list could not be read
)
"""Words of which a closing has one: most subjects have none, and are spared the search."""
_PARTING = re.compile(r"(?:\s[-\u2013\u2014/|]+|[:|])(?:\s|$)")
"""What parts a word before the question, or after it, from the question."""
_LEAD = 48
"""So long is what stands before it, at most."""


def clean_subject(text: str) -> str:
    """Return the subject without reply marks, numbers, greetings, thanks and signatures; empty when nothing is left that has a letter.

    >>> clean_subject("RE: Fwd: [#4821] Hi team, where is my card??? thanks")
    'where is my card?'
    >>> clean_subject("Support request - where is my card? Kind regards, Jane. Sent from my iPhone")
    'where is my card?'
    >>> clean_subject("Odp: R: Vb: Doorst: TR : Antwort: my parcel")
    'my parcel'
    >>> clean_subject("Re: [External]")
    ''
    """
    subject = " ".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())
    before = ""
    while subject != before:
        before = subject
        prefix = _PREFIX.match(subject)
        subject = subject[prefix.end() :] if prefix else subject
        subject = _without_ending(_without_closing(subject)).strip()
        subject = _without_empty_parts(subject if subject.isascii() else _without_pictures(subject))
    if _FIVE_DIGITS.search(subject):
        subject = " ".join(_NUMBER.sub(" ", subject).split())
    return subject if subject[:1].isalpha() or any(letter.isalpha() for letter in subject) else ""


def decoded(text: str) -> str:
    """Return the text with what mails write letters as (RFC 2047) as letters again; as it was, where that cannot be read.

    >>> decoded("Re: =?UTF-8?Q?Wo_ist_mein_Paket=3F?=")
    'Re: Wo ist mein Paket?'
    """
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        return text


def _without_pictures(subject: str) -> str:
    """Return the subject without the pictures, as of faces, that stand before it or after it.

    >>> _without_pictures("\U0001f525 my board 12 °C \U0001f621\U0001f621")
    'my board 12 °C'
    """
    start, end = 0, len(subject)
    while start < end and _is_picture(subject[start]):
        start += 1
    while end > start and _is_picture(subject[end - 1]):
        end -= 1
    return subject[start:end].strip()


def _is_picture(letter: str) -> bool:
    return letter > "\u2000" and (letter == "\u20e3" or unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn", "Zs"))


def _without_closing(subject: str) -> str:
    """Return the subject without what mail programs and polite people put under a text."""
    if _CLOSINGS.isdisjoint(subject.lower().replace(",", " ").replace(".", " ").split()):
        return subject
    return _CLOSING.sub("", _DEVICE.sub("", subject))


def _without_empty_parts(subject: str) -> str:
    """Return the subject without a first and a last part that say nothing: "Question: ", " - urgent".

    >>> _without_empty_parts("Frage: wo ist mein Paket - bitte dringend"), _without_empty_parts("Question - urgent")
    ('wo ist mein Paket', 'Question')
    """
    if not ("-" in subject or ":" in subject or "/" in subject or "|" in subject or "\u2013" in subject or "\u2014" in subject):
        return subject
    subject = subject.rstrip(" -\u2013\u2014/|")
    parted = [found for found in _PARTING.finditer(subject) if found.end() < len(subject)]
    if parted and is_uninformative(subject[parted[-1].end() :]) and subject[: parted[-1].start()].strip():
        subject = subject[: parted[-1].start()]
        parted.pop()
    if parted and parted[0].start() <= _LEAD and is_uninformative(subject[: parted[0].start()]):
        subject = subject[parted[0].end() :]
    return subject.strip()


def _without_ending(subject: str) -> str:
    """Return the subject without one ending: a bracket with a number, more marks than one, a number, thanks.

    Most have none, so each is looked for only where the last letters allow it, and near the end.
    """
    last, shorter = subject[-1:], subject
    if last.isalpha():
        return _cut(subject, _THANKS, len(subject), " ,.!\u2013-") if subject[-12:].lower().endswith(_LAST_WORDS) else subject
    bare = subject.rstrip(" .!?")
    if last in (")", "]"):
        shorter = _cut(subject, _BRACKETED, len(subject), "")
    elif bare[-1:].isdigit():
        shorter = _cut(subject, _NUMBERED, len(bare), " ,\u2013-")
    elif bare[-12:].lower().endswith(_LAST_WORDS):
        shorter = _cut(subject, _THANKS, len(bare), " ,.!\u2013-")
    if shorter == subject and last in ("?", "!") and subject[-2:-1] in ("?", "!"):
        return subject[: len(subject.rstrip("?!")) + 1]
    return shorter


def _cut(subject: str, ending: re.Pattern[str], end: int, between: str) -> str:
    """Return what stands before the ending, and before the signs between, or all of it."""
    found = ending.search(subject, max(0, end - _NEAR_END))
    return subject[: found.start()].rstrip(between or None) if found else subject
