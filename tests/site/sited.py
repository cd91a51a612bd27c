"""A site out of a string, in this process: what tests of the site room start from."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.site.assemble import assemble_site
from kbtool.site.pages import Site
from kbtool.site.render import render_site
from kbtool.site.theme import Theme, load_theme
from tests.sites import write_site

TODAY = datetime.date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Built:
    """A site and every file of it."""

    site: Site
    theme: Theme
    files: Mapping[str, str]
    """Text by path; a file that is copied is the text of its source."""
    keys: Mapping[str, str]

    def page(self, url: str) -> str:
        """Return a page's HTML by its URL."""
        return self.files[f"{url}index.html"]

    def main(self, url: str) -> str:
        """Return what stands between <main> and </main>."""
        return self.page(url).partition("<main")[2].partition("</main>")[0]


def build(folder: Path, text: str, *, drafts: bool = False, today: datetime.date = TODAY, workers: int = 1) -> Built:
    """Write the help center's files, and build them."""
    center = load_config(write_site(folder, text) / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=today)
    theme = load_theme(center)
    site = assemble_site(library, center, theme, drafts=drafts, today=today)
    outputs = list(render_site(site, theme, {}, workers=workers))
    contents = {output.path: output.content for output in outputs}
    files = {path: _text(content) for path, content in contents.items()}
    assert len(files) == len(outputs), "two files at one place"
    return Built(site, theme, files, {output.path: output.key for output in outputs})


def _text(content: bytes | Path | None) -> str:
    data = content.read_bytes() if isinstance(content, Path) else content or b""
    return data.decode("utf-8", "replace")


def links(page: str) -> list[str]:
    """Return every address that a page leads to or loads."""
    return [unescape(address) for address in re.findall(r'(?:href|src|action)="([^"]*)"', page)]
