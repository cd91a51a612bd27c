"""The library's folders and the articles that may be shown -> the topics as readers see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from kbtool.model import Article, Topic
from kbtool.site.pages import Branch


def grow_branches(
    topics: Iterable[Topic], listed: Iterable[Article], words: Mapping[str, Article], retired: Iterable[Article] = ()
) -> dict[str, Branch]:
    """Return the topics that have a page, by path, the home first.

    `words` are the topics' own articles that may be shown, by the topic's path. `retired` are articles that have a page and stand in no
    list: a topic that holds nothing else keeps its address and shows them there, and stands in no list itself.
    """
    by_path = {topic.path: topic for topic in topics}
    articles: dict[str, list[Article]] = defaultdict(list)
    for article in listed:
        articles[_home(folder_of(article.path), by_path)].append(article)
    children: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = {}
    for path in sorted(by_path, key=lambda path: (-_depth(path), path)):
        counts[path] = len(articles[path]) + sum(counts[child] for child in children[path])
        parent = by_path[path].parent
        if parent is not None and (counts[path] or path in words or children[path]):
            children[parent].append(path)
    alive = {path for path in by_path if counts[path] or path in words or children[path]}
    left = _below(retired, by_path.keys() - alive - {""})
    shown = ["", *sorted({path for path in alive | left.keys() if path})]
    titles = {path: _title(by_path[path], words.get(path)) for path in shown if path in by_path}

    def branch(path: str) -> Branch:
        topic = by_path[path]
        below = sorted(children[path], key=lambda child: (_order(words.get(child)), titles[child].casefold(), child))
        placed = tuple(sorted(articles[path], key=lambda article: (_order(article), article.title.casefold(), article.path)))
        return Branch(
            path,
            topic.url,
            titles[path],
            words.get(path),
            _parents(topic, by_path),
            tuple(below),
            placed,
            counts[path],
            "",
            tuple(left.get(path, ())),
        )

    return {path: branch(path) for path in shown if path in by_path}


def _below(articles: Iterable[Article], folders: Collection[str]) -> dict[str, list[Article]]:
    """Return the articles in each of the folders and below it, by title; folders without any are left out."""
    found: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: (article.title.casefold(), article.path)):
        folder = folder_of(article.path)
        while folder:
            if folder in folders:
                found[folder].append(article)
            folder = folder_of(folder)
    return dict(found)


def folder_of(path: str) -> str:
    """Return the folder that a file stands in.

    >>> folder_of("billing/refund.md")
    'billing'
    >>> folder_of("welcome.md")
    ''
    """
    return path.rpartition("/")[0]


def _home(folder: str, topics: Mapping[str, Topic]) -> str:
    """Return the folder itself or the nearest above it that is a topic."""
    while folder and folder not in topics:
        folder = folder_of(folder)
    return folder


def _depth(path: str) -> int:
    return path.count("/") + 1 if path else 0


def _order(article: Article | None) -> float:
    """Return the place its writer gave it; those without one stand behind those with one."""
    return article.meta.order if article and article.meta.order is not None else float("inf")


def _title(topic: Topic, words: Article | None) -> str:
    """Return the topic's title; one that its hidden own words gave it stays hidden with them."""
    hidden = topic.article is not None and words is None
    return topic.path.rpartition("/")[2] if hidden and topic.path else topic.title


def _parents(topic: Topic, topics: Mapping[str, Topic]) -> tuple[str, ...]:
    """Return the paths of the topics above, from the top, the home aside."""
    above: list[str] = []
    parent = topic.parent
    while parent:
        above.append(parent)
        parent = topics[parent].parent
    return tuple(reversed(above))
