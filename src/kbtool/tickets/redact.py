"""Texts of customers -> the same without what points at a person: addresses, numbers, names, tokens.

Whatever could be private is taken out, though some of it is not: a date is a birthday here, and a version of four parts
a place in a network. Each pattern takes time that grows with the text alone, however the text was made.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from kbtool.tickets.persons import EDGES, TITLED_MARK, redact_persons
from kbtool.tickets.streets import without_streets
from kbtool.tickets.writers import without_writer

_INVISIBLE = re.compile(r"[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_PLAIN = re.compile(r"[A-Za-z ,.;:?!'\"()\[\]&%$*-]*")
_SHORTEST_TOKEN = 16
_FEWEST_DIGITS = 4
"""Of a number or a code that points at somebody."""
_SHORTEST_NUMBER, _SHORTEST_ABROAD = 6, 5
"""Digits of a number that points at somebody; with a plus before it there are fewer."""
_STOPS, _COLONS, _DASHES = 3, 3, 5
"""How often at least each of these stands in the address of a computer."""
_SECRETS = re.compile(r"pass|kennw|pwd|pin|otp|cv[vc]|secret|token|api|contras|senha")

_PART = r"[^\s@<>()\[\],;:\"]"
_LABELS = (  # by their first letters, or each would be tried at every word
    r"(?:a(?:ccount|usweis\w{0,8})|b(?:estell\w{0,12}|ooking|uchung\w{0,8})|c(?:ommande|ase|ustomer|onfirmation|ontract)"
    r"|fa(?:cture|ctura|ttura)|invoice|k(?:unden\w{0,8}|onto\w{0,8})|licen[cs]e|member(?:ship)?|ord(?:er|ine|re)"
    r"|imei|incident|p(?:edido|arcel|olicy|assport)|r(?:echnung\w{0,8}|ef(?:erence)?|eservation|ma)|s(?:/?n|erial|endung\w{0,8}|hipment)"
    r"|t(?:icket|racking|ransaction)|vertrag\w{0,8}|zamówienie)"
)
_SEPARATED = r"(?:[\s().\-/\u2010-\u2015\u2212]{0,3}\d)"

_MAIL = re.compile(rf'"[^"\n]{{1,64}}"(?:@{_PART}++)|(?<!{_PART}){_PART}++(?:@{_PART}++)++')
_SPELLED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:[(\[{]\s?(?:at|ät|@)\s?[)\]}]|\sat\s(?=[\w\s-]{1,63}\sdot\s))\s?"
    r"[\w-]{1,63}(?:\s?(?:[(\[{]\s?(?:dot|punkt|\.)\s?[)\]}]|\sdot\s|\.)\s?\w{2,24}){1,4}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]*+")
_LINK = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://\S++|(?<!\w)www\.\S++|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,24}/\S++", re.IGNORECASE
)
_SECRET = re.compile(
    r"\b(password|passwort|kennwort|passwd|pwd|passcode|pin|otp|cvv|cvc|secret|token|api[ _-]?key|mot\sde\spasse|contraseña|senha)"
    r"(\s{0,3}=\s{0,3}|\s{0,3}(?::|\bis\b|\bist\b|\best\b|\bes\b)\s{0,3}(?=\S{0,100}?\d))\S++",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9_+/=.~-]{16,}")
_KEY = re.compile(r"(?:sk|pk|rk)_|gh[opsu]_|xox[abprs]-|AKIA|eyJ|glpat-|shpat_")
_PIECES = re.compile(r"[-./_+=~]+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{2,4}){3,8}\b")
_PLACE = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b(?:[0-9a-f]{1,4}::?){3,7}[0-9a-f]{1,4}\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    rf"\b(?=\w)({_LABELS}[\s:#.°]{{0,3}}(?:(?:no|nr|num|number|nummer|n°|id|code)\b[\s:#.°]{{0,3}})?)(?=[\w-]{{0,40}}?\d)\w[\w-]{{3,40}}",
    re.IGNORECASE,
)
_SHARP = re.compile(r"(?<!\w)#{1,3}(?=[\w-]{0,40}?\d)\w[\w-]{1,40}#{0,3}")
_THREAD = re.compile(r"\bref:[\w.!]{3,80}:ref\b")
_DOUBLED = re.compile(r"\[#?(\[\w{4,6}\])\]")
_NUMBER = re.compile(
    rf"(?=[#+(\d])(?:#?\+?\(?\d{_SEPARATED}{{6,}}|\+\d{_SEPARATED}{{4,}}|#?\d{{6,}}|(?<!\d)\d\d([\s.\-/])\d\d\1\d\d(?!\d))"
)

_BRACKETS = rf"[(\[]\s?(?:{_LABELS}|nr|no|id)?[^()\[\]]{{0,20}}\[number\]\s?[)\]]"
_ENDING = rf"\b{_LABELS}[\s:#.°]{{0,3}}(?:(?:no|nr|num|number|nummer|n°|id|code)\b[\s:#.°]{{0,3}})?\[(?:number|token)\]\W*$"
_TALKED = (
    r"\b(?:conversation|chat|unterhaltung|gespräch|conversación|conversa|conversazione)\s"
    r"(?:with|from|mit|von|avec|de|con|com)\s\[name\]"
)
_MARKED = re.compile(rf"{_BRACKETS}|[\s,\u2013-]*{_ENDING}|{_TALKED}", re.IGNORECASE)
"""What leads to a mark, with the mark: (ticket [number]), or order no. [number] at the end, or conversation with [name]."""
_IN_BRACKETS = re.compile(_BRACKETS, re.IGNORECASE)
_LED_NUMBER = re.compile(_ENDING, re.IGNORECASE)
_CLOSED = re.compile(r"\[number\]\s?[)\]]", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"\[(?:number|token)\]\W*$", re.IGNORECASE)
_SIGNED = re.compile(r"\s{0,3}[,/|\u2013-]\s{0,3}\[name\]\W*$")
_LONGEST_LEAD = 64
"""No label with all that may follow it is longer."""
_CONTACT = re.compile(
    r"\b(?:(?:my|meine?|mi|mon)\s)?(?:"
    r"(?:e-?mail|mail|phone|mobile|tel|telephone|telefon|whatsapp)(?:\s(?:address|number|adresse|nummer))?(?:\s(?:is|ist|es|est)|:|\.)"
    r"|(?:(?:please|pls|bitte)\s)?(?:call|text|reach|contact|mail|email|phone|ring)\sme(?:\s(?:back|at|on|under)){0,2}:?"
    r")\s?\[(?:email|number)\]\W{0,9}$",
    re.IGNORECASE,
)
"""How to reach somebody, at the end: my mail is [email], or please call me back at [number]. It says nothing of what is asked."""
_REACHED = ("[email]", "[number]")
_MARK = re.compile(r"#?\[(?:address|email|link|secret|token|number|card|name)\]")
_EMPTY = re.compile(r"[(\[]\s*[)\]]")
"""Brackets that held only marks."""


_Step = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def redact(text: str, name: str = "") -> str:
    """Return the text in one line, with [email], [number] and the like where something private stood. `name` is the requester's.

    >>> redact("Refund 4111 1111 1111 1111 to jane@example.com or +44 20 7946 0958")
    'Refund [card] to [email] or [number]'
    >>> redact("Conversation with Jane Roe")
    'Conversation with [name]'
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    words = text.split()
    text = " ".join(words)
    if name:
        text = without_writer(text, name)
    lowered = text.casefold()
    if not _is_plain(text, lowered, words):
        if _DIGIT.search(text):
            text = without_streets(text, lowered)
        for pattern, put in _steps(text, lowered, words):
            text = pattern.sub(put, text)
    text = redact_persons(text, lowered)
    return _DOUBLED.sub(r"\1", text) if "[[" in text or "[#[" in text else text


