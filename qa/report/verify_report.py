"""What was found out about the quotations of a draft: a label for each, with its place. Frozen values.

The labels are the README's ("check a draft").
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from qa.report.quotations import Quotation
from qa.report.verify_changes import Segment
from qa.report.verify_citations import CitedSource
from qa.report.verify_match import Place

__all__ = ["Checked", "Label", "Report"]


class Label(StrEnum):
    """What a quotation is, the most severe last."""

    VERBATIM = "verbatim"
    ALTERED = "altered"
    STITCHED = "stitched"
    MISATTRIBUTED = "misattributed"
    STALE = "stale"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A quotation and what was found out about it."""

    quotation: Quotation
    line: int
    label: Label
    cited: CitedSource | None
    places: tuple[Place, ...] = ()
    """Of each part of the quotation, in order; the nearest ones of an altered quotation."""
    copies: tuple[Place, ...] = ()
    """Where the first part stands in other articles with the same words."""
    diff: tuple[Segment, ...] = ()
    """What an altered quotation changes."""
    note: str | None = None
    """What a person should know besides; a clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found out about a draft."""

    checked: tuple[Checked, ...]
    short: int
    """Quotations of fewer than four words, which are not checked."""
    titles: int
    """Quoted titles of articles, which are no quotations of their texts."""
    unbalanced: tuple[int, ...]
    """Lines with a quotation mark that has no counterpart."""

    @property
    def counts(self) -> dict[str, int]:
        """Label -> quotations, every label in order of severity."""
        found = Counter(item.label for item in self.checked)
        return {label.value: found[label] for label in Label}

    @property
    def verbatim(self) -> bool:
        """Whether everything that was checked is."""
        return all(item.label is Label.VERBATIM for item in self.checked)
