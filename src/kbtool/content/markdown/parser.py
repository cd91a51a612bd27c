"""The Markdown that is read: CommonMark, and with the extras on what GitHub and help centers add."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from kbtool.content.markdown.attributes import attributes
from kbtool.content.markdown.containers import containers
from kbtool.content.markdown.destinations import as_people_write_them
from kbtool.content.markdown.dispatch import dispatch
from kbtool.content.markdown.glossary import abbreviations
from kbtool.content.markdown.variables import variables_and_snippets
from kbtool.extensions import all_of

PLUGINS = "kbtool.markdown_plugins"
DEEPEST = 32
"""Lists in quotes in lists: deeper ones are cut off, before Python's stack ends."""

_STOPS = re.compile(
    r"[\n&*<@\[\]\\_`{~!w:](?:(?<![!w:])|(?<=!)(?=\[)|(?<=w)(?=ww\.)"
    r"|(?:(?<=http:)(?<![^\s*_~(]http:)|(?<=https:)(?<![^\s*_~(]https:))(?=//(?:[^\W_]|[-.])++(?:[\s/?#:,;!)*'\"]|\Z)))"
)
"""Where text may end: what a rule of ours begins with. markdown-it's own list also serves rules that are not used here,
and every place costs a call of each rule. One set of characters stands first, because Python then searches for it in C;
a colon counts only in a web address that is one, because the rule for it looks at all the text before."""


@lru_cache(maxsize=2)
def parser(*, extras: bool) -> MarkdownIt:
    """Return the parser. What differs between help centers and articles reaches its rules by `env["draft"]`."""
    md = MarkdownIt("commonmark", {"maxNesting": DEEPEST, "xhtmlOut": False})
    plugins = all_of(PLUGINS) if extras else ()
    if extras:
        md.options.update(tasklists=True, alerts=True)
        md.enable(["table", "strikethrough"])
        md.disable("text_join")
        for plugin in (deflist_plugin, variables_and_snippets, containers, abbreviations, attributes, as_people_write_them):
            md.use(plugin)
        md.use(footnote_plugin, inline=False)
        md.use(gfm_autolink_plugin)
        for plugin in plugins:
            md.use(plugin)
        if not plugins:
            md.inline.terminator_re = _STOPS
    dispatch(md, closed=not plugins)
    return md
