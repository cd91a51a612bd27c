"""Who has checked an article, and when."""

from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Placed, Shelf
from kbtool.review import review_due


def check_reviews(shelf: Shelf) -> Iterator[Placed]:
    """Yield the articles whose day has come, and those that nobody has ever checked."""
    for article in shelf.library.articles:
        if article.meta.status == "archived":
            continue
        due = review_due(article.meta, article.path.rpartition("/")[0], shelf.config)
        if article.meta.reviewed is None:
            hint = 'read it, and type "kbtool review" with its path'
            yield Placed(article.path, Finding(1, "nobody has recorded that the article was checked", hint, "hint"))
        elif due and due < shelf.today:
            hint = 'read it, mend what is no longer true, and type "kbtool review" with its path'
            yield Placed(article.path, Finding(1, f"the article was to be checked by {due:%Y-%m-%d}", hint))
