"""Asks for a line of text: a note, a heading, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from qa.tui.screens.closing import ClosesOnce

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["LineScreen"]


class LineScreen(ClosesOnce, ModalScreen[str | None]):
    """Gives the line, which may be empty; None when nothing is to change."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "#line-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Cancel", id="line.back", tooltip="Leave it as it was"),
    ]

    def __init__(self, title: str, *, text: str = "", hint: str = "") -> None:
        """Nothing is changed yet.

        Args:
            title: What is asked for, visible.
            text: What stands there, visible.
            hint: What an empty line means, or what there is to choose from; visible.
        """
        super().__init__()
        self._texts = (title, text, hint)

    def compose(self) -> ComposeResult:
        """Title, line, hint, two buttons."""
        title, text, hint = self._texts
        with Vertical(classes="dialog"):
            yield Static(Content(title), classes="dialog-title")
            yield Input(text, id="line-text", select_on_focus=False)
            yield Static(Content(hint), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Keep (enter)", id="line-go", variant="primary", compact=True)
                yield Button("Cancel (esc)", id="line-cancel", compact=True)

    @on(Input.Submitted)
    @on(Button.Pressed, "#line-go")
    def _go(self) -> None:
        self.dismiss(self.query_one(Input).value.strip())

    @on(Button.Pressed, "#line-cancel")
    def action_back(self) -> None:
        """Change nothing."""
        self.dismiss(None)
