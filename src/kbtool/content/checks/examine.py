"""One article -> what its writer should look at."""

import traceback
from collections.abc import Iterator
from pathlib import Path

from kbtool.content.checks.duplicates import gather_facts, sketch
from kbtool.content.checks.language import told_language
from kbtool.content.checks.records import ArticleRule, Manuscript, Setup
from kbtool.content.checks.rules import article_rules
from kbtool.content.checks.sentences import split_sentences
from kbtool.content.examination import Examined, article_key
from kbtool.content.markdown import Markdown
from kbtool.model import Article
from kbtool.problems import Problem


def examine_article(article: Article, markdown: Markdown, source: str, *, setup: Setup, shape: str) -> Examined:
    """Return what every rule for one article finds in it, and what the rules for all articles need.

    `shape` is a digest of all that shapes findings beside the article. A rule that fails is a problem of the article.
    """
    manuscript = make_manuscript(article, markdown, source, setup)
    shown = f"{setup.name}/{article.path}"
    problems = (problem for rule in article_rules() for problem in run_rule(rule, manuscript, shown))
    return Examined(
        article_key(article.digest, shape),
        tuple(sorted(set(problems))),
        manuscript.language,
        sketch(article),
        gather_facts(article.text),
    )


def make_manuscript(article: Article, markdown: Markdown, source: str, setup: Setup) -> Manuscript:
    """Return the article as its rules see it."""
    language = told_language(article.text, setup.language)
    return Manuscript(article, source, markdown.blocks, tuple(split_sentences(markdown.blocks, language)), language, setup)


def run_rule(rule: ArticleRule, manuscript: Manuscript, shown: str) -> Iterator[Problem]:
    """Yield what the rule finds in the article; nothing when the rule does not speak its language."""
    if rule.languages and manuscript.language not in rule.languages:
        return
    if manuscript.article.meta.status == "archived" and rule.severity != "error":
        return  # nobody polishes what is kept for its address alone
    try:
        for line, message, hint, severity in rule.check(manuscript):
            yield Problem(shown, line, rule.name, message, hint, severity or rule.severity)
    except Exception as error:  # noqa: BLE001 - one rule's fault must not hide what the others find
        yield failed_rule(rule.name, shown, error)


def failed_rule(name: str, shown: str, error: BaseException) -> Problem:
    """Return the problem of a rule that failed."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    words = " ".join(str(error).split())[:200]
    message = f'the rule "{name}" failed: {type(error).__name__}{place}: {words}'
    hint = "this is a bug in kbtool, or in the package that brings the rule: please report it with this line and the article"
    return Problem(shown, 0, "internal-error", message, hint)
