"""An article's Markdown -> everything that the site, search and the checks need of it."""

from dataclasses import replace
from html import escape

from markdown_it.token import Token

from kbtool.content.markdown.blocks import start_heading, write_blocks, write_heading_words
from kbtool.content.markdown.draft import Draft, tidy
from kbtool.content.markdown.glossary import expression
from kbtool.content.markdown.outline import outline
from kbtool.content.markdown.parser import DEEPEST, parser
from kbtool.content.markdown.plain import plain
from kbtool.content.markdown.raw import typed_ids
from kbtool.content.markdown.records import Markdown, MarkdownOptions
from kbtool.content.markdown.sanitize import sanitize
from kbtool.content.markdown.structure import (
    Part,
    guess_type,
    join_steps,
    mark_steps,
    settle_levels,
    split_parts,
    split_title,
    without_contents,
)
from kbtool.kinds import ArticleType
from kbtool.model import Question


def render_markdown(  # noqa: PLR0913 - what an article is besides its text
    body: str, path: str, first_line: int, options: MarkdownOptions, article_type: ArticleType | None, *, titled: bool = False
) -> Markdown:
    """Return the article, rendered.

    `first_line` is the body's first line in its file: lines in the result are lines of the file. Without a type the text
    itself decides. `titled`: the front matter has the title. The parser is made once a process; bad input gives problems, never
    an exception.
    """
    draft = Draft(path, first_line, options)
    draft.env = {"draft": draft}
    tokens: list[Token] = parser(extras=options.extras).parse(body, draft.env)
    if not options.extras:
        return _plain_result(write_blocks(tokens, draft), draft)
    typed = tuple(outline(tokens, first_line)) if options.outline else ()
    title, tokens = split_title(tokens, titled=titled)
    draft.shift = settle_levels(tokens)
    _prepare(draft, tokens)
    tokens = join_steps(without_contents(tokens))
    guessed = guess_type(tokens, title or path.rpartition("/")[2].rpartition(".")[0].replace("-", " "))
    kind = article_type or guessed
    if kind in ("instructions", "troubleshooting"):
        mark_steps(tokens)
    draft.first_paragraph = _first_paragraph(tokens)
    html = "".join(_write_part(part, draft) for part in split_parts(tokens, kind, declared=article_type == "faq"))
    return replace(_result(html, title, guessed, draft), blocks=typed)


def parse_blocks(body: str, options: MarkdownOptions) -> list[Token]:
    """Return the article's tokens as they are typed, their lines counted from 0; snippets stay calls."""
    draft = Draft("", 1, replace(options, snippets={}))
    draft.env = {"draft": draft}
    return parser(extras=True).parse(body, draft.env)


def _prepare(draft: Draft, tokens: list[Token]) -> None:
    """Take the ids that raw HTML and footnotes have, and make ready what finds the glossary's terms."""
    draft.explanations = {**draft.options.glossary, **draft.env.get("abbreviations", {})}
    draft.terms = expression(draft.explanations)
    for token in tokens:
        if token.type == "html_block":
            draft.ids.update(typed_ids(token.content))
        elif token.type == "inline" and "<" in token.content:
            for child in token.children or ():
                if child.type == "html_inline":
                    draft.ids.update(typed_ids(child.content))
        elif token.type == "footnote_open":
            draft.ids.add(f"fn{token.meta['id'] + 1}")
        if token.level >= DEEPEST - 1 and token.map:
            message = f"lists and quotes are nested more than {DEEPEST // 2} deep: what is deeper is left out"
            draft.line = draft.first_line + token.map[0]
            draft.problem_once("too-deep", "", message, "nest less", "warning")


def _first_paragraph(tokens: list[Token]) -> str:
    """Return the words of the first paragraph that is not an image, a video or a label."""
    for index, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.level == 0:
            children = tokens[index + 1].children or []
            text = plain(child for child in children if child.type != "image")
            if text and not (text.endswith(":") and len(text.split()) <= 3):  # noqa: PLR2004 - "You need:" says nothing
                return text
    return ""


def _write_part(part: Part, draft: Draft) -> str:
    if part.kind == "question":
        return _write_question(part.tokens, draft)
    html = _clean(write_blocks(part.tokens, draft), draft)
    return html if part.kind in ("text", "footnotes") else f'<section class="{part.kind}">\n{html}</section>\n'


def _clean(html: str, draft: Draft) -> str:
    """Return the HTML safe and balanced; our own is, so only raw HTML costs the time."""
    if not draft.has_raw_html:
        return html
    draft.has_raw_html = False
    return html if draft.options.trusted_html else sanitize(html)


def _write_question(tokens: list[Token], draft: Draft) -> str:
    """Return a question that folds. Its anchor is within the answer: browsers open what a link's target is folded into."""
    heading = start_heading(tokens[1], tokens[0], draft)
    if heading is None:
        return _clean(write_blocks(tokens[3:], draft), draft)
    words = _clean(write_heading_words(tokens[1], draft), draft)
    count = len(draft.sections)
    answer = _clean(write_blocks(tokens[3:], draft), draft)
    told = [part for section in draft.sections[count + 1 :] for part in (section.title, section.text)]
    first = draft.sections[count].text if len(draft.sections) > count else ""
    text = " ".join(filter(None, (first, *told, draft.section[1] if first or told else "", tidy(draft.words))))
    draft.questions.append(Question(heading.id, heading.text, answer, text))
    return (
        f'<details class="question"><summary><h2>{words}</h2></summary>\n'
        f'<div class="answer" id="{escape(heading.id)}">\n{answer}</div>\n</details>\n'
    )


def _result(html: str, title: str, guessed: ArticleType, draft: Draft) -> Markdown:
    draft.end_section()
    text = " ".join(filter(None, draft.texts))
    return Markdown(
        html=html,
        text=text,
        headings=tuple(draft.headings),
        links=tuple(draft.links),
        external=tuple(draft.external),
        sections=tuple(draft.sections),
        questions=tuple(draft.questions),
        anchors=frozenset(draft.anchors),
        first_paragraph=draft.first_paragraph,
        title=title,
        guessed_type=guessed,
        words=len(text.split()),
        problems=tuple(draft.problems),
        hushed=tuple(dict.fromkeys(draft.hushed)),
    )


def _plain_result(html: str, draft: Draft) -> Markdown:
    return _result(html, "", "article", draft)
