"""Subjects that no customer wrote, and subjects that say nothing."""

import re

_SYSTEM = re.compile(
    r"""^\W*(?:
      (?:automatic|auto|automated)[\s-]?(?:reply|response|antwort)|auto\s?:|autoreply|autosvar|automatisk\ssvar
      | (?:i'?\ ?a?m\s)?out\sof\s(?:the\s)?office | ooo\b | on\s(?:vacation|holiday|leave)$ | (?:annual|maternity|parental)\sleave
      | automatische\santwort | abwesenheit | abwesend | réponse\sautomatique | absence\sdu\sbureau | absent\sdu\sbureau
      | respuesta\sautom[aá]tica | fuera\sde\s(?:la\s)?oficina | resposta\sautom[aá]tica | fora\sdo\sescrit[oó]rio
      | risposta\sautomatica | automatisch\santwoord | afwezig | 自动回复 | 自動返信 | 不在通知
      | undeliver(?:able|ed) | delivery\s(?:status\snotification|has\sfailed|failure|incomplete|delayed) | returned\smail | return(?:ed)?\sto\ssender
      | mail\s(?:delivery\s(?:failed|failure|subsystem|system)|could\snot\sbe\sdelivered) | failure\snotice | message\s(?:not\sdelivered|undeliverable)
      | unzustellbar | non\sremis | no\sse\spuede\sentregar | non\sdistribu[eé] | read:\s | not\sread:\s | gelesen:\s
      | (?:new\s)?voice\s?(?:mail|\smessage)\b(?:\s(?:from|message|received)|\W*$) | missed\scall\b | you\shave\sa\snew\svoice
      | neue\ssprachnachricht | (?:new\s)?fax\s(?:received|from)
      | (?:new\s)?(?:contact|web|website|inquiry|enquiry|support)\sform(?:\s(?:submission|message|entry|response|inquiry))?\W*$
      | (?:new\s)?(?:form\s)?submission\s(?:from|on|for|-|\u2013) | new\s(?:contact\s)?form\s(?:submission|entry)
      | new\s(?:message|inquiry|enquiry|request|contact)\s(?:from|via|through)\s(?:your\s|the\s|our\s)?(?:web\s?site|web\s?form|contact|form|site)
      | (?:nachricht|anfrage)\s(?:über|aus|vom|von)\s(?:das\s|dem\s)?(?:ihr(?:er)?\s)?(?:kontaktformular|webseite|website) | kontaktformular\W*$ | kontaktanfrage\W*$
      | formulaire\sde\scontact\W*$ | formulario\sde\scontacto\W*$
      | \W*(?:no\ssubject|kein\sbetreff|ohne\sbetreff|sans\sobjet|sin\sasunto|sem\sassunto|nessun\soggetto|geen\sonderwerp|无主题|件名なし)\W*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_FORM = re.compile(r"\W*.{0,60}\s[\u2013:-]\s(?:contact\s)?form(?:\ssubmission)?\W*$", re.IGNORECASE)
"""The subject of a form's mail, as "Example Ltd: Contact form": to look for it takes long."""
_FIRST = 4
"""Words of which one mostly says something."""

_EMPTY_WORDS = frozenset(
    """
    a about all am an and any asap at be can could do for from get give have hello help helpdesk hey hi how i immediate immediately important in inquiry
    enquiry info information is issue issues it just kindly matter me message my need needed needs new not of on one other our please pls plz problem problems
    query question questions quick regarding reply request requests required response rush sir madam some something somebody someone still support team
    test testing thank thanks the there this ticket tickets to today u urgent urgently us very want we what with you your yes no ok okay general
    contact customer service assistance assist attention problema problemas pregunta ayuda urgente consulta duda hola soporte por favor gracias
    hilfe frage fragen anfrage dringend wichtig bitte hallo eine ein ich brauche habe problem probleme ihr unser unsere zu
    aide question urgent bonjour demande problème problèmes besoin d une un s'il vous plaît support merci
    ajuda dúvida olá pedido urgente suporte preciso de aiuto domanda richiesta urgente ciao assistenza
    hulp vraag dringend hallo verzoek hjälp fråga hjælp spørgsmål hej pomoc pytanie pilne помощь вопрос срочно привет 帮助 问题 紧急 ヘルプ 質問 緊急
    """.split()  # noqa: SIM905 - a list of two hundred literals could not be read
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?\u3002\uff1f\uff01])\s|\n")
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good\s(?:morning|afternoon|evening|day)|hallo|guten\s(?:tag|morgen|abend)|sehr\sgeehrte\w*|liebe[sr]?|bonjour|hola"
    r"|buenos\sd[ií]as|olá|ciao|hej)\b[^,!.:\n]{0,40}(?:[,!.:\n]+|$)\s*",
    re.IGNORECASE,
)
_LONGEST = 300


def is_system_mail(subject: str) -> bool:
    """Tell whether a machine wrote it: out of office, undeliverable, voicemail, a form's own subject, none at all.

    >>> is_system_mail("Automatic reply: Your invoice"), is_system_mail("Out of stock?")
    (True, False)
    """
    start = subject[:_LONGEST]
    return _SYSTEM.match(start) is not None or ("form" in start.lower() and _FORM.match(start) is not None)


def is_uninformative(subject: str) -> bool:
    """Tell whether no word says what it is about: "Urgent: please help!!".

    >>> is_uninformative("I need help urgently"), is_uninformative("I need a refund")
    (True, False)
    """
    start = subject[:_LONGEST]
    for word in start.split(None, _FIRST)[:_FIRST]:
        if word.isalpha() and word.casefold() not in _EMPTY_WORDS:
            return False
    return all(word[0].casefold() in _EMPTY_WORDS for word in _WORD.finditer(start))


def first_line(text: str) -> str:
    r"""Return the first line that says more than hello, in one piece; the very first when none does.

    >>> first_line("Hi there\n\nDear team,\nmy card  never came.\nJane"), first_line("\n Hello\n")
    ('my card never came.', 'Hello')
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    said = (line for line in lines if not is_uninformative(line) and _GREETING.sub("", line))
    return next(said, lines[0] if lines else "")


def first_sentence(body: str) -> str:
    r"""Return the first sentence of a message that says something, or an empty string.

    >>> first_sentence("Hi there,\n\nmy card never came. Can you help?")
    'my card never came.'
    """
    text = body[:5000].strip()
    text = _GREETING.sub("", text, count=1)
    for sentence in _SENTENCE.split(text):
        plain = " ".join(sentence.split())
        if plain.startswith((">", "--")):
            continue
        if plain and not is_uninformative(plain):
            return plain[:_LONGEST]
    return ""
