"""Baskets in the history file: pinned to, read, put in order, annotated, renamed, deleted [I/O].

Every call is one transaction. A pin is there whole when its call returns, however the process ends afterwards.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import BasketError
from qa.history.file import changing, reading, wipe
from qa.report.basket.entities import Basket, BasketSummary, Pin
from qa.report.basket.order import arranged, moved, under_heading, with_heading_renamed
from qa.report.kept_passage import KeptPassage, decoded, encoded

__all__ = ["Baskets", "Pinned"]

_ID_CHARS = 12
"""Hex digits of a pin's id."""
MAX_NAME_CHARS = 80
_PINS = "SELECT p.id, p.heading, p.note, p.record FROM pins p JOIN baskets b ON b.key = p.basket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """What became of a passage that was to be pinned."""

    pin: Pin
    number: int
    """Its place in the basket, from 1."""
    is_new: bool
    """False when the basket had these words already; they keep their place."""


class Baskets:
    """All baskets of one file. No method makes the file but `pin`."""

    def __init__(self, file: Path) -> None:
        """Nothing is opened yet.

        Args:
            file: The history; need not exist.
        """
        self.file = file

    def list(self) -> tuple[BasketSummary, ...]:
        """All baskets by name.

        Raises:
            HistoryError: the file cannot be used.
        """
        with reading(self.file) as connection:
            rows = connection.execute(
                "SELECT b.name, count(p.key), count(DISTINCT nullif(p.heading, '')) "
                "FROM baskets b LEFT JOIN pins p ON p.basket = b.key GROUP BY b.key ORDER BY b.name"
            )
            return tuple(BasketSummary(name=name, pins=pins, headings=headings) for name, pins, headings in rows)

    def read(self, name: str) -> Basket:
        """A basket with all its pins.

        Raises:
            BasketError: there is none of that name.
            HistoryError: the file cannot be used.
        """
        with reading(self.file) as connection:
            _key_of(connection, name)
            return Basket(name=name, pins=_pins(connection, name))

    def pin(self, name: str, passage: KeptPassage, *, note: str = "", heading: str = "") -> Pinned:
        """Put a passage at the end of a basket, which is made if there is none of that name.

        Args:
            name: Of the basket.
            passage: What is pinned; words that the basket has already are not pinned twice.
            note: The person's own words about it.
            heading: What it is to stand under; the end of the last heading when empty and there are headings.

        Raises:
            BasketError: the name cannot be one.
            HistoryError: the file cannot be used; nothing was pinned.
        """
        name = _checked_name(name)
        with changing(self.file) as connection:
            connection.execute("INSERT OR IGNORE INTO baskets (name) VALUES (?)", (name,))
            before = _pins(connection, name)
            for number, pin in enumerate(before, start=1):
                if pin.passage.place == passage.place and not pin.passage.is_purged:
                    return Pinned(pin=pin, number=number, is_new=False)
            stands_under = _line(heading) or (before[-1].heading if before else "")
            new = Pin(
                id=uuid.uuid4().hex[:_ID_CHARS], passage=passage, heading=stands_under, note=_storable(note).strip()
            )
            after = arranged([*before, new])
            connection.execute(
                "INSERT INTO pins (id, basket, position, heading, note, record) VALUES (?, ?, ?, ?, ?, ?)",
                (new.id, _key_of(connection, name), len(before), new.heading, new.note, encoded(passage)),
            )
            _write(connection, [*before, new], after)
        return Pinned(pin=new, number=[pin.id for pin in after].index(new.id) + 1, is_new=True)

    def annotate(self, name: str, pin_id: str, note: str) -> None:
        """Write another note beside a pin; an empty one takes it away.

        Raises:
            BasketError: the basket has no such pin.
            HistoryError: the file cannot be used.
        """
        words = _storable(note).strip()
        self._change(
            name, [pin_id], lambda pins: tuple(replace(pin, note=words) if pin.id == pin_id else pin for pin in pins)
        )

    def move(self, name: str, pin_id: str, number: int) -> None:
        """Move a pin to a place, from 1; it comes under the heading that rules there.

        Raises:
            BasketError: the basket has no such pin.
            HistoryError: the file cannot be used.
        """
        self._change(name, [pin_id], lambda pins: moved(pins, pin_id, number - 1))

    def put_under(self, name: str, pin_ids: Collection[str], heading: str) -> None:
        """Put pins under a heading, which is made if it is new; under none when it is empty.

        Raises:
            BasketError: the basket lacks one of the pins.
            HistoryError: the file cannot be used.
        """
        self._change(name, pin_ids, lambda pins: under_heading(pins, pin_ids, _line(heading)))

    def rename_heading(self, name: str, old: str, new: str) -> None:
        """Give a heading other words; empty ones take it away, its pins stay.

        Raises:
            BasketError: the basket has no such heading.
            HistoryError: the file cannot be used.
        """
        wanted = _line(old)

        def renamed(pins: Sequence[Pin]) -> tuple[Pin, ...]:
            if not wanted or all(pin.heading != wanted for pin in pins):
                raise BasketError(f"the basket {name!r} has no heading {old!r}; qa basket show {name} lists them")
            return with_heading_renamed(pins, wanted, _line(new))

        self._change(name, (), renamed)

    def remove(self, name: str, pin_ids: Collection[str]) -> None:
        """Take pins out of a basket; no byte of them stays in the file.

        Raises:
            BasketError: the basket lacks one of the pins.
            HistoryError: the file cannot be used.
        """
        self._change(name, pin_ids, lambda pins: tuple(pin for pin in pins if pin.id not in pin_ids))
        wipe(self.file)

    def rename(self, old: str, new: str) -> None:
        """Give a basket another name.

        Raises:
            BasketError: there is none of the old name, one of the new, or it cannot be a name.
            HistoryError: the file cannot be used.
        """
        wanted = _checked_name(new)
        self._require(old)
        with changing(self.file) as connection:
            key = _key_of(connection, old)
            taken = connection.execute("SELECT key FROM baskets WHERE name = ?", (wanted,)).fetchone()
            if taken is not None and taken[0] != key:
                raise BasketError(f"there is a basket {wanted!r} already; choose another name")
            connection.execute("UPDATE baskets SET name = ? WHERE key = ?", (wanted, key))

    def delete(self, name: str) -> None:
        """Delete a basket with its pins; no byte of them stays in the file.

        Raises:
            BasketError: there is none of that name.
            HistoryError: the file cannot be used.
        """
        self._require(name)
        with changing(self.file) as connection:
            connection.execute("DELETE FROM baskets WHERE key = ?", (_key_of(connection, name),))
        wipe(self.file)

    def _require(self, name: str) -> None:
        """See that the basket is there, without making a file."""
        with reading(self.file) as connection:
            _key_of(connection, name)

    def _change(
        self, name: str, pin_ids: Collection[str], change: Callable[[tuple[Pin, ...]], tuple[Pin, ...]]
    ) -> None:
        self._require(name)
        with changing(self.file) as connection:
            before = _pins(connection, name)
            if missing := set(pin_ids) - {pin.id for pin in before}:
                raise BasketError(f"the basket {name!r} has no pin {min(missing)} any more; qa basket show {name}")
            _write(connection, before, change(before))


def _key_of(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT key FROM baskets WHERE name = ?", (_storable(name),)).fetchone()
    if row is None:
        raise BasketError(f"there is no basket {name!r}; qa basket lists them, and qa pin makes one")
    return int(row[0])


def _pins(connection: sqlite3.Connection, name: str) -> tuple[Pin, ...]:
    rows = connection.execute(f"{_PINS} WHERE b.name = ? ORDER BY p.position, p.key", (_storable(name),))
    return tuple(
        Pin(id=pin_id, passage=decoded(record), heading=heading, note=note) for pin_id, heading, note, record in rows
    )


def _write(connection: sqlite3.Connection, before: Sequence[Pin], after: Sequence[Pin]) -> None:
    """Bring order, headings and notes to the state of `after`; pins that are not in it are deleted."""
    old = {pin.id: (position, pin.heading, pin.note) for position, pin in enumerate(before)}
    new = {pin.id: (position, pin.heading, pin.note) for position, pin in enumerate(after)}
    connection.executemany("DELETE FROM pins WHERE id = ?", [(pin_id,) for pin_id in old.keys() - new.keys()])
    connection.executemany(
        "UPDATE pins SET position = ?, heading = ?, note = ? WHERE id = ?",
        [(*values, pin_id) for pin_id, values in new.items() if old.get(pin_id) != values],
    )


def _checked_name(name: str) -> str:
    line = _line(name)
    if not line or len(line) > MAX_NAME_CHARS:
        raise BasketError(
            f"{name[:MAX_NAME_CHARS]!r} cannot be a basket's name; give one of 1 to {MAX_NAME_CHARS} characters"
        )
    return line


def _line(text: str) -> str:
    return " ".join(_storable(text).split())


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # SQLite takes no surrogates
