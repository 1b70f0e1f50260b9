"""Two sets of values for the same questions -> their paired difference. Pure.

Between a saved report and a new one, or between two runs of one report (fused against lexical).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import InputError
from qa.eval.bootstrap import Difference, named_rng, paired_difference

if TYPE_CHECKING:
    from qa.eval.report import Report, SavedReport

__all__ = ["Comparison", "compare", "compare_within", "comparison_json", "dataset_warning", "fused_against_single"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure under two conditions, over the same questions."""

    name: str
    old: float
    """Mean over the common questions only."""
    new: float
    """Mean over the common questions only."""
    difference: Difference
    unpaired: int
    """Questions that only one of the two has; left out."""


def compare(old: SavedReport, new: Report) -> tuple[Comparison, ...]:
    """Each figure that both reports hold values for, in the order of the new one.

    Raises InputError when they have no figure with a common question.
    """
    found = [
        _paired(name, new=now, old=old.per_question.get(name, {}), seed=new.context.seed)
        for name, now in new.per_question.items()
    ]
    comparisons = tuple(comparison for comparison in found if comparison is not None)
    if not comparisons:
        raise InputError("--compare: the reports share no figure and question; take two of the same data set")
    return comparisons


def compare_within(report: Report, new: str, old: str) -> Comparison:
    """Two figures of one report, such as `retrieval.fused.nDCG@10` and `retrieval.lexical.nDCG@10`.

    Raises KeyError when the report has no values for a name, and ValueError when no question has both.
    """
    name = f"{new} - {old}"
    values = report.per_question
    comparison = _paired(name, new=values[new], old=values[old], seed=report.context.seed)
    if comparison is None:
        raise ValueError(f"{name}: no question has values for both; expected two runs of the same questions")
    return comparison


def fused_against_single(report: Report) -> tuple[Comparison, ...]:
    """For each measure of the fused run, its paired difference to the better of the single runs."""
    found = []
    for name in report.per_question:
        if not name.startswith("retrieval.fused."):
            continue
        singles = [name.replace(".fused.", f".{run}.") for run in ("lexical", "vector")]
        better = max(singles, key=lambda single: report.figures[single].value)
        found.append(compare_within(report, name, better))
    return tuple(found)


def comparison_json(comparisons: Iterable[Comparison]) -> dict[str, object]:
    """By name: old, new, value (new - old), low, high, n, unpaired, real; stands under `comparison`."""
    return {
        item.name: {
            "old": round(item.old, 6),
            "new": round(item.new, 6),
            "value": round(item.difference.value, 6),
            "low": round(item.difference.low, 6),
            "high": round(item.difference.high, 6),
            "n": item.difference.n,
            "unpaired": item.unpaired,
            "real": item.difference.real,
        }
        for item in comparisons
    }


def dataset_warning(old: SavedReport, new: Report) -> str | None:
    """A line to print when the reports are of different data: equal ids may mean other questions."""
    if old.dataset == new.context.dataset:
        return None
    return f'compared with a report of other data: "{old.dataset}" then, "{new.context.dataset}" now'


def _paired(name: str, *, new: Mapping[str, float], old: Mapping[str, float], seed: int) -> Comparison | None:
    """The difference over the common questions; None when there are none."""
    common = [question_id for question_id in new if question_id in old]
    if not common:
        return None
    new_values = [new[question_id] for question_id in common]
    old_values = [old[question_id] for question_id in common]
    return Comparison(
        name=name,
        old=sum(old_values) / len(common),
        new=sum(new_values) / len(common),
        difference=paired_difference(new_values, old_values, named_rng(seed, f"compare.{name}")),
        unpaired=len(new) + len(old) - 2 * len(common),
    )
