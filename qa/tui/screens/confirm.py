"""A question before something is done that cannot be undone: say what will happen, then yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from qa.tui.screens.closing import ClosesOnce

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["ConfirmScreen"]


class ConfirmScreen(ClosesOnce, ModalScreen[bool]):
    """Asks; `no` has the focus, so that an Enter typed too early does nothing."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", key_display="n/esc", id="confirm.no", tooltip="Leave it as it is"),
        Binding("left,right", "app.focus_next", "Other", show=False, id="confirm.other", tooltip="The other button"),
    ]

    def __init__(self, question: str, *, details: str, yes: str, no: str = "Cancel", safe: bool = False) -> None:
        """Nothing is asked yet.

        Args:
            question: In one line, visible.
            details: What will happen, visible.
            yes: Says on its button what is done.
            no: Says what the other one does.
            safe: Nothing is lost by a yes, so it looks like any other button.
        """
        super().__init__()
        self._texts = (question, details)
        self._buttons = (yes, no, safe)

    def compose(self) -> ComposeResult:
        """Question, details, two buttons that show their keys."""
        question, details = self._texts
        yes, no, safe = self._buttons
        with Vertical(classes="dialog"):
            yield Static(Content(question), classes="dialog-title")
            yield Static(Content(details), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(f"{yes} (y)"), id="yes", variant="primary" if safe else "error", compact=True)
                yield Button(Content(f"{no} (n)"), id="no", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or Enter on a button."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Close with an answer."""
        self.dismiss(yes)
