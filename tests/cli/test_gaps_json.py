"""The JSON of `kbtool gaps` keeps to its schema, and the same tickets give the same bytes wherever and however they are read."""

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import jsonschema
import pytest

from tests.sites import ROOT, write_site

SCHEMA = json.loads((ROOT / "content/reference/gaps-report.schema.json").read_text(encoding="utf-8"))
SITE = """
-- content/refund.md --
# Get a refund

Ask for your money back within 30 days. It goes to the card that you paid with.
-- content/track.md --
# Track your parcel

Every parcel has a tracking number. Delivery takes three to five days.
"""
SUBJECTS = [
    *(f"{start} refund {end}" for start in ("I want a", "where is my", "no") for end in ("please", "for my order", "to my card")),
    *(f"{start} parcel {end}" for start in ("my", "the", "lost") for end in ("is late", "was not delivered", "has no tracking")),
    *(f"{start} webcam {end}" for start in ("connect my", "the", "no") for end in ("picture", "to a laptop", "does not connect")),
]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
EVERY_FORM = """
import json, secrets, sys
from datetime import date
from pathlib import Path
from kbtool.pipeline.asking import find_gaps
from kbtool.pipeline.matched import TicketOptions
from kbtool.tickets.export import ReadOptions
from kbtool.tickets.outline import outline
from kbtool.tickets.page import as_html
from kbtool.tickets.report import as_csv, as_json, as_markdown, matches_as_csv, topic_rows

options = TicketOptions(date(2026, 11, 22), secrets.token_bytes(16))
report = find_gaps(Path("kbtool.yml").resolve(), [*map(Path, sys.argv[1:])], ReadOptions(), options, min_tickets=2)
forms = {each.__name__: each(report) for each in (as_json, as_csv, as_markdown, as_html, topic_rows)}
print(json.dumps(forms | {"matches": matches_as_csv(report.matches), "drafts": [*map(outline, report.topics)]}))
"""
"""A program that prints the answer in every form: a process a form would take long."""


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center with two exports of the same 27 tickets, in one order and in another."""
    folder = write_site(tmp_path_factory.mktemp("center"), SITE)
    rows = [
        [number, subject, "closed", f"person{number % 20}@mail.example", f"2026-10-{1 + number:02d}"]
        for number, subject in enumerate(SUBJECTS)
    ]
    write(folder / "one.csv", rows[:14])
    write(folder / "two.csv", rows[14:])
    rows = [*rows[1::2], *rows[::2][::-1]]
    (folder / "other").mkdir()
    write(folder / "other/one.csv", [row for row in rows if int(str(row[0])) < 14])
    write(folder / "other/two.csv", [row for row in rows if int(str(row[0])) >= 14])
    return folder


def write(file: Path, rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([["Id", "Subject", "Status", "Requester email", "Created at"], *rows])


def forms(center: Path, *files: str, **environment: str) -> dict[str, str]:
    """Return the answer in every form, from a process of its own."""
    plain = {**os.environ, "PYTHONUTF8": "1", **environment}
    run = subprocess.run(
        [sys.executable, "-c", EVERY_FORM, *files], cwd=center, env=plain, capture_output=True, encoding="utf-8", check=True
    )
    found: dict[str, str] = json.loads(run.stdout)
    return found


def own_forms(center: Path, *files: str) -> dict[str, str]:
    """Return the answer in every form, from this process."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.chdir(center)
        patch.setattr(sys, "argv", ["-c", *files])
        exec(EVERY_FORM, {})  # noqa: S102 - the same program
    found: dict[str, str] = json.loads(said.getvalue())
    return found


@pytest.fixture(scope="module")
def first(center: Path) -> dict[str, str]:
    """The answer that the others are held against; this process has a seed of its own and a thread a core."""
    return own_forms(center, "one.csv", "two.csv")


def test_the_answer_keeps_to_the_schema_and_has_no_other_key(first: dict[str, str]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(first["as_json"])
    assert all(report[key] for key in ("topics", "weeks", "articles", "words"))
    kind, strict = '"type": "object", "required"', '"additionalProperties": false, "type": "object", "required"'
    closed = json.loads(json.dumps(SCHEMA).replace(kind, strict))
    assert closed != SCHEMA
    jsonschema.validate(report, closed, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("broken", [{"version": 2}, {"rest": -1}, {"states": {}}, {"topics": [{}]}, {"weeks": None}])
def test_the_schema_refuses_what_is_wrong(first: dict[str, str], broken: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(first["as_json"]) | broken, SCHEMA, jsonschema.Draft202012Validator)


def test_the_order_of_files_the_seed_of_hashes_and_the_threads_change_no_byte(center: Path, first: dict[str, str]) -> None:
    assert forms(center, "two.csv", "one.csv", PYTHONHASHSEED="2", **dict.fromkeys(THREADS, "3")) == first


def test_the_order_of_rows_changes_no_byte(center: Path, first: dict[str, str]) -> None:
    other = own_forms(center, "other/one.csv", "other/two.csv")
    assert {name: json.loads(json.dumps(text).replace("other/", "")) for name, text in other.items()} == first
