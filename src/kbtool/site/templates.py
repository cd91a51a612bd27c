"""A theme's templates, ready to render, and what is said when one fails."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.ext import Extension
from jinja2.utils import missing
from markupsafe import Markup, escape

from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.site.compiled import FOLDER, compiled
from kbtool.site.theme import Theme, shown_path

__all__ = ["Markup", "Templates", "escape"]

_PLAIN_TEXT = re.compile(r'\{\{ _\("([^"\\%{}]+)"\) \}\}')
_NAME = re.compile(r"'([^']+)' is undefined")


class Templates:
    """The templates of a theme, compiled when they are first used."""

    def __init__(self, theme: Theme, values: Mapping[str, object], cache: Path) -> None:
        """Prepare the theme's templates; `values` can be used in all of them. What is compiled is kept in the folder `cache`."""
        self._root = theme.root
        self._folders = tuple(folder for _, folder in theme.templates)
        self._environment = Environment(
            loader=_loader(theme.templates),
            autoescape=True,
            undefined=_Undefined,
            extensions=["jinja2.ext.i18n", _Translated],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=compiled(cache / FOLDER, theme.digest),
            cache_size=-1,
        )
        self._environment.globals.update(values)
        self._environment.globals["gettext_plain"] = theme.words.gettext
        texts: Any = self._environment
        texts.install_gettext_callables(theme.words.gettext, theme.words.ngettext, newstyle=True)

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Return a template's HTML. Raises Stop when it fails, with the place in the template."""
        try:
            return self._environment.get_template(name).render(values)
        except Stop:
            raise
        except Exception as error:
            problem = self._told(error, name, values)
            if problem:
                raise Stop(problem) from error
            raise

    def _told(self, error: Exception, name: str, values: Mapping[str, object]) -> Problem | None:
        """Return the problem of a template that failed; None when it is kbtool that did."""
        path, line = self._place(error)
        message, hint = f"{type(error).__name__}: {error}", ""
        if isinstance(error, TemplateSyntaxError):
            path, line, message = error.filename or error.name or name, error.lineno, error.message or ""
        elif isinstance(error, TemplateNotFound):
            message, hint = f'there is no template "{error}"', did_you_mean(str(error), self._environment.list_templates())
        elif isinstance(error, RecursionError):
            message = "the template includes or extends itself"
            hint = f'write {{% extends "plain/{name}" %}} to extend the file that this one replaces'
        elif isinstance(error, UndefinedError):
            message, hint = _said(error), _hint(error, (*values, *self._environment.globals))
        elif not self._is_template(error):
            return None
        return Problem(shown_path(Path(path), self._root) if path else name, line, "template-error", message, hint)

    def _place(self, error: Exception) -> tuple[str, int]:
        """Return the template and the line that was being rendered, as far as the error tells."""
        for frame in reversed(extract_tb(error.__traceback__)):
            if self._owns(frame.filename):
                return frame.filename, frame.lineno or 0
        return "", 0

    def _is_template(self, error: Exception) -> bool:
        """Tell whether the error comes out of a template itself, not out of what it calls."""
        frames = extract_tb(error.__traceback__)
        return bool(frames) and self._owns(frames[-1].filename)

    def _owns(self, file: str) -> bool:
        return any(Path(file).is_relative_to(folder) for folder in self._folders)


class _Translated(Extension):
    """Puts the site's own words into a template before it is compiled: asking for each on every page would take half its time."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's own
        """Return the source with each plain text in its language; what else is said is asked for as the page is rendered."""
        return _PLAIN_TEXT.sub(self._said, source)

    def _said(self, match: re.Match[str]) -> str:
        """Return the text in the site's language, unless the template could not hold it."""
        say: Any = self.environment.globals["gettext_plain"]
        text = str(say(match[1]))
        return match[0] if "{" in text or "\n" in text else str(escape(text))


class _Undefined(StrictUndefined):
    """A value that is not there: using it is an error that names what may be meant."""

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(hint, obj, name, _with_hint(obj, name) if exc is None else exc)


def _with_hint(obj: object, name: str | None) -> Any:  # noqa: ANN401 - Jinja asks for a class, and calls what it gets
    """Return what makes the error, with the attribute that may be meant."""

    def error(message: str | None) -> UndefinedError:
        made = UndefinedError(message)
        if obj is not missing and name:
            known: Iterable[str] = obj if isinstance(obj, Mapping) else (each for each in dir(obj) if not each.startswith("_"))
            made.add_note(did_you_mean(str(name), known))
        return made

    return error


def _loader(templates: Iterable[tuple[str, Path]]) -> BaseLoader:
    """Return what finds a template: the first folder that has it, or the folder of a theme when its name stands before it."""
    loaders = [(name, FileSystemLoader(folder)) for name, folder in templates]
    return ChoiceLoader([*(loader for _, loader in loaders), PrefixLoader({name: loader for name, loader in loaders if name})])


def _said(error: UndefinedError) -> str:
    """Return the error's words as a problem's message, the culprit in double quotes."""
    return (error.message or "").replace("'", '"')


def _hint(error: UndefinedError, known: Iterable[str]) -> str:
    """Return a hint that names what may be meant."""
    notes = getattr(error, "__notes__", ())
    match = _NAME.search(error.message or "")
    return next((note for note in notes if note), did_you_mean(match[1], known) if match else "")
