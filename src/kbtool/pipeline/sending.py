"""From articles to a host: what `kbtool publish` and `kbtool rollback` do."""

import getpass
import os
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import TYPE_CHECKING

from kbtool.address import parse_address
from kbtool.config import HelpCenter, load_config
from kbtool.lastbuild import last_build, recall
from kbtool.pipeline.progress import Progress, silent
from kbtool.places import GIVEN_NAME, LOCK_NAME, cache_folder
from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.publish.guard import guard_plan
from kbtool.publish.plan import PublishPlan, nameless, plan_publish
from kbtool.publish.releases import keep_release, release_before, releases_of, unfolded
from kbtool.publish.revision import refuse_older, revision_of
from kbtool.publish.snapshot import named_as_stores_do, take_snapshot
from kbtool.publish.target import Clock, Moved, Sent, Surroundings, Target, open_target
from kbtool.settings import TargetSettings
from kbtool.share import read_share

if TYPE_CHECKING:  # sending needs nothing of building, and its import takes longer than sending a page
    from kbtool.pipeline.building import BuildOptions
    from kbtool.publish.verify import Verified

_TIMES = 5
"""So often a plan is made anew because another publish was faster."""


def wall_clock() -> Clock:
    """Return the machine's time and real chance."""
    return Clock(now=lambda: datetime.now(UTC), random=Random().random)  # noqa: S311 - spreads retries, keeps no secret


