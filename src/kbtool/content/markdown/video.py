"""A link to a video page -> a player that loads nothing until it is asked."""

import re
from html import escape

_YOUTUBE = re.compile(
    r"(?:https?:)?//(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*?&)??v=|embed/|shorts/|live/|v/)|youtu\.be/)([\w-]{6,20})(?=[?&#/]|\Z)",
    re.IGNORECASE,
)
_VIMEO = re.compile(r"(?:https?:)?//(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{5,12})(?=[?&#/]|\Z)", re.IGNORECASE)
_START = re.compile(r"[?&#](?:t|start)=(?:(\d{1,3})m)?(\d{1,5})?s?(?=[&#]|\Z)")
_FILE = re.compile(r"\.(?:mp4|webm|m4v)(?:[?#].*)?\Z", re.IGNORECASE)

PLAYERS = re.compile(
    r"https://(?:www\.youtube-nocookie\.com/embed/[\w-]{6,20}(?:\?start=\d+)?|player\.vimeo\.com/video/\d{5,12}(?:\?dnt=1)?)\Z"
)
"""The players that a page may load, in their privacy-minded form."""


def player(href: str) -> str:
    """Return the address of the player for a video page; empty when it is none.

    >>> player("https://youtu.be/dQw4w9WgXcQ?t=42")
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=42'
    >>> player("https://vimeo.com/76979871")
    'https://player.vimeo.com/video/76979871?dnt=1'
    """
    found = _YOUTUBE.match(href)
    if found:
        start = _START.search(href)
        seconds = 60 * int(start[1] or 0) + int(start[2] or 0) if start else 0
        return f"https://www.youtube-nocookie.com/embed/{found[1]}" + (f"?start={seconds}" if seconds else "")
    found = _VIMEO.match(href)
    return f"https://player.vimeo.com/video/{found[1]}?dnt=1" if found else ""


def is_video_file(href: str) -> bool:
    """Tell whether an address is that of a video that browsers play themselves."""
    return bool(_FILE.search(href))


def video_html(source: str, href: str, title: str) -> str:
    """Return a link to the video, in the box that the theme's script turns into a player."""
    return f'<div class="video" data-video="{escape(source)}"><a href="{escape(href)}">{escape(title)}</a></div>\n'


def file_html(mark: str, title: str) -> str:
    """Return a player for a video among the site's own files; it loads nothing until it is started."""
    link = f'<a href="{mark}">{escape(title)}</a>'
    return f'<div class="video"><video src="{mark}" controls preload="none" aria-label="{escape(title)}">{link}</video></div>\n'
