"""A branch as a target: over git's own file transport, and over HTTP through git's real http-backend."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Surroundings, Target, open_target
from tests.publish.contract import SITE, Contract, Time, surroundings, without

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_COMMITTER_NAME": "A Writer",
    "GIT_COMMITTER_EMAIL": "writer@example.org",
    "GIT_AUTHOR_NAME": "A Writer",
    "GIT_AUTHOR_EMAIL": "writer@example.org",
}


def git(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """Return what git prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, input=data, capture_output=True, check=True)
    return done.stdout


class BranchBench:
    """A bare repository of this machine, as a host has it."""

    query = ""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty repository."""
        self.repository = folder / "help center.git"
        self.repository.mkdir(parents=True)
        git(self.repository, "init", "--quiet", "--bare", ".")
        self.root = folder / "center"
        self.root.mkdir()

    @property
    def url(self) -> str:
        return f"git+{self.repository.as_uri()}{self.query}#pages"

    def surroundings(self, clock: Clock, environment: Mapping[str, str] = ENVIRONMENT) -> Surroundings:
        time = Time()
        time.clock = clock
        return surroundings(self.root, time, environment)

    def target(self, clock: Clock) -> Target:
        """Open it."""
        return open_target(parse_address(self.url), self.surroundings(clock))

    def tree(self, commit: str = "pages") -> dict[str, bytes]:
        """Return every file of a commit."""
        if not git(self.repository, "branch", "--list", "pages"):
            return {}
        lines = git(self.repository, "ls-tree", "-r", "-z", commit).split(b"\0")[:-1]
        named = [(line.partition(b"\t")[2].decode(), line.split()[2].decode()) for line in lines]
        wanted = "".join(f"{name}\n" for _, name in named).encode()
        answer = git(self.repository, "cat-file", "--batch", data=wanted)
        files = {}
        for path, _ in named:
            head, _, answer = answer.partition(b"\n")
            size = int(head.split()[2])
            files[path], answer = answer[:size], answer[size + 1 :]
        return files

    def served(self) -> dict[str, bytes]:
        """Return the site's files."""
        return {path: content for path, content in self.tree().items() if not path.startswith(OWN_FOLDER) and path != ".nojekyll"}

    def headers(self, path: str) -> None:
        """Pages decide on headers."""

    def commits(self) -> int:
        """Return how many commits the branch has."""
        return int(git(self.repository, "rev-list", "--count", "pages"))

    def put_foreign(self, path: str, content: bytes) -> None:
        """Commit a file as another person would."""
        work = self.root.parent / "work"
        git(self.root.parent, "clone", "--quiet", "--branch", "pages", str(self.repository), str(work))
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(content)
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "Mine")
        git(work, "push", "--quiet", "origin", "pages")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Refuse every push."""
        hook = self.repository / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
        hook.chmod(0o755)
        try:
            yield
        finally:
            hook.unlink()


class TestBranch(Contract):
    """The contract, and what a branch has beside it."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> BranchBench:
        return BranchBench(tmp_path)

    def test_history_is_kept_and_nothing_is_pushed_when_nothing_changed(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        self.publish(site, SITE, bench, time)
        assert bench.commits() == 1
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        assert bench.commits() == 2
        assert git(bench.repository, "log", "-1", "--format=%cn <%ce>", "pages") == b"A Writer <writer@example.org>\n"

    def test_a_file_takes_the_place_of_a_folder_and_back(self, site: Path, bench: BranchBench, time: Time) -> None:
        for files in ({**SITE, "x": b"x"}, {**SITE, "x/index.html": b"y"}, {**SITE, "x": b"x"}, SITE):
            self.publish(site, files, bench, time, max_delete=1)
            time.at += timedelta(days=2)
            self.publish(site, files, bench, time, max_delete=1)
            assert bench.served() == files

    def test_history_can_be_squashed(self, site: Path, bench: BranchBench, time: Time) -> None:
        bench.query = "?history=squash"
        self.publish(site, SITE, bench, time)
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        assert bench.commits() == 1
        assert bench.served() == {**SITE, "robots.txt": b"new"}

    def test_pages_find_what_they_need(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        assert bench.tree()[".nojekyll"] == b""
        assert "CNAME" not in bench.tree()

    def test_a_domain_of_ones_own_is_named_and_one_that_is_there_stays(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        bench.put_foreign("CNAME", b"other.example.org\n")
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        assert bench.tree()["CNAME"] == b"other.example.org\n"

    def test_a_branch_with_work_of_others_is_refused(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        git(bench.repository, "update-ref", "-d", "refs/heads/pages")
        work = bench.root.parent / "source"
        git(bench.root.parent, "clone", "--quiet", str(bench.repository), str(work))
        git(work, "checkout", "--quiet", "-b", "pages")
        (work / "main.py").write_text("print()\n")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "Source")
        git(work, "push", "--quiet", "origin", "pages")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["not-ours"]
        assert bench.tree() == {"main.py": b"print()\n"}

    def test_of_two_publishers_at_once_the_second_plans_anew(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        target = bench.target(time.clock)
        seen = target.look()
        bench.put_foreign("verify/owner.html", b"mine")

        class Late:
            """The target as it looked a moment ago, once."""

            def __init__(self) -> None:
                self.looks = 0

            def __getattr__(self, name: str) -> object:
                return getattr(target, name)

            def look(self) -> object:
                self.looks += 1
                return seen if self.looks == 1 else target.look()

        late = Late()
        bench_target = bench.target
        bench.target = lambda _clock: late  # type: ignore[assignment,method-assign,return-value]
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        bench.target = bench_target  # type: ignore[method-assign]
        assert late.looks == 2
        assert bench.served() == {**SITE, "robots.txt": b"new", "verify/owner.html": b"mine"}

    def test_rollback_goes_back_one_release_each_time(self, site: Path, bench: BranchBench, time: Time) -> None:
        versions = [{**SITE, "robots.txt": b"%d" % number} for number in range(3)]
        for version in versions:
            self.publish(site, version, bench, time)
        target = bench.target(time.clock)
        assert target.rollback(lambda *_: None)
        assert bench.served() == versions[1]
        assert target.rollback(lambda *_: None)
        assert bench.served() == versions[0]
        assert target.rollback(lambda *_: None) is None
        self.publish(site, versions[2], bench, time)
        assert bench.served() == versions[2]

    def test_a_damaged_cache_is_made_anew(self, site: Path, bench: BranchBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        cache = next((bench.root / ".kbtool").glob("git-*"))
        for pack in cache.rglob("objects/**/*"):
            if pack.is_file():
                pack.unlink()
        (cache / "shallow.lock").write_text("")
        changed = {**without(SITE, "billing/card/index.html"), "robots.txt": b"new"}
        self.publish(site, changed, bench, time)
        assert bench.served() == changed

    def test_a_repository_that_is_not_there_is_a_problem(self, site: Path, bench: BranchBench, time: Time) -> None:
        bench.repository = bench.repository.with_name("nowhere.git")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["git-fails"]
        assert "nothing was changed" in stop.value.problems[0].hint


@pytest.mark.parametrize("text", ["git+https://host.example", "git+file:///", "git+ssh://git@host/x.git?branch=y"])
def test_what_names_no_repository_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Stop) as stop:
        open_target(parse_address(text), surroundings(tmp_path, Time()))
    assert stop.value.problems[0].rule == "wrong-target"
