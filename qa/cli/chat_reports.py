"""Baskets and exports for the terminal chat, made from the context of a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.entities import Answer, Conversation
from qa.errors import BasketError
from qa.report.basket.kept import Baskets, Pinned
from qa.report.basket.pinning import from_answer, from_sentences
from qa.report.export.assemble import of_answer, of_basket, of_conversation
from qa.report.export.text import as_plain_text
from qa.report.export.written import REFERENCES, ExportFormat, references, written_export
from qa.report.whole_files import write_files

if TYPE_CHECKING:
    from index.store import Store
    from qa.entities import Citation, RelatedPassage
    from qa.report.basket.entities import Basket
    from qa.report.export.entities import Export

__all__ = ["ChatReports"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReports:
    """See `qa.tui.reports.Reports`. Every call opens what it needs for itself, so any thread may make it."""

    baskets: Baskets
    index: Path
    now: Callable[[], datetime]

    def pin(self, basket: str, source: Citation | RelatedPassage, answer: Answer | None) -> Pinned:
        """See `Reports.pin`."""
        with self._store() as store:
            if answer is not None:
                passage = from_answer(source, answer, store, kept_at=self.now())
            elif store is not None and store.has(source.article_id):
                first, last = source.first_sentence, source.last_sentence
                passage = from_sentences(store, source.article_id, first, last, kept_at=self.now())
            else:
                raise BasketError("the article is not in the index any more; nothing was pinned")
        return self.baskets.pin(basket, passage)

    def preview(self, basket: Basket) -> str:
        """See `Reports.preview`."""
        return as_plain_text(of_basket(basket, made_at=self.now()), record=False)

    def files(self, file: Path, shape: ExportFormat) -> tuple[Path, ...]:
        """See `Reports.files`."""
        beside = (file.with_name(f"{REFERENCES}{suffix}") for suffix in (".json", ".bib", ".ris"))
        return (file, *(beside if shape is ExportFormat.PANDOC else ()))

    def export(self, what: Answer | Conversation | Basket, file: Path, shape: ExportFormat) -> str:
        """See `Reports.export`."""
        report = self._report(what)
        files = {file: written_export(report, shape)}
        if shape is ExportFormat.PANDOC:
            files |= {file.with_name(f"{REFERENCES}{suffix}"): text for suffix, text in references(report).items()}
        write_files(files)
        count = len(report.quotations)
        return f"{count} quotation{'s' * (count != 1)} written to {', '.join(map(str, files))}"

    def _report(self, what: Answer | Conversation | Basket) -> Export:
        with self._store() as store:
            if isinstance(what, Answer):
                return of_answer(what, store, made_at=self.now())
            if isinstance(what, Conversation):
                title = what.title or (what.turns[0].question if what.turns else "")
                return of_conversation(what, store, made_at=self.now(), title=title)
            return of_basket(what, made_at=self.now())

    @contextmanager
    def _store(self) -> Iterator[Store | None]:
        from index.errors import NoIndexError
        from index.store import Store

        try:
            store = Store.open(self.index)
        except NoIndexError:
            yield None
            return
        try:
            yield store
        finally:
            store.close()
