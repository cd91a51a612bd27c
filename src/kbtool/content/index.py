"""Library and query -> the articles that a customer would find: the one module that knows Whoosh.

The package is Whoosh-Reloaded 2.7.5. Three import as `whoosh`; they rank alike, and the tests were run against each, on 3.11 to 3.13.
2.7.4 (2016) is abandoned, and its Arabic stemmer fails on Python 3. whoosh3 3.54 (2026) passes all tests, but has one maintainer and
some seventy releases in three months, more than anybody reviews. Reloaded (2024) is no longer maintained either, yet still: 2.7.4 with
its mistakes mended, to be read once. Python's warnings on compiling it are held back in `_whoosh`.
"""

import functools
import hashlib
import shutil
import tempfile
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from kbtool import __version__, filler
from kbtool.content.ranking import SearchAnswer, asked_for, rank_hits
from kbtool.content.spelling import JOINED, WORD, all_words, correct_query
from kbtool.content.stamp import Stamp, read_stamp, seal
from kbtool.content.synonyms import alternatives, with_alternatives
from kbtool.model import Article, Library

Read = TypeVar("Read")

FIELD_WEIGHTS = {"title": 3.0, "keywords": 3.0, "headings": 2.0, "summary": 1.0, "body": 1.0}
"""How much a word counts that stands in this part of an article. Answers hardly change between 2 and 5 for the title."""

_WORDS = 64
"""Words of a query that are looked up; nobody types more, programs do."""

_LETTERS = 100
"""Letters of a word that are looked at."""

_REPLACED = 0.3
"""The share of changed articles from which on a new index is cheaper than mending the old one."""


def search_articles(  # noqa: PLR0913 - what in what, how much of it, and where its index stands
    library: Library,
    query: str,
    *,
    folder: Path,
    language: str,
    limit: int = 10,
    everything: bool = False,
    synonyms: Iterable[Sequence[str]] = (),
) -> SearchAnswer:
    """Return the articles that answer the query, from an index kept in `folder` and brought up to date first.

    Articles need not hold every word, but those with more of them come first. Drafts, archived articles and those for agents are
    found with `everything` only. `synonyms` are groups of words that mean the same. Any text is a query; one without words finds nothing. Words are reduced to their stems when the
    language is known; else they are taken as they are.
    """
    known = {article.path: article for article in library.articles}
    shown = {path: article for path, article in known.items() if everything or _is_found(article)}
    words = _query_words(query, language)
    if not words or not known:
        return SearchAnswer(())
    others = alternatives(words.values(), synonyms, lambda text: tuple(_query_words(text, language).values()))
    stems = sorted({*words.values(), *chain.from_iterable(chain.from_iterable(others.values()))})
    scores = read_index(tuple(known.values()), folder, language, functools.partial(_scores, stems=stems))
    found = {path: asked_for(with_alternatives(by_stem, others), words) for path, by_stem in scores.items() if path in shown}
    found = {path: by_word for path, by_word in found.items() if by_word}
    unknown = {word for word, stem in words.items() if not any(stem in by_word for by_word in found.values())}
    texts = (text for article in shown.values() for text in (article.title, " ".join(article.meta.keywords), article.text))
    misspelt = {word for word in unknown if not _is_everyday(word, language)}
    return SearchAnswer(rank_hits(found, words, shown, limit), correct_query(query, misspelt, texts) if misspelt else "")


def read_index(articles: Sequence[Article], folder: Path, language: str, read: Callable[[Any], Read]) -> Read:
    """Return what is read from an index of the articles, kept in `folder` and brought up to date first."""
    try:
        return read(_open(_refreshed(articles, folder, language)))
    except Exception:  # noqa: BLE001 - whatever is wrong with what was kept, the articles are here: index them anew
        _clear(folder)
    with tempfile.TemporaryDirectory(prefix="kbtool-", ignore_cleanup_errors=True) as fresh:
        return read(_fill(_create(Path(fresh)), articles, language))


def _is_found(article: Article) -> bool:
    """Tell whether a customer may find the article."""
    return article.meta.status == "published" and article.meta.audience == "public"


