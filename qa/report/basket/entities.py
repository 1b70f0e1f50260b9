"""Pins and baskets: frozen and self-contained, so that a basket outlives the index, the article and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from qa.report.kept_passage import KeptPassage

__all__ = ["DEFAULT_BASKET", "Basket", "BasketSummary", "Pin"]

DEFAULT_BASKET = "main"
"""The basket that is meant when none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A quotation in a basket."""

    id: str
    """12 hex digits."""
    passage: KeptPassage
    heading: str = ""
    """The heading that it stands under; one line. Pins without one come first."""
    note: str = ""
    """What the person wrote about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Pins in order; those under one heading stand together."""

    name: str
    pins: tuple[Pin, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """In order, each once."""
        return tuple(dict.fromkeys(pin.heading for pin in self.pins if pin.heading))


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketSummary:
    """A basket in a list."""

    name: str
    pins: int
    headings: int
