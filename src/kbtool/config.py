"""kbtool.yml -> HelpCenter: the typed records below are the schema."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from kbtool.intervals import INTERVAL_HINT, is_interval
from kbtool.model import ArticleType, Doc
from kbtool.problems import Problem, Stop
from kbtool.records import read_record

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = ("https:", "http:", "mailto:", "tel:")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


@dataclass(frozen=True, slots=True)
class Brand:
    """How the site shows whose it is."""

    colour: Annotated[
        str, Doc("The accent colour as #rrggbb; a shade that can be read on it, and one for the dark, are worked out.")
    ] = ""
    logo: Annotated[str, Doc("An image under content/ shown in the header instead of the title.")] = ""
    logo_dark: Annotated[str, Doc("The same for the dark.")] = ""
    favicon: Annotated[str, Doc("An image under content/ for the browser's tab.")] = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link in the header or the footer."""

    title: Annotated[str, Doc("The link's words.")]
    url: Annotated[str, Doc("An address, or a path of this site.")]


@dataclass(frozen=True, slots=True)
class Contact:
    """The way to a human, shown at the end of every article and when search finds nothing."""

    url: Annotated[str, Doc("A page or form where people reach you.")] = ""
    email: Annotated[str, Doc("An address that people can write to.")] = ""
    phone: Annotated[str, Doc("A number that people can call.")] = ""
    text: Annotated[str, Doc("A sentence: when you answer, and how soon.")] = ""


@dataclass(frozen=True, slots=True)
class TopicDefaults:
    """What holds for all articles of a topic that do not say otherwise."""

    type: Annotated[ArticleType | None, Doc("The type of the topic's articles.")] = None
    review_every: Annotated[str, Doc("How often the topic's articles must be checked.")] = ""
    owner: Annotated[str, Doc("Who keeps the topic's articles true.")] = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All that kbtool.yml may say."""

    title: Annotated[str, Doc("The help center's name.")] = "Help center"
    url: Annotated[
        str,
        Doc("Where readers find it, with the sub-folder if there is one; needed for the sitemap, the feed and canonical links."),
    ] = ""
    language: Annotated[str, Doc("The language of the articles and of the site's own words, as a code: en, de, ar.")] = "en"
    description: Annotated[str, Doc("One sentence for search engines and the home page.")] = ""
    content: Annotated[str, Doc("The folder that holds the articles.")] = "content"
    output: Annotated[str, Doc("The folder that the site is built into.")] = "site"
    theme: Annotated[str, Doc("The name of a shipped theme or of a folder in themes/.")] = "plain"
    brand: Annotated[Brand, Doc("Colour, logo and favicon.")] = field(default_factory=Brand)
    header: Annotated[tuple[NavLink, ...], Doc("Links in the header.")] = ()
    footer: Annotated[tuple[NavLink, ...], Doc("Links in the footer.")] = ()
    footer_text: Annotated[str, Doc("Words in the footer.")] = ""
    contact: Annotated[Contact, Doc("The way to a human.")] = field(default_factory=Contact)
    texts: Annotated[Mapping[str, str], Doc("The site's own words, replaced: the English text, then yours.")] = field(
        default_factory=dict
    )
    variables: Annotated[Mapping[str, str], Doc("Words that articles use as {{ name }}.")] = field(default_factory=dict)
    glossary: Annotated[Mapping[str, str], Doc("Terms, each with the explanation that readers see beside it.")] = field(
        default_factory=dict
    )
    synonyms: Annotated[tuple[tuple[str, ...], ...], Doc("Lists of words that search treats as one.")] = ()
    old_urls: Annotated[
        tuple[str, ...], Doc("Addresses of a former help center, with {id} where the article's number stood and * for anything.")
    ] = ()
    redirects: Annotated[Mapping[str, str], Doc("Old paths of this site, each with the path that took its place.")] = field(
        default_factory=dict
    )
    topics: Annotated[Mapping[str, TopicDefaults], Doc("Defaults for the articles of a topic, by its folder.")] = field(
        default_factory=dict
    )
    review_every: Annotated[str, Doc("How often an article must be checked when neither it nor its topic says.")] = ""
    trusted_html: Annotated[bool, Doc("Raw HTML in articles is kept as it is; left out, it is reduced to what is safe.")] = False
    edit_url: Annotated[str, Doc("Where an article can be changed, with {path} for its path: a link at its end.")] = ""
    llms: Annotated[bool, Doc("Write llms.txt and each article's Markdown beside its page.")] = True


@dataclass(frozen=True, slots=True)
class HelpCenter:
    """A configuration and the folder it holds for."""

    root: Path
    config: Config
    problems: tuple[Problem, ...] = ()

    @property
    def content(self) -> Path:
        """The folder that holds the articles."""
        return self.root / self.config.content

    @property
    def output(self) -> Path:
        """The folder that the site is built into."""
        return self.root / self.config.output

    @property
    def cache(self) -> Path:
        """The folder that may be deleted at any time."""
        return self.root / ".kbtool"


def load_config(file: Path) -> HelpCenter:
    """Read the file. Unknown keys and wrong values are all told at once. Raises Stop when any of them is an error."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Stop(Problem(file.name, 0, "unreadable", f'"{file.name}" cannot be read: {error.strerror}')) from None
    record, problems = read_record(data, Config, file.name)
    text = data.decode("utf-8", "replace")
    wrong = (
        Problem(file.name, _line_of(text, key), "wrong-value", message, hint) for key, message, hint in _wrong_values(record)
    )
    problems = (*problems, *wrong)
    if any(problem.severity == "error" for problem in problems):
        raise Stop(*problems)
    tidy = replace(record, content=_tidy(record.content), output=_tidy(record.output))
    return HelpCenter(file.parent.resolve(), tidy, problems)


