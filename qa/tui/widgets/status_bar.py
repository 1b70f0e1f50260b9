"""One line in words: what is going on, and which articles are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

__all__ = ["StatusBar"]


class StatusBar(Horizontal):
    """Left: what is going on. Right: indexing, the filter, the article limit."""

    def compose(self) -> ComposeResult:
        """Two texts."""
        yield Static(Content("starting"), id="doing")
        yield Static("", id="limits")

    def say(self, words: str, *, busy: bool = False) -> None:
        """What is going on."""
        self.query_one("#doing", Static).update(Content(words))
        self.set_class(busy, "-busy")

    def limit(self, *parts: str) -> None:
        """What limits the search, and what goes on besides."""
        self.query_one("#limits", Static).update(Content(" · ".join(part for part in parts if part)))
