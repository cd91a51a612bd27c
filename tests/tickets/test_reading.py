"""The rules of reading exports: each known failure of such readers, and what comes instead."""

import datetime
import gzip
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kbtool.demand import Ticket
from kbtool.problems import Problem, Stop
from kbtool.tickets.export import ReadOptions, TicketExport, describe
from kbtool.tickets.formulas import guard_formula, unguard_formula
from kbtool.tickets.reading import read_tickets
from kbtool.tickets.sources import containers
from kbtool.tickets.sources.source import all_sources
from tests.thorough import tries
from tests.tickets.workbook import packed, workbook

HEADER = "Id,Subject,Status,Requester email,Created at,Tags\n"
ROW = "1,Where is my card?,open,jane@example.com,2026-01-02 10:00,card\n"
NONE = ReadOptions()


def read(folder: Path, content: str | bytes, options: ReadOptions = NONE, name: str = "export.csv") -> TicketExport:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_tickets([file], options, b"salt")


def subjects(export: TicketExport) -> list[str]:
    return [ticket.shown for ticket in export.tickets]


def rules(problems: Sequence[Problem]) -> list[tuple[str, str, int]]:
    return [(problem.rule, problem.severity, problem.line) for problem in problems]


def stopped(folder: Path, content: str | bytes, options: ReadOptions = NONE, name: str = "export.csv") -> Problem:
    with pytest.raises(Stop) as stop:
        read(folder, content, options, name)
    assert all(problem.hint for problem in stop.value.problems)
    return stop.value.problems[0]


# Rule 1: bytes first


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_letters_come_out_right_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    text = HEADER + '1,"Grüße: „Rechnung“ für März",open,j@example.com,2026-01-02,\n'
    export = read(tmp_path, text.encode(encoding))
    assert subjects(export) == ["Grüße: „Rechnung“ für März"]
    assert export.tickets[0].id == "1"
    assert ("guessed-encoding", "warning", 0) in rules(export.problems) or encoding not in ("cp1252", "utf-16-le", "utf-16-be")


def test_one_wrong_byte_costs_one_row_and_not_the_letters_of_all(tmp_path: Path) -> None:
    rows = [f"{number},Größe {number},open,,,\n".encode() for number in range(20, 40)]
    rows[5] = b"25,Gr\xffsse,open,,,\n"
    export = read(tmp_path, HEADER.encode() + b"".join(rows))
    assert len(export.tickets) == 19
    assert "Größe 39" in subjects(export)
    assert rules(export.problems) == [("broken-row", "warning", 7)]


# Rule 2: containers


def test_what_is_packed_is_read_whatever_its_name_says(tmp_path: Path) -> None:
    text = HEADER + ROW
    for data in (
        gzip.compress(text.encode()),
        packed({"a.csv": text}),
        packed({"deep/er/a.txt": text}),
        workbook(text.replace(",", "\t")),
    ):
        assert subjects(read(tmp_path, data, name="export.pdf")) == ["Where is my card?"]


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_HARMLESS", 8 << 20)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("a.csv", "w") as member:
        member.write(HEADER.encode())
        for _ in range(10):
            member.write(b"\n" * (1 << 20))
    assert stopped(tmp_path, stream.getvalue(), name="bomb.zip").rule == "export-too-large"
    assert stopped(tmp_path, gzip.compress(b"\n" * (10 << 20)), name="bomb.gz").rule == "export-too-large"


def test_a_sheet_with_one_cell_far_away_is_refused(tmp_path: Path) -> None:
    data = workbook("Id\tSubject\tStatus\n1\tWhere is it?\topen")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b'r="A2"', b'r="XFD1048576"')
    assert stopped(tmp_path, packed(files)).rule == "export-too-large"


