"""Pictures that articles show -> a problem for each that browsers do not."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from kbtool.model import Article, Asset
from kbtool.problems import Problem

_ELSEWHERE = {
    **dict.fromkeys((".heic", ".heif"), "a photo as phones keep it: save it as JPEG"),
    **dict.fromkeys((".tif", ".tiff", ".psd", ".ai", ".eps", ".raw", ".dng", ".cr2", ".nef"), "save it as PNG or JPEG"),
    **dict.fromkeys((".pdf", ".doc", ".docx", ".ppt", ".pptx"), "link to it, or save the page as PNG"),
}
"""Kinds of files that few browsers or none show in a page, and what to do."""
_SHOWN = frozenset((".png", ".apng", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico", ".svg"))
_BEGINNINGS = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|BM|\x00\x00\x01\x00|.{4}ftyp(?:avi[fs]|mif1)|.*<(?:\w+:)?svg\b", re.DOTALL
)
"""How pictures begin that browsers show: what the file is called does not matter to them."""
_HEAD = 65_536


def check_pictures(
    articles: Iterable[Article], targets: Mapping[str, tuple[str, ...]], assets: Iterable[Asset], also: Collection[str], name: str
) -> Iterator[Problem]:
    """Yield a problem for each file that an article shows as a picture, or that is among `also` by its path, and that is none.

    Only files whose size in pixels could not be read are opened. `name` is the content folder's.
    """
    used = {
        target
        for article in articles
        for link, target in zip(article.links, targets.get(article.path, ()), strict=False)
        if link.image and target
    }
    for asset in assets:
        fault = _fault(asset) if asset.url in used or asset.path in also else None
        if fault:
            yield Problem(f"{name}/{asset.path}", 0, "broken-image", *fault, "warning")


def _fault(asset: Asset) -> tuple[str, str] | None:
    """Return what is wrong with the picture, and what to do."""
    file = PurePosixPath(asset.path)
    suffix = file.suffix.lower()
    if not asset.size:
        return f'"{file.name}" is empty', "save the picture again"
    if suffix in _ELSEWHERE:
        return f'"{file.name}" is no picture that browsers show', _ELSEWHERE[suffix]
    if suffix in _SHOWN and not asset.width and not _begins_as_a_picture(asset):
        return (
            f'"{file.name}" is called a picture, and holds something else',
            "save it again as PNG or JPEG: a new name alone changes nothing",
        )
    return None


def _begins_as_a_picture(asset: Asset) -> bool:
    try:
        with asset.file.open("rb") as file:
            return _BEGINNINGS.match(file.read(_HEAD)) is not None
    except OSError:
        return True
