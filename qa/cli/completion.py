"""`qa completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qa.cli.context import Context, command_options, pass_context


@click.command(
    "completion",
    epilog='Examples:  eval "$(qa completion bash)"   qa completion fish > ~/.config/fish/completions/qa.fish',
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@command_options
@pass_context
def command(context: Context, shell: str) -> None:  # noqa: ARG001  # every command has one
    """Print a script that completes `qa` in your shell."""
    from qa.cli import main

    kind = get_completion_class(shell)
    assert kind is not None  # the choices above are click's own
    click.echo(kind(main, {}, "qa", "_QA_COMPLETE").source())
