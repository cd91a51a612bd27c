"""Figures -> charts as SVG that stands in a page: drawn by pygal, coloured by the page, described for those who do not see them."""

import re
import sys
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from pygal import HorizontalBar, HorizontalStackedBar, Line, StackedBar
from pygal.graph.graph import Graph
from pygal.style import Style

sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
"""pygal puts a finder for its plugins there, of a kind that Python 3.11 warns of and later ones pass over; none is used here."""

WIDE, NARROW = 860, 380
"""Pixels at which a chart's letters have the size of the page's: a chart is drawn for a desk and for a phone."""

_BAR, _FRAME = 30, 56
"""Pixels that a bar takes, and what is above and below all bars."""
_LETTERS = {WIDE: 46, NARROW: 22}
"""Letters of a bar's name."""
_MOST_LABELS = {WIDE: 12, NARROW: 4}
"""Weeks that are named below a chart."""
_NO_TEXT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML refuses."""
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_STYLE = Style(label_font_size=12, major_label_font_size=12, legend_font_size=12, value_font_size=13)
"""Not what is seen, which the page decides, but what pygal keeps free: it takes a letter for wider than it is."""

Figures = Mapping[str, Sequence[float]]
"""A series' name -> its figures, one for each label."""


def bars(name: str, about: str, labels: Sequence[str], figures: Figures, *, width: int = WIDE) -> str:
    """Return lying bars, one under the other, the first on top; of several series, each follows the other in one bar."""
    letters = _LETTERS[width]
    kind = HorizontalStackedBar if len(figures) > 1 else HorizontalBar
    height = _FRAME + _BAR * len(labels) + (28 if len(figures) > 1 else 0)
    chart = _chart(
        kind, width, height, figures,
        print_values=len(figures) == 1, print_values_position="top", show_x_guides=False, show_y_guides=True,
    )  # fmt: skip
    chart.x_labels = [_short(label, letters) for label in reversed(labels)]
    for series, values in figures.items():
        chart.add(_clean(series), [*reversed(values)])
    return _svg(chart, name, about)


def weekly_share(name: str, about: str, weeks: Sequence[str], shares: Sequence[float | None], *, width: int = WIDE) -> str:
    """Return a line of shares, 0 to 100, week by week; None where a week has nothing to share."""
    chart = _chart(Line, width, 240, {name: ()}, range=(0, 100), include_x_axis=True, dots_size=4, show_y_guides=True)
    chart.value_formatter = lambda value: f"{value:.0f} %"
    chart.y_labels = [0, 25, 50, 75, 100]
    chart.x_labels = _thinned(weeks, _MOST_LABELS[width])
    chart.add(_clean(name), list(shares))
    return _svg(chart, name, about)


def weekly_counts(name: str, about: str, weeks: Sequence[str], figures: Figures, *, width: int = WIDE) -> str:
    """Return standing bars, one for each week, with the series on top of each other."""
    chart = _chart(StackedBar, width, 240, figures, show_y_guides=True)
    chart.x_labels = _thinned(weeks, _MOST_LABELS[width])
    for series, values in figures.items():
        chart.add(_clean(series), list(values))
    return _svg(chart, name, about)


def sparkline(name: str, counts: Sequence[int]) -> str:
    """Return a small line without letters, for a row of a table."""
    chart = _chart(
        Line, 120, 28, {name: ()}, margin=3, spacing=0, range=(0, max([1, *counts])), show_x_labels=False, show_y_labels=False,
        show_dots=False,
    )  # fmt: skip
    chart.add(_clean(name), list(counts))
    return _svg(chart, name, "")


def _chart(kind: type[Graph], width: int, height: int, figures: Figures, **options: object) -> Graph:
    """Return an empty chart without colours, scripts or an id of its own: the page has the colours."""
    shared = {
        "width": width, "height": height, "css": (), "js": (), "style": _STYLE, "no_prefix": True, "show_legend": len(figures) > 1,
        "legend_at_bottom": True, "legend_at_bottom_columns": len(figures), "legend_box_size": 12, "margin": 12,
        "show_y_guides": False, "max_scale": 6, "min_scale": 2, "truncate_label": -1, "truncate_legend": -1,
        "value_formatter": lambda value: f"{value:,.0f}", "no_data_text": "", "disable_xml_declaration": True,
    }  # fmt: skip
    return kind(**(shared | options))


def _svg(chart: Graph, name: str, about: str) -> str:
    """Return the chart as an element of a page: without styles, scripts, tooltips and comments, and the same on every day."""
    drawn = ElementTree.fromstring(chart.render())  # noqa: S314 - pygal's own, made this moment
    _strip(drawn)
    attributes = {"class": "chart", "viewBox": drawn.get("viewBox", ""), "role": "img"}
    drawn.attrib.clear()
    drawn.attrib.update(attributes)
    drawn.set("aria-label", _clean(f"{name}. {about}".removesuffix(". ")))
    for tag, text in (("desc", about), ("title", name)):
        if text:
            element = ElementTree.Element(tag)
            element.text = _clean(text)
            drawn.insert(0, element)
    return ElementTree.tostring(drawn, encoding="unicode", short_empty_elements=True)


def _strip(element: ElementTree.Element) -> None:
    """Take out what the page does not need, and round what is left: a figure's last digits are the machine's."""
    element.tag = element.tag.rpartition("}")[2]
    for child in list(element):
        tag = child.tag.rpartition("}")[2]
        if tag in ("defs", "title", "desc", "style", "script") or "tooltip-overlay" in child.get("class", ""):
            element.remove(child)
        else:
            _strip(child)
    element.attrib.pop("style", None)
    for key, value in element.attrib.items():
        element.set(key, _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value))


def _thinned(labels: Sequence[str], most: int) -> list[str]:
    """Return the labels, only so many of them with words."""
    step = -(-len(labels) // most)
    return [_clean(label) if place % step == 0 else "" for place, label in enumerate(labels)]


def _short(label: str, letters: int) -> str:
    clean = _clean(label)
    return clean if len(clean) <= letters else clean[: letters - 1].rstrip() + "\u2026"


def _clean(text: str) -> str:
    return _NO_TEXT.sub("", " ".join(text.split()))
