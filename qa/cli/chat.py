"""`qa chat`, which is also what `qa` alone does on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, pass_context

if TYPE_CHECKING:
    from qa.cli.chat_services import ChatServices


@click.command(
    "chat",
    epilog='Examples:  qa chat   qa chat --plain   qa chat --no-history   qa chat --screenshot chat.svg "Who won?"',
)
@click.argument("question", required=False)
@click.option("--plain", is_flag=True, help="Line by line, for screen readers and pipes.")
@click.option("--no-history", is_flag=True, help="Keep no answer of this run.")
@click.option(
    "--startup-time", is_flag=True, help="Print the milliseconds from process start to first paint, and quit."
)
@click.option(
    "--screenshot",
    metavar="FILE.svg",
    type=click.Path(dir_okay=False),
    help="Ask QUESTION, write the screen with its answer to FILE.svg, and quit.",
)
@command_options
@pass_context
def command(
    context: Context,
    question: str | None,
    *,
    plain: bool,
    no_history: bool,
    startup_time: bool,
    screenshot: str | None,
) -> int:
    """Talk with the articles: ask, follow each citation to its sentence, copy, go on where you were.

    Without a terminal, --plain reads questions from standard input, one a line.
    """
    if screenshot is not None:
        from qa.cli.chat_screenshot import write_screenshot

        if question is None:
            raise click.UsageError("--screenshot needs a question to ask")
        return write_screenshot(chat_services(context, keep=False), question, screenshot)
    services = chat_services(context, keep=not no_history)
    if plain:
        from qa.cli.chat_plain import PlainChat

        return PlainChat(services, context.report).run(question)
    if startup_time:
        return _print_startup_time(services)
    if not is_terminal():
        click.echo(click.get_current_context().get_help())
        return 0
    return run_chat(context, services, question)


def run_chat(context: Context, services: ChatServices, question: str | None = None) -> int:
    """Run the app, and go on line by line if that is asked for."""
    from qa.tui.app import ChatApp

    app = ChatApp(services, question=question)
    if app.run() == "plain":
        from qa.cli.chat_plain import PlainChat

        return PlainChat(services, context.report, conversation=app.conversation).run()
    return app.return_code or 0


def chat_services(context: Context, *, keep: bool) -> ChatServices:
    """What stands behind the screens; settings are read, nothing is opened."""
    from qa.cli.chat_services import ChatServices
    from qa.tui.services import Paths, Preferences

    settings = context.settings
    preferences = Preferences(
        theme=settings.theme,
        reduced_motion=settings.reduced_motion,
        clipboard=settings.clipboard,
        citation_style=settings.citation_style,
        keys=dict(settings.keys),
    )
    return ChatServices(
        context=context,
        paths=Paths(index=context.index_folder, state=context.state_dir),
        preferences=preferences,
        history=context.history if keep and settings.history else None,
    )


def is_terminal() -> bool:
    """Whether a person sits in front of a terminal that can show a screen."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _print_startup_time(services: ChatServices) -> int:
    from qa.cli.process_start import ms_since_process_start
    from qa.tui.app import ChatApp

    measured_ms: list[float] = []

    def painted() -> None:
        measured_ms.append(ms_since_process_start())
        app.exit()

    app = ChatApp(services, on_first_paint=painted)
    app.run(headless=not is_terminal())
    click.echo(f"{measured_ms[0]:.0f} ms from process start to first paint")
    return 0
