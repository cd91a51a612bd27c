"""kbtool import: a help center that was kept elsewhere becomes Markdown articles in content/."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kbtool.config import HelpCenter, load_config
from kbtool.content.amend import as_yaml, one_line
from kbtool.content.newfiles import write_new_files
from kbtool.content.oldurls import old_url_id
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one
from kbtool.urls import asset_url, is_page, slug

if TYPE_CHECKING:  # what reads HTML is asked for only when something is imported
    from kbtool.imports.records import Draft, Harvest

_LIBRARIES = ("bs4", "markdownify")
_ID = re.compile(r"/articles?/(?P<id>[A-Za-z0-9]+)", re.IGNORECASE)
_FRAGMENT = re.compile(r"""(?:href|HREF)\s*=\s*["']?[^"'>\s]*#([^"'>\s]+)""")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was brought in."""

    tool: str
    articles: tuple[str, ...]
    """Paths, as they are typed from the help center's folder."""
    files: int
    """Pictures and other files that came along."""
    old_urls: tuple[str, ...]
    """What to write under `old_urls` in kbtool.yml, so that old links lead on."""
    problems: tuple[Problem, ...]


def import_content(config: Path, source: Path, into: str) -> ImportResult:
    """Read the source and write its articles below a folder of the content. Raises Stop with nothing written.

    Nothing is ever overwritten. Pictures come only from files that lie at hand; nothing is fetched.
    """
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        hint = 'type: pip install "kbtool[import]"'
        raise Stop(Problem("", 0, "missing-package", f"an import needs {' and '.join(missing)}", hint))
    from kbtool.imports.reading import read_source  # noqa: PLC0415 - it loads what reads HTML

    center = load_config(config)
    harvest = read_source(source)
    if not harvest.drafts:
        raise Stop(*(harvest.problems or [Problem("", 0, "no-import", f'there is no article in "{source.name}"')]))
    plan = _Plan(harvest, center, _folder(into, center))
    plan.make()
    with only_one(cache_folder(config)):
        write_new_files(plan.files, center)
    name = center.config.content
    articles = tuple(f"{name}/{path}" for path in plan.paths.values())
    old_urls = tuple(one for one in harvest.old_urls if one not in center.config.old_urls)
    copied = sum(isinstance(content, Path) for content in plan.files.values())
    return ImportResult(harvest.name, articles, copied, old_urls, (*harvest.problems, *plan.problems))


def _folder(into: str, center: HelpCenter) -> str:
    """Return the folder below the content. Raises Stop when it leaves it."""
    parts = [
        part for part in into.replace("\\", "/").removeprefix(f"{center.config.content}/").split("/") if part not in ("", ".")
    ]
    if into.startswith("/") or any(part == ".." or part.startswith(("_", ".")) for part in parts):
        hint = f'name a folder in "{center.config.content}"'
        raise Stop(Problem("", 0, "outside-content", f'"{into}" is no folder of the help center', hint))
    return "".join(f"{part}/" for part in parts)


