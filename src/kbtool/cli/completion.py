"""`kbtool completion SHELL`: a script that completes commands and options."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that lets your shell complete kbtool's commands and options.

    \b
    Example, for bash:
      kbtool completion bash >> ~/.bashrc
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"this version of click does not know {shell}")
    click.echo(kind(context.find_root().command, {}, "kbtool", "_KBTOOL_COMPLETE").source())
