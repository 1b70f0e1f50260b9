"""Filters, evaluation, watching and interruption, as people run them."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from index.arrays import Embeddings
from index.encode import resolve_model
from qa.cli.context import Context
from tests.conftest import SEEDS, RunQa, run_here
from tests.doubles import HashingEncoder

NATO = "How many members does NATO have?"


def test_filters_reach_every_search_and_say_what_they_leave(run_qa: RunQa, seeds_index: Path) -> None:
    for mode in ("hybrid", "vector", "lexical"):
        arguments = ["search", "--index", str(seeds_index), "--mode", mode, "--json", "NATO members"]
        done = run_qa(*arguments, "--until", "2023")
        dates = [hit["date"] for hit in json.loads(done.stdout)["hits"]]
        assert dates, mode
        assert max(dates) < "2024", mode
        assert "until 2023-12-31" in done.stderr
        done = run_qa(*arguments, "--on", "last month", "--now", "2024-04-15")
        assert {hit["date"][:7] for hit in json.loads(done.stdout)["hits"]} == {"2024-03"}, mode
        assert "from 2024-03-01 to 2024-03-31" in done.stderr
        done = run_qa(*arguments, "--source", "sweden*")
        assert {hit["places"][0]["path"] for hit in json.loads(done.stdout)["hits"]} == {"sweden-joins-nato.txt"}, mode


def test_a_filter_that_matches_nothing_finds_nothing(run_qa: RunQa, seeds_index: Path) -> None:
    for mode in ("hybrid", "vector", "lexical"):
        done = run_qa("search", "--index", str(seeds_index), "--mode", mode, "--json", "--on", "1999", "NATO")
        assert json.loads(done.stdout)["hits"] == []
        assert "0 of 19" in done.stderr
    done = run_qa("ask", "--index", str(seeds_index), "--source", "nowhere/*", "--fail-empty", NATO)
    assert done.returncode == 4
    assert "do not hold the answer" in done.stdout


def test_a_filter_changes_the_answer(run_qa: RunQa, seeds_index: Path) -> None:
    before = json.loads(run_qa("ask", "--index", str(seeds_index), "--json", "--until", "2023", NATO).stdout)
    after = json.loads(run_qa("ask", "--index", str(seeds_index), "--json", "--since", "2024", NATO).stdout)
    assert "31" in before["answer"]
    assert "32" in after["answer"]


def test_undated_articles_are_counted_when_a_date_leaves_them_out(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "dated.txt").write_text(" date 2025-03-30 The port closed.")
    (tmp_path / "undated.txt").write_text("The port opened.")
    run_qa("index", ".", cwd=tmp_path)
    done = run_qa("search", "--since", "2025", "port", cwd=tmp_path)
    assert "1 of 2; 1 undated left out" in done.stderr
    assert "closed" in done.stdout
    assert "opened" not in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--since", "soon"], "'soon' names no days"),
        (["--on", "2025", "--since", "2024"], "--on says both ends"),
        (["--since", "2025", "--until", "2024"], "after --until 2024"),
        (["--until", "since March"], "--until 'since March' has no such end"),
        (["--since", ""], "--since is empty"),
    ],
)
def test_a_filter_that_makes_no_sense_is_an_error(
    run_qa: RunQa, seeds_index: Path, options: list[str], message: str
) -> None:
    done = run_qa("search", "--index", str(seeds_index), "port", *options)
    assert done.returncode == 2
    assert message in done.stderr


def test_explain_and_context_show_what_lies_behind_and_around_a_hit(run_qa: RunQa, seeds_index: Path) -> None:
    arguments = ["search", "--index", str(seeds_index), "-k", "1", "--context", "1", "--explain", "troops in Okinawa"]
    (hit,) = json.loads(run_qa(*arguments, "--json").stdout)["hits"]
    assert hit["explain"]["lexical_rank"] == 1
    assert 0 < hit["explain"]["vector_score"] <= 1
    assert len(hit["before"]) <= 1
    assert len(hit["after"]) <= 1
    assert hit["before"] or hit["after"]
    text = run_qa(*arguments).stdout
    assert "lexical: rank 1" in text
    assert (hit["before"] + hit["after"])[0] in text


def test_excluded_words_and_required_phrases_bind_every_search(run_qa: RunQa, tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"The soldiers of unit{n} went abroad in ships.")
    run_qa("index", ".", cwd=tmp_path)
    for mode in ("hybrid", "vector", "lexical"):
        for query, count in (("soldiers abroad", 3), ("soldiers abroad -unit1", 2), ('soldiers "unit2 went"', 1)):
            found = json.loads(run_qa("search", "--json", "--mode", mode, query, cwd=tmp_path).stdout)["hits"]
            assert len(found) == count, (mode, query)


def test_a_question_requires_no_phrase_that_occurs_nowhere(run_qa: RunQa, seeds_index: Path) -> None:
    question = 'How many "American GIs" are in Japan -5?'
    answer = json.loads(run_qa("ask", "--index", str(seeds_index), "--json", question).stdout)
    found = answer["citations"] or answer["related"]
    assert "54,000" in found[0]["quote"]


def test_more_than_a_hundred_hits_can_be_asked_for(run_qa: RunQa, tmp_path: Path) -> None:
    for n in range(130):
        (tmp_path / f"{n}.txt").write_text(f"Harbour number {n} was closed by the storm.")
    run_qa("index", ".", cwd=tmp_path)
    for mode in ("hybrid", "vector", "lexical"):
        done = run_qa("search", "--json", "--mode", mode, "-k", "130", "harbour storm", cwd=tmp_path)
        assert len(json.loads(done.stdout)["hits"]) == 130, mode


def test_a_path_that_is_missing_is_skipped_beside_others(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The port closed.")
    done = run_qa("index", "a.txt", "nothere", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 new" in done.stdout
    assert "1 skipped" in done.stdout
    assert "nothere: does not exist" in done.stderr


def test_an_unknown_encoding_is_one_error_before_any_file(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The port closed.")
    for name in ("klingon", "hex"):
        done = run_qa("index", ".", "--encoding", name, cwd=tmp_path)
        assert done.returncode == 2
        assert f"'{name}' is not a known text encoding" in done.stderr
        assert not (tmp_path / ".qa").exists()


def test_a_folder_below_a_source_can_be_taken_out(run_qa: RunQa, tmp_path: Path) -> None:
    for name in ("a/one.txt", "a/b/two.txt", "a/b/three.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Text of {name}.")
    run_qa("index", "a", cwd=tmp_path)
    done = run_qa("rm", "--yes", "a/b", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "2 removed; 1 left in the index\n")
    assert "1 unchanged" in run_qa("index", cwd=tmp_path).stdout
    done = run_qa("rm", "--yes", "a/one.txt:1", cwd=tmp_path)
    assert done.returncode == 2
    assert "removed whole" in done.stderr


def test_file_names_cannot_forge_lines(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "two\nlines.txt").write_text("The port closed.")
    run_qa("index", ".", cwd=tmp_path)
    for command in (["ls"], ["ask", "What closed?"], ["search", "port"], ["show", "two\nlines.txt"]):
        assert "two␊lines.txt" in run_qa(*command, cwd=tmp_path).stdout


def test_eval_measures_a_squad_file_and_compares_with_an_earlier_run(run_qa: RunQa, tmp_path: Path) -> None:
    contexts = [" ".join(path.read_text().split()[3:]) for path in sorted(SEEDS.glob("*.txt"))[:4]]
    asked = ["Who won the final?", "Where did the ship hit the bridge?", "What landed in Utah?", "Which craft landed?"]
    paragraphs = [
        {"context": text, "qas": [{"id": str(i), "question": question, "answers": [{"text": text.split()[0]}]}]}
        for i, (text, question) in enumerate(zip(contexts, asked, strict=True))
    ]
    file = tmp_path / "small.json"
    file.write_text(json.dumps({"version": "1.1", "data": [{"title": "Seeds", "paragraphs": paragraphs}]}))
    run_file = tmp_path / "run.trec"
    done = run_qa("eval", "squad", str(file), "--json", "--run", str(run_file))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    for run in ("lexical", "vector", "fused"):
        assert set(figures["retrieval"][run]) == {"hit@1", "hit@5", "hit@20", "MRR@10", "nDCG@10", "recall@100"}
        assert figures["retrieval"][run]["hit@5"]["n"] == 4
    assert figures["citation"]["open"]["first"]["n"] == 4
    against = figures["fused_against_better_single_run"]
    assert len(against) == 6
    assert all(row["low"] <= row["value"] <= row["high"] for row in against.values())
    assert run_file.read_text().split()[1] == "Q0"
    (tmp_path / "old.json").write_text(done.stdout)
    again = run_qa("eval", "squad", str(file), "--compare", str(tmp_path / "old.json"))
    assert again.returncode == 0, again.stderr
    assert "retrieval" in again.stdout


def test_an_index_of_another_format_is_named_and_can_be_made_again(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The port closed.")
    run_qa("index", ".", cwd=tmp_path)
    with sqlite3.connect(tmp_path / ".qa" / "corpus.sqlite") as connection:
        connection.execute("UPDATE meta SET value = 99 WHERE key = 'format_version'")
    connection.close()
    done = run_qa("ask", "What closed?", cwd=tmp_path)
    assert done.returncode == 3
    assert "format version 99" in done.stderr
    assert "qa index --rebuild" in done.stderr
    done = run_qa("index", "--rebuild", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "kept as" in done.stderr
    assert "port closed" in run_qa("ask", "What closed?", cwd=tmp_path).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_watch_follows_the_folder_until_ctrl_c(
    cli_environment: Mapping[str, str], run_qa: RunQa, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The port closed.")
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "index", "--watch", "articles"],
        cwd=tmp_path,
        env=dict(cli_environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        assert any("watching" in line for line in iter(process.stderr.readline, ""))
        (folder / "b.txt").write_text("The zoo has five lions.")
        _until(lambda: "lions" in run_qa("search", "--mode", "lexical", "lions", cwd=tmp_path).stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_commits_the_articles_in_hand_and_exits_130(
    cli_environment: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = resolve_model(None, cache_dir=Path(cli_environment["QA_CACHE_DIR"]))

    class Interrupted(HashingEncoder):
        id, sha256 = model.id, model.sha256

        def encode_passages(self, texts: Sequence[str]) -> Embeddings:
            if self.embedded == 0:
                signal.raise_signal(signal.SIGINT)
            return super().encode_passages(texts)

    encoder = Interrupted()
    monkeypatch.setattr(Context, "encoder", encoder)
    (tmp_path / "articles").mkdir()
    for n in range(150):
        (tmp_path / "articles" / f"{n}.txt").write_text(f"The council of town {n} met on Monday.")
    done = run_here(["index", "articles"], tmp_path, cli_environment)
    assert done.returncode == 130
    assert "finishing the articles in hand" in done.stderr
    assert done.stdout.startswith("interrupted; qa index goes on from here. 64 new")
    done = run_here(["index"], tmp_path, cli_environment)
    assert (done.returncode, encoder.embedded) == (0, 150), done.stderr
    assert done.stdout.startswith("86 new, 0 changed, 64 unchanged")


def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # pytest's own time limit ends a test that waits for ever
        time.sleep(0.3)
