"""Pins in another order, under other headings. Pure.

Pins under one heading always stand together, in the order in which the headings first came; those without one first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from qa.report.basket.entities import Pin

__all__ = ["arranged", "moved", "under_heading", "with_heading_renamed"]


def arranged(pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """The pins with those of one heading together."""
    groups: dict[str, list[Pin]] = {"": []}
    for pin in pins:
        groups.setdefault(pin.heading, []).append(pin)
    return tuple(pin for group in groups.values() for pin in group)


def moved(pins: Sequence[Pin], pin_id: str, position: int) -> tuple[Pin, ...]:
    """The pins with one of them at a position, under the heading of the pin whose place it takes.

    Args:
        pins: Arranged.
        pin_id: One of theirs.
        position: From 0; beyond the ends counts as the nearest end.
    """
    at = next(number for number, pin in enumerate(pins) if pin.id == pin_id)
    to = max(0, min(position, len(pins) - 1))
    if to == at:
        return tuple(pins)
    left = [pin for pin in pins if pin.id != pin_id]
    left.insert(to, replace(pins[at], heading=pins[to].heading))
    return arranged(left)


def under_heading(pins: Sequence[Pin], pin_ids: Collection[str], heading: str) -> tuple[Pin, ...]:
    """The pins with some of them under a heading, behind those that stand there already; an empty one is none."""
    chosen = [replace(pin, heading=heading) for pin in pins if pin.id in pin_ids and pin.heading != heading]
    ids = {pin.id for pin in chosen}
    if any(pin.heading == heading for pin in pins):
        return arranged([*(pin for pin in pins if pin.id not in ids), *chosen])
    return arranged([next((new for new in chosen if new.id == pin.id), pin) for pin in pins])


def with_heading_renamed(pins: Sequence[Pin], old: str, new: str) -> tuple[Pin, ...]:
    """The pins with another name for a heading; where the new one is there already, the two become one."""
    return arranged([replace(pin, heading=new) if pin.heading == old else pin for pin in pins])
