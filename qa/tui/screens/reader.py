"""The reader: one whole article, with the cited sentences marked and the first of them in view."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Footer, Input, Static
from textual.worker import get_current_worker

from qa.copied import sentence_words
from qa.entities import Citation, RelatedPassage
from qa.tui.external import UNSET_EDITOR, UNSET_PAGER, CommandFor, editor_command, open_file, pager_command
from qa.tui.opened import STALE, Opened, details, find, open_article, origin_line, place_and_line, sentence_as_passage
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.pinning import Pinning
from qa.tui.widgets.article_layout import ArticleLayout
from qa.tui.widgets.article_text import ArticleText
from qa.tui.wording import copies_count
from qa.visible import name_in_line, one_line

if TYPE_CHECKING:
    from index.entities import Place
    from qa.entities import Answer
    from qa.tui.app import ChatApp
    from qa.tui.services import Services

__all__ = ["ReaderScreen"]


class ReaderScreen(ClosesOnce, Pinning[None]):
    """Reads an article; with citations, also those of other articles, one after the other."""

    CSS_PATH = "reader.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n", "next", "Next", key_display="n/N", id="reader.next", tooltip="Next citation; while searching, next hit"
        ),
        Binding("N", "previous", "Previous", show=False, id="reader.previous", tooltip="The one before"),
        Binding("slash", "search", "Search", key_display="/", id="reader.search", tooltip="Search in the text"),
        Binding("y", "copy", "Copy", id="reader.copy", tooltip="Copy the quotation with its source"),
        Binding("space", "pin", "Pin", id="reader.pin", tooltip="Pin the quotation, or the sentence at the top"),
        Binding("b", "basket", "Basket", show=False, id="reader.basket", tooltip="What is pinned"),
        Binding(
            "i", "details", "Details", show=False, id="reader.details", tooltip="Whole hash, files, copies, author, URL"
        ),
        Binding("f3", "page", "Pager", show=False, id="reader.pager", tooltip="Open the file in $PAGER"),
        Binding("f4", "edit", "Editor", id="reader.editor", tooltip="Open the file in $EDITOR at this line"),
        Binding("escape", "back", "Back", id="reader.back", tooltip="End the search, or go back"),
    ]

    def __init__(
        self,
        services: Services,
        article_id: str,
        citations: Sequence[Citation | RelatedPassage] = (),
        current: int = 0,
        *,
        answer: Answer | None = None,
    ) -> None:
        """Open an article.

        Args:
            services: Where it comes from.
            article_id: The article, when there are no citations.
            citations: What `n` and `N` go through; `citations[current]` is opened.
            current: From 0.
            answer: Whose citations they are.
        """
        super().__init__()
        self.services = services
        self._answer = answer
        self.citations = tuple(citations)
        self.current = current
        self.article_id = self.citations[current].article_id if self.citations else article_id
        self.hits: tuple[tuple[int, int], ...] = ()
        self.hit = 0
        self._opened: Opened | None = None
        self._query = ""

    @property
    def source_in_hand(self) -> Citation | RelatedPassage | None:
        """The quotation in hand, or the sentence at the top."""
        if self.citation is not None or self._opened is None:
            return self.citation
        return sentence_as_passage(self._opened, self.query_one(ArticleText).first_offset)

    @property
    def answer_in_hand(self) -> Answer | None:
        """Whose citations they are."""
        return self._answer

    @property
    def citation(self) -> Citation | RelatedPassage | None:
        """The quotation in hand."""
        return self.citations[self.current] if self.citations else None

    def compose(self) -> ComposeResult:
        """Heading, text, search line, where we are, keys."""
        yield Static(id="reader-title")
        yield Static(id="reader-origin")
        yield Static(id="reader-details")
        yield Static(id="reader-stale")
        yield ArticleText(id="reader-text")
        yield Input(placeholder="search in the text", id="reader-search", select_on_focus=False)
        yield Static(id="reader-where")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Load the article."""
        self.query_one(ArticleText).focus()
        self.query_one("#reader-where", Static).update("opening …")
        self._open(self.article_id)

    @work(thread=True, exclusive=True, group="reader-open")
    def _open(self, article_id: str) -> None:
        opened = open_article(self.services, article_id, self.citation)
        if get_current_worker().is_cancelled:
            return
        if opened is None:
            self.app.call_from_thread(self._show_missing)
        else:
            self.app.call_from_thread(self._show, opened)

    def _show(self, opened: Opened) -> None:
        if not self.is_attached:
            return
        self._opened = opened
        article = opened.article
        self.query_one("#reader-title", Static).update(Content(one_line(article.title)))
        self.query_one("#reader-origin", Static).update(origin_line(opened))
        self._show_details()
        self._show_stale(STALE[opened.status])
        text = self.query_one(ArticleText)
        text.show_article(opened.layout)
        self._go_to_citation()
        if self._query:
            self._search(self._query)

    def _show_details(self) -> None:
        if self._opened is not None:
            self.query_one("#reader-details", Static).update(details(self._opened, self.citation))

    def _show_missing(self) -> None:
        """The article was removed, or its text changed and was indexed anew; the citation still has its words."""
        if not self.is_attached:
            return
        self._opened = None
        quoted = self.citation
        self.query_one("#reader-title", Static).update(Content(one_line(quoted.title) if quoted else self.article_id))
        self._show_stale("The index has this article no more: it was removed, or its text has changed.")
        if quoted is not None:
            origin = f"{quoted.date or 'undated'} · {name_in_line(quoted.place.path)} · {sentence_words(quoted)}"
            self.query_one("#reader-origin", Static).update(Content(origin))
            self.query_one(ArticleText).show_article(ArticleLayout(quoted.quote, ()))
        self.query_one("#reader-where", Static).update(Content("only the quotation is left"))

    def _show_stale(self, words: str) -> None:
        notice = self.query_one("#reader-stale", Static)
        notice.update(Content(f"▲ {words}"))
        notice.set_class(bool(words), "-shown")

    def _go_to_citation(self) -> None:
        text, quoted = self.query_one(ArticleText), self.citation
        if quoted is not None:
            ranges = [(c.start, c.end) for c in self.citations if c.article_id == quoted.article_id]
            text.mark((quoted.start, quoted.end), ranges)
            text.go_to(quoted.start)
        self._show_details()
        self._show_where()

    @on(ArticleText.Scrolled)
    def _show_where(self) -> None:
        """Which citation or hit is in hand, and which sentence stands at the top."""
        if self._opened is None:
            return
        layout, quoted = self._opened.layout, self.citation
        last = len(layout.sentences)
        if self._query:
            found = f"{self.hit + 1} of {len(self.hits)}" if self.hits else "not found"
            left = f"“{one_line(self._query)}” {found} · esc ends the search"
        elif quoted is not None:
            noun = "citation" if isinstance(quoted, Citation) else "related passage"
            left = f"{noun} {self.current + 1} of {len(self.citations)} · {sentence_words(quoted)} of {last}"
            left += f" · {copies} (i names them)" if (copies := copies_count(quoted)) else ""
        else:
            at = layout.sentence_at(self.query_one(ArticleText).first_offset)
            left = f"sentence {at.number if at else 0} of {last}"
        self.query_one("#reader-where", Static).update(Content(left))

    def action_next(self) -> None:
        """Next hit of a search, otherwise next citation."""
        self._step(1)

    def action_previous(self) -> None:
        """The one before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self._query:
            if self.hits:
                self.hit = (self.hit + step) % len(self.hits)
                self._go_to_hit()
        elif self.citations:
            self.current = (self.current + step) % len(self.citations)
            quoted = self.citations[self.current]
            if quoted.article_id == self.article_id and self._opened is not None:
                self._go_to_citation()
            else:
                self.article_id = quoted.article_id
                self._open(self.article_id)

    def action_search(self) -> None:
        """Open the search line."""
        line = self.query_one("#reader-search", Input)
        line.add_class("-shown")
        line.focus()

    @on(Input.Changed, "#reader-search")
    def _search_typed(self, event: Input.Changed) -> None:
        self._query = event.value.strip()
        self._search(self._query)

    @on(Input.Submitted, "#reader-search")
    def _search_submitted(self) -> None:
        """Leave the line; from here on `n` and `N` go from hit to hit."""
        self.query_one(ArticleText).focus()
        if not self._query:
            self._end_search()

    @work(thread=True, exclusive=True, group="reader-search")
    def _search(self, query: str) -> None:
        """Find the words wherever they stand, whatever white space is between them."""
        worker, opened = get_current_worker(), self._opened
        hits = find(opened.article.text, query, cancelled=lambda: worker.is_cancelled) if opened is not None else ()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_hits, query, hits)

    def _show_hits(self, query: str, hits: tuple[tuple[int, int], ...]) -> None:
        if query != self._query or not self.is_attached:
            return
        self.hits = hits
        from_here = self.query_one(ArticleText).first_offset
        self.hit = next((index for index, (start, _) in enumerate(hits) if start >= from_here), 0)
        self._go_to_hit()

    def _go_to_hit(self) -> None:
        text = self.query_one(ArticleText)
        text.mark_hits(self.hits, self.hit if self.hits else None)
        if self.hits:
            text.go_to(self.hits[self.hit][0])
        self._show_where()

    def _end_search(self) -> None:
        line = self.query_one("#reader-search", Input)
        line.value = self._query = ""
        line.remove_class("-shown")
        self.hits = ()
        text = self.query_one(ArticleText)
        text.mark_hits((), None)
        text.focus()
        self._show_where()

    def action_details(self) -> None:
        """Show or hide the whole hash and all files."""
        self.query_one("#reader-details").toggle_class("-shown")

    def on_click(self, event: object) -> None:
        """A click on the origin shows the details, too."""
        if getattr(getattr(event, "widget", None), "id", None) in {"reader-origin", "reader-details"}:
            self.action_details()

    def action_copy(self) -> None:
        """Copy the quotation in hand, or the sentence at the top."""
        quoted = self.source_in_hand
        if quoted is not None:
            cast("ChatApp", self.app).citing.copy_quotation(quoted, None)

    def action_page(self) -> None:
        """Open the file in $PAGER."""
        self._open_file(pager_command, UNSET_PAGER)

    def action_edit(self) -> None:
        """Open the file in $VISUAL or $EDITOR."""
        self._open_file(editor_command, UNSET_EDITOR)

    def _open_file(self, command_for: CommandFor, unset: str) -> None:
        place, line = self._place_and_line()
        if place is None:
            self.notify("The index knows no file of this article any more.", severity="warning")
        else:
            open_file(self.app, command_for, os.environ, file=place.file, unset=unset, line=line)

    def _place_and_line(self) -> tuple[Place | None, int | None]:
        """The file of the quotation in hand, and the line in it where the format has lines."""
        quoted, opened = self.citation, self._opened
        if opened is None:
            return (quoted.place if quoted is not None else None), None
        offset = quoted.start if quoted is not None else self.query_one(ArticleText).first_offset
        return place_and_line(opened, offset)

    def action_back(self) -> None:
        """End the search, otherwise leave."""
        if self._query or self.query_one("#reader-search").has_class("-shown"):
            self._end_search()
        else:
            self.dismiss()
