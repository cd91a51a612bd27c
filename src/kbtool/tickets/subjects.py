"""A subject as a mail program wrote it -> the question in it."""

import re
import unicodedata

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


def clean_subject(text: str) -> str:
    """Return the subject without reply marks, numbers, greetings and thanks; empty when nothing is left that has a letter.

    >>> clean_subject("RE: Fwd: [#4821] Hi team, where is my card??? thanks")
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
        subject = _without_ending(subject).strip()
    if _FIVE_DIGITS.search(subject):
        subject = " ".join(_NUMBER.sub(" ", subject).split())
    return subject if subject[:1].isalpha() or any(letter.isalpha() for letter in subject) else ""


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
