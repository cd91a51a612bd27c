"""kbtool's own source as Python reads it, once for all tests of a worker."""

import ast
from functools import cache

from tests.sites import ROOT

HOUSE = ROOT / "src" / "kbtool"


@cache
def modules() -> tuple[str, ...]:
    """Return every module's path below src/kbtool."""
    return tuple(sorted(file.relative_to(HOUSE).as_posix() for file in HOUSE.rglob("*.py")))


@cache
def tree(module: str) -> ast.Module:
    """Return a module as Python reads it."""
    return ast.parse((HOUSE / module).read_text(encoding="utf-8"))


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """Return all that stands in a module, at any depth."""
    return tuple(ast.walk(tree(module)))
