"""The files that a new help center and a new article begin with -> their places, never over anything that is there."""

import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TextIO, get_args

from kbtool import __version__
from kbtool.config import HelpCenter
from kbtool.kinds import ArticleType
from kbtool.problems import Problem, Stop
from kbtool.records import json_schema
from kbtool.settings import Config
from kbtool.urls import is_page, page_url, slug

SCHEMA_NAME = "kbtool.schema.json"
ARTICLE_TYPES: tuple[ArticleType, ...] = get_args(ArticleType)

_FILES = Path(__file__).parent
_LONGEST_NAME = 80
_PLAIN = re.compile(r"[^\W_](?:[\w ,.'()?!/-]*[\w.)?!])?")
"""Words that YAML reads as a text without quotes, in a value and at a line's end."""
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Control characters and what is no character: YAML refuses them."""
_NO_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""What YAML reads as something else than a text."""
_RESERVED = re.compile(r"index|con|prn|aux|nul|com\d|lpt\d")
"""Names that mean something else: index.md is the topic's own, the others are devices on Windows."""


@dataclass(frozen=True, slots=True)
class Started:
    """What became of each file of a new help center, as paths under its folder."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    """Those that were there before, and are as they were."""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """What a new article is to be."""

    type: ArticleType
    title: str
    topic: str = ""
    """Its folder under the content folder; empty for the content folder itself."""
    owner: str = ""
    keywords: tuple[str, ...] = ()


def start_help_center(folder: Path, title: str, today: date, owner: str) -> Started:
    """Make the settings, the first articles and the workflows. Raises Stop when the folder cannot be written.

    When there are articles already, the examples are left out.
    """
    words = {"title": _as_yaml(title), "today": today.isoformat(), "owner": _as_yaml(owner), "version": __version__}
    files = {path: _filled(text, words) for path, text in _starter_files().items()}
    files[SCHEMA_NAME] = json.dumps(json_schema(Config), indent=2, ensure_ascii=False) + "\n"
    if _has_articles(folder / "content"):
        files = {path: text for path, text in files.items() if not path.startswith("content/")}
    made = {path for path, text in sorted(files.items()) if _write_new(folder / path, text)}
    return Started(tuple(sorted(made)), tuple(sorted(files.keys() - made)))


def example_urls() -> bytes:
    """Return what urls.lock holds of a help center that was started and built, and nothing else."""
    return (_FILES / "examples.lock").read_bytes()


def new_article(center: HelpCenter, article: NewArticle) -> Path:
    """Return the path of the article made from its type's template. Raises Stop when there is no place for it."""
    words = {"title": _as_yaml(article.title), "owner": _as_yaml(article.owner)}
    text = (_FILES / "articles" / f"{article.type}.md").read_text(encoding="utf-8")
    return _placed(center, article, _filled(text, words))


def new_draft(center: HelpCenter, article: NewArticle, body: str) -> Path:
    """Return the path of a draft with this body. Raises Stop when there is no place for it."""
    keys = {"title": _as_yaml(article.title), "type": article.type, "keywords": _as_yaml_list(article.keywords)}
    keys |= {"owner": _as_yaml(article.owner), "status": "draft"}
    head = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
    return _placed(center, article, f"---\n{head}---\n\n{body}")


def _placed(center: HelpCenter, article: NewArticle, text: str) -> Path:
    """Write the article's file, never over one that is there, and return its path."""
    name = _file_name(article.title)
    folder = _topic_folder(center, article.topic)
    _refuse_twin(center, folder, name)
    file = folder / f"{name}.md"
    if not _write_new(file, text):
        raise Stop(_exists(center, file))
    return file


def topic_folders(center: HelpCenter) -> tuple[str, ...]:
    """Return the folders that hold articles, as paths under the content folder."""
    folders = {file.parent.relative_to(center.content) for file in center.content.rglob("*") if is_page(file.name)}
    return tuple(sorted(folder.as_posix() for folder in folders if folder.parts and not _is_hidden(folder.parts)))


def title_from(folder: Path) -> str:
    """Return a help center's title made of its folder's name.

    >>> title_from(Path("/home/ana/blue-bottle_help"))
    'Blue bottle help'
    """
    words = re.sub(r"[\W_]+", " ", folder.name).strip()
    return words[:1].upper() + words[1:] or "Help center"


def _starter_files() -> dict[str, str]:
    """Return the files of a new help center by path; a name that begins with a dot is kept here as "dot-"."""
    root = _FILES / "center"
    files = sorted(file for file in root.rglob("*") if file.is_file())
    return {_with_dots(file.relative_to(root)): file.read_text(encoding="utf-8") for file in files}


