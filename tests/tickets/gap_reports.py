"""Reports with a text wherever a customer's or a writer's words may stand."""

import datetime
from collections.abc import Sequence

from kbtool.demand import Match, Ticket
from kbtool.tickets.export import TicketExport, Understood
from kbtool.tickets.overview import ArticleLoad, LackingWord, Overview, WeekStates
from kbtool.tickets.report import GapReport
from kbtool.tickets.topics import GapTopic

MONDAYS = tuple(datetime.date(2026, 10, 5) + datetime.timedelta(7 * week) for week in range(4))
WHEN = datetime.datetime(2026, 10, 7, 9, tzinfo=datetime.UTC)


def gap_report(texts: Sequence[str]) -> GapReport:
    """Return a report with a topic, an article and a missing word for each of the texts."""
    tickets = [Ticket(f"{number}", text, text, WHEN, "open", (), f"{number}") for number, text in enumerate(texts)]
    topics = tuple(
        GapTopic(text, 12, 9 - number % 7, tuple(zip(MONDAYS, (1, 2, 4, 5), strict=True)), 3.0, (text, f"{text} again"),
                 f"{text}.md", 0.31, (text, "gift"), "instructions", text, (f"{number}",))
        for number, text in enumerate(texts)
    )  # fmt: skip
    overview = Overview(
        tuple(WeekStates(monday, 10 + week, week, 6) for week, monday in enumerate(MONDAYS)), 0.5, 0.62, len(texts),
        tuple(ArticleLoad(f"{text}.md", text, 7, 6, 5, 2, 0.5) for text in texts),
        tuple(LackingWord(text, 4, 5, text) for text in texts), {f"{text}.md": text for text in texts},
    )  # fmt: skip
    known = tuple(
        Understood(f"folder/{text.replace('/', ' ')}.csv", text, "utf-8", ",", {"subject": text}, 9, 8, {text: 1}, 0, WHEN, WHEN)
        for text in texts[:2]
    )
    matches = tuple(Match(ticket, f"{ticket.subject}.md", 0.3, "unanswered", ticket.subject) for ticket in tickets)
    return GapReport(TicketExport(tuple(tickets), known, ()), matches, topics, "wordllama", 0.4, 0.8, overview)
