"""`kbtool gaps EXPORT --draft N`: a topic becomes a draft with the questions asked, and no answer."""

from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool, write_site

SITE = """
-- content/billing/refund.md --
# Get a refund

Ask for your money back within 30 days. It goes to the card that you paid with.
-- content/orders/track.md --
# Track your parcel

Every parcel has a tracking number. Delivery takes three to five days.
-- content/password.md --
# Reset your password

Open the sign-in page and choose Forgot password. We send you a mail with a link.
"""
SUBJECTS = [
    *(f"{start} refund {end}" for start in ("I want a", "where is my", "no") for end in ("please", "for my order", "to another card")),
    *(f"{start} parcel {end}" for start in ("my", "the", "lost") for end in ("is late", "was not delivered", "has no tracking number")),
    *(f"{start} password {end}" for start in ("forgot my", "reset the", "new") for end in ("please", "again", "does not work")),
    "how do I connect the *webcam*", "how do I connect my webcam <b>now</b>", "how can I connect a webcam {{ product }} --> here",
    "how do I connect the webcam of jo.private@mail.example", "how do I connect the webcam, call +49 170 5550199", "how to connect webcam",
]  # fmt: skip


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("center"), SITE)
    (folder / "tickets.txt").write_text("\n".join(SUBJECTS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def drafted(center: Path) -> Run:
    return run_kbtool("gaps", "tickets.txt", "--draft", "1", cwd=center)


def test_the_answer_is_the_path_alone(center: Path, drafted: Run) -> None:
    assert drafted.code == 0, drafted.err
    assert drafted.out.count("\n") == 1
    path = Path(drafted.out.strip())
    assert path.parts[0] == "content"
    assert (center / path).is_file()


def test_the_draft_holds_what_people_asked_and_no_answer(center: Path, drafted: Run) -> None:
    text = (center / drafted.out.strip()).read_text(encoding="utf-8")
    assert "\nstatus: draft\n" in text
    assert "\ntype: instructions\n" in text
    assert "webcam" in text.partition("\n---\n")[0]
    assert text.count("\n### ") >= 3
    assert "jo.private" not in text
    assert "5550199" not in text
    body = text.partition("\n---\n")[2].partition("-->\n")[2]
    answers = [line for line in body.splitlines() if line and not line.startswith("#")]
    assert answers
    assert all("TODO: " in line for line in answers)


def test_the_draft_builds_without_a_problem_and_is_held_back(center: Path, drafted: Run) -> None:
    run = run_kbtool("build", "--no-search", "--strict", cwd=center)
    assert run.code == 0, run.err
    assert not list((center / "site").rglob(f"{Path(drafted.out.strip()).stem}/index.html"))


def test_a_draft_is_never_written_over(center: Path, drafted: Run) -> None:
    file = center / drafted.out.strip()
    file.write_text("# Mine\n", encoding="utf-8")
    again = run_kbtool("gaps", "tickets.txt", "--draft", "1", cwd=center)
    assert file.read_text(encoding="utf-8") == "# Mine\n"
    assert again.out == "" or center / again.out.strip() != file
    assert again.code == 0 or "[already-there]" in again.err


def test_a_number_without_a_topic_is_told(center: Path) -> None:
    run = run_kbtool("gaps", "tickets.txt", "--draft", "99", cwd=center)
    assert (run.code, run.out) == (2, "")
    assert "[no-such-topic]" in run.err
