"""Plugins are found by their entry points."""

import sys
import zipfile
from collections.abc import Iterator
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from kbtool import extensions
from kbtool.problems import Stop

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
PACKAGES = {
    "plenty": "[console_scripts]\nplenty = plenty:main\n\n[kbtool.good]\nupper = builtins:str\nnumber = builtins:int\n",
    "broken": "[kbtool.bad]\nbroken = no_such_module:x\n",
}


def install(folder: Path, name: str, entries: str) -> None:
    """Write what pip writes of a package."""
    place = folder / f"{name}-1.2.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(METADATA.format(name=name))
    (place / "entry_points.txt").write_text(entries)


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two packages with extensions, one of them broken."""
    for name, entries in PACKAGES.items():
        install(tmp_path / "site", name, entries)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site"), str(tmp_path / "nowhere")])
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


def test_packages_are_named_with_their_versions() -> None:
    assert extensions.offered("kbtool.good") == ("number=builtins:int@1.2", "upper=builtins:str@1.2")
    assert extensions.offered("kbtool.none") == ()


def test_a_package_in_an_archive_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "packed", "packed", "[kbtool.packed]\nshort = builtins:len\n")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        for file in (tmp_path / "packed").rglob("*"):
            archive.write(file, file.relative_to(tmp_path / "packed"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "packed.zip")])
    assert extensions.all_of("kbtool.packed") == (len,)


def test_without_a_package_that_offers_it_the_library_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site")])
    monkeypatch.setattr(sys, "meta_path", [BuiltinImporter, FrozenImporter, PathFinder])
    monkeypatch.setitem(sys.modules, "importlib.metadata", None)
    assert extensions.all_of("kbtool.none") == ()
    with pytest.raises(ImportError):
        extensions.all_of("kbtool.good")


def test_other_finders_are_asked_for_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere:
        """Finds packages where no folder is."""

        @staticmethod
        def find_spec(*_arguments: object) -> None:
            return None

        @staticmethod
        def find_distributions(*_arguments: object) -> tuple[Distribution, ...]:
            return (Described(),)

    class Described(Distribution):
        """A package that stands nowhere."""

        def read_text(self, filename: str) -> str | None:
            texts = {
                "METADATA": METADATA.format(name="described"),
                "entry_points.txt": "[kbtool.elsewhere]\nlong = builtins:len\n",
            }
            return texts.get(filename)

        def locate_file(self, path: object) -> Path:
            raise NotImplementedError

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Elsewhere()])
    assert extensions.all_of("kbtool.elsewhere") == (len,)
