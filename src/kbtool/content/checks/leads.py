"""Links and pictures: what their words say."""

import re
from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript, Placed, Shelf
from kbtool.content.checks.vocabulary import VAGUE
from kbtool.model import Asset

_BARE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:an? |the )?(?:image|img|picture|pic|photo|screenshot|screen ?shot|figure|fig|graphic|icon|untitled|bild|foto|abbildung|bildschirmfoto)"
    r"[\s_.-]*\d*",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"[^\s]+\.(?:png|jpe?g|gif|webp|svg|bmp|avif)", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d")
_LONGEST_ALT = 150
"""Characters; the words of a message that the picture shows must be told whole."""
_KB = 1000
_HEAVY, _HEAVY_GIF, _BETTER_VIDEO = 500 * _KB, 1000 * _KB, 300 * _KB


def check_vague(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the links whose words do not say where they lead."""
    vague = VAGUE[manuscript.language]
    for link in manuscript.links:
        if " ".join(link.text.casefold().split()).strip(".,:;!> \u00bb\u2192") in vague:
            hint = "let the link's words say where it leads: screen readers and skimming eyes go from link to link"
            yield Finding(link.line, f'the link\'s words "{link.text}" do not say where it leads', hint)


def check_bare(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the addresses that stand there as they are."""
    for link in manuscript.article.external:
        text = link.text.strip()
        if (
            _BARE.fullmatch(text)
            and "<iframe" not in source_line(manuscript.source, link.line)
            and link.target.rstrip("/").endswith(text.rstrip("/"))
        ):
            yield Finding(
                link.line,
                f'the link is a bare address: "{_shortened(text)}"',
                "give it words: [what it shows](address); put one that is to be copied between backticks",
            )


def check_alt(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the pictures whose alternative text is missing, says nothing, or says too much."""
    for link in manuscript.article.links:
        if not link.image:
            continue
        name = link.target.rpartition("/")[2]
        stem, alt = name.rpartition(".")[0], link.text.strip()
        what = "say what the picture shows, for those who do not see it"
        if not alt:
            if not _is_decoration(manuscript.source, link.line):
                yield Finding(link.line, f'the picture "{name}" has no alternative text', what)
        elif alt.casefold() in (name.casefold(), stem.casefold()) or _FILE_NAME.fullmatch(alt) or _NO_NAME.fullmatch(alt):
            yield Finding(link.line, f'the alternative text "{alt}" does not say what the picture shows', what)
        elif len(_QUOTED.sub("", alt)) > _LONGEST_ALT:
            hint = f"take {_LONGEST_ALT} at most, and put the rest into the text for everybody"
            yield Finding(link.line, f'the alternative text of "{name}" has {len(alt)} characters', hint)


def check_weight(shelf: Shelf) -> Iterator[Placed]:
    """Yield each picture that takes long to load, where it is shown first."""
    assets = {asset.url: asset for asset in shelf.library.assets}
    told: set[str] = set()
    topics = (topic.article for topic in shelf.library.topics if topic.article)
    for article in (*shelf.library.articles, *topics):
        targets = shelf.library.targets.get(article.path, ())
        for link, target in zip(article.links, targets, strict=False):
            asset = assets.get(target.partition("#")[0]) if link.image else None
            if asset and asset.path not in told and (finding := _too_heavy(asset, link.line)):
                told.add(asset.path)
                yield Placed(article.path, finding)


def _too_heavy(asset: Asset, line: int) -> Finding | None:
    name, size = asset.path.rpartition("/")[2], asset.size
    shown = f"{size / _KB:,.0f} KB"
    if asset.path.lower().endswith(".gif"):
        hint = "a short video shows the same in a tenth of it"
        if size > _BETTER_VIDEO:
            return Finding(line, f'the GIF "{name}" has {shown}', hint, None if size > _HEAVY_GIF else "hint")
    elif size > _HEAVY:
        return Finding(line, f'the picture "{name}" has {shown}', "make it smaller: most pictures look the same with 100 KB")
    return None


def source_line(source: str, line: int) -> str:
    """Return a line of a text as it was typed; empty when there is none."""
    lines = source.split("\n", line)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _is_decoration(source: str, line: int) -> bool:
    """Tell whether a picture's writer typed an empty alternative text: HTML's way to say that it is no content."""
    return bool(re.search(r"\balt\s*=\s*(?:\"\"|'')", source_line(source, line)))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - what fits into a line