@dataclass(slots=True)
class _Plan:
    """Where everything goes, and what every link becomes."""

    harvest: "Harvest"
    center: HelpCenter
    into: str
    paths: dict[int, str] = field(default_factory=dict)
    """The path of each draft, by its number."""
    files: dict[str, bytes | Path] = field(default_factory=dict)
    """What is to be written, by path under the content folder."""
    problems: list[Problem] = field(default_factory=list)
    by_id: dict[str, str] = field(default_factory=dict)
    by_source: dict[str, str] = field(default_factory=dict)
    at_hand: dict[str, list[str]] = field(default_factory=dict)
    """The name of each file of the source -> its paths under the source's folder."""
    anchors: frozenset[str] = frozenset()

    def make(self) -> None:
        """Settle every path, then make every article."""
        for number, draft in enumerate(self.harvest.drafts):
            path = self.paths[number] = self._path(draft)
            self.files[path] = b""
            if draft.id:
                self.by_id.setdefault(draft.id, path)
            for address in filter(None, (draft.path, _bare(draft.url))):
                self.by_source.setdefault(address, path)
        self._see_files()
        self.anchors = frozenset(found for draft in self.harvest.drafts for found in _FRAGMENT.findall(draft.body))
        for number, draft in enumerate(self.harvest.drafts):
            self.files[self.paths[number]] = self._article(draft, self.paths[number]).encode("utf-8", "replace")
        for path, content in self._topics():
            self.files.setdefault(path, content)

    def _path(self, draft: "Draft") -> str:
        if draft.front or (draft.path and draft.form == "markdown"):
            return self.into + draft.path
        folder = self.into + "".join(f"{slug(topic)[:_LONGEST].strip('-') or 'topic'}/" for topic in draft.topics)
        stem = slug(draft.title)[:_LONGEST].strip("-") or (f"article-{slug(draft.id)}" if draft.id else "article")
        stem = f"{stem}-article" if stem == "index" else stem
        number, name = 1, f"{folder}{stem}.md"
        while name in self.files:
            number += 1
            name = f"{folder}{stem}-{number}.md"
        return name

    def _topics(self) -> Iterator[tuple[str, bytes]]:
        """Yield the words of each topic whose title its folder cannot tell."""
        for number, draft in enumerate(self.harvest.drafts):
            folder = self.into
            for topic in draft.topics if self.paths[number].count("/") else ():
                folder += f"{slug(topic)[:_LONGEST].strip('-') or 'topic'}/"
                if not (self.center.content / folder / "index.md").exists():
                    yield f"{folder}index.md", f"---\ntitle: {as_yaml(topic)}\n---\n".encode()

    def _see_files(self) -> None:
        for file in sorted(self.harvest.folder.rglob("*")):
            if (
                file.is_file()
                and not file.is_symlink()
                and not is_page(file.name)
                and file.suffix.lower() not in (".html", ".htm", ".json")
            ):
                self.at_hand.setdefault(file.name.casefold(), []).append(file.relative_to(self.harvest.folder).as_posix())

    def _article(self, draft: "Draft", path: str) -> str:
        if draft.form == "markdown":
            self._bring_along(draft, path)
            titled = (
                f"title: {as_yaml(draft.title)}\n" if draft.title and not re.search("^title:", draft.front, re.MULTILINE) else ""
            )
            front = f"---\n{titled}{draft.front}---\n" if draft.front or titled else ""
            return front + draft.body
        from kbtool.imports.html import Carrier, html_to_markdown  # noqa: PLC0415 - it loads what reads HTML

        carrier = Carrier(lambda address, purpose: self._address(address, draft, path, image=purpose == "picture"), self.anchors)
        try:
            body = html_to_markdown(draft.body, carrier)
        except RecursionError:
            self._tell(path, f'the text of "{one_line(draft.title)}" is nested too deep to be read', severity="error")
            body = ""
        for lost in dict.fromkeys(carrier.lost):
            self._tell(path, f"this could not be carried: {lost}")
        return f"---\n{_front_matter(draft, self.center)}---\n\n{body}"

    def _address(self, typed: str, draft: "Draft", path: str, *, image: bool) -> str:
        """Return what a link or a picture's address becomes."""
        address = typed.strip()
        bare, _, fragment = address.partition("#")
        tail = f"#{fragment}" if fragment else ""
        if not bare or address.startswith(("mailto:", "tel:", "data:")):
            if address.startswith("data:"):
                self._tell(path, "a picture that stands within the text is left out")
                return ""
            return address
        there = None if image else self._article_at(bare, draft)
        if there:
            return posixpath.relpath(there, posixpath.dirname(path) or ".") + tail
        found = self._file_at(bare, draft)
        if found:
            place = posixpath.join(posixpath.dirname(path), "img" if image else "files", asset_url(posixpath.basename(found)))
            source = self.harvest.folder / found
            if isinstance(other := self.files.get(place), Path) and other != source:
                place = posixpath.join(posixpath.dirname(place), asset_url(found.replace("/", "-")))
            self.files[place] = source
            return posixpath.relpath(place, posixpath.dirname(path) or ".")
        if image or not urlsplit(address).scheme:
            what = "the picture" if image else "what the link leads to"
            self._tell(path, f'{what} is not among the files at hand: "{address[:120]}"')
        return self._outside(address, draft)

    def _outside(self, address: str, draft: "Draft") -> str:
        """Return an address that leads on from anywhere: with the former help center's host before a path."""
        host = urlsplit(draft.url)
        if urlsplit(address).scheme or not host.netloc:
            return address if urlsplit(address).scheme else ""
        return f"https:{address}" if address.startswith("//") else f"{host.scheme}://{host.netloc}/{address.lstrip('/')}"

    def _article_at(self, bare: str, draft: "Draft") -> str | None:
        address = urlsplit(bare)
        if not address.scheme and draft.path:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(draft.path), unquote(address.path)))
            if beside in self.by_source:
                return self.by_source[beside]
        own = {urlsplit(each.url).netloc for each in self.harvest.drafts if each.url}
        if address.scheme and address.netloc not in own and old_url_id(bare, self.center.config.old_urls) is None:
            return None
        number = old_url_id(bare, self.center.config.old_urls)
        found = _ID.search(address.path)
        return self.by_source.get(_bare(bare)) or self.by_id.get(number or "") or self.by_id.get(found["id"] if found else "")

    def _file_at(self, bare: str, draft: "Draft") -> str | None:
        """Return the file of the source that is meant: at the path as typed, else the only one of its name."""
        path = unquote(urlsplit(bare).path)
        beside = posixpath.normpath(
            posixpath.join(posixpath.dirname(draft.path), path.lstrip("/") if not draft.path else path)
        ).lstrip("/")
        named = self.at_hand.get(posixpath.basename(path).casefold(), [])
        return beside if beside in named else named[0] if len(named) == 1 else None

    def _bring_along(self, draft: "Draft", path: str) -> None:
        """Let every file of a folder of Markdown come along: its links stay as they are."""
        del draft, path
        for paths in self.at_hand.values():
            for each in paths:
                if not any(part.startswith((".", "_")) for part in each.split("/")):
                    self.files.setdefault(self.into + each, self.harvest.folder / each)

    def _tell(self, path: str, message: str, severity: str = "warning") -> None:
        shown = f"{self.center.config.content}/{path}"
        self.problems.append(
            Problem(shown, 0, "not-carried", message, "look at the article", "error" if severity == "error" else "warning")
        )


