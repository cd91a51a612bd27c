"""How hard a text is to read: the length of its sentences."""

from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript

_LONG, _TOO_LONG = 25, 40


def check_long_sentences(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the sentences of over 25 words; over 40 they are warnings. GOV.UK found that readers give up beyond 25."""
    for sentence in manuscript.sentences:
        if sentence.words > _LONG:
            start = " ".join(sentence.text.split()[:5])
            message = f'a sentence of {sentence.words} words: "{start} ..."'
            hint = f"make two of it; {_LONG} words are easy to follow"
            yield Finding(sentence.line, message, hint, "warning" if sentence.words > _TOO_LONG else None)
