"""A filter -> SQL that says which articles and passages it allows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.entities import Filter

__all__ = ["allowed_articles", "allowed_passages"]


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
        glob = where.source.casefold()
        conditions.append(
            "(lower(a.outlet) GLOB ? OR EXISTS (SELECT 1 FROM places l JOIN files f ON f.key = l.file "
            "WHERE l.article = a.key AND (lower(f.path) GLOB ? OR lower(f.path) GLOB ?)))"
        )
        parameters += [glob, glob, f"*/{glob}"]
    return " AND ".join(conditions), tuple(parameters)