def _bare(url: str) -> str:
    """Return an address without scheme, query and anchor, in one spelling."""
    parts = urlsplit(url)
    return f"{parts.netloc}{unquote(parts.path)}".rstrip("/").casefold() if parts.netloc else ""


def _front_matter(draft: "Draft", center: HelpCenter) -> str:
    """Return the draft's facts as front matter."""
    address = urlsplit(draft.url)
    same_place = bool(address.netloc) and address.netloc == urlsplit(center.config.url).netloc
    facts = {
        "title": as_yaml(draft.title or "Untitled"),
        "id": as_yaml(draft.id) if draft.id else "",
        "summary": as_yaml(draft.summary),
        "keywords": _list(draft.keywords),
        "owner": as_yaml(draft.owner),
        "updated": draft.updated.isoformat() if draft.updated else "",
        "status": "draft" if draft.is_draft else "",
        "audience": "agents" if draft.is_private else "",
        "aliases": _list((unquote(address.path).strip("/"),)) if same_place and address.path.strip("/") else "",
    }
    return "".join(f"{key}: {value}\n" for key, value in facts.items() if value not in ("", '""'))


def _list(texts: tuple[str, ...]) -> str:
    clean = dict.fromkeys(part for text in texts if (part := one_line(text.replace(",", " "))))
    return f"[{', '.join(as_yaml(text) for text in clean)}]" if clean else ""
