"""Templates that Jinja has compiled -> kept for the next render, and beside the articles' cache for the next build."""

import os
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, compiler
from jinja2.bccache import Bucket

FOLDER = "templates"
"""Where they are, in the cache's folder."""

_DIGEST = 32
"""Bytes before each file's code, without which it is not even looked at: damaged code could end the program."""


Codes = dict[tuple[str, str], CodeType | None]
"""By a template's key, and the digest of its source."""


class Compiled(BytecodeCache):
    """What is compiled of one look. A file that cannot be read or written is no loss: the template is compiled again."""

    def __init__(self, folder: Path, look: str, codes: Codes) -> None:
        """Keep it in that folder; `look` is the digest of all that shapes it, the language too, whose words are in the code.

        `codes` is what is known of that look already, and takes what is learned.
        """
        self._folder = folder
        self._key = f"{look} {_jinja()}".encode()
        self._codes = codes

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template's code, if it is known."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            with suppress(OSError, ValueError, TypeError, EOFError):
                content = (self._folder / bucket.key).read_bytes()
                if content[:_DIGEST] == self._digest(content[_DIGEST:]):
                    bucket.bytecode_from_string(content[_DIGEST:])
                    self._codes[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the template's code."""
        self._codes[bucket.key, bucket.checksum] = bucket.code
        content = bucket.bytecode_to_string()
        fresh = self._folder / f".{bucket.key}-{os.getpid()}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                fresh.write_bytes(self._digest(content) + content)
                fresh.replace(self._folder / bucket.key)
            finally:
                fresh.unlink(missing_ok=True)

    def _digest(self, content: bytes) -> bytes:
        return blake2b(content, key=blake2b(self._key, digest_size=_DIGEST).digest(), digest_size=_DIGEST).digest()


def compiled(folder: Path, look: str) -> Compiled:
    """Return what is compiled of a look: a preview renders with the same after every save."""
    return Compiled(folder, look, known(look))


@lru_cache(maxsize=4)
def known(look: str) -> Codes:  # noqa: ARG001 - each look has its own
    """Return what this process has compiled or read of a look so far."""
    return {}


def _jinja() -> str:
    """Return what tells one Jinja from another: its code fits no other version."""
    state = Path(compiler.__file__).stat()
    return f"{state.st_size} {state.st_mtime_ns}"
