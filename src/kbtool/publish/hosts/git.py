"""`git+ssh://`, `git+https://`, `git+file://...#branch`: one commit on a branch, as GitHub, GitLab and Codeberg Pages show it."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.gitrepo import Blob, Rejected, Repository
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, Entry, Manifest, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.retry import Patience
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings

BRANCH = "gh-pages"
"""Where the site goes when the URL names no branch."""

_GIGABYTE = 1_000_000_000
_NEW = "refs/kbtool/new"
_PLAIN = "100644"
_ADDED = (".nojekyll", "CNAME")
"""What Pages need beside the site; a site that has files of these names has its own."""
_HOSTED = (".github.io", ".gitlab.io", ".codeberg.page")


def open_branch(address: Address, surroundings: Surroundings) -> "BranchTarget":
    """Return the target of a `git+...` URL. Raises Stop when it names no repository."""
    transport = address.scheme.removeprefix("git+")
    if not address.path.strip("/") or (transport != "file" and not address.host):
        raise Stop(wrong_address(f'"{address.text}" names no repository'))
    unknown = sorted(address.query.keys() - {"history"}) or [
        f"history={value}" for value in address.query.values() if value not in ("keep", "squash")
    ]
    if unknown:
        raise Stop(wrong_address(f'"{unknown[0]}" in "{address.text}" says nothing: there is history=keep and history=squash'))
    user = f"{quote(address.user, safe='')}@" if address.user else ""
    port = f":{address.port}" if address.port else ""
    url = f"{transport}://{user}{address.host}{port}{quote(address.path, safe='/:~@')}"
    folder = surroundings.work / f"git-{hashlib.sha256(url.encode()).hexdigest()[:16]}"
    repository = Repository(folder, url, surroundings.environment, surroundings.root, Patience(surroundings.clock))
    keeps = address.query.get("history") != "squash"
    return BranchTarget(repository, address.fragment or BRANCH, surroundings, keeps_history=keeps)


@dataclass(frozen=True, slots=True)
class BranchTarget:
    """A branch of a repository. Its lease is git's own: of two publishers at once the second is told that the branch moved."""

    repository: Repository
    branch: str
    surroundings: Surroundings
    keeps_history: bool
    """False: the branch never has more than one commit."""

    @property
    def place(self) -> str:
        """The repository and the branch."""
        return f"{self.repository.url}#{self.branch}"

    @property
    def limits(self) -> Limits:
        """GitHub takes 100 MiB a file, and shows a site of 1 GB."""
        return Limits(100 * 1_048_576, 0, _GIGABYTE) if "github" in self.repository.url else Limits()

    @property
    def takes_headers(self) -> bool:
        """Pages decide on headers."""
        return False

    def look(self) -> Remote:
        """Return what is on the branch. Raises Stop when it holds files and none of them by kbtool's hand."""
        with self._alone():
            commit = self.repository.head(self.branch)
            if not commit:
                return Remote({}, None, "")
            self.repository.fetch(self.branch, commit, depth=2)
            blobs = self.repository.files(commit)
            manifest, problems = read_manifest(self.repository.read(commit, MANIFEST) if MANIFEST in blobs else None)
            files = {path: RemoteFile(blob.size, blob.id) for path, blob in self._site_files(blobs, manifest).items()}
            if manifest is None and files and MANIFEST not in blobs:
                raise Stop(self._not_ours())
            return Remote(files, manifest, commit, problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Push one commit, whose tree is the plan's. Raises Moved when the branch is another one by now."""
        with self._alone():
            there = self.repository.files(plan.state) if plan.state else {}
            parent = plan.state if self.keeps_history else ""
            stream = self._commit(site, plan, there, parent, report)
            commit = self.repository.commit(stream, _NEW)
            self._push(commit, plan.state)
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Let the branch show the newest release that is older than the one it shows, by one more commit."""
        with self._alone():
            head = self.repository.head(self.branch)
            if not head:
                return None
            report("Switching", 0, 1)
            self.repository.fetch(self.branch, head, depth=2 * self.surroundings.settings.keep + 2)
            shown, *older = ((commit, self._release(commit)) for commit in self.repository.history(head))
            found = next(((commit, release) for commit, release in older if release and release < shown[1]), None)
            if found is None:
                return None
            lines = [self._heading(f"Go back to release {found[1]}", head), b"deleteall\n"]
            lines += [_kept(path, blob) for path, blob in self.repository.files(found[0]).items()]
            self._push(self.repository.commit(lines, _NEW), head)
            report("Switching", 1, 1)
            return found[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the local repository; its files are this machine's."""
        try:
            with self.repository.alone():
                yield
        except OSError as error:
            hint = "nothing was changed at the branch; make room or rights and publish again"
            what = f'"{error.filename or self.repository.folder}" cannot be written: {error.strerror or error}'
            raise Stop(Problem("", 0, "cannot-write", what, hint)) from error

    def _push(self, commit: str, expected: str) -> None:
        try:
            self.repository.push(commit, self.branch, expected)
        except Rejected as rejected:
            raise Moved from rejected

    def _release(self, commit: str) -> str:
        """Return the name of the release that a commit holds."""
        manifest = read_manifest(self.repository.read(commit, MANIFEST))[0]
        return manifest.release if manifest else ""

    def _site_files(self, blobs: Mapping[str, Blob], manifest: Manifest | None) -> dict[str, Blob]:
        """Return the commit's files, those aside that kbtool adds to every site."""
        own = manifest.ours if manifest else frozenset()
        return {
            path: blob for path, blob in blobs.items() if not path.startswith(OWN_FOLDER) and (path in own or path not in _ADDED)
        }

    def _commit(
        self, site: Snapshot, plan: PublishPlan, there: Mapping[str, Blob], parent: str, report: Report
    ) -> Iterator[bytes]:
        """Yield the commit as `git fast-import` reads it (https://git-scm.com/docs/git-fast-import)."""
        uploads = {upload.path for upload in plan.uploads}
        entries: dict[str, Entry] = dict(plan.manifest.files)
        yield self._heading(f"Publish the help center\n\nRelease: {plan.manifest.release}\n{self._revision(plan)}", parent)
        yield b"deleteall\n"
        for done, path in enumerate(sorted(uploads), 1):
            content = site.read(path)
            entries[path] = replace(entries[path], tag=_blob_name(content))
            yield from _file(path, content)
            report("Publishing", done, len(uploads))
        for path in (*(entries.keys() - uploads), *plan.waiting, *plan.foreign):
            yield _kept(path, there[path])
        for path, added in self._added(there):
            if path not in entries:
                yield from (_kept(path, there[path]),) if added is None else _file(path, added)
        yield from _file(MANIFEST, write_manifest(replace(plan.manifest, files=entries)))

    def _added(self, there: Mapping[str, Blob]) -> Iterator[tuple[str, bytes | None]]:
        """Yield what Pages need beside the site; None: what is there stays."""
        yield ".nojekyll", b""
        if "CNAME" in there:
            yield "CNAME", None
            return
        parts = urlsplit(self.surroundings.site_url)
        if parts.hostname and parts.path.strip("/") == "" and not parts.hostname.endswith(_HOSTED):
            yield "CNAME", f"{parts.hostname}\n".encode()

    def _heading(self, message: str, parent: str) -> bytes:
        """Return how a commit begins."""
        environment = self.surroundings.environment
        name = _word(environment.get("GIT_COMMITTER_NAME", "")) or "kbtool"
        mail = _word(environment.get("GIT_COMMITTER_EMAIL", "")) or "kbtool@localhost"
        text = message.strip().encode()
        lines = [f"commit {_NEW}", f"committer {name} <{mail}> {int(self.surroundings.clock.now().timestamp())} +0000"]
        lines.append(f"data {len(text)}")
        start = "\n".join(lines).encode() + b"\n" + text + b"\n"
        return start + (f"from {parent}\n".encode() if parent else b"")

    def _revision(self, plan: PublishPlan) -> str:
        return f"Revision: {plan.manifest.revision}\n" if plan.manifest.revision else ""

    def _not_ours(self) -> Problem:
        message = f'the branch "{self.branch}" at "{self.repository.url}" holds files that kbtool did not publish'
        hint = f'name a branch of its own after the "#", or delete this one first: git push origin --delete {self.branch}'
        return Problem("", 0, "not-ours", message, hint)


def _file(path: str, content: bytes) -> Iterator[bytes]:
    """Yield a new file of the commit."""
    yield f"M {_PLAIN} inline {_quoted(path)}\ndata {len(content)}\n".encode("utf-8", "surrogateescape")
    yield content
    yield b"\n"


def _kept(path: str, blob: Blob) -> bytes:
    """Return a file of the commit that the repository has already."""
    return f"M {blob.mode} {blob.id} {_quoted(path)}\n".encode("utf-8", "surrogateescape")


def _quoted(path: str) -> str:
    """Return the path between quotes, as C writes text."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _blob_name(content: bytes) -> str:
    """Return what git calls these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _word(text: str) -> str:
    """Return a name without what has a meaning in a commit."""
    return "".join(sign for sign in text if sign not in "<>\n").strip()