# Rule 3: delimiters


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_outside_of_quotes(delimiter: str, tmp_path: Path) -> None:
    row = ["1", '"a, b; c | d\te"', "open"]
    export = read(tmp_path, "\n".join(delimiter.join(cells) for cells in (["Id", "Subject", "Status"], row, row[:0] or row)))
    assert subjects(export)[:1] == ["a, b; c | d e"]
    assert export.understood[0].delimiter == delimiter


def test_the_line_that_excel_reads_is_obeyed(tmp_path: Path) -> None:
    assert subjects(read(tmp_path, "sep=;\nId;Subject;Status\n1;a,b,c;open\n")) == ["a,b,c"]


# Rule 4: two columns of a name


def test_of_two_columns_the_first_is_meant_and_of_labels_all(tmp_path: Path) -> None:
    export = read(tmp_path, "Id,Subject,Tags,Email,Tags\n1,Where?,mine,j@example.com,theirs\n")
    assert export.tickets[0].tags == ("mine",)
    export = read(tmp_path, "Id,Subject,Labels,Email,Labels\n1,Where?,one,j@example.com,two\n")
    assert export.tickets[0].tags == ("one", "two")


# Rule 5: the header row


def test_a_preamble_is_skipped_and_a_footer_cut(tmp_path: Path) -> None:
    text = f"Report\nMade by us,,\n\n{HEADER}{ROW}{ROW.replace('1,', '2,', 1)}\nTotal: 2\n,,,,,\nall rights reserved\n"
    export = read(tmp_path, text)
    assert len(export.tickets) == 2
    assert export.understood[0].dropped == {"footer rows": 2}


def test_a_table_of_subjects_alone_is_one(tmp_path: Path) -> None:
    assert sorted(subjects(read(tmp_path, "Subject\nWhere is it?\nHow much, and when?\n"))) == [
        "How much, and when?",
        "Where is it?",
    ]


# Rule 6: formulas


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@a", " =1", "\tx"])
def test_a_formula_is_guarded(text: str) -> None:
    assert guard_formula(text) == f"'{text}"


@given(st.text())
def test_guarded_and_unguarded_is_the_same(text: str) -> None:
    assert unguard_formula(guard_formula(text)) == text or not guard_formula(text)[1:].lstrip().startswith(("=", "+", "-", "@"))


# Rule 8: rows are not tickets


