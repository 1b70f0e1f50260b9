"""A filter -> SQL that says which articles and passages it allows. Pure."""

from __future__ import annotations

import sqlite3
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from index.locations import decode_path

if TYPE_CHECKING:
    from index.entities import Filter

__all__ = ["allowed_articles", "allowed_passages", "glob_matches", "place_matches", "register_functions"]


def allowed_passages(where: Filter) -> tuple[str, tuple[object, ...]] | None:
    """SQL that selects the passage ids a filter allows, with its parameters; None for an empty filter."""
    if not where:
        return None
    condition, parameters = allowed_articles(where)
    return f"SELECT p.id FROM passages p JOIN articles a ON a.key = p.article WHERE {condition}", parameters


def allowed_articles(where: Filter) -> tuple[str, tuple[object, ...]]:
    """A condition on a row `a` of articles, with its parameters; filters on dates allow no undated article."""
    conditions: list[str] = ["1"]
    parameters: list[object] = []
    if where.since is not None:
        conditions.append("substr(a.date, 1, 10) >= ?")
        parameters.append(where.since)
    if where.until is not None:
        conditions.append("substr(a.date, 1, 10) <= ?")
        parameters.append(where.until)
    if where.source is not None:
        conditions.append(
            "(glob_matches(?, a.outlet) OR EXISTS (SELECT 1 FROM places l JOIN files f ON f.key = l.file "
            "JOIN sources s ON s.key = f.source WHERE l.article = a.key AND place_matches(?, s.path, f.path)))"
        )
        parameters += [where.source, where.source]
    return " AND ".join(conditions), tuple(parameters)


def register_functions(connection: sqlite3.Connection) -> None:
    """Teach SQLite the globs: its own `lower` knows no letter beyond ASCII."""
    connection.create_function("glob_matches", 2, glob_matches, deterministic=True)
    connection.create_function("place_matches", 3, place_matches, deterministic=True)


def glob_matches(glob: str, text: str | None) -> bool:
    """Whether a text matches a glob as a whole; upper and lower case are the same."""
    return text is not None and fnmatchcase(text.casefold(), glob.casefold())


def place_matches(glob: str, source: str | bytes, path: str | bytes) -> bool:
    """Whether a path matches a glob, from its beginning, from the name of the folder indexed, or from any folder on.

    Args:
        glob: As the person wrote it.
        source: Path of the source, as stored.
        path: Path below it, as stored.
    """
    below = decode_path(path)
    root = decode_path(source).rstrip("/").rpartition("/")[2]
    return any(glob_matches(pattern, f"{root}/{below}") for pattern in (glob, f"*/{glob}"))