def _tidy(folder: str) -> str:
    """Return a folder as it stands in problems: "content" for "./content/"."""
    return PurePosixPath(folder.replace("\\", "/")).as_posix()


def _wrong_values(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield key, message and hint of what no type can say."""
    if config.url and not _is_site_url(config.url):
        yield "url", f'"url" must be a whole address, not "{config.url}"', 'type it as "https://help.example.com"'
    if not _LANGUAGE.fullmatch(config.language):
        yield "language", f'"language" must be a code, not "{config.language}"', 'type "en", "de" or "pt-BR"'
    if config.brand.colour and not _COLOUR.fullmatch(config.brand.colour):
        yield "colour", f'"brand.colour" must be a colour, not "{config.brand.colour}"', 'type it as "#0b7285", in quotes'
    yield from _wrong_folders(config)
    yield from _wrong_addresses(config)
    for pattern in config.old_urls:
        if "{id}" not in pattern or not pattern.startswith(("https://", "http://")):
            hint = 'type it as "https://old.example.com/articles/{id}*"'
            yield "old_urls", f'"old_urls" needs an address with {{id}} in it, not "{pattern}"', hint
    for interval in (config.review_every, *(topic.review_every for topic in config.topics.values())):
        if interval and not is_interval(interval):
            yield "review_every", f'"review_every" must be a length of time, not "{interval}"', INTERVAL_HINT


def _wrong_folders(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the folders: each must be inside the help center, and none in another."""
    folders = {"content": config.content, "output": config.output}
    parts = {key: PurePosixPath(_tidy(folder)).parts if folder else () for key, folder in folders.items()}
    for key, folder in folders.items():
        if not parts[key] or ".." in parts[key] or parts[key][0] == "/" or ":" in folder or parts[key][0] == ".kbtool":
            yield key, f'"{key}" must be a folder inside the help center, not "{folder}"', 'type a name such as "content"'
            return
    content, output = (tuple(part.casefold() for part in parts[key]) for key in folders)
    shorter = min(len(content), len(output))
    if content[:shorter] == output[:shorter]:
        message = f'"output" and "content" must be two folders side by side, not "{config.output}" and "{config.content}"'
        yield "output", message, 'type a name such as "site"'
    if config.theme in (".", "..") or "/" in config.theme or "\\" in config.theme:
        yield "theme", f'"theme" must be the name of a theme, not "{config.theme}"', "put the theme into the folder themes/"


def _wrong_addresses(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the addresses that readers may follow."""
    links = (("header", config.header), ("footer", config.footer))
    addresses = [(key, link.url) for key, named in links for link in named]
    for key, address in (*addresses, ("contact", config.contact.url), ("edit_url", config.edit_url)):
        scheme = _SCHEME.match(address.strip())
        if scheme and f"{scheme[1].lower()}:" not in _SCHEMES:
            yield (
                key,
                f'"{key}" has an address that is not followed: "{address}"',
                f"begin it with {', '.join(_SCHEMES)} or a path",
            )
    if config.edit_url and "{path}" not in config.edit_url:
        yield "edit_url", f'"edit_url" needs {{path}} where the article\'s path belongs, not "{config.edit_url}"', ""
    if config.contact.email and not _EMAIL.fullmatch(config.contact.email):
        yield "email", f'"contact.email" must be an address, not "{config.contact.email}"', ""
    for key, path in (("logo", config.brand.logo), ("logo_dark", config.brand.logo_dark), ("favicon", config.brand.favicon)):
        if ".." in PurePosixPath(path.replace("\\", "/")).parts or _SCHEME.match(path):
            yield key, f'"brand.{key}" must be a file under "{config.content}", not "{path}"', ""


def _is_site_url(url: str) -> bool:
    """Tell whether the address can be a site's: with a host, without a name and password, a query or an anchor."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    unfit = parts.username or parts.password or parts.query or parts.fragment or any(sign.isspace() for sign in url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not unfit


def _line_of(text: str, key: str) -> int:
    """Return the line in which a key stands first, 0 when it is not to be found."""
    top = re.search(rf"^[\"']?{key}[\"']?\s*:", text, re.MULTILINE)
    found = top or re.search(rf"[\s{{,][\"']?{key}[\"']?\s*:", text)
    return 1 + text.count("\n", 0, found.start() + 1) if found else 0