def test_the_messages_of_a_conversation_are_one_ticket(tmp_path: Path) -> None:
    text = (
        "Conversation ID,Message ID,Direction,Message date,Subject\nc,2,Outbound,2026-01-01,Re: a b\nc,1,Inbound,2026-01-02,a b\n"
    )
    (ticket,) = read(tmp_path, text).tickets
    assert (ticket.shown, ticket.created) == ("a b", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


def test_letters_that_answer_each_other_are_one_ticket(tmp_path: Path) -> None:
    letter = "From x Mon\nMessage-ID: <{0}>\nIn-Reply-To: <{1}>\nFrom: j@example.com\nSubject: Where?\nDate: Mon, 2 Mar 2026 0{0}:00:00 +0000\n\nx\n\n"
    export = read(tmp_path, "".join(letter.format(number, number - 1) for number in range(1, 5)))
    assert [ticket.created.hour for ticket in export.tickets if ticket.created] == [1]


# Rule 9: status


@pytest.mark.parametrize(
    ("status", "family"),
    [("New", "open"), ("On-hold", "pending"), ("CLOSED", "solved"), ("Waiting on Customer", "pending"), ("Wibble", "unknown")],
)
def test_a_status_is_one_of_a_family(status: str, family: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"Id,Subject,Status\n1,Where?,{status}\n").tickets[0].status == family


def test_spam_deleted_and_merged_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{number},x y,{status},,,\n" for number, status in enumerate(["Spam", "deleted", "merged", "trash"]))
    assert read(tmp_path, HEADER + rows + ROW).understood[0].dropped == {"deleted tickets": 2, "merged tickets": 1, "spam": 1}


# Rules 10 and 11: what says nothing


def test_the_body_speaks_where_the_subject_does_not(tmp_path: Path) -> None:
    text = 'Id,Subject,Status,Description\n1,Help!!,open,"Hi there,\n\nmy card never came. Bye"\n2,,open,Refund please\n'
    silent, spoken = read(tmp_path, text), read(tmp_path, text, ReadOptions(use_body=True))
    assert [ticket.subject for ticket in silent.tickets] == [""]
    assert silent.understood[0].dropped == {"empty subjects": 1}
    assert [ticket.subject for ticket in spoken.tickets] == ["my card never came.", "Refund please"]
    assert [ticket.body for ticket in silent.tickets] == [""]


# Rule 12: privacy


def test_a_person_is_a_hash_of_this_run_and_never_written(tmp_path: Path) -> None:
    text = HEADER + ROW + ROW.replace("1,", "2,", 1).replace("jane@", "JANE@") + "3,Jane Roe wants a call,open,bo@example.com,,\n"
    export = read(tmp_path, text)
    first, second, third = sorted(export.tickets, key=lambda ticket: ticket.id)
    assert first.person == second.person != third.person
    assert "jane" not in repr(export.tickets[:2]).lower()
    assert read_tickets([tmp_path / "export.csv"], NONE, b"other").tickets[0].person not in {first.person, third.person}


def test_the_requesters_own_name_is_taken_out(tmp_path: Path) -> None:
    export = read(tmp_path, "Id,Subject,Requester\n1,Call back for jane roe please,Jane Roe\n2,Refund (Roe\\, Jane),Jane Roe\n")
    assert subjects(export)[0] == "Call back for [name] please"


# Rule 13: what was understood, and what the user knows better


def test_what_was_understood_is_three_lines(tmp_path: Path) -> None:
    export = read(tmp_path, HEADER + ROW + "2,spam,spam,,,\n")
    assert describe(export) == (
        "read as table, utf-8, commas",
        'columns: subject "Subject", id "Id", created "Created at", status "Status", tags "Tags", person "Requester email"',
        "rows: 2; tickets: 1; from 2026-01-02 to 2026-01-02; left out: spam 1",
    )


def test_a_column_can_be_named(tmp_path: Path) -> None:
    text = "Nr,Worum geht es,Stand\n1,Wo ist es?,offen\n"
    problem = stopped(tmp_path, text)
    assert problem.rule == "no-subject-column"
    assert '"Nr", "Worum geht es", "Stand"' in problem.hint
    assert subjects(read(tmp_path, text, ReadOptions(columns={"subject": "worum geht es"}))) == ["Wo ist es?"]
    problem = stopped(tmp_path, HEADER + ROW, ReadOptions(columns={"created": "Createt at"}))
    assert (problem.rule, problem.hint) == ("unknown-column", 'did you mean "Created at"?')
    assert stopped(tmp_path, HEADER + ROW, ReadOptions(columns={"subjct": "Id"})).hint == 'did you mean "subject"?'


def test_a_source_can_be_forced(tmp_path: Path) -> None:
    export = read(tmp_path, HEADER + ROW, ReadOptions(source="text"))
    assert len(export.tickets) == 2
    assert stopped(tmp_path, HEADER + ROW, ReadOptions(source="jra")).hint == 'did you mean "jira"?'
    for source in all_sources():
        if source.name != "text":
            assert stopped(tmp_path, "just a line\nand one more\n", ReadOptions(source=source.name), name="a.txt")


def test_every_source_is_offered_by_an_entry_point() -> None:
    names = {source.name for source in all_sources()}
    assert {"zendesk", "jira", "table", "zendesk-json", "intercom", "mail", "text"} <= names


def test_one_bad_file_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEADER + ROW)
    bad.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    export = read_tickets([bad, good, tmp_path, tmp_path / "gone.csv"], NONE, b"")
    assert len(export.tickets) == 1
    assert sorted(problem.rule for problem in export.problems) == ["no-export", "no-export", "not-an-export"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty-export"),
        (b"\xef\xbb\xbf", "empty-export"),
        (b"\n \n", "empty-export"),
        (HEADER.encode(), "empty-export"),
        (b"[]", "empty-export"),
        (b"# only a comment\n", "empty-export"),
        (b"1,2\n3,4\n5,6\n", "no-subject-column"),
        (b'[{"a": 1}, {"a": 2}]', "no-subject-column"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not-an-export"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not-an-export"),
        (bytes(range(256)) * 9, "not-an-export"),
        (b"PK\x03\x04" + b"nothing", "broken-export"),
        (b"\x1f\x8b\x08" + b"nothing", "broken-export"),
        (gzip.compress((HEADER + ROW * 999).encode())[:-20], "broken-export"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken-export"),
        (b'{"tickets": [{"id": 1,', "broken-export"),
        (b"[" * 200_000, "broken-export"),
        ((HEADER + "1,x y,spam,,,\n").encode(), "empty-export"),
    ],
)
def test_what_cannot_be_read_is_a_clear_problem(content: bytes, rule: str, tmp_path: Path) -> None:
    assert stopped(tmp_path, content).rule == rule


