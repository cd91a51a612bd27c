"""kbtool and its peers on the same articles, in turns in one run: CPU and wall seconds, memory, as a Markdown table.

.venv/bin/python -m benchmarks.build_speed --articles 1000 5000
.venv/bin/python -m benchmarks.build_speed --articles 1000 --tools "kbtool" "Hugo, plain templates" --rounds 5
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import replicate
from benchmarks.measure import Cost, run
from benchmarks.peers import PEERS, ROOT, Peer, install

ARDUINO = ROOT.parent / "shared" / "corpora" / "arduino-help-center" / "content"
CASES = ("cold", "nothing changed", "one article changed")
SLOW = 60.0
"""A tool that takes longer than these seconds is measured once a case, not every round."""

Costs = dict[tuple[str, int, str], list[Cost]]


def main() -> None:
    """Measure what is asked for and print the tables."""
    options = _options()
    install()
    with tempfile.TemporaryDirectory(prefix="kbtool-bench-", dir=options.folder) as folder:
        costs = _measured(Path(folder), options)
    for count in options.articles:
        for case in CASES:
            _print_table(costs, options.tools, count, case)
    if len(options.articles) > 1:
        _print_growth(costs, options.tools, options.articles)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--tools", nargs="+", choices=list(PEERS), default=list(PEERS), metavar="TOOL", help=", ".join(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--content", type=Path, default=ARDUINO, help="the help center that is replicated")
    parser.add_argument("--folder", type=Path, default=None, help="where to work: a folder on the disk to measure on")
    return parser.parse_args()


def _measured(folder: Path, options: argparse.Namespace) -> Costs:
    """Run every tool in turn, round by round, so that a busy moment of the machine falls on all."""
    costs: Costs = {}
    for count in options.articles:
        for tool in options.tools:
            articles = _set_up(folder / _name(tool, count), PEERS[tool], options.content, count)
            _say(f"{tool}: {len(articles)} articles")
        for number in range(options.rounds):
            for tool in options.tools:
                if number and max(cost.wall for cost in costs[tool, count, "cold"]) > SLOW:
                    continue
                for case, cost in _round(folder / _name(tool, count), PEERS[tool], number).items():
                    costs.setdefault((tool, count, case), []).append(cost)
                    _say(
                        f"{count} articles, round {number + 1}, {tool}, {case}: {cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.memory:.0f} MB"
                    )
        for tool in options.tools:
            pages = sum(1 for page in (folder / _name(tool, count) / "site").rglob("*.html") if page.is_file())
            _say(f"{tool}: {pages} pages")
            if pages < count:
                sys.exit(f"error: {tool} made {pages} pages of {count} articles")
            shutil.rmtree(folder / _name(tool, count))
    return costs


def _set_up(folder: Path, peer: Peer, content: Path, count: int) -> list[Path]:
    articles = replicate(content, folder / "content", count)
    for name, text in peer.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return articles


def _round(folder: Path, peer: Peer, number: int) -> dict[str, Cost]:
    """Return what one cold build costs, one with nothing changed, and one after a sentence was added to one article."""
    for leaving in peer.leavings:
        path = folder / leaving
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    article = sorted((folder / "content").rglob("*.md"))[number]
    log = folder.with_suffix(".log")
    costs = {case: run(peer.command, folder, log) for case in CASES[:2]}
    with article.open("a", encoding="utf-8") as file:
        file.write(f"\nA sentence that was added in round {number + 1}.\n")
    return {**costs, CASES[2]: run(peer.command, folder, log)}


def _print_table(costs: Costs, tools: list[str], count: int, case: str) -> None:
    """Print the medians, and each tool's CPU as a multiple of the first tool's in the same round."""
    first = costs[tools[0], count, case]
    _print(f"\n### {count:,} articles, {case}\n")
    _print(
        f"| | wall s | CPU s | memory MB | CPU against {tools[0]} | wall against {tools[0]} | rounds |\n|---|---|---|---|---|---|---|"
    )
    for tool in tools:
        own = costs[tool, count, case]
        cpu = statistics.median(cost.cpu / base.cpu for cost, base in zip(own, first, strict=False))
        wall = statistics.median(cost.wall / base.wall for cost, base in zip(own, first, strict=False))
        middle = [statistics.median(values) for values in zip(*((cost.wall, cost.cpu, cost.memory) for cost in own), strict=True)]
        _print(f"| {tool} | {middle[0]:.2f} | {middle[1]:.2f} | {middle[2]:.0f} | {cpu:.1f} | {wall:.1f} | {len(own)} |")


def _print_growth(costs: Costs, tools: list[str], counts: list[int]) -> None:
    """Print how much more CPU an article costs when there are more of them."""
    few, many = min(counts), max(counts)
    _print(f"\n### CPU per article, {many:,} against {few:,}, cold\n\n| | times |\n|---|---|")
    for tool in tools:
        small, large = (statistics.median(cost.cpu for cost in costs[tool, count, "cold"]) / count for count in (few, many))
        _print(f"| {tool} | {large / small:.2f} |")


def _name(tool: str, count: int) -> str:
    return f"{tool.replace(' ', '-').replace(',', '')}-{count}"


def _print(line: str) -> None:
    print(line, flush=True)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
