"""A target's URL -> its parts, with no secret in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kbtool.problems import Problem, Stop

SECRET_HINT = "keep secrets out of URLs and kbtool.yml: the host's usual environment variables or credential files hold them"  # noqa: S105 - says where they belong

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SECRET = re.compile(r"secret|token|passw|sas|sig|signature|credential|(?:access|account|api|private).?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a site goes, in parts."""

    scheme: str
    """In small letters: it names the extension that knows the host."""
    host: str = ""
    """A server, a bucket, a site: what stands after //."""
    user: str = ""
    port: int | None = None
    path: str = ""
    """Percent-decoded, with its first slash if it has one."""
    query: Mapping[str, str] = field(default_factory=dict)
    fragment: str = ""
    text: str = ""
    """The whole as it was typed; it holds no secret, or there would be no Address."""

    @property
    def prefix(self) -> str:
        """The path as a folder below the host: empty, or with a slash at its end only."""
        inner = self.path.strip("/")
        return f"{inner}/" if inner else ""


def parse_address(text: str) -> Address:
    """Return the URL's parts. Raises Stop when it is none, or when it holds a secret; the secret is not in the problem."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise Stop(wrong_address("the target is neither a name from targets: in kbtool.yml nor a URL"))
    if scheme[1].lower() == "exec":
        return Address("exec", path=text[scheme.end() :], text=text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Stop(wrong_address(f'the target\'s URL, which begins with "{scheme[0]}", cannot be read')) from None
    if holds_secret(text):
        raise Stop(Problem("", 0, "secret-in-url", "the target's URL holds a password or a key", SECRET_HINT))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = _host(parts)
    return Address(
        parts.scheme.lower(), host, unquote(parts.username or ""), port, unquote(parts.path), query, unquote(parts.fragment), text
    )


def holds_secret(text: str) -> bool:
    """Tell whether a URL carries a password, or a key in its query.

    >>> holds_secret("https://me:secret@host.example/"), holds_secret("az://site/x?sig=abc"), holds_secret("s3://bucket/x")
    (True, True, False)
    """
    if text.lower().startswith("exec:"):
        return bool(re.search(r"://[^/\s:@]*:[^/\s@]+@", text))
    try:
        parts = urlsplit(text)
        return parts.password is not None or any(_SECRET.search(key) for key, _ in parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return "@" in text


def names_secret(key: str) -> bool:
    """Tell whether a key of kbtool.yml sounds as if a secret stood there.

    >>> names_secret("targets.live.secret_access_key"), names_secret("targets.live.url")
    (True, False)
    """
    return key.startswith("targets.") and _SECRET.search(key.rpartition(".")[2]) is not None


def wrong_address(message: str) -> Problem:
    """Return the problem with a target that leads nowhere."""
    return Problem("", 0, "wrong-target", message, 'a URL looks like "s3://bucket/folder" or "file:///var/www/help"')


def _host(parts: SplitResult) -> str:
    """Return the host as it was typed: a bucket's name has capitals, and urlsplit would lower them."""
    place = parts.netloc.rpartition("@")[2]
    return unquote(place.rpartition(":")[0] if parts.port is not None else place.removesuffix(":"))
