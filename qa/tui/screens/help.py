"""Help: the keys of what had the focus, those that work everywhere, and the slash commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qa.tui.commands import COMMANDS
from qa.tui.screens.closing import ClosesOnce

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["HelpScreen", "KeyHelp"]

KEYS_WIDTH = 13
"""Of the first column, so that the tables stand under each other; commands with their argument fit."""
FRAME = 6
"""Border, padding, scroll bar and a blank beside it."""
MOST_WIDTH = 92
LEAST_ABOUT = 30
"""Where less is left, the names of the actions are left out; the palette has them, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHelp:
    """One action and its keys."""

    where: str
    """What has to have the focus."""
    keys: str
    """As they are written on the keyboard, with blanks between them."""
    about: str
    id: str
    """For the table `[keys]` of the settings."""


class HelpScreen(ClosesOnce, ModalScreen[None]):
    """A window that any key of leaving closes."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1", "close", "Close", id="help.close", tooltip="Back to where you were"),
    ]

    def __init__(self, keys: Sequence[KeyHelp], *, commands: bool) -> None:
        """Show help.

        Args:
            keys: Those that work where help was asked for, the nearest first.
            commands: Whether slash commands can be typed there.
        """
        super().__init__()
        self.keys = keys
        self.commands = commands

    def compose(self) -> ComposeResult:
        """Keys, then commands, then what else is good to know."""
        with VerticalScroll(id="window"):
            width = min(self.app.size.width, MOST_WIDTH) - FRAME
            names_width = max((len(key.id) for key in self.keys), default=0)
            for where in dict.fromkeys(key.where for key in self.keys):
                yield Static(Content(where), classes="heading")
                rows = [(key.keys, key.about, key.id) for key in self.keys if key.where == where]
                yield _table(rows, width, names_width)
            if self.commands:
                yield Static(Content("Commands, typed in the prompt"), classes="heading")
                yield _table([(f"/{c.name} {c.argument}".rstrip(), c.about, "") for c in COMMANDS], width)
            yield Static(Content("Mouse"), classes="heading")
            yield _table(
                [
                    ("click", "takes an answer or a citation in hand; a second click opens it", ""),
                    ("drag", "selects text; ctrl+c copies it", ""),
                ],
                width,
            )
            yield Static(
                Content("The names are for the table [keys] of the settings; the palette has them, too. esc closes.")
            )

    def on_mount(self) -> None:
        """So that the arrow keys scroll."""
        self.query_one("#window").focus()

    def action_close(self) -> None:
        """Back to where help was asked for."""
        self.dismiss()


def _table(rows: Sequence[tuple[str, str, str]], width: int, names_width: int = 0) -> Static:
    """Keys, what they do, and the action's name; lines that are too long go on under their own column."""
    keys_width = max(KEYS_WIDTH, *(len(keys) for keys, _, _ in rows))
    room = width - keys_width - 2
    named = names_width > 0 and room - names_width - 2 >= LEAST_ABOUT
    about_width = room - names_width - 2 if named else room
    lines = []
    for keys, about, name in rows:
        first, *more = wrap(about, about_width)
        shown = f"{'':{about_width - len(first)}}  {name}" if named else ""
        lines.append(Content.assemble((f"{keys:<{keys_width}}", "$text-accent"), "  ", first, (shown, "dim")))
        lines += [Content(f"{'':{keys_width + 2}}{line}") for line in more]
    return Static(Content("\n").join(lines), classes="table")
