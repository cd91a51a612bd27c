"""Plugins are found by their entry points."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from kbtool import extensions
from kbtool.problems import Stop


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three packages with extensions, one of them broken."""
    entries = {
        "kbtool.good": (EntryPoint("upper", "builtins:str", "kbtool.good"), EntryPoint("number", "builtins:int", "kbtool.good")),
        "kbtool.bad": (EntryPoint("broken", "no_such_module:x", "kbtool.bad"),),
    }
    monkeypatch.setattr(extensions, "entry_points", lambda group: entries.get(group, ()))
    extensions._named.cache_clear()  # noqa: SLF001 - what is installed changes only here
    yield
    extensions._named.cache_clear()  # noqa: SLF001 - the same


def test_found_by_name_and_in_order() -> None:
    assert extensions.find("kbtool.good", "upper") is str
    assert extensions.all_of("kbtool.good") == (int, str)
    assert extensions.all_of("kbtool.none") == ()


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(Stop) as stop:
        extensions.find("kbtool.good", "uper")
    assert stop.value.problems[0].hint == 'did you mean "upper"?'


def test_a_broken_plugin_is_a_problem() -> None:
    with pytest.raises(Stop) as stop:
        extensions.all_of("kbtool.bad")
    assert stop.value.problems[0].rule == "broken-extension"
