"""The JSON of Zendesk, Help Scout Docs and Intercom -> drafts.

The forms are those that the vendors document: developer.zendesk.com (Help Center API: articles, sections, categories, users),
developer.helpscout.com (Docs API: articles, categories, collections) and developers.intercom.com (Articles, collections, admins).
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kbtool.encoding import decode_text
from kbtool.imports.records import Draft, Harvest
from kbtool.problems import Problem, Stop

LARGEST = 500_000_000
_DEEPEST = 8
Thing = Mapping[str, Any]


def read_vendor_export(files: Iterable[Path], folder: Path) -> Harvest | None:
    """Return the articles of all the files together; None when nobody's form fits. Raises Stop when a file is no JSON."""
    things = [found for file in files for found in _things(_load(file), "", 0)]
    for form in _FORMS:
        articles = [thing for key, thing in things if form.is_article(key, thing)]
        if articles:
            shelves = {
                (kind, _id(thing)): shelf for key, thing in things if (found := form.shelf(key, thing)) for kind, shelf in [found]
            }
            people = {_id(thing): str(thing.get("name") or "") for key, thing in things if key in ("users", "admins", "user")}
            unique = {_id(thing): thing for thing in articles}
            drafts = tuple(form.draft(thing, shelves, people) for thing in unique.values())
            return Harvest(drafts, folder, form.name, (), tuple(dict.fromkeys(filter(None, map(form.pattern, drafts)))))
    return None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A topic and the one above it."""

    name: str
    above: tuple[str, str]


_Shelves = Mapping[tuple[str, str], _Shelf]


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    is_article: Callable[[str, Thing], bool]
    shelf: Callable[[str, Thing], tuple[str, _Shelf] | None]
    draft: Callable[[Thing, _Shelves, Mapping[str, str]], Draft]
    pattern: Callable[[Draft], str]


def _zendesk_article(_key: str, thing: Thing) -> bool:
    return "title" in thing and "body" in thing and ("section_id" in thing or "label_names" in thing)


def _zendesk_shelf(key: str, thing: Thing) -> tuple[str, _Shelf] | None:
    if key in ("sections", "section"):
        inner = thing.get("parent_section_id")
        above = ("section", str(inner)) if inner else ("category", str(thing.get("category_id")))
        return "section", _Shelf(_text(thing, "name"), above)
    return ("category", _Shelf(_text(thing, "name"), ("", ""))) if key in ("categories", "category") else None


def _zendesk_draft(thing: Thing, shelves: _Shelves, people: Mapping[str, str]) -> Draft:
    return Draft(
        _text(thing, "title"),
        _text(thing, "body"),
        topics=_topics(("section", str(thing.get("section_id"))), shelves),
        id=_id(thing),
        url=_text(thing, "html_url"),
        keywords=_texts(thing.get("label_names")),
        owner=people.get(str(thing.get("author_id")), ""),
        updated=_day(thing.get("edited_at") or thing.get("updated_at")),
        is_draft=thing.get("draft") is True,
        is_private=thing.get("user_segment_id") is not None,
    )


def _help_scout_article(_key: str, thing: Thing) -> bool:
    return "name" in thing and "text" in thing and ("collectionId" in thing or "number" in thing)


def _help_scout_shelf(key: str, thing: Thing) -> tuple[str, _Shelf] | None:
    if key in ("collections", "collection"):
        return "collection", _Shelf(_text(thing, "name"), ("", ""))
    if key in ("categories", "category") and "name" in thing:
        return "category", _Shelf(_text(thing, "name"), ("collection", str(thing.get("collectionId"))))
    return None


def _help_scout_draft(thing: Thing, shelves: _Shelves, people: Mapping[str, str]) -> Draft:
    named = [("category", one) for one in _texts(thing.get("categories")) if ("category", one) in shelves]
    return Draft(
        _text(thing, "name"),
        _text(thing, "text"),
        topics=_topics(next(iter(named), ("collection", str(thing.get("collectionId")))), shelves),
        id=str(thing.get("number") or _id(thing)),
        url=_text(thing, "publicUrl"),
        keywords=_texts(thing.get("keywords")),
        owner=people.get(str(thing.get("createdBy")), ""),
        updated=_day(thing.get("lastPublishedAt") or thing.get("updatedAt") or thing.get("createdAt")),
        is_draft=thing.get("status") == "notpublished",
        is_private=thing.get("visibility") == "private",
    )


def _intercom_article(_key: str, thing: Thing) -> bool:
    return "title" in thing and "body" in thing and (thing.get("type") == "article" or "workspace_id" in thing)


def _intercom_shelf(key: str, thing: Thing) -> tuple[str, _Shelf] | None:
    if key in ("data", "collections", "sections") and "name" in thing and "workspace_id" in thing:
        return "collection", _Shelf(_text(thing, "name"), ("collection", str(thing.get("parent_id"))))
    return None


def _intercom_draft(thing: Thing, shelves: _Shelves, people: Mapping[str, str]) -> Draft:
    return Draft(
        _text(thing, "title"),
        _text(thing, "body"),
        topics=_topics(("collection", str(thing.get("parent_id"))), shelves),
        id=_id(thing),
        url=_text(thing, "url"),
        summary=_text(thing, "description"),
        owner=people.get(str(thing.get("author_id")), ""),
        updated=_day(thing.get("updated_at") or thing.get("created_at")),
        is_draft=thing.get("state") != "published",
    )


def _pattern(path: str) -> Callable[[Draft], str]:
    def pattern(draft: Draft) -> str:
        address = urlsplit(draft.url) if draft.url.startswith("http") else None
        return f"https://{address.netloc}/{path}" if address and address.netloc else ""

    return pattern


_FORMS = (
    _Form("Zendesk", _zendesk_article, _zendesk_shelf, _zendesk_draft, _pattern("hc/*/articles/{id}-*")),
    _Form("Help Scout Docs", _help_scout_article, _help_scout_shelf, _help_scout_draft, _pattern("article/{id}-*")),
    _Form("Intercom", _intercom_article, _intercom_shelf, _intercom_draft, _pattern("*/articles/{id}-*")),
)


def _load(file: Path) -> object:
    try:
        if file.stat().st_size > LARGEST:
            raise Stop(Problem("", 0, "broken-import", f'"{file.name}" is larger than {LARGEST} bytes', "import it in parts"))
        return json.loads(decode_text(file.read_bytes(), file.name))
    except OSError as error:
        raise Stop(Problem("", 0, "broken-import", f'"{file.name}" cannot be read: {error.strerror}')) from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise Stop(Problem(file.name, line, "broken-import", f"this is no JSON: {error}", "export it again")) from error


def _things(value: object, key: str, depth: int) -> Iterator[tuple[str, Thing]]:
    """Yield every JSON object with the name of the list or the key that it stands under."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield key, value
        for name, inner in value.items():
            if isinstance(inner, list | Mapping) and name != "translated_content":
                yield from _things(inner, key if name == "items" else str(name), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _things(item, key, depth + 1)


def _topics(shelf: tuple[str, str], shelves: _Shelves) -> tuple[str, ...]:
    """Return the titles of the topics from the outermost to this one; a circle ends where it closes."""
    names: list[str] = []
    seen = set[tuple[str, str]]()
    while shelf in shelves and shelf not in seen:
        seen.add(shelf)
        names.append(shelves[shelf].name)
        shelf = shelves[shelf].above
    return tuple(name for name in reversed(names) if name)


def _id(thing: Thing) -> str:
    return str(thing.get("id") or "")


def _text(thing: Thing, key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value if isinstance(one, str | int)) if isinstance(value, list) else ()


def _day(value: object) -> datetime.date | None:
    """Return the day of 2025-03-31T12:00:00Z or of a number of seconds."""
    try:
        if isinstance(value, int | float):
            return datetime.datetime.fromtimestamp(value, datetime.UTC).date()
        return datetime.date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError, OSError):
        return None
