"""Asks for the style in which citations are copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.tui.citing import STYLES
from qa.tui.screens.closing import ClosesOnce

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["CitationStyleScreen"]

NAME_WIDTH = 9


class CitationStyleScreen(ClosesOnce, ModalScreen[str | None]):
    """Gives the style; None when it stays as it is."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Cancel", id="style.back", tooltip="Leave the style of citations as it is"),
    ]

    def __init__(self, style: str) -> None:
        """Nothing is chosen yet.

        Args:
            style: In use.
        """
        super().__init__()
        self._style = style

    def compose(self) -> ComposeResult:
        """A line for each style, and what the choice is for."""
        options = [
            Option(Content.assemble((f"{name:<{NAME_WIDTH}}", "bold"), " ", (about, "$text-muted")))
            for name, about in STYLES.items()
        ]
        with Vertical(classes="dialog"):
            yield Static(Content("How citations are copied"), classes="dialog-title")
            yield Static(Content("For y and Y, from now on."), classes="dialog-text")
            yield OptionList(*options, id="styles", classes="dialog-list", markup=False, compact=True)

    def on_mount(self) -> None:
        """Stand on the style in use."""
        styles = self.query_one(OptionList)
        styles.highlighted = list(STYLES).index(self._style)
        styles.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(STYLES)[event.option_index])

    def action_back(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
