"""A topic without an article -> the Markdown of a draft that holds what people asked, and not one word of an answer."""

import re

from kbtool.kinds import ArticleType
from kbtool.tickets.forms import count
from kbtool.tickets.subjects import clean_subject
from kbtool.tickets.topics import GapTopic

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&$^=])")
_ANSWER = "TODO: the answer, in the first sentence."


def draft_type(topic: GapTopic) -> ArticleType:
    """Return the kind of draft: steps where people ask how to do something, else questions and answers."""
    return "instructions" if topic.suggested_type == "instructions" else "faq"


def outline(topic: GapTopic) -> str:
    """Return the draft's body: whoever knows the answers puts them where it says TODO, which `kbtool check` finds."""
    lead = _told(topic)
    if draft_type(topic) == "faq":
        return lead + "".join(f"\n## {_question(example)}\n\n{_ANSWER}\n" for example in topic.examples)
    questions = "".join(f"\n### {_question(example)}\n\n{_ANSWER}\n" for example in topic.examples)
    return (
        f"{lead}\nTODO: the short answer, for those who know their way.\n"
        "\n## Before you start\n\n- TODO: what the reader needs: a device, an account, a number.\n"
        "\n## Do it\n\n1. TODO: one step, one action.\n"
        "\n## You are done when\n\nTODO: what the reader sees when it has worked.\n"
        f"\n## Questions people ask\n{questions}"
    )


def _told(topic: GapTopic) -> str:
    """Return a comment for the writer, which no page shows."""
    lacks = f"\n     Words that it lacks: {', '.join(topic.lacks)}." if topic.lacks else ""
    nearest = f"\n     Nearest article: {topic.article}.{lacks}" if topic.article and not topic.language else ""
    asked = f"{count(topic.people, 'person', 'people')} asked this in {count(topic.tickets, 'ticket', 'tickets')}."
    safe = f"{asked}{nearest}".replace("--", "- -").replace(">", "")
    return f'<!-- {safe}\n     Merge questions that ask the same. Delete this and the line "status: draft" when all is answered. -->\n'


def _question(subject: str) -> str:
    r"""Return a subject as a heading shows it, letter by letter, without what mail programs put before it.

    >>> print(_question("Re: my *card* [number] is refused"))
    My \*card\* \[number\] is refused
    """
    line = _MARKS.sub(r"\\\1", " ".join((clean_subject(subject) or subject).split()))
    return line[:1].upper() + line[1:]
