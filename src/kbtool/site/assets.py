"""A theme's CSS, scripts and images -> the files that are published, named by their content."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FOLDER = "assets"

_GAP = r"(?:\s|/\*.*?\*/)"
_CSS_PART = re.compile(rf"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|{_GAP}*([{{}};,]){_GAP}*|{_GAP}+""", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_SCRIPT_COMMENT = re.compile(r"^(?://.*|/\*(?:(?!\*/).)*\*/[ \t]*)?\n", re.MULTILINE)
_CSS_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")


@dataclass(frozen=True, slots=True)
class ThemeAsset:
    """A published file of the theme."""

    url: str
    """Relative to the site's root."""
    integrity: str
    """For the attribute of that name (Subresource Integrity)."""
    content: bytes = field(repr=False)


def publish_assets(files: Mapping[str, bytes], bundles: Mapping[str, tuple[str, ...]]) -> dict[str, ThemeAsset]:
    """Return the published files by the name that templates call them by: bundles, and every file that is in none.

    Every file that a bundle names must be among the files.
    """
    bundled = {name for names in bundles.values() for name in names}
    single = {name: content for name, content in files.items() if name not in bundled}
    published = {name: _asset(name, content) for name, content in sorted(single.items()) if not name.endswith(".css")}
    sheets = {name: content for name, content in single.items() if name.endswith(".css")}
    for name, content in sorted((sheets | {name: _joined(names, files) for name, names in bundles.items()}).items()):
        shaped = _style(content.decode("utf-8", "replace"), published) if name.endswith(".css") else content
        published[name] = _asset(name, shaped)
    return published


def minify_css(css: str) -> str:
    """Return the style sheet without comments and needless blank space; strings stay as they are.

    >>> minify_css('a { color: red; }  /* why */')
    'a{color: red}'
    """
    return _CSS_PART.sub(_shorter, css).replace(";}", "}").strip()


def _shorter(match: re.Match[str]) -> str:
    """Return what stays of a string, or of comments and blank space, with a sign among them that needs neither."""
    return match[1] or match[2] or (" " if match[0].strip() != match[0] else "")


def minify_script(script: str) -> str:
    r"""Return the script without indentation and without comments that have lines of their own.

    One with a text that goes over several lines stays as it is: what looks like a comment or blank space may be part of the text.

    >>> minify_script("  // why\n  go();  // here\n")
    'go();  // here\n'
    """
    if any(line.count("`") % 2 for line in script.splitlines()):
        return script
    return _SCRIPT_COMMENT.sub("", _INDENT.sub("", script))


def _style(css: str, published: Mapping[str, ThemeAsset]) -> bytes:
    """Return the style sheet, shortened, with the published names of the files it uses."""

    def named(match: re.Match[str]) -> str:
        asset = published.get(match[2])
        return f"url({asset.url.removeprefix(FOLDER + '/')})" if asset else match[0]

    return _CSS_URL.sub(named, minify_css(css)).encode()


def _joined(names: tuple[str, ...], files: Mapping[str, bytes]) -> bytes:
    return b"\n".join(files[name] for name in names)


def _asset(name: str, content: bytes) -> ThemeAsset:
    """Return the file under a name that changes with its content, so that hosts may cache it for ever."""
    if name.endswith(".js"):
        content = minify_script(content.decode("utf-8", "replace")).encode()
    stem, _, suffix = name.replace("/", "-").rpartition(".")
    digest = hashlib.sha256(content)
    integrity = "sha256-" + base64.b64encode(digest.digest()).decode()
    return ThemeAsset(f"{FOLDER}/{stem}.{digest.hexdigest()[:10]}.{suffix}", integrity, content)
