"""What screens share that pin: a quotation goes into the basket in hand, in a worker; what became of it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from textual import work
from textual.screen import Screen, ScreenResultType

from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from qa.entities import Answer, Citation, RelatedPassage
    from qa.tui.app import ChatApp
    from qa.tui.services import Services

__all__ = ["Pinning"]


class Pinning(Screen[ScreenResultType]):
    """A screen with a quotation in hand."""

    services: Services

    @property
    def source_in_hand(self) -> Citation | RelatedPassage | None:
        """The quotation that keys act on."""
        raise NotImplementedError

    @property
    def answer_in_hand(self) -> Answer | None:
        """Whose quotation it is; None when it was found in an article."""
        raise NotImplementedError

    def action_pin(self) -> None:
        """Pin the quotation in hand to the basket."""
        source = self.source_in_hand
        if source is None:
            self.notify("There is no quotation to pin.")
        else:
            self._pin(source, self.answer_in_hand)

    @work(thread=True, group="pin")
    def _pin(self, source: Citation | RelatedPassage, answer: Answer | None) -> None:
        words, severity = _pinned(self.services, cast("ChatApp", self.app).basket, source, answer)
        self.app.call_from_thread(self.app.notify, words, severity=severity, markup=False)

    def action_basket(self) -> None:
        """What is pinned."""
        from qa.tui.screens.basket import BasketScreen

        self.app.push_screen(BasketScreen(self.services))


def _pinned(
    services: Services, basket: str, source: Citation | RelatedPassage, answer: Answer | None
) -> tuple[str, Literal["information", "error"]]:
    """Pin a quotation; what a person reads of that, and its severity."""
    try:
        pinned = services.reports.pin(basket, source, answer)
    except Exception as error:  # the worker's outer edge: the chat goes on and says what is wrong
        return one_line(explain_failure(error)), "error"
    named = one_line(basket)
    if pinned.is_new:
        return f"Pinned as {pinned.number} in the basket {named}; b opens it.", "information"
    return f"Pinned before: it is {pinned.number} in the basket {named}.", "information"
