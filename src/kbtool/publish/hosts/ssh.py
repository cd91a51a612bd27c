"""`ssh://`: a server with a shell; a release is made beside the others there, and a link switched to it in one step."""

import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, Manifest, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.retry import Patience
from kbtool.publish.shell import Failed, Shell, open_shell
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings

_MOVED, _FOREIGN, _NONE = 75, 76, 77
"""Statuses that the scripts below end with."""

_DOOR_TRIES = 150
"""So many seconds another publish that switches is waited for; one that died while it did lets go after a minute."""

_NAMES = """
site=$1
beside=$(dirname -- "$site")/.$(basename -- "$site").kbtool
current=
if [ -L "$site" ]; then current=$(basename -- "$(readlink -- "$site")"); fi
"""
"""$site is the link that the web server shows; releases stand in a folder beside it."""

_LOOK = f"""{_NAMES}
if [ -e "$site" ] && [ ! -L "$site" ]; then exit {_FOREIGN}; fi
printf '%s\\n' "$current"
if [ -n "$current" ]; then
  cd -- "$beside/$current"
  if [ -f {MANIFEST} ]; then wc -c < {MANIFEST}; cat {MANIFEST}; else echo 0; fi
  find . -type f
fi
"""

_MAKE = f"""{_NAMES}
umask 022
expected=$2 release=$3
[ "$current" = "$expected" ] || exit {_MOVED}
mkdir -p -- "$beside"
find "$beside" -maxdepth 1 -name 'new-*' -mmin +60 -exec rm -rf -- {{}} +
new=$beside/new-$release
rm -rf -- "$new"
if [ -n "$current" ]; then
  cp -al -- "$beside/$current" "$new" 2>/dev/null || {{ rm -rf -- "$new"; cp -Rp -- "$beside/$current" "$new"; }}
else
  mkdir -- "$new"
fi
rm -f -- "$new/{MANIFEST}"
while IFS= read -r path && [ -n "$path" ]; do rm -rf -- "$new/$path"; done
tar -x -f - -C "$new"
[ -f "$new/{MANIFEST}" ]
find "$new" -depth -type d -empty -delete 2>/dev/null || true
"""
"""Stdin holds the paths that make way, a line each, an empty line, and then a tar of what goes up, the manifest last: that it is
there at the end shows that all came."""

_SWITCH = f"""{_NAMES}
expected=$2 release=$3 keep=$4
door=$beside/switching
tries=0
until said=$(mkdir -- "$door" 2>&1); do
  if [ ! -d "$door" ] && [ "$tries" -ge 5 ]; then printf '%s\\n' "$said" >&2; exit 1; fi
  [ "$tries" -lt {_DOOR_TRIES} ] || exit {_MOVED}
  tries=$((tries + 1))
  find "$beside" -maxdepth 1 -name switching -mmin +1 -exec rmdir -- {{}} + 2>/dev/null || true
  if [ -d "$door" ]; then sleep 1; fi
done
trap 'rmdir -- "$door"' EXIT
current=
if [ -L "$site" ]; then current=$(basename -- "$(readlink -- "$site")"); fi
[ "$current" = "$expected" ] || exit {_MOVED}
if [ -d "$beside/new-$release" ]; then mv -- "$beside/new-$release" "$beside/$release"; fi
[ -d "$beside/$release" ]
link=$beside/link
rm -f -- "$link"
ln -s -- ".$(basename -- "$site").kbtool/$release" "$link"
mv -fT -- "$link" "$site" 2>/dev/null || mv -fh -- "$link" "$site"
ls -1 -- "$beside" | grep -E '^[0-9]{{8}}T' | grep -vxF -- "$release" | sort -r | tail -n +$((keep + 1)) |
  while IFS= read -r old; do rm -rf -- "$beside/$old"; done
"""

_BEFORE = f"""{_NAMES}
older=$(ls -1 -- "$beside" 2>/dev/null | grep -E '^[0-9]{{8}}T' | sort | awk -v current="$current" '$0 < current' | tail -n 1)
[ -n "$older" ] || exit {_NONE}
printf '%s\\n%s\\n' "$current" "$older"
"""


def open_server(address: Address, surroundings: Surroundings) -> "ServerTarget":
    """Return the target of an `ssh://user@host/path`. Raises Stop when it names no folder on a server."""
    if not address.host or address.host.startswith("-") or not address.prefix or address.query or address.fragment:
        raise Stop(wrong_address(f'"{address.text}" names no folder on a server: it looks like ssh://user@host/var/www/help'))
    path = address.path.rstrip("/")
    return ServerTarget(open_shell(address, surroundings.environment), path, surroundings, Patience(surroundings.clock))


