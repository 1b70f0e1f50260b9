"""Figures and comparisons -> plain text in aligned columns, for a terminal or a README. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.eval.bootstrap import Figure
    from qa.eval.compare import Comparison

__all__ = ["comparison_table", "figure_table", "reliability_table"]

_GAP = "  "


def figure_table(figures: Mapping[str, Figure]) -> str:
    """One block for each group of figures: measures down, runs side by side, n in the heading.

    `retrieval.fused.hit@1` stands in the block `retrieval`, column `fused`, row `hit@1`; `citation.first` in
    the only column of its block. Stages stand down and their percentiles across. A cell with an n of its own
    shows it.
    """
    blocks: dict[str, dict[str, dict[str, Figure]]] = {}
    for name, figure in figures.items():
        block, row, column = _position(name)
        blocks.setdefault(block, {}).setdefault(row, {})[column] = figure
    return "\n\n".join(_block(name, rows) for name, rows in blocks.items())


def reliability_table(bins: Sequence[tuple[float, float, int]]) -> str:
    """The reliability diagram in characters: how often an answer of some confidence is right."""
    rows = [["confidence", "right", "n", "0 " + "·" * 36 + " 1"]]
    for confidence, right, count in bins:
        bar = ("█" * round(40 * right)).ljust(40)
        rows.append([f"{confidence:.2f}", f"{right:.2f}", f"{count:,}", bar])
    return _aligned(rows)


def comparison_table(comparisons: Sequence[Comparison]) -> str:
    """Old and new mean, paired difference with its interval, n, and whether the difference is real."""
    rows = [["paired difference", "old", "new", "new - old", "95 % interval", "n", ""]]
    for item in comparisons:
        change = item.difference
        rows.append(
            [
                item.name,
                _number(item.old, item.name),
                _number(item.new, item.name),
                _number(change.value, item.name, sign=True),
                _interval(change.low, change.high, item.name, sign=True),
                f"{change.n:,}",
                _verdict(item),
            ]
        )
    return _aligned(rows)


def _position(name: str) -> tuple[str, str, str]:
    """Block, row and column of a figure."""
    block, *rest = name.split(".")
    if len(rest) == 1:
        return block, rest[0], ""
    first, last = rest[0], ".".join(rest[1:])
    return (block, first, last) if block == "latency" else (block, last, first)


def _block(name: str, rows: Mapping[str, Mapping[str, Figure]]) -> str:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    counts = {figure.n for row in rows.values() for figure in row.values()}
    heading = f"{name} (n = {counts.pop():,})" if len(counts) == 1 else name
    own_n = bool(counts)
    table = [[heading, *columns]]
    for label, row in rows.items():
        table.append([label, *(_cell(row.get(column), f"{label} {column}", own_n) for column in columns)])
    return _aligned(table)


def _cell(figure: Figure | None, name: str, own_n: bool) -> str:
    if figure is None:
        return "-"
    text = f"{_number(figure.value, name)} {_interval(figure.low, figure.high, name)}"
    return f"{text} n={figure.n:,}" if own_n else text


def _interval(low: float, high: float, name: str, *, sign: bool = False) -> str:
    return f"[{_number(low, name, sign=sign)}, {_number(high, name, sign=sign)}]"


def _number(value: float, name: str, *, sign: bool = False) -> str:
    decimals = 1 if name.rstrip().endswith("_ms") else 4
    return f"{value:{'+' if sign else ''}.{decimals}f}"


def _verdict(item: Comparison) -> str:
    if item.difference.low == item.difference.high == 0:
        return "the same"
    if not item.difference.real:
        return "may be chance"
    return "real gain" if item.difference.value > 0 else "real loss"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """First column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append(_GAP.join(cells).rstrip())
    return "\n".join(lines)
