"""The citations of the answer in hand, each with the sentence before and behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from index.entities import Freshness
from qa.copied import copies_words
from qa.tui.messages import Quotation, SourceChosen
from qa.tui.widgets.answer_block import quotation
from qa.tui.wording import place_words, sources, status_words
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Click

    from qa.entities import Answer

__all__ = ["EvidenceList"]


class EvidenceItem(Vertical):
    """One citation or related passage; a click takes it in hand, a second one opens the reader."""

    def __init__(self, answer: Answer, position: int, found: Quotation) -> None:
        super().__init__(classes="evidence-item")
        self.answer = answer
        self.position = position
        self.found = found

    def compose(self) -> ComposeResult:
        """Where it comes from, then the words."""
        source, cited = self.found.source, bool(self.answer.citations)
        mark = f"[{self.position + 1}]" if cited else f"{self.position + 1}"
        outlet = getattr(source, "outlet", None)
        where = " · ".join([source.date or "undated", *([one_line(outlet)] if outlet else [])])
        yield Static(Content.assemble((mark, "bold $text-accent"), "  ", (where, "dim")), classes="evidence-origin")
        yield Static(Content(one_line(source.title)), classes="evidence-title")
        before, after = one_line(self.found.before), one_line(self.found.after)
        yield Static(
            Content.assemble(
                (f"{before} " if before else "", "dim"),
                quotation(source, "$foreground on $primary 22%" if cited else ""),
                (f" {after}" if after else "", "dim"),
            ),
            classes="evidence-quote",
        )
        yield Static(Content(place_words(source, self.found.files)), classes="evidence-place")
        if words := copies_words(source):
            yield Static(Content(words), classes="evidence-place")
        status = getattr(source, "status", None)
        if status is not None:
            yield Static(
                Content(status_words(source)),  # type: ignore[arg-type]  # only citations have a status
                classes="evidence-status" if status is Freshness.SAME else "evidence-status -stale",
            )

    def on_click(self, event: Click) -> None:
        """Take it in hand, or open it when it is already."""
        event.stop()
        follow = self.has_class("-chosen")
        self.post_message(SourceChosen(answer=self.answer, position=self.position, follow=follow))


class EvidenceList(VerticalScroll):
    """Evidence of one answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.follow", "Read", id="evidence.follow", tooltip="Open the article at this place"),
        Binding("k,up", "move(-1)", "Move", key_display="k/j", id="evidence.previous", tooltip="Citation above"),
        Binding("j,down", "move(1)", "Down", show=False, id="evidence.next", tooltip="Citation below"),
        Binding("y", "screen.copy_quote", "Copy", id="evidence.copy_quote", tooltip="Copy the quotation"),
        Binding(
            "Y",
            "screen.copy_answer",
            "Copy all",
            show=False,
            id="evidence.copy_answer",
            tooltip="Copy the whole answer",
        ),
        Binding(
            "u", "screen.copy_link", "Link", show=False, id="evidence.copy_link", tooltip="Copy the link of the source"
        ),
        Binding(
            "c",
            "screen.choose_style",
            "Style",
            show=False,
            id="evidence.style",
            tooltip="Choose how citations are copied",
        ),
        Binding("space", "screen.pin", "Pin", id="evidence.pin", tooltip="Pin this quotation to the basket"),
        Binding("b", "screen.basket", "Basket", show=False, id="evidence.basket", tooltip="What is pinned"),
        Binding(
            "x",
            "screen.export_answer",
            "Export",
            show=False,
            id="evidence.export",
            tooltip="Write this answer as a report",
        ),
        *(
            Binding(str(n), f"cite({n})", f"Citation {n}", show=False, id=f"evidence.cite{n}", tooltip=f"Citation {n}")
            for n in range(1, 10)
        ),
    ]

    def __init__(self) -> None:
        super().__init__(id="evidence")
        self.answer: Answer | None = None
        self.position = 0

    def compose(self) -> ComposeResult:
        """A line that says that nothing is there yet."""
        yield Static(Content("The evidence of an answer stands here."), classes="evidence-empty")

    async def show(self, answer: Answer | None, found: Sequence[Quotation], *, position: int = 0) -> None:
        """Show the evidence of an answer."""
        self.answer = answer
        with self.app.batch_update():
            await self.remove_children()
            if answer is None or not found:
                words = "The evidence of an answer stands here." if answer is None else "There is no evidence."
                await self.mount(Static(Content(words), classes="evidence-empty"))
                return
            heading = "Evidence" if answer.citations else "Related, not an answer"
            items = [EvidenceItem(answer, place, one) for place, one in enumerate(found)]
            await self.mount(Static(Content(heading), classes="evidence-heading"), *items)
        self.choose(position)

    def choose(self, position: int) -> None:
        """Mark the one that keys act on."""
        self.position = position
        for item in self.query(EvidenceItem):
            item.set_class(item.position == position, "-chosen")
            if item.position == position:
                self.call_after_refresh(item.scroll_visible, animate=False)

    def action_move(self, step: int) -> None:
        """Take the citation above or below in hand."""
        self.action_cite(self.position + 1 + step)

    def action_cite(self, number: int) -> None:
        """Take a citation in hand."""
        if self.answer is not None and 1 <= number <= len(sources(self.answer)):
            self.post_message(SourceChosen(answer=self.answer, position=number - 1, follow=False))
