"""The few words that the renderer itself puts into an article, by language, and those by which it knows an article's parts."""

import re

_NOTICES = {
    "en": ("Note", "Tip", "Important", "Warning", "Caution"),
    "de": ("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"),
    "fr": ("Remarque", "Astuce", "Important", "Avertissement", "Attention"),
    "es": ("Nota", "Consejo", "Importante", "Advertencia", "Precaución"),
    "it": ("Nota", "Suggerimento", "Importante", "Avviso", "Attenzione"),
    "nl": ("Opmerking", "Tip", "Belangrijk", "Waarschuwing", "Let op"),
    "pt": ("Nota", "Dica", "Importante", "Aviso", "Cuidado"),
    "ar": ("ملاحظة", "نصيحة", "مهم", "تحذير", "تنبيه"),
    "he": ("הערה", "טיפ", "חשוב", "אזהרה", "זהירות"),
}
_OTHERS = {
    "en": ("Details", "Table", "Video", "done", "to do", "Footnotes", "Footnote", "Back to the text"),
    "de": ("Einzelheiten", "Tabelle", "Video", "erledigt", "offen", "Fußnoten", "Fußnote", "Zurück zum Text"),
    "fr": ("Détails", "Tableau", "Vidéo", "fait", "à faire", "Notes", "Note", "Retour au texte"),
    "es": ("Detalles", "Tabla", "Vídeo", "hecho", "pendiente", "Notas al pie", "Nota al pie", "Volver al texto"),
    "it": ("Dettagli", "Tabella", "Video", "fatto", "da fare", "Note", "Nota", "Torna al testo"),
    "nl": ("Details", "Tabel", "Video", "gedaan", "te doen", "Voetnoten", "Voetnoot", "Terug naar de tekst"),
    "pt": ("Detalhes", "Tabela", "Vídeo", "feito", "a fazer", "Notas de rodapé", "Nota de rodapé", "Voltar ao texto"),
    "ar": ("تفاصيل", "جدول", "فيديو", "تم", "لم يتم", "حواشٍ", "حاشية", "العودة إلى النص"),
    "he": ("פרטים", "טבלה", "סרטון", "בוצע", "לביצוע", "הערות שוליים", "הערת שוליים", "חזרה לטקסט"),
}
_NOTICE_KEYS = ("note", "tip", "important", "warning", "caution")
_OTHER_KEYS = ("details", "table", "video", "done", "to-do", "footnotes", "footnote", "back")


def word(key: str, language: str) -> str:
    """Return the renderer's own word in a language; English where there is none.

    >>> word("tip", "de-AT"), word("table", "sv")
    ('Tipp', 'Table')
    """
    code = language.replace("_", "-").partition("-")[0].lower()
    code = code if code in _NOTICES else "en"
    if key in _NOTICE_KEYS:
        return _NOTICES[code][_NOTICE_KEYS.index(key)]
    return _OTHERS[code][_OTHER_KEYS.index(key)]


_CONTENTS = (
    r"(?:in this (?:article|section|page|guide|topic|tutorial)|on this page|(?:table of )?contents|jump to(?: a section)?|toc"
    r"|in diesem (?:artikel|abschnitt|beitrag)|auf dieser seite|inhalt(?:sverzeichnis)?)\s*"
)
CONTENTS = re.compile(rf"{_CONTENTS}[:.]?", re.IGNORECASE)
"""What stands before a list of the article's own headings."""

CONTENTS_AT_END = re.compile(rf"(?<=[.!?])\s+{_CONTENTS}:\s*\Z", re.IGNORECASE)
"""The same at the end of a paragraph."""

QUESTION = re.compile(
    r"(?:how|what|why|when|where|who|whom|whose|which)(?:['\u2019]s| (?:(?:much|many|long|often|soon|far) )?"
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|shall|must|may|has|have|had|am|if|happens|about))\b"
    r"|(?:can|could|do|does|did|is|are|was|were|will|would|should|may|must|am|has|have)(?:n['\u2019]t)?"
    r" (?:i|you|we|my|your|our|the|a|an|there|it|this|that|these|they|he|she|someone|anyone|all)\b"
    r"|(?:wie|was|warum|wieso|weshalb|wann|wo|woher|wohin|wer|wen|wem|wessen|welche[mnrs]?|womit|wof\u00fcr|wozu|wodurch|worin|worauf)"
    r" (?!(?:sie|du|man|ihr|wir|der|die|das|ein|eine) )"
    r"|(?:kann|k\u00f6nnen|k\u00f6nnte|darf|d\u00fcrfen|muss|m\u00fcssen|soll|sollte|ist|sind|gibt|habe|haben|hat|werde|werden|wird|bekomme|brauche)"
    r" (?:ich|sie|du|man|ihr|wir|es|der|die|das|ein|eine|mein|meine|unser|unsere)\b",
    re.IGNORECASE,
)
"""How a question begins, where its mark is left out: "How do I", but not "How to"."""

BEFORE = re.compile(
    r"(?:before (?:you )?(?:start|begin|continue|proceed|getting started)(?:ning)?|what (?:you(?:['\u2019]ll| will)? |do you )?need|you(?:['\u2019]ll| will)? need"
    r"|prerequisites?|requirements|things you need|required (?:hardware|software|tools|materials|components)|hardware and software needed"
    r"|bevor (?:sie|du|ihr|es|wir) .*|vor dem (?:start|beginn)|voraussetzung(?:en)?|das (?:brauchen|brauchst|benötigen|benötigst) (?:sie|du)"
    r"|was (?:sie|du) (?:brauchen|brauchst|benötigen|benötigst)|sie (?:brauchen|benötigen)|du (?:brauchst|benötigst)|vorbereitung(?:en)?"
    r"|قبل (?:البدء|البداية|أن تبدأ|ان تبدا)|(?:ال)?متطلبات(?: (?:ال)?(?:أساسية|مسبقة))?|(?:ما|ماذا) (?:الذي )?(?:س)?تحتاج\u0647?(?: إليه)?؟?|ستحتاج إلى)\s*[:.]?",
    re.IGNORECASE,
)
"""Headings of what comes before the first step."""

