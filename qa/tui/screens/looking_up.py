"""A line to type in, and below it what was found, each with the article that it leads to.

Drafts are checked and excerpts looked up on such screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from qa.tui.screens.closing import ClosesOnce
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Paste

    from qa.entities import RelatedPassage
    from qa.report.verify_words import Line
    from qa.tui.app import ChatApp
    from qa.tui.services import Services

__all__ = ["Found", "Item", "LookingUp", "painted"]

_STYLES = {
    "good": "bold $text-success",
    "doubtful": "bold $text-warning",
    "bad": "bold $text-error",
    "guess": "bold $text-accent",
    "removed": "$text-error",
    "added": "$text-success",
    "dim": "dim",
}
"""Tone of a piece -> how it looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that was found."""

    words: Content
    source: RelatedPassage | None
    """What opens; None where no article has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was found."""

    said: str
    """In one line, visible."""
    items: tuple[Item, ...] = ()
    failed: bool = False


class TypedLine(Input):
    """Takes a text of several lines that is pasted as one."""

    def on_paste(self, event: Paste) -> None:
        """Put blanks in place of line breaks."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(event.text.split()))


class LookingUp(ClosesOnce, Screen[None]):
    """What is looked up, and how it is called, a screen of its own says."""

    CSS_PATH = "looking_up.tcss"
    AUTO_FOCUS = "TypedLine"
    HEADING: ClassVar[str] = ""
    HINT: ClassVar[str] = ""
    """What belongs into the line."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "results", "Results", id="look.results", tooltip="Go to what was found"),
        Binding("slash", "line", "Line", key_display="/", id="look.line", tooltip="Go to the line above"),
        Binding("escape", "back", "Back", id="look.back", tooltip="Back to the chat"),
    ]

    def __init__(self, services: Services, typed: str = "") -> None:
        """Nothing is looked up yet.

        Args:
            services: What may be called.
            typed: Looked up at once, unless it is empty.
        """
        super().__init__()
        self.services = services
        self._typed = typed
        self._items: tuple[Item, ...] = ()

    def find(self, typed: str) -> Found:
        """Look it up; called in a thread."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, line, what is said of it all, what was found, keys."""
        yield Static(Content(self.HEADING), id="look-title")
        yield TypedLine(self._typed, placeholder=self.HINT, id="look-line", select_on_focus=False)
        yield Static(id="look-said")
        yield OptionList(id="look-found", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Look up what came along."""
        self.query_one(OptionList).display = False
        if self._typed:
            self.look(self._typed)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self.look(event.value.strip())

    def look(self, typed: str) -> None:
        """Begin; what goes on is said."""
        if not typed:
            self._show(Found(said=self.HINT))
            return
        self._show(Found(said="looking …"))
        self._look(typed)

    @work(thread=True, exclusive=True, group="look")
    def _look(self, typed: str) -> None:
        try:
            found = self.find(typed)
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            found = Found(said=one_line(explain_failure(error)), failed=True)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show, found)

    def _show(self, found: Found) -> None:
        if not self.is_attached:
            return
        self._items = found.items
        said = self.query_one("#look-said", Static)
        said.update(Content(found.said))
        said.set_class(found.failed, "-failed")
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(item.words) for item in found.items)
        options.display = bool(found.items)
        if found.items:
            options.highlighted = 0
            options.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        chosen = self._items[event.option_index]
        if chosen.source is None:
            self.notify("No article has these words.")
            return
        sources = [item.source for item in self._items if item.source is not None]
        position = next(place for place, source in enumerate(sources) if source is chosen.source)
        cast("ChatApp", self.app).read(sources, position)

    def action_results(self) -> None:
        """Go to what was found."""
        if self._items:
            self.query_one(OptionList).focus()

    def action_line(self) -> None:
        """Go to the line, to change it."""
        self.query_one(TypedLine).focus()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


def painted(lines: Sequence[Line]) -> Content:
    """Lines in the colours of the theme."""
    return Content("\n").join(
        Content.assemble(*((text, _STYLES.get(tone, "")) for text, tone in line)) for line in lines
    )
