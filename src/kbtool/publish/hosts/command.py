"""`exec:COMMAND`: kbtool plans, and a command of the user's moves one list of files after another."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.headers import Phase
from kbtool.publish.manifest import MANIFEST, Entry, Manifest, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan, Upload
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings

_LAST_WORDS = 300


def open_command(address: Address, surroundings: Surroundings) -> "CommandTarget":
    """Return the target. Raises Stop when there is no such command."""
    try:
        words = tuple(shlex.split(address.path))
    except ValueError:
        words = ()
    if not words:
        raise Stop(wrong_address('"exec:" needs a command, such as "exec:sh publish.sh"'))
    program = words[0] if os.sep not in words[0] else str(surroundings.root / words[0])
    if shutil.which(program, path=surroundings.environment.get("PATH")) is None:
        raise Stop(wrong_address(f'there is no command "{words[0]}" to publish with'))
    return CommandTarget((program, *words[1:]), surroundings)


@dataclass(frozen=True, slots=True)
class CommandTarget:
    """A place that only the command knows. It is called with KBTOOL_DO in its environment: fetch, send or delete.

    fetch: write the file KBTOOL_PATH of the host into KBTOOL_FILE; leave it absent when there is none.
    send: copy the files listed in KBTOOL_LIST, a path a line, from the folder KBTOOL_FOLDER; headers are in KBTOOL_TYPE and KBTOOL_CACHE.
    delete: delete the files listed in KBTOOL_LIST; one that is not there is no fault.
    """

    words: tuple[str, ...]
    surroundings: Surroundings

    @property
    def place(self) -> str:
        """The command's name."""
        return f"exec:{Path(self.words[0]).name}"

    @property
    def limits(self) -> Limits:
        """Nobody knows."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """The command is told them."""
        return True

    def look(self) -> Remote:
        """Return what the manifest says: a command lists nothing."""
        data = self._fetch()
        manifest, problems = read_manifest(data)
        known = (
            {**manifest.pending, **{path: left.entry for path, left in manifest.stale.items()}, **manifest.files}
            if manifest
            else {}
        )
        files = {path: RemoteFile(entry.size) for path, entry in known.items()}
        return Remote(files, manifest, data.decode("utf-8", "replace") if data else "", problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Let the command move one phase after another."""
        data = self._fetch()
        if (data.decode("utf-8", "replace") if data else "") != plan.state:
            raise Moved
        before = read_manifest(data)[0] or Manifest()
        due = {upload.path: plan.manifest.files[upload.path] for upload in plan.uploads}
        if due:
            self._note(replace(before, pending={**before.pending, **due}))
        done = 0
        for phase in Phase:
            for entry, uploads in _alike(plan.phase(phase), plan.manifest.files):
                self._send(site, [upload.path for upload in uploads], entry)
                done += len(uploads)
                report("Publishing", done, len(plan.uploads))
        self._note(replace(plan.manifest, stale={**plan.manifest.stale, **plan.going}))
        if plan.deletes:
            self._run("delete", KBTOOL_LIST=self._list(plan.deletes))
            self._note(plan.manifest)
        return Sent(done, plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Return None: a command keeps no releases."""
        return None

    def _send(self, site: Snapshot, paths: Sequence[str], entry: Entry) -> None:
        """Send files of one kind from a folder that holds the very bytes that were hashed."""
        folder = self.surroundings.work / "exec-send"
        shutil.rmtree(folder, ignore_errors=True)
        for path in paths:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(site.read(path))
        self._run(
            "send", KBTOOL_FOLDER=str(folder), KBTOOL_LIST=self._list(paths), KBTOOL_TYPE=entry.type, KBTOOL_CACHE=entry.cache
        )
        shutil.rmtree(folder)

    def _note(self, manifest: Manifest) -> None:
        folder = self.surroundings.work / "exec-note"
        (folder / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).write_bytes(write_manifest(manifest))
        told = {"KBTOOL_TYPE": "application/json", "KBTOOL_CACHE": "no-store"}
        self._run("send", KBTOOL_FOLDER=str(folder), KBTOOL_LIST=self._list((MANIFEST,)), **told)

    def _fetch(self) -> bytes | None:
        file = self.surroundings.work / "exec-fetched"
        file.unlink(missing_ok=True)
        self._run("fetch", KBTOOL_PATH=MANIFEST, KBTOOL_FILE=str(file))
        return file.read_bytes() if file.is_file() and file.stat().st_size else None

    def _list(self, paths: Iterable[str]) -> str:
        """Return a file that holds the paths, a line each: no name has a line break in it."""
        file = self.surroundings.work / "exec-list"
        file.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        return str(file)

    def _run(self, what: str, **told: str) -> None:
        """Run the command. Raises Stop when it fails; its last words are shown, since nobody else will show them."""
        environment = {**self.surroundings.environment, "KBTOOL_DO": what, **told}
        try:
            answer = subprocess.run(  # noqa: S603 - the user's own command, and no shell
                self.words,
                cwd=self.surroundings.root,
                env=environment,
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except OSError as error:
            raise Stop(self._failed(what, str(error.strerror))) from error
        if answer.returncode:
            raise Stop(self._failed(what, self._cleaned(answer.stderr[-_LAST_WORDS:].decode("utf-8", "replace"))))

    def _cleaned(self, words: str) -> str:
        """Return the command's words without what its environment keeps secret."""
        for name, value in self.surroundings.environment.items():
            if len(value) >= 8 and any(part in name.upper() for part in ("SECRET", "TOKEN", "PASS", "KEY")):  # noqa: PLR2004
                words = words.replace(value, "***")
        return " ".join(words.split())

    def _failed(self, what: str, words: str) -> Problem:
        hint = "mend the command and publish again; nothing leads to what is not there"
        return Problem("", 0, "command-failed", f'"{self.place}" failed to {what}: {words or "it said nothing"}', hint)


def _alike(uploads: Sequence[Upload], files: Mapping[str, Entry]) -> list[tuple[Entry, list[Upload]]]:
    """Return the uploads in groups of the same headers."""

    def kind(upload: Upload) -> tuple[str, str]:
        return files[upload.path].type, files[upload.path].cache

    groups = (list(group) for _, group in groupby(sorted(uploads, key=kind), kind))
    return [(files[group[0].path], group) for group in groups]
