"""A small help center and its tickets, for the tests of this room."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from kbtool.content.postings import read_postings
from kbtool.demand import Postings, Ticket
from kbtool.model import Article, Library, Meta

ARTICLES = {
    "password": ("Reset your password", "Open the sign-in page and choose Forgot password. We send you a mail with a link.", "If you cannot log in, set a new password."),
    "refund": ("Get a refund", "Ask for your money back within 30 days.", "The refund goes to the card that you paid with."),
    "delivery": ("Track your parcel", "Every parcel has a tracking number.", "Delivery takes three to five days."),
    "invoice": ("Download an invoice", "Invoices stand under Billing.", "A receipt is mailed after each payment."),
    "plan": ("Change your plan", "Upgrade or downgrade your subscription at any time.", "The new price holds from the next month."),
}  # fmt: skip
ANSWERED = {
    "password": ["I forgot my password", "How do I reset the password", "cannot log in any more", "password reset link please", "new password needed", "forgot password, locked out"],
    "refund": ["I want my money back", "refund for my order", "how long does a refund take", "can I get a refund", "refund to another card", "money back please"],
    "delivery": ["where is my parcel", "tracking number does not work", "parcel not delivered", "how long does delivery take", "track my parcel", "delivery is late"],
    "invoice": ["need an invoice", "where are my invoices", "invoice for last payment", "download receipt", "send me the receipt", "invoice has the wrong name"],
    "plan": ["upgrade my plan", "downgrade subscription", "change plan next month", "which plan is cheaper", "switch to the bigger plan", "change my subscription"],
}  # fmt: skip
GAP = ["how do I connect the webcam", "webcam is not detected", "webcam stays black", "my webcam does not connect", "connect webcam to the laptop",
       "which webcam can I connect", "webcam not found on laptop", "the webcam picture is black"]  # fmt: skip


def library(articles: dict[str, tuple[str, ...]] | None = None, **status: str) -> Library:
    """Return the help center; `status` sets an article's."""
    return Library(tuple(_article(name, *texts, status=status.get(name, "published")) for name, texts in sorted((articles or ARTICLES).items())), (), (), frozenset(), {}, {}, ())  # fmt: skip


def _article(name: str, title: str, *paragraphs: str, status: str) -> Article:
    meta = Meta(title=title, status=status)  # type: ignore[arg-type]
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return Article(
        f"{name}.md", f"{name}/", "article", meta, title, "", html, " ".join(paragraphs), digest=f"{title} {paragraphs} {status}"
    )


def postings(read: Library, folder: Path) -> Postings:
    """Return the articles' words."""
    return read_postings(read, folder=folder / "index", language="en")


def tickets(subjects: Iterable[str]) -> list[Ticket]:
    """Return a ticket for each subject, a day after the other, each by another person."""
    start = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
    return [
        Ticket(str(number), subject, subject, start + datetime.timedelta(days=number), "solved", (), f"person {number}")
        for number, subject in enumerate(subjects, 1)
    ]


def all_subjects() -> list[str]:
    """Return the answered subjects, then the others."""
    return [subject for subjects in ANSWERED.values() for subject in subjects] + GAP
