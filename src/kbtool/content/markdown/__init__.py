"""An article's Markdown -> its HTML, words, headings, links and questions."""

from markdown_it.token import Token

from kbtool.content.markdown.records import CODE, Block, Frame, Markdown, MarkdownOptions
from kbtool.content.markdown.render import parse_blocks, render_markdown
from kbtool.content.markdown.variables import fill_variables
from kbtool.content.oldurls import old_url_id

__all__ = [
    "CODE",
    "Block",
    "Frame",
    "Markdown",
    "MarkdownOptions",
    "Token",
    "fill_variables",
    "old_url_id",
    "parse_blocks",
    "render_markdown",
]