def _refreshed(articles: Sequence[Article], folder: Path, language: str) -> Path:
    """Return a folder with an index of exactly these articles, made by this program on this machine.

    Its name tells its content. It is made beside and then named, so that of two processes neither sees half of the other's.
    """
    wanted = Stamp(_maker(language), {article.path: article.digest for article in articles})
    place = folder / hashlib.sha256(repr((wanted.maker, sorted(wanted.sources.items()))).encode()).hexdigest()[:32]
    if read_stamp(place) == wanted:
        return place
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        _make(fresh, articles, _base(folder, wanted), language)
        seal(fresh, wanted)
        shutil.rmtree(place, ignore_errors=True)
        with suppress(OSError):  # another process was faster with the same
            fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    _clear(folder, place)
    return place


def _clear(folder: Path, place: Path | None = None) -> None:
    """Take away every index but this one, and what a killed process left an hour ago or earlier."""
    with suppress(OSError):  # another process clears too
        forgotten = folder.stat().st_mtime - 3600
        for other in folder.iterdir():
            if other != place and (not other.name.startswith(".") or other.stat().st_mtime < forgotten):
                shutil.rmtree(other, ignore_errors=True)


def _base(folder: Path, wanted: Stamp) -> tuple[Path, Stamp] | None:
    """Return an index that differs from what is wanted by little, to begin with."""
    for place in sorted(folder.glob("[!.]*")):
        stamp = read_stamp(place)
        if stamp and stamp.maker == wanted.maker:
            changed = set(stamp.sources.items()) ^ set(wanted.sources.items())
            if len(changed) < _REPLACED * len(wanted.sources):
                return place, stamp
    return None


def _make(place: Path, articles: Sequence[Article], base: tuple[Path, Stamp] | None, language: str) -> None:
    """Fill the empty folder with an index of the articles: the base with what changed, or all anew."""
    if base is None:
        _fill(_create(place), articles, language).close()
        return
    before, stamp = base
    shutil.copytree(before, place, dirs_exist_ok=True)
    kept = {(article.path, article.digest) for article in articles} & set(stamp.sources.items())
    changed = [article for article in articles if (article.path, article.digest) not in kept]
    gone = stamp.sources.keys() - {path for path, _ in kept}
    _fill(_open(place), changed, language, gone).close()


def _maker(language: str) -> str:
    """Return a digest of all that shapes an index beside the articles."""
    whoosh = _whoosh()

    words = (WORD.pattern, JOINED.pattern, _LETTERS)
    parts = (__version__, whoosh.__version__, whoosh.__file__, _language(language), sorted(FIELD_WEIGHTS), words)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _create(place: Path) -> Any:  # noqa: ANN401 - Whoosh has no types
    """Return a new, empty index in the folder. Never in memory: Whoosh then puts its scrap into one folder that all processes share."""
    whoosh = _whoosh()

    words = {name: whoosh.fields.TEXT(analyzer=whoosh.analysis.SpaceSeparatedTokenizer(), phrase=False) for name in FIELD_WEIGHTS}
    storage = whoosh.filedb.filestore.FileStorage(str(place))
    return storage.create_index(whoosh.fields.Schema(path=whoosh.fields.ID(unique=True, stored=True), **words))


def _open(place: Path) -> Any:  # noqa: ANN401
    """Return the index in the folder."""
    whoosh = _whoosh()

    return whoosh.filedb.filestore.FileStorage(str(place)).open_index()


def _fill(index: Any, articles: Iterable[Article], language: str, gone: Iterable[str] = ()) -> Any:  # noqa: ANN401
    """Take articles out of the index by their paths, put others in, and return it."""
    writer = index.writer()
    for path in gone:
        writer.delete_by_term("path", path)
    for article in articles:
        texts = {
            "title": article.title,
            "keywords": " ".join(article.meta.keywords),
            "headings": " ".join(heading.text for heading in article.headings),
            "summary": article.summary,
            "body": article.text,
        }
        stems = {name: " ".join(stems_of(text, language)) for name, text in texts.items()}
        writer.add_document(path=article.path, **stems)
    writer.commit()
    return index


