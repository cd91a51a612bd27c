"""PublishPlan -> what speaks against it, before anything is sent."""

from kbtool.problems import Problem, Stop
from kbtool.publish.plan import PublishPlan
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits

_SHOWN = 10


def guard_plan(plan: PublishPlan, site: Snapshot, limits: Limits, *, max_delete: float, place: str) -> None:
    """Raise Stop when too many pages would go away, or when the host would not take the site. Nothing was sent then.

    `max_delete` is a share: when so many of the host's pages or more would go, the plan is stopped. 1 lets all go.
    """
    problems = (*_too_many_gone(plan, max_delete, place), *_too_large(site, limits, place))
    if problems:
        raise Stop(*problems)


def _too_many_gone(plan: PublishPlan, max_delete: float, place: str) -> tuple[Problem, ...]:
    gone = len(plan.pages_gone)
    if not gone or max_delete >= 1 or gone < max_delete * plan.pages_before:
        return ()
    named = ", ".join(plan.pages_gone[:_SHOWN]) + (f" and {gone - _SHOWN:,} more" if gone > _SHOWN else "")
    share = f"{gone / plan.pages_before:.0%}"
    message = f'{gone:,} of {plan.pages_before:,} pages at "{place}" ({share}) would go away: {named}'
    hint = f"nothing was changed; if they are to go, say so: --max-delete {min(100, int(100 * gone / plan.pages_before) + 1)}%"
    return (Problem("", 0, "too-many-deleted", message, hint),)


def _too_large(site: Snapshot, limits: Limits, place: str) -> tuple[Problem, ...]:
    """Return what the host would refuse."""
    over = [path for path, file in site.files.items() if limits.file_bytes and file.entry.size > limits.file_bytes]
    said = [f'"{path}" is larger than {_megabytes(limits.file_bytes)}' for path in over[:_SHOWN]]
    if limits.files and len(site.files) > limits.files:
        said.append(f"the site has {len(site.files):,} files, and {limits.files:,} is the most")
    if limits.site_bytes and site.size > limits.site_bytes:
        said.append(f"the site is {_megabytes(site.size)} large, and {_megabytes(limits.site_bytes)} is the most")
    return tuple(
        Problem("", 0, "too-large-for-host", f'"{place}" does not take this: {words}', "nothing was changed") for words in said
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:,.0f} MiB"
