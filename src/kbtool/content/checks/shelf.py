"""All articles -> what only the whole shows, and what was found in each."""

from collections import Counter
from collections.abc import Iterator

from kbtool.content.checks.examine import failed_rule
from kbtool.content.checks.names import RULE_NAMES
from kbtool.content.checks.records import LibraryRule, Shelf
from kbtool.content.checks.rules import all_rules, library_rules
from kbtool.problems import Problem, did_you_mean


def check_library(shelf: Shelf) -> tuple[Problem, ...]:
    """Return what the rules found in each article and in all of them together, sorted. Nothing is raised."""
    single = (problem for examined in shelf.examined.values() for problem in examined.problems)
    whole = (problem for rule in library_rules() for problem in _run(rule, shelf))
    return tuple(sorted({*single, *whole, *_unspoken(shelf), *_unknown_names(shelf)}))


def _run(rule: LibraryRule, shelf: Shelf) -> Iterator[Problem]:
    name = shelf.config.content
    try:
        for path, (line, message, hint, severity) in rule.check(shelf):
            yield Problem(f"{name}/{path}", line, rule.name, message, hint, severity or rule.severity)
    except Exception as error:  # noqa: BLE001 - one rule's fault must not hide what the others find
        yield failed_rule(rule.name, "", error)


def _unspoken(shelf: Shelf) -> Iterator[Problem]:
    """Yield once for each language which rules have no words for it."""
    languages = Counter(examined.language for examined in shelf.examined.values())
    for language, count in sorted(languages.items()):
        silent = [rule.name for rule in all_rules() if rule.languages and language not in rule.languages]
        if silent:
            names = ", ".join(dict.fromkeys(silent))
            which = f'{count} article{"s" if count > 1 else ""} in "{language}"'
            message = f"rules that know no words of a language pass over {which}: {names}"
            yield Problem("", 0, "unspoken-language", message, "the other rules were applied", "hint")


def _unknown_names(shelf: Shelf) -> Iterator[Problem]:
    """Yield a problem for each name in kbtool.yml's `checks`, or in a file's own words, that is no rule's."""
    known = {*RULE_NAMES, *(rule.name for rule in all_rules())}
    config = shelf.config
    places = [("checks", config.checks), *((f"topics.{name}.checks", topic.checks) for name, topic in config.topics.items())]
    for place, levels in places:
        for name in levels.keys() - known:
            yield Problem("kbtool.yml", 0, "unknown-rule", f'"{place}" has "{name}", which is no rule', did_you_mean(name, known))
    topics = (topic.article for topic in shelf.library.topics if topic.article)
    for article in (*shelf.library.articles, *topics):
        for name in article.hushed:
            if name not in known:
                message = f'"{name}" is to be off in this file, but no rule is called so'
                yield Problem(
                    f"{config.content}/{article.path}", 0, "unknown-rule", message, did_you_mean(name, known), "warning"
                )