def _scores(index: Any, stems: Iterable[str]) -> dict[str, dict[str, float]]:  # noqa: ANN401
    """Return for each article's path the score of each stem that it has: BM25 by field, weighted and summed, as Whoosh's BM25F does."""
    scores: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    with index.searcher(weighting=_whoosh().scoring.BM25F()) as searcher:
        reader = searcher.reader()
        for stem in stems:
            for name, weight in FIELD_WEIGHTS.items():
                if (name, stem.encode()) in reader:
                    matcher = searcher.postings(name, stem.encode())
                    while matcher.is_active():
                        scores[matcher.id()][stem] += weight * matcher.score()
                        matcher.next()
        found = {searcher.stored_fields(number)["path"]: dict(by_word) for number, by_word in scores.items()}
    index.close()
    return found


def _query_words(query: str, language: str) -> dict[str, str]:
    """Return the query's words, as they were typed, each with its stem; filler words only when there are no others."""
    typed = tuple(dict.fromkeys(WORD.findall(query)))[:_WORDS]
    telling = [word for word in typed if word.lower() not in _fillers(_language(language))]
    stem = _stemmer(_language(language))
    return {word: stem(word) for word in telling or typed}


def _is_everyday(word: str, language: str) -> bool:
    """Tell whether questions have such a word, or half of it, like the "won" of "won't": nobody has misspelt another one."""
    return word.lower() in _fillers(_language(language)) or word.lower() in _fillers_of_questions(language)


@functools.cache
def _fillers_of_questions(language: str) -> frozenset[str]:
    return frozenset(chain.from_iterable((word, *word.split("'")) for word in filler.filler_words(language)))


def stems_of(text: str, language: str) -> Iterable[str]:
    """Return the stems of the text's words, one for each word that stands in it, and one for two that a hyphen joins."""
    return map(_stemmer(_language(language)), all_words(text))


def filler_words(language: str) -> frozenset[str]:
    """Return the words of the language that say nothing by themselves."""
    return _fillers(_language(language))


@functools.cache
def _stemmer(code: str) -> Callable[[str], str]:
    """Return the function that reduces a word to what its forms have in common, marks over letters dropped; it remembers each."""
    whoosh = _whoosh()

    try:
        reduce = whoosh.lang.stemmer_for_language(code)
    except whoosh.lang.NoStemmer:
        reduce = str

    @functools.lru_cache(maxsize=200_000)
    def stem(word: str) -> str:
        whole = unicodedata.normalize("NFC", word[:_LETTERS].lower())
        letters = unicodedata.normalize("NFKD", str(reduce(whole)) or whole)
        return "".join(letter for letter in letters if not unicodedata.combining(letter)) or whole

    return stem


@functools.cache
def _fillers(code: str) -> frozenset[str]:
    whoosh = _whoosh()
    try:
        return frozenset(whoosh.lang.stopwords_for_language(code))
    except whoosh.lang.NoStopWords:
        return frozenset()


def _language(code: str) -> str:
    """Return the language of a code without its country, as Whoosh knows it.

    >>> _language("pt-BR"), _language("nb")
    ('pt', 'no')
    """
    short = code.replace("_", "-").partition("-")[0].lower()
    return {"nb": "no", "nn": "no"}.get(short, short)


@functools.cache
def _whoosh() -> Any:  # noqa: ANN401
    """Return the package, imported when it is first asked for, with the warnings held back that Python gives because of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # ruff: noqa: PLC0415 - a build needs no index: whoever does not search does not wait for it
        import whoosh.analysis
        import whoosh.codec.whoosh3
        import whoosh.fields
        import whoosh.filedb.filestore
        import whoosh.lang.snowball
        import whoosh.lang.stopwords
        import whoosh.scoring
    # it asks cached_property, which asks asyncio for what Python 3.14 would rather be asked for elsewhere
    warnings.filterwarnings("ignore", "'asyncio.iscoroutinefunction'", DeprecationWarning, "cached_property")
    return whoosh