@dataclass(frozen=True, slots=True)
class ServerTarget:
    """A link on a server, and the releases beside it."""

    shell: Shell
    path: str
    """Where the link is."""
    surroundings: Surroundings
    patience: Patience

    @property
    def place(self) -> str:
        """The server and the path."""
        return f"{self.shell.host}:{self.path}"

    @property
    def limits(self) -> Limits:
        """A disk takes anything."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """The web server decides on headers."""
        return False

    def look(self) -> Remote:
        """Return what the link shows, in one command. Raises Stop when there is something else in its place."""
        answer = self._run(_LOOK, self.path)
        release, _, rest = answer.partition(b"\n")
        if not release:
            return Remote({}, None, "")
        size, _, rest = rest.partition(b"\n")
        manifest, problems = read_manifest(rest[: int(size)] or None)
        names = rest[int(size) :].decode("utf-8", "surrogateescape").splitlines()
        paths = (name.removeprefix("./") for name in names)
        files = {path: _known(path, manifest) for path in paths if path and not path.startswith(OWN_FOLDER)}
        return Remote(files, manifest, release.decode(), problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Make the release, and let the link lead to it. Raises Moved when it leads to another release by now."""
        release = plan.manifest.release
        when = int(self.surroundings.clock.now().timestamp())
        report("Publishing", 0, len(plan.uploads))
        self._run(_MAKE, self.path, plan.state, release, source=lambda: _parcel(site, plan, when))
        report("Publishing", len(plan.uploads), len(plan.uploads))
        self._switch(plan.state, release)
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Let the link lead to the release before the one that is shown."""
        try:
            current, older = self._run(_BEFORE, self.path).decode().split()
        except Failed:
            return None
        report("Switching", 0, 1)
        self._switch(current, older)
        report("Switching", 1, 1)
        return older

    def _switch(self, expected: str, release: str) -> None:
        self._run(_SWITCH, self.path, expected, release, str(self.surroundings.settings.keep))

    def _run(self, script: str, *arguments: str, source: Callable[[], Iterable[bytes]] = tuple) -> bytes:
        """Return what the script prints; what may pass is tried again, with the same on its stdin."""
        try:
            return self.patience.run(self.place, lambda: self.shell.run(script, *arguments, source=source()))
        except Failed as failed:
            if failed.status == _MOVED:
                raise Moved from failed
            if failed.status == _NONE:
                raise
            raise Stop(self._problem(failed)) from failed

    def _problem(self, failed: Failed) -> Problem:
        """Return the problem of a script that failed on the server."""
        if failed.status == _FOREIGN:
            hint = "move it away, or publish to a path that is not there yet: kbtool makes a link there"
            message = f'"{self.place}" is no place to publish to: it holds what kbtool did not publish'
            return Problem("", 0, "not-ours", message, hint)
        hint = "the site there is as it was before; make room or rights on the server and publish again"
        return Problem("", 0, "cannot-write", f'"{self.place}" cannot be written: {failed.words}', hint)


def _known(path: str, manifest: Manifest | None) -> RemoteFile:
    """Return a file as the manifest tells of it: a release is never changed once it stands."""
    entry = manifest.files.get(path) if manifest else None
    return RemoteFile(entry.size if entry else 0)


def _parcel(site: Snapshot, plan: PublishPlan, when: int) -> Iterator[bytes]:
    """Yield the paths that make way and a tar of what goes up, the manifest last.

    `when`, in seconds since 1970, is what web servers tell browsers' copies by: another release, another time.
    """
    uploads = [upload.path for upload in plan.uploads]
    for path in (*uploads, *plan.deletes):
        yield path.encode() + b"\n"
    yield b"\n"
    for path in uploads:
        yield from _tarred(path, site.read(path), when)
    yield from _tarred(MANIFEST, write_manifest(plan.manifest), when)
    yield b"\0" * 2 * tarfile.BLOCKSIZE


def _tarred(path: str, content: bytes, when: int) -> Iterator[bytes]:
    """Yield a file as tar holds it, readable by everybody (POSIX.1-2001)."""
    about = tarfile.TarInfo(path)
    about.size, about.mode, about.mtime = len(content), 0o644, when
    yield about.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")
    yield content
    yield b"\0" * (-len(content) % tarfile.BLOCKSIZE)
