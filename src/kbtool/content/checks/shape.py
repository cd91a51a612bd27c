"""A help center -> what its rules need of its settings, and a digest of all that shapes what they find."""

import os
import sys
from collections.abc import Iterator
from hashlib import blake2b
from importlib.util import find_spec
from urllib.parse import urlsplit

from kbtool import __version__
from kbtool.config import HelpCenter
from kbtool.content.checks.records import Setup
from kbtool.content.checks.rules import PLUGINS
from kbtool.extensions import offered
from kbtool.records import encode


def make_setup(center: HelpCenter) -> Setup:
    """Return what the rules for one article need to know of the help center."""
    config = center.config
    addresses = (config.url, config.contact.url, *(link.url for link in (*config.header, *config.footer)), *config.old_urls)
    hosts = {host for address in addresses if (host := _host(address))}
    contact = tuple(one for one in (config.contact.email, config.contact.phone) if one)
    return Setup(config.content, config.language, center.terms, config.glossary, tuple(sorted(hosts)), contact)


def rules_shape(setup: Setup) -> str:
    """Return a digest of all that shapes what the rules for one article find: kbtool, packages with rules, the help center."""
    shape = blake2b(encode((__version__, sys.version_info[:2], setup, offered(PLUGINS))), digest_size=16)
    for entry in _programs():
        state = entry.stat()
        shape.update(f"{entry.name} {state.st_size} {state.st_mtime_ns}".encode())
    return shape.hexdigest()


def _programs() -> Iterator[os.DirEntry[str]]:
    """Yield the files of the rules, and of the library that finds sentences."""
    library = find_spec("sentencex")
    for folder in (os.path.dirname(__file__), *(library.submodule_search_locations or () if library else ())):  # noqa: PTH120 - strings are quicker
        yield from sorted((entry for entry in os.scandir(folder) if entry.is_file()), key=lambda entry: entry.name)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