def test_a_folder_and_a_name_that_is_none_are_problems(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone", Path("a\0b"), tmp_path / ("x" * 5000)):
        with pytest.raises(Stop, match="no-export"):
            read_tickets([path], NONE, b"")
    with pytest.raises(Stop, match="no-export"):
        read_tickets([], NONE, b"")
    with pytest.raises(Stop, match="unknown-timezone"):
        read_tickets([tmp_path], ReadOptions(timezone="Mars/Olympus"), b"")


# Broken rows


def test_a_quote_that_is_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    rows = [f"{number},What about {number}?,open,j@example.com,2026-01-02,\n" for number in range(10, 60)]
    rows[20] = '30,"What about 30?,open,j@example.com,2026-01-02,\n'
    rows[30] = "40,What, about, 40, and, more?,open,j@example.com,2026-01-02,\n"
    rows[40] = "50\n"
    export = read(tmp_path, HEADER + "".join(rows))
    assert len(export.tickets) == 47
    assert rules(export.problems) == [("broken-row", "warning", 22), ("broken-row", "warning", 32)]
    assert "8 cells" not in export.problems[0].message
    assert export.problems[0].message == "a quotation mark is never closed"


def test_lines_are_counted_through_cells_of_several_lines(tmp_path: Path) -> None:
    export = read(tmp_path, HEADER + '1,"a\nb\n\nc",open,,,\n2,x,y,z,1,2,3,4\n')
    assert subjects(export) == ["a b c"]
    assert rules(export.problems) == [("broken-row", "warning", 6)]


def test_only_the_first_broken_rows_are_shown_but_all_are_counted(tmp_path: Path) -> None:
    export = read(tmp_path, HEADER + ROW + "1,2,3,4,5,6,7\n" * 50)
    assert len(export.problems) == 5
    assert export.understood[0].dropped == {"broken rows": 50}


def test_who_waits_is_told_how_many_rows_are_read(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    (tmp_path / "export").write_text(HEADER + ROW * 12_000)
    read_tickets([tmp_path / "export"], NONE, b"", lambda done, total: told.append((done, total)))
    assert told == [(0, 0), (5000, 0), (10_000, 0), (12_000, 12_000)]


# What is asked for


def test_days_and_tags_can_be_asked_for(tmp_path: Path) -> None:
    rows = "".join(
        f"{day},What about {day}?,open,,2026-01-{day:02} 23:30,{'odd' if day % 2 else 'Even'}\n" for day in range(1, 11)
    )
    options = ReadOptions(
        since=datetime.date(2026, 1, 3), until=datetime.date(2026, 1, 6), tags=("even",), timezone="Europe/Berlin"
    )
    export = read(tmp_path, HEADER + rows, options)
    assert [ticket.id for ticket in export.tickets] == ["4", "6"]
    assert export.understood[0].dropped == {"tickets without the tag": 5, "tickets of other days": 3}


def test_the_order_of_files_and_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [
        f"{number},What about {number % 7}?,open,p{number % 5}@example.com,2026-01-{number % 9 + 1:02},\n" for number in range(60)
    ]
    answers: set[tuple[Ticket, ...]] = set()
    for seed in range(3):
        random.Random(seed).shuffle(rows)  # noqa: S311 - any order will do
        one, two = tmp_path / f"{seed}one.csv", tmp_path / f"{seed}two.csv"
        one.write_text(HEADER + "".join(rows[:40]))
        two.write_text(HEADER + "".join(rows[20:]))
        answers.add(read_tickets([two, one] if seed else [one, two], NONE, b"salt").tickets)
    assert len(answers) == 1
    assert len(answers.pop()) == 60


# Anything at all

FRAGMENTS = st.sampled_from(
    (
        *(
            HEADER,
            ROW,
            "sep=;\n",
            '"',
            "\n",
            ",",
            ";",
            "From a b\n",
            "Subject: x\n",
            "Message-ID: <a>\n",
            "=?utf-8?q?=ff?=",
            '{"ticket":{',
        ),
        *(
            '"subject":"x"}}',
            "[",
            "]",
            "{",
            "}",
            '{"conversations":[{"source":3}]}',
            "<html><table><tr><td>Subject",
            "\ufeff",
            "PK\x03\x04",
        ),
        *(
            "Id\tSubject\tCreated\n",
            "1\tx y\t13/13/2026\n",
            "99999999999999",
            "0x",
            "é",
            "&#x110000;",
            "2026-02-30",
            "1e999",
            "\x85",
            "\0",
        ),
    )
)


@settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.lists(FRAGMENTS, max_size=12).map(lambda parts: "".join(parts).encode())))
@example(b'{"tickets":[{"id":1e999,"subject":[1],"created_at":{}}]}')
@example(b'[{"number":1,"title":"x","created_at":99999999999999999999}]')
@example(HEADER.encode() + b"1,x y,open,,0001-01-01T00:00:00+23:59,\n2,x y,open,,9999-12-31T23:59:59-23:59,\n")
@example("﻿".encode("utf-16"))
def test_any_bytes_give_tickets_or_a_problem(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "export"
    file.write_bytes(data)
    options = ReadOptions(use_body=True, since=datetime.date(2000, 1, 1)) if len(data) % 2 else NONE
    try:
        export = read_tickets([file], options, b"")
    except Stop as stop:
        assert all(problem.rule and problem.message for problem in stop.problems)  # noqa: PT017 - or it is read
    else:
        assert export.tickets
        assert len(describe(export)) == 3


@settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_damaged_workbook_or_archive_is_no_crash(tmp_path: Path, place: int, byte: int, whole: bool) -> None:  # noqa: FBT001
    text = HEADER + ROW * 3
    data = bytearray(workbook(text.replace(",", "\t")) if place % 2 else packed({"a.csv": text}))
    place %= len(data)
    data[place] = byte
    file = tmp_path / "export"
    file.write_bytes(data if whole else data[: place + 1])
    try:
        assert read_tickets([file], NONE, b"").tickets
    except Stop as stop:
        assert stop.problems  # noqa: PT017 - or it is read


def test_files_are_closed(tmp_path: Path) -> None:
    def held() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("only Linux lists open files here")
    (tmp_path / "a.zip").write_bytes(packed({"a.csv": HEADER + ROW, "b.csv": HEADER + ROW, "c.csv": "x,y\n1,2\n"}))
    before = held()
    read_tickets([tmp_path / "a.zip"], NONE, b"")
    assert held() == before
