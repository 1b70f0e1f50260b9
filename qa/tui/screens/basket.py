"""The basket screen: what is pinned, in order, and beside it the report that it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Static
from textual.worker import get_current_worker

from qa.errors import BasketError
from qa.report.basket.entities import Basket
from qa.tui.screens.basket_table import BasketTable
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.exporting import Exporting
from qa.tui.screens.line import LineScreen
from qa.tui.workers import explain_failure
from qa.visible import one_line, visible

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from qa.report.basket.entities import Pin
    from qa.tui.app import ChatApp
    from qa.tui.reports import BasketStore
    from qa.tui.services import Services

__all__ = ["BasketScreen"]

_EMPTY = "Nothing is pinned here yet. In the chat and in an article, space pins the quotation in hand."


class BasketScreen(ClosesOnce, Exporting[None]):
    """One basket, the one that `space` pins to."""

    CSS_PATH = "basket.tcss"
    AUTO_FOCUS = "BasketTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K,shift+up", "move(-1)", "Up", key_display="K/J", id="basket.up", tooltip="Move the pin up"),
        Binding("J,shift+down", "move(1)", "Down", show=False, id="basket.down", tooltip="Move the pin down"),
        Binding("n", "note", "Note", id="basket.note", tooltip="Write your words beside the pin"),
        Binding("h", "heading", "Heading", id="basket.heading", tooltip="Put the pin under a heading"),
        Binding("delete", "remove", "Remove", show=False, id="basket.remove", tooltip="Take the pin out"),
        Binding("x", "export", "Export", id="basket.export", tooltip="Write the basket as a report"),
        Binding("o", "open", "Other", show=False, id="basket.open", tooltip="Another basket, or a new one"),
        Binding("r", "rename", "Rename", show=False, id="basket.rename", tooltip="Give the basket another name"),
        Binding("escape", "back", "Back", id="basket.back", tooltip="Go back"),
    ]

    def __init__(self, services: Services) -> None:
        """Nothing is read yet.

        Args:
            services: Where baskets are kept.
        """
        super().__init__()
        self.services = services
        self.basket = Basket(name="")

    @property
    def table(self) -> BasketTable:
        """The pins."""
        return self.query_one(BasketTable)

    @property
    def chat_app(self) -> ChatApp:
        """The app, which knows which basket is in hand."""
        return cast("ChatApp", self.app)

    def compose(self) -> ComposeResult:
        """Heading, pins and the report, keys."""
        yield Static(Content("Basket"), id="basket-title")
        with Horizontal(id="basket-body"):
            yield BasketTable(id="basket-table")
            with VerticalScroll(id="basket-preview", can_focus=False):
                yield Static(id="basket-report")
        yield Static(Content(_EMPTY), id="basket-empty")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Read the basket."""
        self.load()

    # --- what is shown -----------------------------------------------------------------------------------------

    def load(self, *, in_hand: str | None = None) -> None:
        """Read the basket anew."""
        self._load(self.chat_app.basket, in_hand)

    @work(thread=True, exclusive=True, group="basket-load")
    def _load(self, name: str, in_hand: str | None) -> None:
        try:
            basket, empty = self.services.reports.baskets.read(name), _EMPTY
        except BasketError:
            basket, empty = Basket(name=name), _EMPTY
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            basket, empty = Basket(name=name), one_line(explain_failure(error))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show, basket, in_hand, empty)

    def _show(self, basket: Basket, in_hand: str | None, empty: str) -> None:
        if not self.is_attached:
            return
        self.basket = basket
        count = len(basket.pins)
        title = f"Basket · {one_line(basket.name)} · {count:,} pin{'s' * (count != 1)}"
        self.query_one("#basket-title", Static).update(Content(title))
        self.query_one("#basket-empty", Static).update(Content(empty))
        self.set_class(not basket.pins, "-empty")
        self.table.show(basket, in_hand=in_hand)
        if basket.pins and self.focused is None:
            self.call_after_refresh(self.table.focus)
        self._preview(basket)

    @work(thread=True, exclusive=True, group="basket-preview")
    def _preview(self, basket: Basket) -> None:
        """Write the report as it would be."""
        try:
            text = visible(self.services.reports.preview(basket)) if basket.pins else ""
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            text = one_line(explain_failure(error))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show_preview, text)

    def _show_preview(self, text: str) -> None:
        if self.is_attached:
            self.query_one("#basket-report", Static).update(Content(text))

    # --- what keys do ------------------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def action_read(self) -> None:
        """Open the article at the quotation in hand."""
        if (pin := self.table.in_hand) is not None:
            self.chat_app.read((pin.passage.citation,), 0)

    def action_move(self, step: int) -> None:
        """Move the pin in hand up or down."""
        pin, number = self.table.in_hand, self.table.number_in_hand
        if pin is not None and 1 <= number + step <= len(self.basket.pins):
            self._change(lambda baskets, name: baskets.move(name, pin.id, number + step), pin.id)

    def action_note(self) -> None:
        """Write another note beside the pin in hand."""
        if (pin := self.table.in_hand) is not None:
            self._ask(
                pin,
                LineScreen("Your note on this quotation", text=one_line(pin.note), hint="An empty line takes it away."),
                lambda baskets, name, line: baskets.annotate(name, pin.id, line),
            )

    def action_heading(self) -> None:
        """Put the pin in hand under a heading."""
        if (pin := self.table.in_hand) is not None:
            known = ", ".join(one_line(heading) for heading in self.basket.headings)
            hint = f"There are: {known}. Empty: under none." if known else "A new heading; an empty line is none."
            self._ask(
                pin,
                LineScreen("The heading that it stands under", text=one_line(pin.heading), hint=hint),
                lambda baskets, name, line: baskets.put_under(name, [pin.id], line),
            )

    def action_remove(self) -> None:
        """Take the pin in hand out; a note of the person's own is not lost without a question."""
        if (pin := self.table.in_hand) is None:
            return

        def remove(yes: bool | None = True) -> None:
            if yes:
                self._change(lambda baskets, name: baskets.remove(name, [pin.id]), None)

        if pin.note:
            question = ConfirmScreen(
                "Remove this pin?", details=f"Your note goes too: {one_line(pin.note)}", yes="Remove"
            )
            self.app.push_screen(question, remove)
        else:
            remove()

    def action_export(self) -> None:
        """Write the basket as a report."""
        if self.basket.pins:
            self.export(self.basket, called=f"the basket {one_line(self.basket.name)}", title=self.basket.name)
        else:
            self.notify("There is nothing in this basket to export.")

    @work(thread=True, exclusive=True, group="basket-list")
    def action_open(self) -> None:
        """Take another basket in hand."""
        try:
            names = [summary.name for summary in self.services.reports.baskets.list()]
            hint = f"There are: {one_line(', '.join(names))}. Another name begins a new one." if names else ""
        except Exception as error:  # the worker's outer edge: the screen says what is wrong
            hint = one_line(explain_failure(error))
        self.app.call_from_thread(self._ask_which, hint)

    def _ask_which(self, hint: str) -> None:
        screen = LineScreen("Which basket?", text=one_line(self.chat_app.basket), hint=hint)
        self.app.push_screen(screen, self._opened)

    def _opened(self, name: str | None) -> None:
        if name:
            self.chat_app.basket = name
            self.load()

    def action_rename(self) -> None:
        """Give the basket another name."""
        if self.basket.pins:
            self.app.push_screen(LineScreen("The basket's name", text=one_line(self.basket.name)), self._renamed)

    def _renamed(self, name: str | None) -> None:
        if name:
            self._change(lambda baskets, old: baskets.rename(old, name), None, then=name)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()

    # --- changing ----------------------------------------------------------------------------------------------

    def _ask(self, pin: Pin, screen: LineScreen, change: Callable[[BasketStore, str, str], None]) -> None:
        def answered(line: str | None) -> None:
            if line is not None:
                self._change(lambda baskets, name: change(baskets, name, line), pin.id)

        self.app.push_screen(screen, answered)

    @work(thread=True, group="basket-change")
    def _change(self, change: Callable[[BasketStore, str], None], in_hand: str | None, then: str | None = None) -> None:
        try:
            change(self.services.reports.baskets, self.chat_app.basket)
            if then is not None:
                self.chat_app.basket = then
        except Exception as error:  # the worker's outer edge: nothing is changed, and the person hears why
            words = one_line(explain_failure(error))
            self.app.call_from_thread(self.app.notify, words, severity="error", markup=False)
        self.app.call_from_thread(lambda: self.load(in_hand=in_hand))
