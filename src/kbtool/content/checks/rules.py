"""Every rule of `kbtool check` that judges the writing: its name, how grave what it finds is, and the function that finds it.

What is wrong with links, front matter and redirects is told by those who read them, for `kbtool build` tells it too.
"""

from functools import cache

from kbtool.content.checks.duplicates import find_duplicates
from kbtool.content.checks.reading import check_long_sentences
from kbtool.content.checks.records import ArticleRule, LibraryRule, Rule
from kbtool.extensions import all_of

PLUGINS = "kbtool.checks"
"""The entry points by which packages bring rules of their own: a function without parameters that returns some."""

RULES: tuple[Rule, ...] = (
    ArticleRule("long-sentence", "hint", check_long_sentences),
    LibraryRule("duplicate", "hint", find_duplicates),
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return kbtool's rules and those of installed packages."""
    return (*RULES, *(rule for rules in all_of(PLUGINS) for rule in rules()))


@cache
def article_rules() -> tuple[ArticleRule, ...]:
    """Return the rules that need one article alone."""
    return tuple(rule for rule in all_rules() if isinstance(rule, ArticleRule))


@cache
def library_rules() -> tuple[LibraryRule, ...]:
    """Return the rules that need all articles."""
    return tuple(rule for rule in all_rules() if isinstance(rule, LibraryRule))
