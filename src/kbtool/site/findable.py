"""Site -> what search may find: a document for each article, and one for each question of a FAQ."""

from collections.abc import Iterator

from kbtool.model import Article, SearchDocument, Section
from kbtool.site.pages import Branch, Site
from kbtool.site.topics import folder_of


def search_documents(site: Site) -> tuple[SearchDocument, ...]:
    """Return the documents of the articles that search may find, and of the questions in them.

    A FAQ's own document has its questions without their answers: the answers stand in the questions' documents.
    """
    return tuple(document for article in site.searchable for document in _documents(article, _top(site, article)))


def _top(site: Site, article: Article) -> Branch:
    """Return the topic at the top of the tree that the article stands in: few enough to filter by."""
    path = folder_of(article.path)
    while path not in site.branches:
        path = folder_of(path)
    branch = site.branches[path]
    return site.branches[branch.parents[0]] if branch.parents else branch


def _documents(article: Article, topic: Branch) -> Iterator[SearchDocument]:
    answers = {question.id for question in article.questions}
    sections = tuple(Section(part.id, part.title, "") if part.id in answers else part for part in article.sections)
    title = topic.title if topic.path else ""
    yield SearchDocument(article.url, article.title, title, article.meta.keywords, article.summary, sections, topic.url)
    for question in article.questions:
        url = f"{article.url}#{question.id}"
        yield SearchDocument(url, question.text, title, (), "", (Section("", "", question.answer),), topic.url)
