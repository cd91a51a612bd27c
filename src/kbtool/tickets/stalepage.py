"""StaleReport -> one page of HTML that a team lead sends round."""

from kbtool.tickets.export import describe
from kbtool.tickets.needs import StaleReport
from kbtool.tickets.onepage import render_page
from kbtool.tickets.stalereport import doubts, summarize


def as_html(report: StaleReport) -> str:
    """Return the report as a page of its own. The same report gives the same bytes."""
    return render_page(
        "stale.html",
        {},
        report=report,
        summary=summarize(report),
        needed=[one for one in report.articles if one.state != "fine"],
        doubts=doubts(report),
        read=describe(report.export) if report.export else (),
    )
