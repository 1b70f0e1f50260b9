"""Values per question and times per stage -> named figures -> a JSON object, and back from a file [I/O].

A figure's name is its path in the JSON: `retrieval.fused.hit@1`. The values of each question are kept beside
the figures, so that a later run can be compared question by question.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from qa.eval.bootstrap import LEVEL, RESAMPLES, Figure, mean_figure, named_rng, quantile_figure
from qa.eval.datasets.files import Record, json_object, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from qa.eval.machine import Machine

__all__ = [
    "Context",
    "PerQuestion",
    "Report",
    "SavedReport",
    "build_report",
    "load_report",
    "report_json",
    "report_text",
]

SCHEMA_VERSION = 1
PerQuestion = Mapping[str, Mapping[str, float]]
"""Name of a figure -> question id -> value."""

_DECIMALS = 6  # of values and figures, so that a saved value equals one computed again
_HEAD = ("schema_version", "command", "dataset", "seed", "about", "machine", "interval", "comparison", "per_question")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where figures come from."""

    command: str
    """The command line as it was given."""
    dataset: str
    """Name and content hash of what was evaluated: runs on different data are not compared silently."""
    seed: int
    """Of the bootstrap, 0 or greater."""
    machine: Machine
    about: Mapping[str, str | int | float | None] = field(default_factory=dict)
    """Whatever else made the figures: encoder, weights, version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures by name, in the order they are shown, and what they were computed from."""

    context: Context
    figures: Mapping[str, Figure]
    per_question: PerQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReport:
    """What a later run is compared with."""

    dataset: str
    per_question: PerQuestion


def build_report(
    context: Context,
    per_question: PerQuestion,
    *,
    latencies_ms: Mapping[str, Sequence[float]] | None = None,
    more: Mapping[str, Figure] | None = None,
) -> Report:
    """Means of the values per question, then p50 and p95 of each stage, then figures computed elsewhere.

    Stage `lexical` gives `latency.lexical.p50_ms` and `latency.lexical.p95_ms`. Names without a value are
    left out. Values are rounded to 6 decimals first: the figures are the means of exactly what is saved.

    Raises ValueError when a name cannot be a path in the JSON (no dot, a part that is empty, taken or both a
    figure and a group).
    """
    values = {
        name: {question_id: round(value, _DECIMALS) for question_id, value in given.items()}
        for name, given in per_question.items()
        if given
    }
    figures = {name: mean_figure(list(given.values()), named_rng(context.seed, name)) for name, given in values.items()}
    figures |= _latency_figures(latencies_ms or {}, context.seed)
    figures |= more or {}
    _nested(figures)
    return Report(context=context, figures=figures, per_question=values)


def report_json(report: Report, *, with_questions: bool = True) -> dict[str, object]:
    """The report as one JSON object; `with_questions=False` leaves out what `--compare` needs."""
    context = report.context
    head: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "command": context.command,
        "dataset": context.dataset,
        "seed": context.seed,
        "about": dict(context.about),
        "machine": asdict(context.machine),
        "interval": {"level": LEVEL, "method": "percentile bootstrap", "resamples": RESAMPLES},
    }
    tail = {"per_question": _packed(report.per_question)} if with_questions else {}
    return head | _nested(report.figures) | tail


def load_report(path: Path) -> SavedReport:
    """Reads what `--compare` needs from a saved report, plain or gzipped.

    Raises InputError when it is no report, of another schema version, or without values per question.
    """
    saved = Record(str(path), json_object(read_json(path), str(path)))
    if saved.fields.get("schema_version") != SCHEMA_VERSION:
        raise saved.error(
            "schema_version", f"expected {SCHEMA_VERSION}: make the file again with this release's --json"
        )
    if saved.fields.get("per_question") is None:
        raise saved.error("per_question", "expected the values of each question; make the file again with --json")
    where = f"{path}, per_question"
    packed = Record(where, json_object(saved.fields["per_question"], where))
    ids = [str(question_id) for question_id in packed.items("ids")]
    values = Record(f"{where}.values", json_object(packed.fields.get("values"), f"{where}.values"))
    return SavedReport(
        dataset=saved.text_or("dataset", ""),
        per_question={name: _unpacked(values, name, ids) for name in values.fields},
    )


def report_text(report: Report) -> str:
    """The JSON on one line; NaN cannot occur in it."""
    return json.dumps(report_json(report), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _latency_figures(latencies_ms: Mapping[str, Sequence[float]], seed: int) -> dict[str, Figure]:
    return {
        name: quantile_figure(times, named_rng(seed, name), q=q)
        for stage, times in latencies_ms.items()
        for name, q in ((f"latency.{stage}.p50_ms", 0.50), (f"latency.{stage}.p95_ms", 0.95))
        if times
    }


def _nested(figures: Mapping[str, Figure]) -> dict[str, object]:
    """Dotted names as objects within objects."""
    root: dict[str, object] = {}
    for name, figure in figures.items():
        *groups, leaf = name.split(".")
        if not groups or not all([*groups, leaf]) or groups[0] in _HEAD:
            raise ValueError(f"figure name {name!r}; expected a group, a dot and a name, such as retrieval.fused.hit@1")
        node = root
        for group in groups:
            inner = node.setdefault(group, {})
            if not isinstance(inner, dict) or "value" in inner:
                raise ValueError(f"figure name {name!r}; {group!r} in it is a figure already, not a group")
            node = inner
        if leaf in node:
            raise ValueError(f"figure name {name!r} is a group already; expected a name of its own")
        node[leaf] = {
            key: round(value, _DECIMALS) if isinstance(value, float) else value for key, value in asdict(figure).items()
        }
    return root


def _packed(per_question: PerQuestion) -> dict[str, object]:
    """Ids once, then one row of values a name, null where a question has none."""
    ids = list(dict.fromkeys(question_id for given in per_question.values() for question_id in given))
    rows = {name: [_short(given.get(question_id)) for question_id in ids] for name, given in per_question.items()}
    return {"ids": ids, "values": rows}


def _short(value: float | None) -> float | int | None:
    """1 and 0 in place of 1.0 and 0.0: most values are."""
    return int(value) if value is not None and value == int(value) else value


def _unpacked(values: Record, name: str, ids: Sequence[str]) -> dict[str, float]:
    row = values.items(name)
    if len(row) != len(ids):
        raise values.error(name, f"expected {len(ids)} values, one for each id; make the file again with --json")
    given: dict[str, float] = {}
    for question_id, value in zip(ids, row, strict=True):
        if isinstance(value, (int, float)) and math.isfinite(value):
            given[question_id] = float(value)
        elif value is not None:
            raise values.error(name, "expected numbers and null; make the file again with --json")
    return given
