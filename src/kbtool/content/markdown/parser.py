"""The Markdown that is read: CommonMark, and with the extras on what GitHub and help centers add."""

from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from kbtool.content.markdown.containers import containers
from kbtool.content.markdown.destinations import as_people_write_them
from kbtool.content.markdown.glossary import abbreviations
from kbtool.content.markdown.variables import variables_and_snippets
from kbtool.extensions import all_of

PLUGINS = "kbtool.markdown_plugins"
DEEPEST = 60
"""Lists in quotes in lists: deeper ones are cut off, before Python's stack ends."""


@lru_cache(maxsize=2)
def parser(*, extras: bool) -> MarkdownIt:
    """Return the parser. What differs between help centers and articles reaches its rules by `env["draft"]`."""
    md = MarkdownIt("commonmark", {"maxNesting": DEEPEST, "xhtmlOut": False})
    if extras:
        md.options.update(tasklists=True, alerts=True)
        md.enable(["table", "strikethrough"])
        for plugin in (deflist_plugin, variables_and_snippets, containers, abbreviations, as_people_write_them):
            md.use(plugin)
        md.use(footnote_plugin, inline=False)
        md.use(gfm_autolink_plugin)
        for plugin in all_of(PLUGINS):
            md.use(plugin)
    return md