def _agreed(_plan: PublishPlan, _place: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How a built site is to be sent."""

    dry_run: bool = False
    max_delete: float = 0.2
    """The share of the pages at the host that must not go away."""
    root: Path | None = None
    """The help center's folder, whose commit is held against the one at the host; None: commits say nothing."""
    older: bool = False
    """Whether the host may have a later commit."""
    clock: Clock = field(default_factory=wall_clock)
    agree: Callable[[PublishPlan, str], bool] = _agreed
    """Shown the plan and the host's name, once the guard has passed it: False ends it there."""
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publish did, or, in a dry run, would do."""

    place: str
    plan: PublishPlan
    sent: int
    kept: int
    deleted: int
    bytes: int
    seconds: float
    done: bool
    """False: it was a dry run, or it was not agreed to."""
    problems: tuple[Problem, ...] = ()
    verified: "Verified | None" = None
    """What the world sees; None: nobody looked."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """How a help center is to be published, beside what kbtool.yml says."""

    environment: Mapping[str, str] = field(repr=False)
    """Where credentials come from: it is never shown."""
    home: Path
    build: "BuildOptions | None"
    """None: the site is sent as it was built before."""
    max_delete: str = ""
    """Empty: what the target's settings say."""
    dry_run: bool = False
    older: bool = False
    verify: bool = False
    agree: Callable[[PublishPlan, str], bool] = _agreed
    progress: Progress = silent


def publish_site(config: Path, name: str, options: PublishOptions) -> Outcome:
    """content/ -> site/ -> a host. `name` is one from `targets:` or a URL; empty: the only one there is.

    Raises Stop when the site has errors, or when it cannot be sent: what is at the host is then as whole as before.
    """
    center = load_config(config)
    settings = target_settings(center, name)
    around = _surroundings(center, settings, options)
    target = open_target(parse_address(settings.url), around)
    if options.verify and not around.site_url:
        raise Stop(
            Problem("", 0, "no-site-url", 'nobody can look at what was published: "url" is not set', "set it in kbtool.yml")
        )
    warnings = _build(config, options.build) if options.build else ()
    share = read_share(options.max_delete or settings.max_delete)
    sending = SendOptions(options.dry_run, share, center.root, options.older, around.clock, options.agree, options.progress)
    outcome = publish_built(center.output, target, sending)
    if outcome.done:
        _note_given(center)
    if outcome.done and not outcome.plan.nothing_to_do:
        release, releases = outcome.plan.manifest.release, releases_of(around.work, target.place)
        digests = {path: entry.digest for path, entry in outcome.plan.manifest.files.items()}
        warnings = (*warnings, *keep_release(center.output, digests, releases, release, settings.keep))
    verified = None
    if options.verify and outcome.done:
        from kbtool.publish.verify import read_redirects, verify_site  # noqa: PLC0415 - most publishes look at nothing

        options.progress("Looking at the site", 0, 1)
        redirects = read_redirects(center.output)
        verified = verify_site(around.site_url, outcome.plan, around.clock, headers=target.takes_headers, redirects=redirects)
        options.progress("Looking at the site", 1, 1)
    return replace(outcome, problems=(*warnings, *outcome.problems), verified=verified)


def publish_built(folder: Path, target: Target, options: SendOptions) -> Outcome:
    """A built site -> a host that holds it. Raises Stop when it cannot be: what is at the host is then as whole as before."""
    start = time.perf_counter()
    options.progress("Reading the site", 0, 1)
    with ThreadPoolExecutor(1) as meanwhile:
        looked = meanwhile.submit(target.look)
        site = take_snapshot(folder, headers=target.takes_headers)
        revision = revision_of(options.root) if options.root else ""
        remote = looked.result()
    options.progress("Reading the site", 1, 1)
    for again in range(_TIMES):
        remote = target.look() if again else remote
        if options.root and remote.manifest and not options.older:
            refuse_older(options.root, revision, remote.manifest.revision, target.place)
        site = named_as_stores_do(site, nameless(remote))
        plan = plan_publish(site, remote, now=options.clock.now(), revision=revision)
        guard_plan(plan, site, target.limits, max_delete=options.max_delete, place=target.place)
        agreed = options.agree(plan, target.place) and not options.dry_run
        sent = Sent(len(plan.uploads), plan.size, len(plan.deletes))
        if agreed and not plan.nothing_to_do:
            try:
                sent = target.send(site, plan, options.progress)
            except Moved:
                continue
        seconds = time.perf_counter() - start
        return Outcome(target.place, plan, sent.files, plan.kept, sent.deleted, sent.bytes, seconds, agreed, remote.problems)
    hint = "wait until the others have ended"
    raise Stop(Problem("", 0, "publish-busy", f'others publish to "{target.place}" all the time', hint))


def rollback_site(config: Path, name: str, options: PublishOptions) -> tuple[str, str]:
    """Let a host go back to the release before. Return the host's name and the release's."""
    center = load_config(config)
    settings = target_settings(center, name)
    around = _surroundings(center, settings, options)
    target = open_target(parse_address(settings.url), around)
    release = target.rollback(options.progress)
    return target.place, release or _send_kept(target, around, options)


def _send_kept(target: Target, around: Surroundings, options: PublishOptions) -> str:
    """Send the release before this one again, to a host that keeps none, and return its name."""
    manifest = target.look().manifest
    releases = releases_of(around.work, target.place)
    kept = manifest and release_before(releases, manifest.release)
    if not kept:
        there = f", which is of commit {manifest.revision[:12]}" if manifest and manifest.revision else ""
        hint = (
            f"releases are kept on the machine that published them, and a fresh checkout, as in CI, has none: check out the commit before "
            f'the site that is there{there}, and type "kbtool publish --older"; or take the change back in git, and publish'
        )
        raise Stop(Problem("", 0, "no-release", f'no release before this one is kept for "{target.place}"', hint))
    with unfolded(releases, kept) as folder:
        publish_built(folder, target, SendOptions(max_delete=1, clock=around.clock, progress=options.progress))
    return kept


def target_settings(center: HelpCenter, name: str) -> TargetSettings:
    """Return the settings of a target. Raises Stop when there is none of that name, or when none was given and there are several."""
    targets = center.config.targets
    if name in targets:
        return targets[name]
    if not name and len(targets) == 1:
        return next(iter(targets.values()))
    if ":" in name:
        return TargetSettings(name)
    known = ", ".join(f'"{one}"' for one in targets)
    if name:
        hint = did_you_mean(name, targets) or (
            f"known here: {known}" if known else "name it under targets: in kbtool.yml, or type a URL"
        )
        raise Stop(Problem("", 0, "no-target", f'there is no target "{name}"', hint))
    hint = (
        f'type "kbtool publish" and one of {known}' if known else 'type "kbtool publish" and a URL, or add targets: to kbtool.yml'
    )
    raise Stop(Problem("", 0, "no-target", "where the site is to be published was not said", hint))


def _build(config: Path, options: "BuildOptions") -> tuple[Problem, ...]:
    """Build the site and return its warnings. Raises Stop with its errors: what has errors is not sent."""
    result = recall(last_build(config), config, options.shape, options.today)
    if result is None:
        from kbtool.pipeline.building import build_site  # noqa: PLC0415 - see above

        result = build_site(config, options)
    problems = result.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        told = "1 error in the site" if len(errors) == 1 else f"{len(errors):,} errors in the site"
        raise Stop(
            *errors, Problem("", 0, "not-published", f"nothing was sent: {told}", "correct what is told above, and publish again")
        )
    return tuple(problem for problem in problems if problem.severity == "warning")


def _note_given(center: HelpCenter) -> None:
    """Note that all URLs of urls.lock are with readers now, whether they are committed yet or not."""
    with suppress(OSError):
        center.cache.mkdir(parents=True, exist_ok=True)
        copyfile(center.root / LOCK_NAME, center.cache / GIVEN_NAME)


def _surroundings(center: HelpCenter, settings: TargetSettings, options: PublishOptions) -> Surroundings:
    """Return what the target may know."""
    work = cache_folder(center.root / "kbtool.yml") / "publish"
    work.mkdir(parents=True, exist_ok=True)
    url = f"{center.config.url.rstrip('/')}/" if center.config.url else ""
    return Surroundings(options.environment, options.home, work, center.root, settings, _who(), wall_clock(), url)


def _who() -> str:
    """Return who publishes, for others who want to."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return f"{user} on {socket.gethostname()} (process {os.getpid()})"
