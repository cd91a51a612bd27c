"""Files beside the articles -> what the site copies, images with their size in pixels."""

import time
from collections.abc import Iterable
from pathlib import Path

from kbtool.content.cache import Cache
from kbtool.content.scan import File
from kbtool.model import Asset
from kbtool.urls import asset_url

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".tif", ".tiff", ".ico")


def read_assets(files: Iterable[File], cache: Cache) -> tuple[Asset, ...]:
    """Return the files that are copied, sorted as they come; only new and changed images are opened."""
    known = cache.images()
    fresh: list[tuple[File, int, int, int]] = []
    assets = []
    for file in files:
        width, height = 0, 0
        if file.path.lower().endswith(_IMAGES):
            size = known.get((file.path, file.size, file.mtime_ns))
            width, height = size or _pixels(file.disk)
            if size is None:
                fresh.append((file, time.time_ns(), width, height))
        assets.append(Asset(file.path, asset_url(file.path), Path(file.disk), file.size, file.mtime_ns, width, height))
    cache.keep_images(fresh)
    return tuple(assets)


def _pixels(disk: str) -> tuple[int, int]:
    """Return width and height; 0 and 0 for what cannot be read, which browsers then measure themselves."""
    import imagesize  # noqa: PLC0415 - not needed when every image is known

    try:
        width, height = imagesize.get(disk)
    except Exception:  # noqa: BLE001 - whatever a broken image does to its reader, the site goes on
        return 0, 0
    return max(0, round(width)), max(0, round(height))