def _is_plain(text: str, lowered: str, words: Sequence[str]) -> bool:
    """Tell whether no pattern but those of names can find anything: most texts are so, and are spared the closer look."""
    return (
        _PLAIN.fullmatch(text) is not None
        and max(map(len, words), default=0) < _SHORTEST_TOKEN
        and not ("dot" in lowered or "www." in lowered or "ref:" in text)
        and not (("(" in text or "[" in text) and _BRACKETED_AT.search(lowered))
        and text.count(":") < _COLONS
        and text.count("-") < _DASHES
    )


def _steps(text: str, lowered: str, words: Sequence[str]) -> Iterator[_Step]:
    """Yield the patterns that a text may hold. An address may hold a number, and a number may not eat a part of an address."""
    if "ref:" in text:
        yield (_THREAD, "[number]")
    if "://" in text or "www." in lowered or ("/" in text and _FOLDER.search(lowered)):
        yield (_LINK, "[link]")
    if "@" in text:
        yield from _MAILS
    if "dot" in lowered or (("(" in text or "[" in text or "{" in text) and _BRACKETED_AT.search(lowered)):
        yield (_SPELLED, "[email]")
    digits = _digits(text)
    if "=" in text or (digits and _SECRETS.search(lowered)):
        yield (_SECRET, r"\1\2[secret]")
    long = max(map(len, words), default=0) >= _SHORTEST_TOKEN
    yield from _numbers(text, lowered, digits, long=long)
    if long:
        yield (_RUN, _token)


