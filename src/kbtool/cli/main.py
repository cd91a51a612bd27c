"""`kbtool`: finds the command, and turns what went wrong into words and an exit code."""

import gc
import importlib
import sys
import traceback
from pathlib import Path

import click

from kbtool import __version__
from kbtool.cli.words import say_problems
from kbtool.problems import Problem, Stop, did_you_mean

COMMANDS = (
    "init",
    "import",
    "new",
    "build",
    "serve",
    "check",
    "search",
    "gaps",
    "stale",
    "review",
    "mv",
    "publish",
    "rollback",
    "completion",
)
"""In the order in which a help center needs them; each is a file beside this one."""

EXIT_PROBLEMS, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

_USAGE_RULES = frozenset(
    {
        *(
            "no-config",
            "not-loopback",
            "port-taken",
            "missing-package",
            "unknown-rule",
            "wrong-target",
            "no-target",
            "secret-in-url",
        ),
        "no-credentials",
        "no-site-url",
        *(
            "no-export",
            "empty-export",
            "not-an-export",
            "broken-export",
            "export-too-large",
            "no-subject-column",
            "no-such-topic",
        ),
        *("no-such-article", "not-an-article", "no-import", "no-search-index", "no-script-runner", "no-revision"),
        *("unknown-column", "unknown-source", "unknown-timezone", "empty-subject", "unknown-extension"),
    }
)
"""Problems with how kbtool was called; those in kbtool.yml count among them."""

GARBAGE_LOOKS = 50_000
"""After how many new objects Python looks for garbage: with its own 700 it looks through all articles again and again, and finds none."""


class _Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"kbtool.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"{error.message} {hint}".strip(), ctx) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kbtool")
def kbtool() -> None:
    """Turn Markdown articles into a help center that people find answers in.

    \b
    Start one:     kbtool init my-help-center
    See it:        kbtool serve
    Publish it:    kbtool publish file:///var/www/help
    """


def main() -> None:
    """Run the command line, and exit with 0 (fine), 1 (problems) or 2 (wrong usage or configuration)."""
    gc.set_threshold(GARBAGE_LOOKS, 20, 20)
    try:
        kbtool.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing is half-written.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except Stop as stop:
        say_problems(stop.problems)
        sys.exit(_exit_code(stop.problems))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_PROBLEMS)
    except Exception:  # noqa: BLE001 - the one place where a bug becomes a sentence
        _tell_bug()
        sys.exit(EXIT_PROBLEMS)
    finally:
        gc.freeze()  # Python need not look through all that is there once more, to end


def _exit_code(problems: tuple[Problem, ...]) -> int:
    usage = any(problem.rule in _USAGE_RULES or problem.path.endswith("kbtool.yml") for problem in problems)
    return EXIT_USAGE if usage else EXIT_PROBLEMS


def _tell_bug() -> None:
    """Say in one line that kbtool itself failed, and keep the traceback in a file for the report."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", prefix="kbtool-bug-", suffix=".txt", delete=False, encoding="utf-8") as report:
        traceback.print_exc(file=report)
    what = str(sys.exception()) or type(sys.exception()).__name__
    hint = f"the details are in {Path(report.name)}: please report them"
    say_problems((Problem("", 0, "internal-error", f"this is a bug in kbtool: {what}", hint),))
