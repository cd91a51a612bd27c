"""A bare repository of kbtool's own, which speaks with a remote one through the system's git."""

import base64
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one
from kbtool.publish.retry import Passing, Patience

_PASSING = re.compile(
    r"could not resolve|connection (?:refused|reset|timed out|closed)|timed? ?out|network is unreachable|early eof|rpc failed|"
    r"recv (?:error|failure)|send (?:error|failure)|ssl_read|ssl_error_syscall|unexpected eof|empty reply|transfer closed|"
    r"hung up|unexpected disconnect|returned error: (?:408|425|429|5\d\d)|http 5\d\d|kex_exchange_identification|cannot lock ref",
    re.IGNORECASE,
)
_REJECTED = re.compile(r"stale info|fetch first|non-fast-forward|cannot lock ref|reference already exists|incorrect old value", re.IGNORECASE)  # fmt: skip
_USERS = {
    "GITHUB_TOKEN": "x-access-token",
    "GH_TOKEN": "x-access-token",
    "GITLAB_TOKEN": "oauth2",
    "CI_JOB_TOKEN": "gitlab-ci-token",
}
"""The variables in which tokens stand, and the name that each host wants with them."""


class Rejected(Exception):  # noqa: N818 - no error: another publish was faster
    """Raised when the branch is no longer what it was."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit."""

    mode: str
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Repository:
    """The local half of a remote repository: shallow, without a work tree, deleted without loss."""

    folder: Path
    url: str
    environment: Mapping[str, str]
    root: Path
    """The help center's folder: the token that a CI job left in its git settings is used here too."""
    patience: Patience

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the repository, made when it is not there; what a killed git left locked is free again."""
        with only_one(self.folder):
            if not (self.folder / "HEAD").is_file():
                self.run("init", "--quiet", "--bare", ".")
            for left in self.folder.rglob("*.lock"):
                left.unlink(missing_ok=True)
            yield

    def head(self, branch: str) -> str:
        """Return the remote branch's commit; empty when there is no such branch."""
        answer = self._remote("ls-remote", self.url, f"refs/heads/{branch}")
        return answer.split()[0].decode() if answer.strip() else ""

    def fetch(self, branch: str, commit: str, depth: int) -> None:
        """Bring the branch's last commits here."""
        try:
            self._remote(
                "fetch", "--quiet", "--no-tags", f"--depth={depth}", self.url, f"+refs/heads/{branch}:refs/kbtool/remote"
            )
            self.run("cat-file", "-e", f"{commit}^{{tree}}")
        except Stop:
            self._forget()
            self._remote(
                "fetch", "--quiet", "--no-tags", f"--depth={depth}", self.url, f"+refs/heads/{branch}:refs/kbtool/remote"
            )

    def files(self, commit: str) -> dict[str, Blob]:
        """Return every file of a commit by its path."""
        found = {}
        for line in self.run("ls-tree", "-r", "-l", "-z", commit).split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _kind, name, size = about.decode().split()
            found[path.decode("utf-8", "surrogateescape")] = Blob(mode, name, int(size) if size.isdigit() else 0)
        return found

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file of a commit, None when there is none."""
        try:
            return self.run("cat-file", "blob", f"{commit}:{path}")
        except Stop:
            return None

    def history(self, commit: str) -> tuple[str, ...]:
        """Return the commit and those before it, as far as they are here, the newest first."""
        return tuple(self.run("rev-list", "--first-parent", commit).decode().split())

    def commit(self, stream: Iterable[bytes], reference: str) -> str:
        """Make a commit of a fast-import stream; return its name."""
        with tempfile.TemporaryFile(dir=self.folder) as spool:
            spool.writelines(stream)
            spool.seek(0)
            self.run("fast-import", "--quiet", "--date-format=raw", "--force", source=spool)
        return self.run("rev-parse", "--verify", f"{reference}^{{commit}}").decode().strip()

    def push(self, commit: str, branch: str, expected: str) -> None:
        """Let the remote branch be this commit. Raises Rejected when it is no longer the expected one."""
        lease = f"--force-with-lease=refs/heads/{branch}:{expected}"
        try:
            self._remote("push", "--quiet", "--porcelain", lease, self.url, f"{commit}:refs/heads/{branch}")
        except Stop as stop:
            if _REJECTED.search(str(stop)):
                raise Rejected from stop
            raise

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None, source: IO[bytes] | None = None) -> bytes:
        """Return what git prints. Raises Stop with what it complains of, and Passing when that may pass."""
        try:
            done = subprocess.run(  # noqa: S603 - git, and arguments that no shell reads
                ["git", "-c", "core.quotePath=false", *arguments],  # noqa: S607 - the git that the user has
                cwd=self.folder,
                env=self._surroundings() if environment is None else dict(environment),
                stdin=source or subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            hint = "install git, or publish another way"
            raise Stop(Problem("", 0, "missing-program", "git is needed to publish to a branch", hint)) from None
        if done.returncode:
            said = done.stderr + done.stdout
            if _PASSING.search(said.decode("utf-8", "replace")) and arguments[0] in ("ls-remote", "fetch", "push"):
                raise Passing(self._told(said))
            raise Stop(self._problem(arguments[0], said))
        return done.stdout

    def _remote(self, *arguments: str) -> bytes:
        """Return what git prints when it speaks with the remote; what may pass is tried again."""
        environment = {**self._surroundings(), **self._credentials()}
        return self.patience.run(self.url, lambda: self.run(*arguments, environment=environment))

    def _forget(self) -> None:
        """Begin anew: what is here is not what the remote half says it is."""
        for inner in self.folder.iterdir():
            if inner.is_dir():
                shutil.rmtree(inner, ignore_errors=True)
            elif inner.name != "lock":
                inner.unlink(missing_ok=True)
        self.run("init", "--quiet", "--bare", ".")

    def _surroundings(self) -> dict[str, str]:
        """Return the environment of a git that asks nobody anything and speaks English."""
        given = {
            name: value for name, value in self.environment.items() if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
        }
        quiet = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}
        return {**quiet, **given, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}

    def _credentials(self) -> dict[str, str]:
        """Return the environment that hands a token on to git: never on its command line, never in a file."""
        if not self.url.startswith("https://"):
            return {}
        headers = self._headers_of_checkout() or self._header_of_token()
        if not headers:
            return {}
        count = int(self.environment.get("GIT_CONFIG_COUNT", "0") or 0)
        settings = {"GIT_CONFIG_COUNT": str(count + len(headers))}
        for number, (key, value) in enumerate(headers, count):
            settings |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return settings

    def _headers_of_checkout(self) -> list[tuple[str, str]]:
        """Return the headers that a CI job's checkout noted in the help center's own repository."""
        command = ["git", "config", "--local", "--null", "--get-regexp", r"^http\..*\.extraheader$"]
        try:
            done = subprocess.run(command, cwd=self.root, env=self._surroundings(), capture_output=True, check=False)  # noqa: S603 - fixed words
        except FileNotFoundError:
            return []
        pairs = (line.decode("utf-8", "replace").partition("\n") for line in done.stdout.split(b"\0")[:-1])
        return [(key, value) for key, _, value in pairs]

    def _header_of_token(self) -> list[tuple[str, str]]:
        """Return the header for the token in the environment, if there is one for this host."""
        host = self.url.removeprefix("https://").partition("/")[0]
        for name in _token_names(host):
            token = self.environment.get(name)
            if token:
                secret = base64.b64encode(f"{_USERS.get(name, 'token')}:{token}".encode()).decode()
                return [(f"http.https://{host}/.extraheader", f"Authorization: Basic {secret}")]
        return []

    def _problem(self, command: str, said: bytes) -> Problem:
        """Return the problem of a git that failed."""
        words = self._told(said)
        hint = "nothing was changed at the branch; what git says is above"
        if re.search(r"denied|authenticat|could not read Username|403|401|not allowed", words, re.IGNORECASE):
            hint = "the credentials lack the right to write there: give the key or the token that right; nothing was changed"
        elif re.search(r"not found|does not (?:appear|exist)|no such", words, re.IGNORECASE):
            hint = "look at the URL's spelling, and that the repository is there; nothing was changed"
        return Problem("", 0, "git-fails", f'"git {command}" for "{self.url}" failed: {words}', hint)

    def _told(self, said: bytes) -> str:
        """Return git's words in one line, without a secret in them."""
        text = " ".join(said.decode("utf-8", "replace").split())
        text = re.sub(r"(://)[^/@\s]*@", r"\1", text)
        for name in (*_USERS, "KBTOOL_GIT_TOKEN"):
            token = self.environment.get(name)
            text = text.replace(token, "***") if token else text
        return text[-500:] or "it said nothing"


def _token_names(host: str) -> tuple[str, ...]:
    """Return the variables that may hold a token for the host: one for another host is never sent there."""
    if host == "github.com":
        return ("KBTOOL_GIT_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
    if "gitlab" in host:
        return ("KBTOOL_GIT_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN")
    return ("KBTOOL_GIT_TOKEN",)