def _numbers(text: str, lowered: str, digits: int, *, long: bool) -> Iterator[_Step]:
    """Yield the patterns of numbers that a text with so many digits may hold, and before the shorter ones what they would tear apart."""
    if digits >= _FEWEST_DIGITS and _COUNTRY.search(text):
        yield (_IBAN, "[number]")
    if text.count(".") >= _STOPS or text.count(":") >= _COLONS or text.count("-") >= _DASHES:
        yield (_PLACE, "[number]")
    if long and digits:
        yield (_RUN, _whole_token)
    if digits >= _SHORTEST_NUMBER or (digits >= _SHORTEST_ABROAD and "+" in text):
        yield (_NUMBER, _number)
    if not digits:
        return
    if _CODE.search(text) and _LABEL.search(lowered):
        yield (_ORDER, r"\1[number]")
    if "#" in text:
        yield (_SHARP, "[number]")


def _digits(text: str) -> int:
    """Return how many digits stand in a text."""
    if not text.isascii():
        return len(_DIGIT.findall(text))
    return len(text) - len(text.encode().translate(None, b"0123456789"))


def without_marks(text: str) -> str:
    """Return a redacted text without the marks, and without the words that only led to them.

    >>> without_marks("where is [name]'s order (ticket [number]) - order no. [number]")
    "where is 's order"
    >>> without_marks("no refund yet, please call me back at [number].")
    'no refund yet'
    >>> without_marks("board is dead, order no. [number] / [name]")
    'board is dead'
    """
    if "[" not in text or not _MARK.search(text):
        return text
    if text.rstrip(EDGES.replace("]", "")).endswith("[name]"):
        text = _SIGNED.sub("", text)
    return " ".join(_EMPTY.sub(" ", _MARK.sub(" ", _without_leads(text))).split())


def _without_leads(text: str) -> str:
    """Return the text without what leads to its marks: most texts have one mark, at their end or in brackets, and are looked at there alone."""
    if text.rstrip(EDGES.replace("]", "")).endswith(_REACHED) and (
        contact := _CONTACT.search(text, max(0, len(text) - _LONGEST_LEAD))
    ):
        text = text[: contact.start()].rstrip(" ,.;\u2013-")
    if "[name]" in text.lower():
        return _MARKED.sub(" ", TITLED_MARK.sub(" ", text))
    last = _LAST_NUMBER.search(text)
    if not _CLOSED.search(text):
        led = last and _LED_NUMBER.search(text, max(0, last.start() - _LONGEST_LEAD))
        return text[: led.start()].rstrip(" ,\u2013-") if led else text
    if last is None or any(found.end() > last.start() for found in _IN_BRACKETS.finditer(text)):
        return _IN_BRACKETS.sub(" ", text)
    return _MARKED.sub(" ", text)


def _number(found: re.Match[str]) -> str:
    digits = [int(letter) for letter in found[0] if letter.isdecimal()]
    return "[card]" if 13 <= len(digits) <= 19 and _is_card(digits) else "[number]"  # noqa: PLR2004 - as ISO/IEC 7812 has it


def _is_card(digits: list[int]) -> bool:
    """Tell whether the last digit is Luhn's check of the others.

    >>> _is_card([4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    True
    """
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def _whole_token(found: re.Match[str]) -> str:
    """Take out what is a token beyond doubt: by how it begins, or for its length without a sign in it."""
    pieces = _PIECES.split(found[0])
    mixed = any(len(piece) >= _SHORTEST_TOKEN and not piece.isalpha() and not piece.isdigit() for piece in pieces)
    return "[token]" if mixed or _KEY.search(found[0]) else found[0]


def _token(found: re.Match[str]) -> str:
    run = found[0]
    if _KEY.search(run):
        return "[token]"
    pieces = [piece for piece in _PIECES.split(run) if piece]
    if any(piece.isalnum() and not piece.isalpha() and not piece.isdigit() for piece in pieces):
        return "[token]"
    turns = sum(before.islower() and after.isupper() for before, after in pairwise(run))
    return "[token]" if turns > 2 else run  # noqa: PLR2004 - "JavaScript" has one, "GitHubActions" two


_DIGIT = re.compile(r"\d")
_BRACKETED_AT = re.compile(r"[(\[{](?: ?at|ät)")
_COUNTRY = re.compile(r"[A-Z]{2}\d\d")
"""What an account's number begins with."""
_CODE = re.compile(r"\d(?:\S|(?<=\S\d))")
"""A digit that does not stand alone."""
_FOLDER = re.compile(r"\.[a-z]{2,24}/")
_LABEL = re.compile(_LABELS)
"""The labels alone, in small letters: a search that is short, to spare most texts the long one."""
_MAILS: tuple[_Step, ...] = ((_MAIL, "[email]"), (_HANDLE, "[name]"))
