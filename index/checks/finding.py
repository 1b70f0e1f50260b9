"""What a check found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FIX", "REBUILD", "Finding", "Level", "Repair", "fault", "ok", "repairable", "warning"]

FIX = "qa doctor --fix"
REBUILD = "qa index --rebuild"


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """Everything works; something is out of date, slow or at risk."""
    FAULT = "fault"
    """Answers may be wrong, missing or impossible."""


class Repair(StrEnum):
    """What can be made again from SQLite or from the model, and is therefore safe to replace."""

    FULL_TEXT = "full text"
    STORIES = "stories"
    VECTOR_FILE = "vector file"
    LEFTOVERS = "leftovers"
    QUERY_ENCODER = "query encoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one check."""

    level: Level
    detail: str
    remedy: str | None = None
    """A command where there is one; None when all is well."""
    repair: Repair | None = None
    """What `qa doctor --fix` does about it."""


def ok(detail: str) -> Finding:
    """All is well."""
    return Finding(level=Level.OK, detail=detail)


def warning(detail: str, remedy: str | None) -> Finding:
    """Something to know of."""
    return Finding(level=Level.WARNING, detail=detail, remedy=remedy)


def fault(detail: str, remedy: str) -> Finding:
    """Something to mend."""
    return Finding(level=Level.FAULT, detail=detail, remedy=remedy)


def repairable(detail: str, repair: Repair, level: Level = Level.FAULT) -> Finding:
    """Something that `qa doctor --fix` mends."""
    return Finding(level=level, detail=detail, remedy=FIX, repair=repair)
