"""The command line: `qa VERB`. Commands are imported when they are run, so that help costs nothing."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from qa import __version__
from qa.cli.context import Context, command_options, pass_context

__all__ = ["main", "run"]

_COMMANDS = {
    "index": ("qa.cli.index", "Index folders of articles, or bring the index up to date."),
    "ask": ("qa.cli.ask", "Ask a question; get the answer with its source sentences."),
    "chat": ("qa.cli.chat", "Talk with the articles on a screen; qa alone does the same."),
    "history": ("qa.cli.history", "Look up what you asked before."),
    "cite": ("qa.cli.cite", "Write the citations of an answer or a passage, ready for a report."),
    "pin": ("qa.cli.pin", "Pin quotations for a report."),
    "basket": ("qa.cli.basket", "Look through what is pinned; order, annotate, group it."),
    "export": ("qa.cli.export", "Write an answer, a conversation or a basket as a report."),
    "refresh": ("qa.cli.refresh", "Check the quotations of a report or basket again; ask its questions again."),
    "search": ("qa.cli.search", "Find passages."),
    "show": ("qa.cli.show", "Print an article, or some of its sentences."),
    "verify": ("qa.cli.verify", "Check the quotations of a draft against the articles."),
    "whence": ("qa.cli.whence", "Find where an excerpt comes from: article, sentence, and all copies."),
    "ls": ("qa.cli.ls", "List the articles."),
    "status": ("qa.cli.status", "Say what is in the index."),
    "doctor": ("qa.cli.doctor", "Check the index and everything it needs; name the remedy of each fault."),
    "rm": ("qa.cli.rm", "Take articles or folders out of the index."),
    "eval": ("qa.cli.eval", "Measure how well passages are found and questions answered."),
    "config": ("qa.cli.config", "Show the settings and where they come from."),
    "completion": ("qa.cli.completion", "Print a script that completes `qa` in your shell."),
}

# The classes are named, not imported: a command that fails has imported the tree it fails with.
_EXIT_CODES = (
    ("index.errors", "InputError", 2),
    ("index.errors", "NoIndexError", 3),
    ("index.errors", "IndexLockedError", 3),
    ("index.errors", "ModelError", 6),
    ("qa.errors", "QaError", 2),
    ("index.errors", "CorpusError", 1),
)


class LazyGroup(click.Group):
    """A group that knows the help line of each command without importing it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """In the order people need them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """Import the command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when one is mistyped."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ' To ask a question: qa ask "…"'
            raise click.UsageError(f"there is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Examples:  qa index articles/   qa ask "How many US troops are in Japan?"   qa show 1f0a9c2b3d4e:7-9',
)
@click.version_option(__version__, "-V", "--version", prog_name="qa", message="%(prog)s %(version)s")
@command_options
@click.pass_context
@pass_context
def main(context: Context, click_context: click.Context) -> int:
    """Ask a folder of articles a question; get the answer with its exact source sentence.

    Without a command, on a terminal: the chat. Everything happens on this computer.
    """
    if click_context.invoked_subcommand is not None:
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(click_context.get_help())
        return 0
    from qa.cli.chat import chat_services, run_chat

    return run_chat(context, chat_services(context, keep=True))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    0 done · 1 internal error · 2 usage or configuration · 3 no usable index · 4 nothing found (with --fail-empty) ·
    5 --check found changes · 6 a model is missing or altered · 7 a draft holds something not verbatim, or a report
    something outdated · 130 interrupted.
    """
    context = Context()
    try:
        result = main.main(args=list(arguments), prog_name="qa", standalone_mode=False, obj=context)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("interrupted", err=True)
        return 130
    except SystemExit:  # outside its standalone mode click exits only when the reader of a pipe has gone
        return 0
    except BrokenPipeError:
        # The reader has gone; keep Python from complaining when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the outermost edge: one line and a code
        return _failed(error, debug=context.debug)


def _failed(error: Exception, *, debug: bool) -> int:
    from qa.visible import visible

    if debug:
        traceback.print_exc()
    for module, name, code in _EXIT_CODES:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            click.echo(f"qa: {visible(str(error))}", err=True)
            return code
    click.echo(f"qa: internal error: {type(error).__name__}: {visible(str(error))} (more with --debug)", err=True)
    return 1
