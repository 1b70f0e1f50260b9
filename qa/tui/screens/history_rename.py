"""Asks for the new title of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from qa.tui.screens.closing import ClosesOnce
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["RenameScreen"]


class RenameScreen(ClosesOnce, ModalScreen[str | None]):
    """Gives the new title; None when the old one stays."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "#rename-title"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Cancel", id="rename.back", tooltip="Keep the title"),
    ]

    def __init__(self, title: str) -> None:
        """Nothing is renamed yet.

        Args:
            title: The old one, raw.
        """
        super().__init__()
        self._title = one_line(title)

    def compose(self) -> ComposeResult:
        """A line with the old title, two buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content("Rename the conversation"), classes="dialog-title")
            yield Input(self._title, id="rename-title")
            yield Static(id="rename-problem", classes="dialog-error")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Rename (enter)", id="rename-go", variant="primary", compact=True)
                yield Button("Cancel (esc)", id="rename-cancel", compact=True)

    @on(Input.Submitted)
    @on(Button.Pressed, "#rename-go")
    def _go(self) -> None:
        title = self.query_one(Input).value.strip()
        if title:
            self.dismiss(title)
        else:
            self.query_one("#rename-problem", Static).update(Content("A title has a word or more."))

    @on(Button.Pressed, "#rename-cancel")
    def action_back(self) -> None:
        """Keep the old title."""
        self.dismiss(None)
