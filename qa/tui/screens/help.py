"""Help: the keys of what had the focus, those that work everywhere, and the slash commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from qa.tui.commands import COMMANDS

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["HelpScreen", "KeyHelp"]

KEYS_WIDTH = 11
"""Of the first column, so that the tables stand under each other."""


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


class HelpScreen(ModalScreen[None]):
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
            for where in dict.fromkeys(key.where for key in self.keys):
                yield Static(Content(where), classes="heading")
                yield _table([(key.keys, key.about, key.id) for key in self.keys if key.where == where])
            if self.commands:
                yield Static(Content("Commands, typed in the prompt"), classes="heading")
                yield _table([(f"/{c.name} {c.argument}".rstrip(), c.about, "") for c in COMMANDS])
            yield Static(Content("Mouse"), classes="heading")
            yield _table(
                [
                    ("click", "takes an answer or a citation in hand; a second click opens it", ""),
                    ("drag", "selects text; ctrl+c copies it", ""),
                ]
            )
            yield Static(Content("The words in the right column are for the table [keys] of the settings. esc closes."))

    def on_mount(self) -> None:
        """So that the arrow keys scroll."""
        self.query_one("#window").focus()

    def action_close(self) -> None:
        """Back to where help was asked for."""
        self.dismiss()


def _table(rows: Sequence[tuple[str, str, str]]) -> Static:
    width = max(KEYS_WIDTH, *(len(keys) for keys, _, _ in rows))
    lines = [
        Content.assemble((f"{keys:<{width}} ", "$text-accent"), " ", about, (f"  {name}" if name else "", "dim"))
        for keys, about, name in rows
    ]
    return Static(Content("\n").join(lines), classes="table")
