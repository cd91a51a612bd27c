"""Whatever customers type, no answer in any form says who they are: names, addresses, numbers, tokens."""

import csv
import datetime
import io
import string
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtool.pipeline.asking import find_gaps
from kbtool.pipeline.matched import TicketOptions
from kbtool.problems import Stop
from kbtool.tickets.export import ReadOptions, describe
from kbtool.tickets.outline import outline
from kbtool.tickets.page import as_html
from kbtool.tickets.report import GapReport, as_csv, as_json, as_markdown, matches_as_csv, summarize, topic_rows
from tests.sites import write_site
from tests.thorough import tries

SITE = "-- content/refund.md --\n# Get a refund\n\nAsk for your money back.\n-- content/track.md --\n# Track your parcel\n\nDelivery takes days.\n"
TODAY = datetime.date(2026, 11, 22)
ASKED = ("webcam stays black", "refund of the parcel", "how do I use a gift card", "invoice in French")


class Customer(NamedTuple):
    """Somebody, and all that no answer may tell of them."""

    name: str
    email: str
    phone: str
    card: str
    order: str
    token: str


def _card(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits[::-1]))
    return f"{digits}{-total % 10}"


def _text(letters: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most)


CUSTOMERS = st.builds(
    Customer,
    st.builds("Qx{}a Zw{}o".format, _text("bcdfghklmn", 3, 8), _text("prstvz", 3, 8)),
    st.builds("zq{}@{}.example".format, _text(string.ascii_lowercase + string.digits + "._+-", 1, 12).map(lambda text: f"{text}7"), _text(string.ascii_lowercase, 4, 9)),
    st.builds("+49 170 {}".format, _text(string.digits, 7, 8)),
    _text("123456789", 15, 15).map(_card),
    st.builds("ZQ-{}".format, _text(string.digits, 5, 9)),
    st.builds("sk_live_{}".format, _text(string.ascii_letters + string.digits, 16, 24)),
)  # fmt: skip


def subjects(customers: list[Customer], number: int) -> list[str]:
    """Return a subject for each way in which a customer says who they are, or somebody else is."""
    customer, asked = customers[number], ASKED[number % len(ASKED)]
    return [
        f"{asked} - {customer.name}",
        f"{asked} for {customers[number - 1].name}",
        f"{asked}, write to {customer.email}",
        f"{customer.phone}: {asked}",
        f"{asked} paid with {customer.card}",
        f"{asked} for order {customer.order}",
        f"{asked} with {customer.token}",
        f"=cmd('{asked}')",
    ]


def export(customers: list[Customer], file: Path) -> None:
    """Write a table in which the private stands wherever it may: in columns of its own, in subjects, ids, dates and tags."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["Id", "Subject", "Status", "Tags", "Requester", "Requester email", "Created at"])
        for number, customer in enumerate(customers):
            for place, subject in enumerate(subjects(customers, number)):
                when = customer.email if place == 3 else f"2026-10-{1 + number:02d}"
                rows.writerow([customer.email if place == 1 else f"{number}-{place}", subject, "open", customer.name, customer.name, customer.email, when])  # fmt: skip
        opened.write(f'"{customers[0].email}')


def everything_said(report: GapReport) -> dict[str, str]:
    """Return all that a run says or writes."""
    forms = {each.__name__: each(report) for each in (as_json, as_csv, as_markdown, as_html, summarize)}
    drafts = "\n".join(outline(topic) + topic.suggested_title + " ".join(topic.lacks) for topic in report.topics)
    told = "\n".join([*map(str, report.export.problems), *describe(report.export)])
    return {
        **forms,
        "matches": matches_as_csv(report.matches),
        "table": str(topic_rows(report)),
        "drafts": drafts,
        "stderr": told,
    }


@settings(max_examples=tries(4), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CUSTOMERS, min_size=8, max_size=8, unique_by=lambda customer: customer.email))
def test_no_answer_says_who_asked(customers: list[Customer]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        center = write_site(Path(folder), SITE)
        export(customers, center / "tickets.csv")
        options = TicketOptions(TODAY, b"salt", words_only=True)
        report = find_gaps(center / "kbtool.yml", [center / "tickets.csv"], ReadOptions(), options, min_tickets=2)
    assert report.topics
    for form, text in everything_said(report).items():
        flat = "".join(text.split())
        for customer in customers:
            for secret in customer:
                assert secret not in text, (form, secret)
                assert "".join(secret.split()) not in flat, (form, secret)
    for text in (as_csv(report), matches_as_csv(report.matches)):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_table_without_a_head_tells_nobody(tmp_path: Path) -> None:
    center = write_site(tmp_path, SITE)
    lines = [f"{number},Jane Roe,zq{number}@mail.example,+49 170 555019{number}" for number in range(9)]
    (center / "tickets.csv").write_text("\n".join(lines), encoding="utf-8")
    try:
        report = find_gaps(
            center / "kbtool.yml", [center / "tickets.csv"], ReadOptions(), TicketOptions(TODAY, b"", words_only=True)
        )
        said = "".join(everything_said(report).values())
    except Stop as stop:
        said = "\n".join(map(str, stop.problems))
        assert "no-subject-column" in said
    assert not [secret for secret in ("Jane Roe", "@mail.example", "555019") if secret in said]
