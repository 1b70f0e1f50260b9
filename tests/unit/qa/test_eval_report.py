"""Reports: stable names, JSON there and back, tables, comparisons and TREC runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import ir_measures
import pytest

from index.errors import InputError
from qa.eval.bootstrap import Difference, Figure
from qa.eval.compare import Comparison, compare, compare_within, comparison_json, dataset_warning
from qa.eval.machine import Machine, read_machine
from qa.eval.report import Context, Report, build_report, load_report, report_json, report_text
from qa.eval.tables import comparison_table, figure_table
from qa.eval.trec import run_lines, write_run

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = Machine(cpu="Z80", cores=1, system="CP/M", python="3.11.0")
CONTEXT = Context(command="qa eval squad x.json", dataset="x.json", seed=3, machine=MACHINE, about={"encoder": "e"})
VALUES = {
    "retrieval.lexical.hit@1": {"q1": 0.0, "q2": 1.0, "q3": 0.0, "q4": 1.0},
    "retrieval.fused.hit@1": {"q1": 1.0, "q2": 1.0, "q3": 1.0, "q4": 1.0},
    "citation.first": {"q1": 1 / 3, "q2": 1.0},
}


def report(**more: object) -> Report:
    return build_report(CONTEXT, VALUES, **more)  # type: ignore[arg-type]


def saved(path: Path, of: Report) -> Path:
    path.write_text(report_text(of), encoding="utf-8")
    return path


def test_a_name_is_a_path_in_the_json() -> None:
    found = report_json(report(latencies_ms={"lexical": [4.0, 2.0, 2.0, 9.5], "vector": []}))
    assert found["schema_version"] == 1
    assert found["retrieval"]["fused"]["hit@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 4}  # type: ignore[index]
    assert found["citation"]["first"]["value"] == 0.666667  # type: ignore[index]
    latency = found["latency"]["lexical"]  # type: ignore[index]
    assert (latency["p50_ms"]["value"], latency["p95_ms"]["value"]) == (2.0, 9.5)
    assert "vector" not in found["latency"]  # type: ignore[operator]
    assert (found["command"], found["seed"], found["about"]) == ("qa eval squad x.json", 3, {"encoder": "e"})
    assert found["machine"] == {"cpu": "Z80", "cores": 1, "system": "CP/M", "python": "3.11.0"}


def test_values_per_question_are_kept_in_one_row_each() -> None:
    packed = report_json(report())["per_question"]
    assert packed == {
        "ids": ["q1", "q2", "q3", "q4"],
        "values": {
            "retrieval.lexical.hit@1": [0, 1, 0, 1],
            "retrieval.fused.hit@1": [1, 1, 1, 1],
            "citation.first": [0.333333, 1, None, None],
        },
    }
    assert "per_question" not in report_json(report(), with_questions=False)


def test_a_saved_report_is_read_back_with_the_same_values(tmp_path: Path) -> None:
    made = report()
    found = load_report(saved(tmp_path / "old.json", made))
    assert (found.dataset, found.per_question) == ("x.json", made.per_question)


def test_one_more_figure_changes_no_other_interval() -> None:
    alone = build_report(CONTEXT, {"citation.first": VALUES["citation.first"]})
    assert alone.figures["citation.first"] == report().figures["citation.first"]


def test_figures_computed_elsewhere_join_and_empty_ones_do_not() -> None:
    ece = Figure(value=0.05, low=0.04, high=0.06, n=9)
    made = build_report(CONTEXT, {"citation.first": {}}, more={"abstention.ece": ece})
    assert dict(made.figures) == {"abstention.ece": ece}


@pytest.mark.parametrize("name", ["hit@1", "machine.cpu", "a..b", ".a", "retrieval.fused", "citation.first.x"])
def test_a_name_that_can_be_no_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"figure name '{name}'"):
        report(more={name: Figure(value=0, low=0, high=0, n=1)})


@pytest.mark.parametrize(("content", "message"), [
    ("[]", "expected a JSON object"),
    ("{}", 'no "schema_version"; expected 1'),
    ('{"schema_version": 2}', '"schema_version" is 2; expected 1: make the file again'),
    ('{"schema_version": 1}', 'no "per_question"; expected the values of each question'),
    ('{"schema_version": 1, "per_question": {}}', 'no "ids"'),
    ('{"schema_version": 1, "per_question": {"ids": [], "values": 1}}', "found 1; expected a JSON object"),
    ('{"schema_version": 1, "per_question": {"ids": ["q"], "values": {"a.b": []}}}', "expected 1 values, one for"),
    ('{"schema_version": 1, "per_question": {"ids": ["q"], "values": {"a.b": ["x"]}}}', "expected numbers and null"),
    ('{"schema_version": 1, "per_question": {"ids": ["q"], "values": {"a.b": [NaN]}}}', "expected numbers and null"),
])  # fmt: skip
def test_a_file_that_is_no_report_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        load_report(path)
    assert str(caught.value).startswith(str(path))


def test_reports_are_compared_over_the_questions_of_both(tmp_path: Path) -> None:
    ids = [f"q{number}" for number in range(60)]
    old = build_report(CONTEXT, {"r.hit@1": dict.fromkeys(ids, 0.0), "r.other": {"q1": 1.0}})
    gained = {question_id: float(number % 3 == 0) for number, question_id in enumerate(ids[:30])}
    new = build_report(CONTEXT, {"r.hit@1": gained | {"q99": 1.0}, "r.new": {"q1": 1.0}})
    (found,) = compare(load_report(saved(tmp_path / "old.json", old)), new)
    assert (found.name, found.old, found.unpaired) == ("r.hit@1", 0.0, 31)
    assert found.new == pytest.approx(1 / 3)
    assert found.difference.n == 30
    assert found.difference.real
    assert found == compare(load_report(tmp_path / "old.json"), new)[0]


def test_a_report_does_not_differ_from_itself_whatever_was_rounded(tmp_path: Path) -> None:
    made = build_report(CONTEXT, {"r.nDCG@10": {f"q{n}": n / 7 for n in range(8)}})
    (found,) = compare(load_report(saved(tmp_path / "old.json", made)), made)
    assert found.difference == Difference(value=0, low=0, high=0, n=8)


def test_reports_with_nothing_in_common_are_an_error_and_other_data_a_warning(tmp_path: Path) -> None:
    context = Context(command="", dataset="y.json", seed=3, machine=MACHINE)
    other = load_report(saved(tmp_path / "old.json", build_report(context, {"r.hit@1": {"z": 1.0}})))
    with pytest.raises(InputError, match="--compare: the reports share no figure and question"):
        compare(other, report())
    assert dataset_warning(other, report()) == 'compared with a report of other data: "y.json" then, "x.json" now'
    assert dataset_warning(load_report(saved(tmp_path / "same.json", report())), report()) is None


def test_two_runs_of_one_report_are_compared() -> None:
    found = compare_within(report(), "retrieval.fused.hit@1", "retrieval.lexical.hit@1")
    assert (found.old, found.new, found.difference.value) == (0.5, 1.0, 0.5)
    with pytest.raises(KeyError, match=r"retrieval\.nowhere"):
        compare_within(report(), "retrieval.nowhere", "citation.first")


def comparison(name: str, value: float, low: float, high: float) -> Comparison:
    change = Difference(value=value, low=low, high=high, n=1200)
    return Comparison(name=name, old=0.5, new=0.5 + value, difference=change, unpaired=2)


COMPARISONS = [
    comparison("retrieval.fused.hit@1", 0.1, 0.05, 0.15),
    comparison("r.MRR@10", -0.1, -0.15, -0.05),
    comparison("r.nDCG@10", 0.01, -0.02, 0.04),
    comparison("r.tied", 0.0, 0.0, 0.0),
]


def test_a_comparison_says_whether_a_difference_is_real() -> None:
    assert comparison_table(COMPARISONS) == "\n".join([
        "paired difference         old     new  new - old       95 % interval      n",
        "retrieval.fused.hit@1  0.5000  0.6000    +0.1000  [+0.0500, +0.1500]  1,200      real gain",
        "r.MRR@10               0.5000  0.4000    -0.1000  [-0.1500, -0.0500]  1,200      real loss",
        "r.nDCG@10              0.5000  0.5100    +0.0100  [-0.0200, +0.0400]  1,200  may be chance",
        "r.tied                 0.5000  0.5000    +0.0000  [+0.0000, +0.0000]  1,200       the same",
    ])  # fmt: skip
    assert comparison_json(COMPARISONS[1:2]) == {"r.MRR@10": {
        "old": 0.5, "new": 0.4, "value": -0.1, "low": -0.15, "high": -0.05, "n": 1200, "unpaired": 2, "real": True,
    }}  # fmt: skip


def test_runs_stand_side_by_side_and_stages_below_each_other() -> None:
    half = Figure(value=0.5, low=0.4, high=0.6, n=5665)
    other_n = Figure(value=0.25, low=0.2, high=0.3, n=12)
    time = Figure(value=12.34, low=1.0, high=100.0, n=5665)
    table = figure_table({
        "retrieval.lexical.hit@1": half,
        "retrieval.lexical.MRR@10": half,
        "retrieval.fused.hit@1": half,
        "citation.first": half,
        "citation.any": other_n,
        "latency.search.p50_ms": time,
        "latency.search.p95_ms": time,
        "reading.closed.answerable.f1": half,
    })  # fmt: skip
    assert table == "\n".join([
        "retrieval (n = 5,665)                  lexical                    fused",
        "hit@1                  0.5000 [0.4000, 0.6000]  0.5000 [0.4000, 0.6000]",
        "MRR@10                 0.5000 [0.4000, 0.6000]                        -",
        "",
        "citation",
        "first     0.5000 [0.4000, 0.6000] n=5,665",
        "any          0.2500 [0.2000, 0.3000] n=12",
        "",
        "latency (n = 5,665)             p50_ms             p95_ms",
        "search               12.3 [1.0, 100.0]  12.3 [1.0, 100.0]",
        "",
        "reading (n = 5,665)                   closed",
        "answerable.f1        0.5000 [0.4000, 0.6000]",
    ])  # fmt: skip


def test_a_run_file_has_ties_in_our_order_and_falling_scores() -> None:
    lines = list(run_lines({"q1": {"b": 0.5, "a": 0.5, "c": 0.75}}, tag="fused"))
    assert lines[0] == "q1 Q0 c 1 0.75 fused"
    assert lines[1] == "q1 Q0 a 2 0.5 fused"
    assert lines[2].startswith("q1 Q0 b 3 0.49999997")
    parsed = list(ir_measures.read_trec_run("\n".join(lines)))  # type: ignore[no-untyped-call]  # no types
    assert [found.doc_id for found in sorted(parsed, key=lambda found: -found.score)] == ["c", "a", "b"]


def test_a_run_is_written_and_what_it_cannot_hold_is_named(tmp_path: Path) -> None:
    write_run(tmp_path / "run.txt", {"q1": {"a": 1.0}, "q2": {}}, tag="t")
    assert (tmp_path / "run.txt").read_bytes() == b"q1 Q0 a 1 1 t\n"
    for run, tag in (({"q 1": {"a": 1.0}}, "t"), ({"q": {"": 1.0}}, "t"), ({"q": {"a": 1.0}}, "a b")):
        with pytest.raises(InputError, match="cannot stand in a TREC run"):
            write_run(tmp_path / "bad.txt", run, tag=tag)
    assert not (tmp_path / "bad.txt").exists()
    with pytest.raises(InputError, match=r"cannot be written \(.+\); choose another file"):
        write_run(tmp_path / "no" / "run.txt", {}, tag="t")


def test_the_machine_is_described_without_its_name() -> None:
    machine = read_machine()
    assert machine.cpu
    assert machine.cores >= 1
    assert machine.python.startswith("3.")
    assert json.dumps(machine.system)