def _with_dots(path: Path) -> str:
    return "/".join(re.sub(r"^dot-", ".", part) for part in path.parts)


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Return the text with its @words@ filled in; a line whose word is empty is left out."""
    empty = [f"@{name}@" for name, word in words.items() if not word]
    lines = [line for line in text.splitlines(keepends=True) if not any(mark in line for mark in empty)]
    return re.sub(rf"@({'|'.join(words)})@", lambda mark: words[mark[1]], "".join(lines))


def _as_yaml(text: str) -> str:
    """Return a text as YAML reads it back.

    >>> _as_yaml("Get a refund"), _as_yaml("Prices: how much?")
    ('Get a refund', '"Prices: how much?"')
    """
    clean = " ".join(_NO_TEXT.sub(" ", text).split())
    plain = not clean or (_PLAIN.fullmatch(clean) and clean.lower() != "null")
    return clean if plain else json.dumps(clean, ensure_ascii=False)


def _as_yaml_list(texts: Iterable[str]) -> str:
    """Return texts as a list in one line; empty for none."""
    quoted = [
        text if re.fullmatch(r"[^\W\d_][\w-]*", text) and text.lower() not in _NO_WORDS else json.dumps(text, ensure_ascii=False)
        for text in texts
    ]
    return f"[{', '.join(quoted)}]" if quoted else ""


def _has_articles(content: Path) -> bool:
    return _is_folder(content) and any(is_page(file.name) for file in content.rglob("*"))


def _file_name(title: str) -> str:
    """Return the title as a file name, whole words only. Raises Stop when it gives none."""
    name = slug(title)
    while len(name.encode()) > _LONGEST_NAME:
        name = name.rpartition("-")[0] or name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    if not name or _RESERVED.fullmatch(name):
        hint = 'say in some more words what the reader does, such as "Change your address"'
        raise Stop(Problem("", 0, "no-file-name", f'the title "{title}" gives no file name', hint))
    return name


def _topic_folder(center: HelpCenter, topic: str) -> Path:
    """Return the topic's folder: as it is typed when it is there, else by its slug. Raises Stop when it is no topic."""
    parts = PurePosixPath(topic.replace("\\", "/")).parts
    slugs = tuple(slug(part) for part in parts)
    folder = next((place for place in _typed_folders(center, parts) if _is_folder(place)), center.content.joinpath(*slugs))
    if _is_hidden(parts) or "" in slugs or not _is_inside(folder, center.content):
        hint = f'name a folder in "{center.config.content}", such as --in billing'
        raise Stop(Problem("", 0, "outside-content", f'"{topic}" is no topic of this help center', hint))
    return folder


def _typed_folders(center: HelpCenter, parts: tuple[str, ...]) -> Iterator[Path]:
    """Yield the folders that may be meant: under the content folder, and as a shell completes the path."""
    yield center.content.joinpath(*parts)
    if (center.root.joinpath(*parts)).is_relative_to(center.content):
        yield center.root.joinpath(*parts)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a name that is too long
        return False


def _is_inside(folder: Path, content: Path) -> bool:
    try:
        os.stat(folder)  # noqa: PTH116 - asked for its error alone: a link that leads to itself
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False
    try:
        return folder.resolve().is_relative_to(content.resolve())
    except (OSError, RuntimeError):  # a name that is too long, a link that leads to itself
        return False


def _is_hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(("_", ".")) for part in parts)


def _refuse_twin(center: HelpCenter, folder: Path, name: str) -> None:
    """Raise Stop when an article, a topic or another spelling of the name has the address already."""
    address = page_url(name)
    try:
        there = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise Stop(_cannot_write(folder, error)) from error
    for file in there:
        if (is_page(file.name) or file.is_dir()) and page_url(file.name) == address:
            raise Stop(_exists(center, file))


def _exists(center: HelpCenter, file: Path) -> Problem:
    path = file.relative_to(center.root).as_posix()
    return Problem(path, 0, "already-there", f'"{file.name}" is there already', "change it, or choose another title")


def _write_new(file: Path, text: str) -> bool:
    """Tell whether the file was made; one that is there, even as a link, stays as it is. Raises Stop when it cannot be made."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            _write_whole(opened, text, file)
    except FileExistsError as error:
        if not file.parent.is_dir():
            raise Stop(_cannot_write(file.parent, error)) from error
        return False
    except OSError as error:
        raise Stop(_cannot_write(file, error)) from error
    return True


def _write_whole(opened: TextIO, text: str, file: Path) -> None:
    """Write the text, or leave no file behind when the disk is full."""
    try:
        opened.write(text)
        opened.flush()
    except OSError:
        file.unlink(missing_ok=True)
        raise


def _cannot_write(file: Path, error: OSError) -> Problem:
    hint = "choose another folder, or ask for the right to write there"
    return Problem("", 0, "cannot-write", f'"{file}" cannot be written: {error.strerror}', hint)
