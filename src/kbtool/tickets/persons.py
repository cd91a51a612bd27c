"""Names of people after the words that lead to one: titles, greetings, "on behalf of". Most texts have no such word, and are spared the search."""

# ruff: noqa: RUF001 - names and titles are in letters of many scripts

import re

EDGES = "()[]{}<>\"'.,:;!?-\u2013#*"
"""Signs that stand around a word."""
_LED = {
    **dict.fromkeys(("conversation", "chat", "unterhaltung", "gespräch", "conversación", "conversa", "conversazione"), "talk"),
    **dict.fromkeys(("call", "sms", "text", "message", "messages", "voicemail", "mail", "email", "e-mail"), "call"),
    **dict.fromkeys(("anruf", "nachricht", "appel", "llamada"), "call"),
    **dict.fromkeys(("name", "m'appelle", "llamo", "nome", "chiamo"), "introduced"),
    **dict.fromkeys(("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "professor", "herr", "herrn", "frau", "familie"), "titled"),
    **dict.fromkeys(("mme", "mlle", "m", "madame", "monsieur", "mademoiselle"), "titled"),
    **dict.fromkeys(("sr", "sra", "srta", "señor", "señora", "señorita", "doña", "senhor", "senhora"), "titled"),
    **dict.fromkeys(("sig", "signor", "signora", "dott", "dottor", "dottoressa", "dhr", "mevr", "mevrouw", "meneer"), "titled"),
    **dict.fromkeys(
        ("pani", "pana", "panią", "fru", "rouva", "господин", "госпожа", "господина", "г-н", "г-на", "г-жа"), "titled"
    ),
    **dict.fromkeys(("г-жи", "пан", "пані", "κύριος", "κύριο", "κυρία", "κος", "κα"), "titled"),
    **dict.fromkeys(("dear", "hi", "hello", "hey", "hallo", "hola", "bonjour", "liebe", "lieber", "ciao", "olá"), "greeted"),
    **dict.fromkeys(("chère", "cher", "querido", "querida", "estimado", "estimada", "beste", "geachte"), "greeted"),
    **dict.fromkeys(("behalf", "attn", "c/o", "z.hd", "namen", "auftrag", "namens", "part", "nom", "nombre", "conto"), "behalf"),
    **dict.fromkeys(("add", "invite", "remove", "delete"), "added"),
    **dict.fromkeys(("bey", "hanım", "hanim"), "entitled"),
}
"""Words that a name may follow -> the pattern that looks for it."""
_APART = bytes(ord(" ") if chr(code) in EDGES else code for code in range(256))
_LEADING = frozenset(word.encode().translate(_APART).split()[-1] for word in _LED)
"""The words, or what follows a mark in them: a text in ASCII that has none of these has none of the words."""

_UPPER = f"[{''.join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())}]"
_PARTICLE = r"(?:(?:van|von|vom|zu|der|den|de|la|le|du|del|della|da|das|dos|di|el|al|bin|ibn|bint|ter|ten|y|e)\s)"
_WORD = rf"(?:[dl]['\u2019])?{_UPPER}[\w'\u2019.-]{{0,40}}"
_PERSON = rf"{_PARTICLE}{{0,3}}{_WORD}(?:\s{_PARTICLE}{{0,3}}{_WORD}){{0,3}}(?<![.])"

_TALK = re.compile(
    r"\b((?:conversation|chat|unterhaltung|gespräch|conversación|conversa|conversazione)\s{1,3}"
    r"(?:with|from|mit|von|avec|de|con|com)\s{1,3})(?!\[name\])\S.*",
    re.IGNORECASE | re.DOTALL,
)
_CALL = re.compile(
    rf"\b((?i:(?:call|sms|text|message|messages|voicemail|mail|e-?mail|anruf|nachricht|appel|llamada)\s(?:with|from|von|de)\s))({_PERSON})"
)
_INTRODUCED = re.compile(
    rf"\b((?i:my\sname\sis|name\sist|je\sm'appelle|me\sllamo|meu\snome\sé|mi\schiamo)\s)(?:{_PERSON}|\w[\w'\u2019.-]{{0,40}})"
)
_TITLES = (
    r"(?i:mrs?|ms|mx|miss|dr|prof(?:essor)?|herrn?|frau|familie|mme|mlle|madame|mademoiselle|monsieur|sra?|srta|señor(?:a|ita)?|doña|senhora?"
    r"|sig|signora?|dott(?:or|oressa)?|dhr|mevr|mevrouw|meneer|pan[aią]|panią|fru|rouva|господина?|госпожа|г-н|г-на|г-жа|г-жи|пан|пані"
    r"|κύριος?|κυρία|κος|κα)"
)
_TITLED = re.compile(rf"\b((?:(?:{_TITLES}\.?|M\.)\s){{1,3}})({_PERSON})")
TITLED_MARK = re.compile(rf"(?<!\w)(?:(?:{_TITLES}\.?|M\.)\s){{1,3}}\[name\]")
"""A title that only led to a name."""
_GREETED = re.compile(
    r"^((?i:dear|hi|hello|hey|hallo|hola|bonjour|lieber?|ch(?:er|ère)|ciao|olá|querid[oa]|estimad[oa]|beste|geachte)\s)"
    rf"({_PERSON})(?=\s?[,!;\u2013]|\s-|$)"
)
_BEHALF = re.compile(
    r"(?<!\w)((?i:on\sbehalf\sof|attn\.?:?|c/o|z\.hd\.?|(?:im|in)\s(?:namen|auftrag)\s(?:von|der|des)|namens|de\sla\spart\sde|au\snom\sde"
    rf"|[ae]n?\snombre\sde|per\sconto\sdi)\s)({_PERSON})"
)
_ADDED = re.compile(
    rf"\b((?i:add|invite|remove|delete)\s)({_WORD}(?:\s{_PARTICLE}{{0,3}}{_WORD}){{1,3}})"
    r"(?=\s(?:to|from|as)\s(?:(?:our|my|the|an?)\s)?(?:\w{1,20}\s)?(?:team|workspace|organi[sz]ation|user|member|admin\w{0,10}|colleague)\b)"
)
_ENTITLED = re.compile(rf"()(?<!\w){_UPPER}[\w'\u2019-]{{1,40}}(?=\s(?:Bey|Hanım|Hanim)\b)")
_NAMED = {
    "talk": _TALK, "call": _CALL, "introduced": _INTRODUCED, "titled": _TITLED, "greeted": _GREETED, "behalf": _BEHALF,
    "added": _ADDED, "entitled": _ENTITLED,
}  # fmt: skip

_ENDED = re.compile("様|さん|氏|先生|女士|小姐|님|씨|السيد|الأستاذ|الدكتور")
_FAMILIES = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉"
_EASTERN = re.compile(
    r"()[\u4e00-\u9fff\u3005]{0,3}[\u4e00-\u9fff\u3005](?<![客皆奥神王姫殿医])(?:\s?[\u4e00-\u9fff\u30a0-\u30ff]{1,6})?(?<![客皆奥神王姫殿])(?=\s?(?:様|さん|氏(?!名)))"
    r"|()(?<!\w)[\u30a0-\u30ff]{2,12}(?=\s?(?:様|さん))"
    r"|()[\u4e00-\u9fff]{1,3}(?=\s?(?:先生|女士|小姐))"
    rf"|()(?<!\w)[{_FAMILIES}](?!객|사|생|비스)[\uac00-\ud7a3]{{1,2}}(?=\s?(?:님|씨))"
    r"|((?:ل?السيدة?|الأستاذة?|الدكتورة?)\s)[\u0620-\u06ff]{2,20}(?:\s[\u0620-\u06ff]{2,20})?"
)
"""Names before a title in Japanese, Chinese and Korean, and after one in Arabic: these scripts have no capitals."""


def redact_persons(text: str, lowered: str) -> str:
    """Return the text with [name] where a person stood whom a word beside them tells. `lowered` is the text in small letters.

    >>> redact_persons("Call back Mr Okonkwo", "call back mr okonkwo")
    'Call back Mr [name]'
    """
    for kind in _kinds(lowered):
        text = _NAMED[kind].sub(r"\1[name]", text)
    if not text.isascii() and _ENDED.search(text):
        text = _EASTERN.sub(lambda found: next(filter(None, found.groups()), "") + "[name]", text)
    return text


def _kinds(lowered: str) -> list[str]:
    """Return which patterns of names have their word in the text."""
    if lowered.isascii() and _LEADING.isdisjoint(lowered.encode().translate(_APART).split()):
        return []
    return sorted({_LED[word] for word in {word.strip(EDGES) for word in lowered.split()} if word in _LED})
