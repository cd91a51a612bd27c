"""kbtool.yml's values -> what is wrong with them that no type can say."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import get_args
from urllib.parse import urlsplit

from kbtool.address import SECRET_HINT, holds_secret
from kbtool.intervals import INTERVAL_HINT, is_interval
from kbtool.kinds import ArticleType
from kbtool.problems import did_you_mean
from kbtool.settings import Config, TicketSettings
from kbtool.share import read_share

_TYPES: tuple[ArticleType, ...] = get_args(ArticleType)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = ("https:", "http:", "mailto:", "tel:")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


def wrong_values(config: Config) -> Iterator[tuple[str, str, str]]:
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
    for kind in config.types.keys() - {*_TYPES}:
        yield (
            kind,
            f'"types" has "{kind}", which is no type of article',
            did_you_mean(kind, _TYPES) or f"known: {', '.join(_TYPES)}",
        )
    topics, types = (
        (defaults.review_every for defaults in config.topics.values()),
        (kind.review_every for kind in config.types.values()),
    )
    for interval in (config.review_every, *topics, *types):
        if interval and not is_interval(interval):
            yield "review_every", f'"review_every" must be a length of time, not "{interval}"', INTERVAL_HINT
    yield from _wrong_targets(config)
    yield from _wrong_tickets(config.tickets)
    yield from _wrong_hosts(config)


def tidy_folder(folder: str) -> str:
    """Return a folder as it stands in problems: "content" for "./content/"."""
    return PurePosixPath(folder.replace("\\", "/")).as_posix()


def _wrong_folders(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the folders: each must be inside the help center, and none in another."""
    folders = {"content": config.content, "output": config.output}
    parts = {key: PurePosixPath(tidy_folder(folder)).parts if folder else () for key, folder in folders.items()}
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
    brand = config.brand
    pictures = {"logo": brand.logo, "logo_dark": brand.logo_dark, "favicon": brand.favicon, "share_image": brand.share_image}
    for key, path in pictures.items():
        if ".." in PurePosixPath(path.replace("\\", "/")).parts or _SCHEME.match(path):
            yield key, f'"brand.{key}" must be a file under "{config.content}", not "{path}"', ""


def _wrong_targets(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the places to publish; a secret is never repeated."""
    for name, target in config.targets.items():
        if holds_secret(target.url):
            yield "targets", f'"targets.{name}.url" holds a password or a key', SECRET_HINT
        elif not _SCHEME.match(target.url):
            hint = 'type it as "s3://bucket/folder" or "file:///var/www/help"'
            yield "targets", f'"targets.{name}.url" must be a URL, not "{target.url}"', hint
        if _SCHEME.match(name):
            yield "targets", f'a target must have a plain name, not "{name}"', 'type a name such as "live"'
        if not _is_share(target.max_delete):
            yield "targets", f'"targets.{name}.max_delete" must be a share, not "{target.max_delete}"', 'type it as "20%"'
        if target.keep < 0:
            yield (
                "targets",
                f'"targets.{name}.keep" must be a number of releases, not "{target.keep}"',
                'type "3", or "0" for none',
            )


def _is_share(text: str) -> bool:
    try:
        read_share(text)
    except ValueError:
        return False
    return True


def _is_site_url(url: str) -> bool:
    """Tell whether the address can be a site's: with a host, without a name and password, a query or an anchor."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    unfit = parts.username or parts.password or parts.query or parts.fragment or any(sign.isspace() for sign in url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not unfit


def _wrong_tickets(tickets: TicketSettings) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the scores and the time zone that are set for tickets."""
    for key, value in (("answered", tickets.answered), ("unanswered", tickets.unanswered)):
        if value is not None and not 0 <= value <= 1:
            yield key, f'"tickets.{key}" must be between 0 and 1, not {value:g}', "scores are shares: type 0.8 for 80 %"
    if tickets.answered is not None and tickets.unanswered is not None and tickets.answered < tickets.unanswered:
        message = f'"tickets.answered" is below "tickets.unanswered": {tickets.answered:g} and {tickets.unanswered:g}'
        yield "answered", message, "what is between the two is weak: let answered be the higher one"
    if not _is_time_zone(tickets.timezone):
        yield "timezone", f'"tickets.timezone" must be a time zone, not "{tickets.timezone}"', 'type "Europe/Berlin" or "UTC"'


def _wrong_hosts(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield what is neither a host nor the beginning of an address."""
    for key, patterns in (("ask", config.external.ask), ("skip", config.external.skip)):
        for pattern in patterns:
            if not re.fullmatch(r"https?://\S+|[^\s/:@]+|\[?[0-9A-Fa-f:]+\]?", pattern):
                hint = 'type a host such as "wiki.example.com", or an address that begins with "https://"'
                yield key, f'"external.{key}" must name a host, not "{pattern}"', hint


def _is_time_zone(name: str) -> bool:
    """Tell whether it is one, as far as this machine knows any."""
    import zoneinfo  # noqa: PLC0415 - few help centers name a time zone, and what it loads takes longer than reading kbtool.yml

    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return not zoneinfo.available_timezones() and re.fullmatch(r"[A-Za-z]+(?:/[A-Za-z_+-]+)*", name) is not None
    return True
