"""What an article is called."""

import re
from collections import defaultdict
from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript, Placed, Shelf
from kbtool.content.checks.vocabulary import VERBS
from kbtool.content.markdown.structure import is_question
from kbtool.content.topics import is_topic_page
from kbtool.model import Article

_LONGEST = 70
_EMPTY = re.compile(
    r"(?:the )?(?:f\.?a\.?q\.?s?|untitled(?: article| document| page)?|new (?:article|document|page)|(?:no )?title|title here|"
    r"article|document|page|readme|unbenannt|neuer artikel|ohne titel)(?: ?\(?\d+\)?)?",
    re.IGNORECASE,
)
_TITLE_LINE = re.compile(r"^(?:title\s*:|#\s)", re.MULTILINE | re.IGNORECASE)
_FIRST_WORD = re.compile(r"[\w'\u2019-]+")
_A_NOUN = 4
"""Words of a title that names a thing; a longer one says what happens to it."""
_DOES = re.compile(r".+(?:ing|ly|ate|ize|ise|ify)|re-.+")
_OTHER_STARTS = frozenset(
    ("how", "what", "why", "when", "where", "which", "who", "if", "can", "do", "does", "is", "are", "step", "part")
)


def check_title(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield what is wrong with the title by itself; that there is none is told when the article is read."""
    article = manuscript.article
    if len(article.title) > _LONGEST:
        message = f"the title has {len(article.title)} characters"
        hint = f"take {_LONGEST} at most: lists and search results cut off the rest"
        yield Finding(title_line(manuscript), message, hint)
    if _EMPTY.fullmatch(article.title.strip(" .:!")) and not is_topic_page(article.path):
        hint = "say in a few words what the article answers"
        yield Finding(title_line(manuscript), f'the title "{article.title}" says nothing', hint)


def check_twins(shelf: Shelf) -> Iterator[Placed]:
    """Yield each article that is called like another one in its topic."""
    called: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in shelf.library.articles:
        if article.meta.status != "archived":
            called[article.path.rpartition("/")[0], " ".join(article.title.casefold().split())].append(article)
    for first, *others in called.values():
        for other in others:
            message = f'"{first.path}" is called "{other.title}", too'
            yield Placed(other.path, Finding(1, message, "readers cannot tell them apart in a list: rename one of them"))


def check_questions(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the questions of a FAQ page that are none."""
    if manuscript.article.type != "faq":
        return
    lines = {heading.id: heading.line for heading in manuscript.article.headings}
    for question in manuscript.article.questions:
        if not is_question(question.text):
            hint = 'ask it as a customer would: "How do I ...?"'
            yield Finding(lines.get(question.id, 0), f'"{question.text}" is not asked as a question', hint)


def check_action(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the title of instructions that are called by a noun: "Settings" for "Change the settings"."""
    article = manuscript.article
    first = _FIRST_WORD.match(article.title.lower())
    if article.type != "instructions" or first is None or is_topic_page(article.path) or is_question(article.title):
        return
    if len(article.title.split()) <= _A_NOUN and not _DOES.fullmatch(first[0]) and first[0] not in VERBS | _OTHER_STARTS:
        message = f'the instructions "{article.title}" are not called by what the reader does'
        yield Finding(title_line(manuscript), message, 'begin with the action: "Change ...", "Connect ..."')


def title_line(manuscript: Manuscript) -> int:
    """Return the line in which the title stands."""
    found = _TITLE_LINE.search(manuscript.source)
    return 1 + manuscript.source.count("\n", 0, found.start()) if found else 1
