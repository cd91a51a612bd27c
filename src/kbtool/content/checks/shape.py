"""A help center -> what its rules need of its settings, and a digest of all that shapes what they find."""

import os
import sys
from hashlib import blake2b
from importlib.metadata import version
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
    shape = blake2b(encode((__version__, sys.version_info[:2], version("sentencex"), setup, offered(PLUGINS))), digest_size=16)
    for entry in sorted(os.scandir(os.path.dirname(__file__)), key=lambda entry: entry.name):  # noqa: PTH120 - strings are quicker
        if entry.name.endswith(".py"):
            state = entry.stat()
            shape.update(f"{entry.name} {state.st_size} {state.st_mtime_ns}".encode())
    return shape.hexdigest()


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
