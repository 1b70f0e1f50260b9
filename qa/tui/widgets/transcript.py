"""The conversation: answer blocks under each other, one of them in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from qa.tui.widgets.answer_block import AnswerBlock, NoteBlock

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key

__all__ = ["Transcript"]

WELCOME = """\
Ask the articles a question.

Every answer stands on a sentence of an article:
  esc, 1, enter   opens the article at citation [1]
  y               copies the quotation with its source
  /               commands
  @               asks one article only
  f1              help"""


class Transcript(VerticalScroll):
    """Keys act on the block in hand: the last one, until the person moves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1",
            "cite(1)",
            "Citation",
            key_display="1-9",
            id="answers.cite1",
            tooltip="Take the citation with that number",
        ),
        *(
            Binding(
                str(n), f"cite({n})", f"Citation {n}", show=False, id=f"answers.cite{n}", tooltip=f"Take citation {n}"
            )
            for n in range(2, 10)
        ),
        Binding("enter", "screen.follow", "Read", id="answers.follow", tooltip="Open the article at the citation"),
        Binding(
            "y", "screen.copy_quote", "Copy", id="answers.copy_quote", tooltip="Copy the quotation with its citation"
        ),
        Binding(
            "Y",
            "screen.copy_answer",
            "Copy all",
            show=False,
            id="answers.copy_answer",
            tooltip="Copy the whole answer with its notes",
        ),
        Binding(
            "k,alt+up",
            "move(-1)",
            "Move",
            key_display="k/j",
            id="answers.previous",
            tooltip="Take the answer above in hand",
        ),
        Binding(
            "j,alt+down", "move(1)", "Down", show=False, id="answers.next", tooltip="Take the answer below in hand"
        ),
        Binding(
            "u", "screen.copy_link", "Link", show=False, id="answers.copy_link", tooltip="Copy the link of the source"
        ),
        Binding("space", "screen.pin", "Pin", show=False, id="answers.pin", tooltip="Pin the quotation to the basket"),
        Binding("b", "screen.basket", "Basket", show=False, id="answers.basket", tooltip="What is pinned"),
        Binding(
            "x",
            "screen.export_answer",
            "Export",
            show=False,
            id="answers.export",
            tooltip="Write the answer as a report",
        ),
        Binding(
            "c",
            "screen.choose_style",
            "Style",
            show=False,
            id="answers.style",
            tooltip="Choose how citations are copied",
        ),
        Binding(
            "e",
            "screen.edit",
            "Edit",
            show=False,
            id="answers.edit",
            tooltip="Change what was searched for; ask again",
        ),
        Binding("i", "screen.explain", "Explain", show=False, id="answers.explain", tooltip="How the answer was made"),
        Binding(
            "escape", "screen.cancel", "Cancel", show=False, id="answers.cancel", tooltip="Cancel the running answer"
        ),
    ]

    class Moved(Message):
        """Another block, or another source of it, is in hand."""

        def __init__(self, block: AnswerBlock | None) -> None:
            super().__init__()
            self.block = block

    class Typed(Message):
        """A letter that is no key here; it belongs into the prompt."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    current: AnswerBlock | None = None
    _at_end = True

    @property
    def blocks(self) -> list[AnswerBlock]:
        """All answers, oldest first."""
        return list(self.query(AnswerBlock))

    def compose(self) -> ComposeResult:
        """What to read before the first question."""
        yield Static(Content(WELCOME), classes="welcome")

    def watch_virtual_size(self) -> None:
        """Stay at the end while answers come in, unless the person has scrolled away from it."""
        if self._at_end:
            self._to_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notice whether the end is in view."""
        super().watch_scroll_y(old_value, new_value)
        self._at_end = new_value >= self.max_scroll_y - 1

    def on_key(self, event: Key) -> None:
        """Hand letters that mean nothing here to the prompt."""
        if event.is_printable and event.character and not self._is_bound(event.key):
            event.stop()
            self.post_message(self.Typed(event.character))

    async def add(self, block: AnswerBlock) -> None:
        """Append a question and take it in hand."""
        await self.query(".welcome").remove()
        await self.mount(block)
        self.take(block)
        self._to_end()

    async def note(self, text: str, *, error: bool = False) -> None:
        """Append something to read."""
        await self.query(".welcome").remove()
        await self.mount(NoteBlock(text, error=error))
        self._to_end()

    async def clear(self) -> None:
        """Begin with an empty page."""
        await self.remove_children()
        await self.mount(Static(Content(WELCOME), classes="welcome"))
        self.take(None)

    def take(self, block: AnswerBlock | None, *, scroll: bool = False) -> None:
        """Take a block in hand."""
        self.current = block
        for other in self.blocks:
            other.set_class(other is block, "-current")
        if block is not None and block.answer is not None:
            block.choose(block.chosen)
        if block is not None and scroll:
            self._at_end = False
            block.scroll_visible(animate=False, top=block.size.height > self.size.height)
        self.post_message(self.Moved(block))

    def action_cite(self, number: int) -> None:
        """Take the citation with this number in hand."""
        if self.current is not None and self.current.choose(number - 1):
            self.post_message(self.Moved(self.current))

    def action_move(self, step: int) -> None:
        """Take the block above or below in hand."""
        blocks = self.blocks
        if not blocks:
            return
        here = blocks.index(self.current) if self.current in blocks else len(blocks) - 1
        self.take(blocks[min(max(here + step, 0), len(blocks) - 1)], scroll=True)

    def _to_end(self) -> None:
        self._at_end = True
        self.call_after_refresh(self._scroll_to_end)

    def _scroll_to_end(self) -> None:
        """The end, or the beginning of the last answer where that is longer than the window."""
        last = self.children[-1] if self.children else None
        if last is not None and last.outer_size.height > self.size.height:
            self.scroll_to_widget(last, animate=False, top=True)
            self._at_end = True
        else:
            self.scroll_end(animate=False)

    def _is_bound(self, key: str) -> bool:
        return key in self.screen.active_bindings
