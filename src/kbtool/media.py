"""Path -> content type: our own table, because the machine's differs from one to the next."""

import posixpath

_UNKNOWN = "application/octet-stream"

_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "htm": "text/html; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "map": "application/json",
    "markdown": "text/markdown; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odt": "application/vnd.oasis.opendocument.text",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rss": "application/rss+xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "ttf": "font/ttf",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml; charset=utf-8",
    "zip": "application/zip",
}

_NAMES = {"_redirects": "text/plain; charset=utf-8", "_headers": "text/plain; charset=utf-8"}


def content_type(path: str) -> str:
    """Return the value of the Content-Type header for a file of a site.

    >>> content_type("billing/index.html")
    'text/html; charset=utf-8'
    >>> content_type("img/Button.PNG")
    'image/png'
    >>> content_type("pagefind/wasm.unknown.pagefind")
    'application/octet-stream'
    """
    name = posixpath.basename(path)
    _, dot, suffix = name.rpartition(".")
    return _NAMES.get(name) or (_TYPES.get(suffix.lower(), _UNKNOWN) if dot else _UNKNOWN)
