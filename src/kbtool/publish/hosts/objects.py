"""Object stores through obstore's synchronous calls: the one place that knows the library and reads its errors."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from kbtool.problems import Problem, Stop
from kbtool.publish.manifest import Entry
from kbtool.publish.remote import RemoteFile
from kbtool.publish.retry import PASSING_STATUSES, Passing
from kbtool.publish.target import Fetched, Limits

if TYPE_CHECKING:  # an extra: it is imported when a site goes to an object store
    from obstore.store import AzureStore, GCSStore, S3Store

T = TypeVar("T")

CLIENT = {"connect_timeout": timedelta(seconds=10), "timeout": timedelta(minutes=5), "read_timeout": timedelta(seconds=60)}
"""A connection that stands still for a minute is dead; a large file may take five."""
NO_RETRIES = {"max_retries": 0}
"""kbtool tries again by its own budget, for all threads together."""

_LISTED_AT_ONCE = 1_000
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_PASSING_CODES = frozenset(
    {
        "RequestTimeout",
        "SlowDown",
        "InternalError",
        "ServiceUnavailable",
        "BadDigest",
        "IncompleteBody",
        "XAmzContentSHA256Mismatch",
    }
)
"""Some stores answer a body that broke off with a 400: what was meant is a damaged transfer."""
_CERTIFICATE = re.compile(r"invalid peer certificate|certificate verify failed|UnknownIssuer|NotValidForName", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A bucket, or a folder in one, as a Store."""

    store: "S3Store | GCSStore | AzureStore"
    """With the target's folder as its prefix."""
    place: str
    rights: str
    """What the credential must be allowed, in the host's own words: said when it is not."""

    @property
    def limits(self) -> Limits:
        """Every store takes 5 GB in one request; a help center has no such file."""
        return Limits(file_bytes=5 * 1_000_000_000)

    @property
    def takes_headers(self) -> bool:
        """They do."""
        return True

    def list(self) -> Mapping[str, RemoteFile]:
        """Return every object below the prefix."""
        from obstore import list as list_objects  # noqa: PLC0415 - an extra

        def act() -> dict[str, RemoteFile]:
            chunks = list_objects(self.store, chunk_size=_LISTED_AT_ONCE)
            return {meta["path"]: RemoteFile(meta["size"], _tag(meta["e_tag"])) for chunk in chunks for meta in chunk}

        return self._told(act)

    def get(self, path: str) -> Fetched | None:
        """Return the object, None when there is none."""
        from obstore import get  # noqa: PLC0415 - an extra

        def act() -> Fetched:
            answer = get(self.store, path)
            return Fetched(bytes(answer.bytes()), _tag(answer.meta["e_tag"]), answer.meta["last_modified"])

        try:
            return self._told(act)
        except FileNotFoundError:
            return None

    def put(self, path: str, content: bytes, entry: Entry | None, *, if_absent: bool = False) -> str:
        """Write the object in one request, so that its ETag is its MD5 and nothing half-written is ever left."""
        from obstore import put  # noqa: PLC0415 - an extra

        headers = {"Content-Type": entry.type, "Cache-Control": entry.cache} if entry else {}
        mode = "create" if if_absent else "overwrite"
        answer = self._told(lambda: put(self.store, path, content, attributes=headers, mode=mode, use_multipart=False))  # type: ignore[arg-type]
        return _tag(answer["e_tag"])

    def delete(self, paths: Sequence[str]) -> None:
        """Delete the objects, many in one request where the store can."""
        from obstore import delete  # noqa: PLC0415 - an extra

        try:
            self._told(lambda: delete(self.store, paths))
        except FileNotFoundError:
            for path in paths:
                with suppress(FileNotFoundError):
                    self._told(lambda path=path: delete(self.store, path))  # type: ignore[misc]

    def _told(self, act: Callable[[], T]) -> T:
        """Return what the call returns; its faults as FileExistsError, FileNotFoundError, Passing or Stop."""
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError  # noqa: PLC0415 - an extra

        try:
            return act()
        except (AlreadyExistsError, PreconditionError) as fault:
            raise FileExistsError from fault
        except FileNotFoundError as fault:
            if "NoSuchBucket" in str(fault) or "ContainerNotFound" in str(fault):
                raise Stop(self._problem("NoSuchBucket", 404)) from None
            raise FileNotFoundError from None
        except (BaseError, OSError, ValueError) as fault:
            raise self._fault(str(fault)) from None

    def _fault(self, words: str) -> Exception:
        """Return what a fault means. Its words are not repeated: they can hold signed addresses."""
        status_found, code_found = _STATUS.search(words), _CODE.search(words)
        status, code = int(status_found[1]) if status_found else 0, code_found[1] if code_found else ""
        if status in (409, 412):
            return FileExistsError()
        if status in PASSING_STATUSES or code in _PASSING_CODES:
            return Passing(" ".join(str(part) for part in (status, code) if part))
        if status:
            return Stop(self._problem(code, status))
        if _CERTIFICATE.search(words):
            return Stop(self._problem("its certificate is not trusted", 0))
        return Passing("the connection failed or broke off")

    def _problem(self, code: str, status: int) -> Problem:
        """Return the problem with what the store refused."""
        said = " ".join(part for part in (str(status or ""), code) if part)
        if code in ("NoSuchBucket", "ContainerNotFound"):
            return Problem("", 0, "host-refuses", f'there is no bucket at "{self.place}"', "make it first, or correct the name")
        if status in (401, 403):
            hint = f"check the key and what it may do: it needs {self.rights}"
            return Problem("", 0, "host-refuses", f'"{self.place}" refuses the credentials ({said})', hint)
        hint = "the site there is as whole as before"
        return Problem("", 0, "host-refuses", f'"{self.place}" refused a request ({said})', hint)


def demand_obstore() -> None:
    """Raise Stop when the library is not installed."""
    if find_spec("obstore") is None:
        message = "\"obstore\" is needed to publish to object stores; type: pip install 'kbtool[cloud]'"
        raise Stop(Problem("", 0, "missing-package", message))


def no_credentials(place: str, hint: str) -> Stop:
    """Return what is raised when nothing says who publishes."""
    return Stop(Problem("", 0, "no-credentials", f'there are no credentials for "{place}"', hint))


def _tag(e_tag: str | None) -> str:
    """Return an ETag without quotes and weakness."""
    return (e_tag or "").removeprefix("W/").strip('"')


Options = dict[str, Any]
"""What a store is made with."""
