"""Every rule of `kbtool check` that judges the writing: its name, how grave what it finds is, and the function that finds it.

What is wrong with links, front matter and redirects is told by those who read them, for `kbtool build` tells it too.
"""

from collections.abc import Callable, Iterable
from functools import cache

from kbtool.content.checks.demand import check_evidence, check_keywords
from kbtool.content.checks.duplicates import find_duplicates
from kbtool.content.checks.leads import check_alt, check_bare, check_vague, check_weight
from kbtool.content.checks.leftovers import check_leaks, check_placeholders
from kbtool.content.checks.openings import check_end, check_headings, check_opening
from kbtool.content.checks.reading import check_long_sentences
from kbtool.content.checks.records import ArticleRule, LibraryRule, Rule
from kbtool.content.checks.steps import check_actions, check_broken, check_length, check_numbered, check_place
from kbtool.content.checks.strays import check_marks
from kbtool.content.checks.titles import check_action, check_questions, check_title, check_twins
from kbtool.content.checks.upkeep import check_reviews
from kbtool.content.checks.vocabulary import VAGUE
from kbtool.content.checks.wording import check_acronyms, check_dates, check_positions, check_terms
from kbtool.extensions import all_of
from kbtool.problems import Problem, Stop

PLUGINS = "kbtool.checks"
"""The entry points by which packages bring rules of their own: a function without parameters that returns some."""

_ENGLISH = frozenset({"en"})
_ASKING = frozenset({"en", "de"})

RULES: tuple[Rule, ...] = (
    # what the article is called, how it begins, is divided and ends
    ArticleRule("title", "error", check_title),
    LibraryRule("title", "error", check_twins),
    ArticleRule("question-title", "warning", check_questions, _ASKING),
    ArticleRule("action-title", "hint", check_action, _ENGLISH),
    ArticleRule("answer-first", "warning", check_opening),
    ArticleRule("heading-order", "warning", check_headings),
    ArticleRule("dead-end", "warning", check_end, _ASKING),
    ArticleRule("stray-marks", "warning", check_marks),
    # steps
    ArticleRule("numbered-steps", "warning", check_numbered),
    ArticleRule("one-action-per-step", "warning", check_actions, _ENGLISH),
    ArticleRule("long-step", "warning", check_length),
    ArticleRule("where-before-what", "hint", check_place, _ENGLISH),
    ArticleRule("broken-list", "error", check_broken),
    # links and pictures
    ArticleRule("vague-link", "warning", check_vague, frozenset(VAGUE)),
    ArticleRule("vague-link", "warning", check_bare),
    ArticleRule("alt-text", "warning", check_alt),
    LibraryRule("heavy-image", "warning", check_weight),
    # words
    ArticleRule("long-sentence", "hint", check_long_sentences),
    ArticleRule("terms", "warning", check_terms),
    ArticleRule("acronym", "hint", check_acronyms, _ENGLISH),
    ArticleRule("ambiguous-date", "warning", check_dates, _ENGLISH),
    ArticleRule("position-word", "hint", check_positions, _ENGLISH),
    # what must not go out
    ArticleRule("placeholder", "error", check_placeholders),
    ArticleRule("leaked-data", "error", check_leaks),
    # all articles together
    LibraryRule("review", "warning", check_reviews),
    LibraryRule("duplicate", "hint", find_duplicates),
    # with a ticket export
    LibraryRule("no-evidence", "hint", check_evidence),
    LibraryRule("customers-words", "hint", check_keywords),
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return kbtool's rules and those of installed packages."""
    return (*RULES, *(rule for bring in all_of(PLUGINS) for rule in _brought(bring)))


def _brought(bring: Callable[[], Iterable[Rule]]) -> tuple[Rule, ...]:
    """Return the rules of a package. Raises Stop when it fails."""
    try:
        brought = tuple(bring())
        wrong = [rule for rule in brought if not isinstance(rule, Rule)]
        if wrong:
            raise TypeError(f'"{wrong[0]}" is no rule')  # noqa: TRY301 - told as all that is wrong with the package
        return brought  # noqa: TRY300 - as above
    except Exception as error:
        hint = "update the package that brings them, or remove it"
        raise Stop(Problem("", 0, "broken-extension", f'rules of "{PLUGINS}" cannot be had: {error}', hint)) from error


@cache
def article_rules() -> tuple[ArticleRule, ...]:
    """Return the rules that need one article alone."""
    return tuple(rule for rule in all_rules() if isinstance(rule, ArticleRule))


@cache
def library_rules() -> tuple[LibraryRule, ...]:
    """Return the rules that need all articles."""
    return tuple(rule for rule in all_rules() if isinstance(rule, LibraryRule))
