"""Front matter and settings -> the day by which an article must be checked again."""

import datetime

from kbtool.intervals import add_interval
from kbtool.model import Meta
from kbtool.settings import Config


def review_due(meta: Meta, folder: str, config: Config) -> datetime.date | None:
    """Return the last day on which the article counts as checked; None when nobody said when it was or how often it must be.

    How often: the article says, else the nearest topic above it that `kbtool.yml` gives a default, else `kbtool.yml` itself.
    """
    interval = meta.review_every or _topic_interval(folder, config) or config.review_every
    return add_interval(meta.reviewed, interval) if meta.reviewed else None


def _topic_interval(folder: str, config: Config) -> str:
    """Return what the nearest topic says, from the article's own upwards."""
    path = folder
    while path:
        defaults = config.topics.get(path)
        if defaults and defaults.review_every:
            return defaults.review_every
        path = path.rpartition("/")[0]
    return ""
