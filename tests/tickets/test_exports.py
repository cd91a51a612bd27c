"""Every kind of export, with its real header row and quirks, gives the tickets that a person would read in it."""

from pathlib import Path

import pytest

from kbtool.tickets.export import ReadOptions, TicketExport, describe
from kbtool.tickets.reading import read_tickets
from tests.tickets.workbook import packed, workbook

EXPORTS = Path(__file__).parent / "exports"
EXPECTED = sorted(file.stem for file in (EXPORTS / "expected").glob("*.txt"))


def test_every_export_has_what_is_expected_of_it() -> None:
    assert sorted(entry.name for entry in EXPORTS.iterdir() if entry.name != "expected") == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_the_tickets_are_those_that_a_person_reads(name: str, tmp_path: Path) -> None:
    assert told(name, tmp_path) == (EXPORTS / "expected" / f"{name}.txt").read_text(encoding="utf-8")


def told(name: str, folder: Path) -> str:
    """Return all that is read of an export, as lines."""
    file = placed(EXPORTS / name, folder)
    export = read_tickets([file], ReadOptions(), b"salt")
    return as_lines(export).replace(f"{folder.as_posix()}/", "")


def placed(export: Path, folder: Path) -> Path:
    """Put an export where nothing tells what it is but its content: a folder as a zip, a .tsv as a workbook."""
    if export.is_dir():
        members = {file.relative_to(export).as_posix(): file.read_bytes() for file in sorted(export.rglob("*")) if file.is_file()}
        data = packed(members)
    else:
        data = export.read_bytes() if export.suffix != ".tsv" else workbook(export.read_text(encoding="utf-8"))
    file = folder / "export"
    file.write_bytes(data)
    return file


def as_lines(export: TicketExport) -> str:
    """Return what was understood, the problems and the tickets, with people as numbers."""
    people = {person: f"person {number}" for number, person in enumerate(dict.fromkeys(one.person for one in export.tickets), 1)}
    lines = [*describe(export), *(str(problem) for problem in export.problems), ""]
    for one in export.tickets:
        created = one.created.isoformat(" ", "seconds") if one.created else "no date"
        facts = (one.id, created, one.status, people[one.person] if one.person else "nobody", " + ".join(one.tags))
        lines.append(", ".join(filter(None, (*facts, "reopened" * one.reopened))))
        lines.append(f"    shown:   {one.shown}")
        lines.append(f"    matched: {one.subject}")
    return "\n".join(line.rstrip() for line in lines) + "\n"
