"""What the screens may do with baskets and exports. Each call blocks, so it is made in a thread worker only."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qa.entities import Answer, Citation, Conversation, RelatedPassage
    from qa.report.basket.entities import Basket, BasketSummary
    from qa.report.basket.kept import Pinned
    from qa.report.export.written import ExportFormat

__all__ = ["BasketStore", "Reports"]


class BasketStore(Protocol):
    """Baskets that are kept; `qa.report.basket.kept.Baskets` is one. See there for what each call raises."""

    def list(self) -> tuple[BasketSummary, ...]:
        """All baskets by name."""
        ...

    def read(self, name: str) -> Basket:
        """A basket with all its pins."""
        ...

    def annotate(self, name: str, pin_id: str, note: str) -> None:
        """Write another note beside a pin."""
        ...

    def move(self, name: str, pin_id: str, number: int) -> None:
        """Move a pin to a place, from 1."""
        ...

    def put_under(self, name: str, pin_ids: Collection[str], heading: str) -> None:
        """Put pins under a heading."""
        ...

    def remove(self, name: str, pin_ids: Collection[str]) -> None:
        """Take pins out of a basket."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a basket another name."""
        ...


class Reports(Protocol):
    """From answers to a report."""

    @property
    def baskets(self) -> BasketStore:
        """What is pinned."""
        ...

    def pin(self, basket: str, source: Citation | RelatedPassage, answer: Answer | None) -> Pinned:
        """Pin a quotation of an answer, or of the article alone.

        Raises:
            QaError: the basket or the history cannot be used.
            CorpusError: the index cannot be used.
        """
        ...

    def preview(self, basket: Basket) -> str:
        """The report that a basket makes, as plain text."""
        ...

    def files(self, file: Path, shape: ExportFormat) -> tuple[Path, ...]:
        """What an export would write: the report and its bibliography."""
        ...

    def export(self, what: Answer | Conversation | Basket, file: Path, shape: ExportFormat) -> str:
        """Write a report, replacing what is there; in words what was written.

        Raises:
            ExportError: it cannot be written.
        """
        ...
