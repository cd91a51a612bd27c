"""A template of `report_page` and what it shows -> one page of HTML: it needs no other file and no network."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FILES = Path(__file__).with_name("report_page")

Filters = Mapping[str, Callable[..., object]]


def render_page(template: str, filters: Filters, **values: object) -> str:
    """Return the page. The same values give the same bytes; all that is put into it is escaped.

    The page holds its style and its script, and its policy allows these two alone.
    """
    style, script = ((_FILES / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    loader = FileSystemLoader(_FILES)
    templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.filters |= filters
    own = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - kbtool's own files
    return templates.get_template(template).render(policy=_policy(style, script), **own, **values)


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, and nothing else in the world."""
    style, script = (f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script))
    return f"default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'"