DONE = re.compile(
    r"(?:you(?:['\u2019]re| are) (?:done|finished)(?: when)?|done|(?:expected )?results?|what happens (?:next|then)|what(?:['\u2019]s| is) next|next steps?"
    r"|how (?:do you|to) know (?:it|that it) worked|check (?:that )?it work(?:s|ed)|verify.*"
    r"|(?:sie sind|du bist) fertig(?:,? wenn)?|fertig|geschafft|(?:das )?ergebnis|wie geht es weiter\??|so geht es weiter|nächste schritte"
    r"|was (?:passiert|geschieht) (?:danach|als nächstes)\??"
    r"|(?:لقد )?انتهيت(?: عندما)?|تم(?: الأمر)?|(?:عند|بعد) الانتهاء|النتيجة(?: المتوقعة)?|الخطوات? التالية|الخطوة التالية|ماذا (?:يحدث )?بعد ذلك؟?)\s*[:.]?",
    re.IGNORECASE,
)
"""Headings of what comes after the last step."""

SYMPTOM = re.compile(
    r"(?:(?:the )?symptoms?|(?:the )?(?:problem|issue|error(?: message)?)|what you see|what(?:['\u2019]s| is) (?:happening|wrong)|(?:issue|problem|error) description"
    r"|(?:das )?(?:problem|symptome?|fehlerbild|fehlermeldung)|was (?:sie sehen|du siehst)|problembeschreibung"
    r"|(?:وصف )?المشكلة|الأعراض|ما (?:الذي )?(?:تراه|يحدث)؟?|ماذا (?:ترى|يحدث)؟?|(?:رسالة )?الخطأ)\s*[:.]?",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r"(?:(?:the |possible |likely |common |root )?(?:causes?|reasons?)|why (?:this|it|does this|does it) happens?\??|what causes .*|cause of .*"
    r"|(?:mögliche |die |häufige )?(?:ursachen?|gründe)|woran (?:es|das) liegt|warum (?:das )?passiert(?: das)?\??"
    r"|(?:ال)?(?:سبب|أسباب)(?: (?:المشكلة|المحتملة?|الشائعة))?|لماذا يحدث (?:هذا|ذلك)؟?)\s*[:.]?",
    re.IGNORECASE,
)
FIX = re.compile(
    r"(?:(?:the |possible |how to )?(?:fix(?:es)?|solutions?|resolutions?|workarounds?|remed(?:y|ies))(?: (?:it|this|the .*|\d+))?|how to (?:fix|solve|resolve).*|what to do|try this(?: first)?"
    r"|steps to (?:fix|resolve|solve).*|things to try|(?:quick )?checks|troubleshooting(?: steps)?"
    r"|(?:die |mögliche )?(?:lösung(?:en|sschritte)?|abhilfe|behebung)|so (?:beheben|behebst|lösen|löst) .*|was (?:sie|du) tun (?:können|kannst)|was hilft\??"
    r"|(?:طريقة |خطوات |كيفية )?(?:الحل|حل المشكلة|الإصلاح)|الحلول(?: (?:الممكنة|المقترحة))?|ما العمل؟?|ما(?:ذا)? يمكنك (?:فعله|أن تفعل)؟?)\s*[:.]?",
    re.IGNORECASE,
)

TROUBLE = re.compile(
    r"\b(?:not working|doesn['\u2019]?t|does not|isn['\u2019]?t|won['\u2019]?t|can['\u2019]?t|cannot|can not|fails?|failed|failing|failure|errors?|troubleshoot\w*|issues?|problems?|unable|not (?:showing|detected|recognized|found|responding)|stuck|crash\w*"
    r"|funktioniert nicht|geht nicht|fehler\w*|probleme?|problembehebung|lässt sich nicht|startet nicht|nicht (?:erkannt|gefunden|möglich))\b",
    re.IGNORECASE,
)
"""Words in the name of an article about something that does not work."""

COMMENT = re.compile(r"<!--[^>]*-->\s*\Z")
CONTENTS_MARK = re.compile(r"<!--\s*(?:toc|table of contents|start of toc|doctoc)\b[^>]*-->\s*\Z", re.IGNORECASE)
"""The comment that tools put before a list of headings."""

EXPLAINS = re.compile(r"(?:about|what|why|understand|report|who|where|asec|\u00fcber|was|warum)\b", re.IGNORECASE)
"""How the name of an article begins that explains, whatever lists it holds."""

STEP = re.compile(r"(?:step|schritt)\s*\d+\b", re.IGNORECASE)
"""How a heading begins that is itself a step."""

OLD_NOTICES = {
    "note": "note",
    "hinweis": "note",
    "info": "note",
    "tip": "tip",
    "tipp": "tip",
    "hint": "tip",
    "important": "important",
    "wichtig": "important",
    "warning": "warning",
    "warnung": "warning",
    "achtung": "warning",
    "caution": "caution",
    "vorsicht": "caution",
    "danger": "caution",
}
OLD_NOTICE = re.compile(rf"(?:\*\*|__)({'|'.join(OLD_NOTICES)})(?:[:!]?(?:\*\*|__)|(?:\*\*|__):)", re.IGNORECASE)
"""How a quote begins that is a notice."""
