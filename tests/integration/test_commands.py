"""The commands as people run them: subprocesses, the real model, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SEEDS, RunQa

QUESTION = "How many US troops are in Japan?"
ARTICLE = (
    " date 2025-03-30 The United States has 54,000 US military personnel stationed in Japan, mostly in Okinawa.\n\n"
    '"The alliance is strong," the minister said on Sunday.'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "japan.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def asked(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_index_then_ask_cites_the_sentence_with_its_date(run_qa: RunQa, folder: Path) -> None:
    done = run_qa("index", "articles", cwd=folder, fresh=True)
    assert done.returncode == 0, done.stderr
    assert "1 new" in done.stdout
    assert (folder / ".qa").is_dir()
    done = run_qa("ask", QUESTION, cwd=folder)
    first, *rest = done.stdout.splitlines()
    assert first == "54,000 [1]"
    assert any("The United States has 54,000 US military personnel stationed in Japan" in line for line in rest)
    assert any("2025-03-30" in line for line in rest)
    assert any("articles/japan.txt, sentence 1" in line for line in rest)
    assert done.stderr == ""
    answer = asked(run_qa("ask", "--json", QUESTION, cwd=folder))
    (citation, *_) = answer["citations"]
    assert ARTICLE[citation["start"] : citation["end"]] == citation["quote"]
    assert ARTICLE[citation["answer_start"] : citation["answer_end"]] == answer["answer"] == "54,000"
    assert citation["date"] == "2025-03-30"
    assert citation["status"] == "same"
    assert (answer["verdict"], answer["schema_version"]) == ("answered", 1)
    assert 0.5 < answer["confidence"] <= 1


def test_the_answer_to_the_readme_s_question_is_54_000(run_qa: RunQa, seeds_index: Path) -> None:
    answer = asked(run_qa("--index", str(seeds_index), "ask", "--json", QUESTION))
    assert "54,000" in answer["answer"]
    assert answer["citations"][0]["date"] == "2025-03-30"


def test_seven_in_ten_sample_questions_are_cited_right_few_without_an_answer_answered_every_quote_a_slice(
    run_qa: RunQa, seeds_index: Path
) -> None:
    gold = [json.loads(line) for line in (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    asked_for = "\n".join(question["question"] for question in gold)
    done = run_qa("--index", str(seeds_index), "ask", "--batch", "-", stdin=asked_for)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == [question["question"] for question in gold]
    right, wrongly = [], []
    for question, answer in zip(gold, answers, strict=True):
        for quoted in answer["citations"] + answer["related"]:
            place = quoted["place"]
            text = (Path(place["root"]) / place["path"]).read_bytes().decode()
            assert text[quoted["start"] : quoted["end"]] == quoted["quote"]
        if question["answerable"]:
            wanted = {question["sentence"], *(other["sentence"] for other in question.get("also", []))}
            right.append(any(citation["quote"] in wanted for citation in answer["citations"]))
        else:
            wrongly.append(answer["verdict"] == "answered")
    print(f"a cited sentence is right for {sum(right)} of {len(right)} questions")  # noqa: T201  # the figure
    print(f"{sum(wrongly)} of {len(wrongly)} questions without an answer are answered")  # noqa: T201  # the figure
    assert len(right) >= 45
    assert len(wrongly) >= 30
    assert sum(right) / len(right) >= 0.7
    assert sum(wrongly) / len(wrongly) <= 0.2


def test_eval_prints_the_same_figures_for_a_file_of_questions(run_qa: RunQa, seeds_index: Path) -> None:
    file = str(SEEDS / "questions.jsonl")
    done = run_qa("--index", str(seeds_index), "eval", "questions", file, "--limit", "12", "--json")
    figures = json.loads(done.stdout)
    answered, unanswered = figures["citation"]["questions"]["any"], figures["abstention"]["answered_unanswerable"]
    assert answered["n"] + unanswered["n"] == 12
    assert 0 <= answered["low"] <= answered["value"] <= answered["high"] <= 1


def test_search_finds_by_meaning_and_by_words(run_qa: RunQa, seeds_index: Path) -> None:
    for mode in ("hybrid", "vector", "lexical"):
        done = run_qa("search", "--index", str(seeds_index), "--mode", mode, "--json", "-k", "3", "troops in Okinawa")
        hits = json.loads(done.stdout)["hits"]
        assert hits[0]["places"][0]["path"] == "us-forces-in-japan.txt", mode
        assert [hit["rank"] for hit in hits] == [1, 2, 3][: len(hits)]


def test_show_prints_an_article_and_its_sentences(run_qa: RunQa, seeds_index: Path) -> None:
    path = str(SEEDS / "us-forces-in-japan.txt")
    whole = run_qa("show", "--index", str(seeds_index), path)
    assert "2025-03-30" in whole.stdout.splitlines()[0]
    part = asked(run_qa("show", "--index", str(seeds_index), "--json", f"{path}:2-3"))
    text = Path(path).read_bytes().decode()
    assert [s["number"] for s in part["sentences"]] == [2, 3]
    assert all(text[s["start"] : s["end"]] == s["text"] for s in part["sentences"])
    by_id = asked(run_qa("show", "--index", str(seeds_index), "--json", f"{part['id'][:6]}:2-3"))
    assert by_id["sentences"] == part["sentences"]


@pytest.mark.parametrize(
    ("reference", "message"),
    [("nothing.txt", "neither the id"), ("us-forces:0", "numbered from 1"), ("x:9-3", "first before the last")],
)
def test_a_reference_that_names_nothing_is_an_error(
    run_qa: RunQa, seeds_index: Path, reference: str, message: str
) -> None:
    done = run_qa("show", "--index", str(seeds_index), reference)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_changed_and_a_removed_file_are_noticed_when_asking(run_qa: RunQa, folder: Path) -> None:
    run_qa("index", "articles", cwd=folder)
    path = folder / "articles" / "japan.txt"
    path.write_text("There is another text now.", encoding="utf-8")
    assert asked(run_qa("ask", "--json", QUESTION, cwd=folder))["citations"][0]["status"] == "changed"
    assert "changed" in run_qa("ask", QUESTION, cwd=folder).stdout
    path.unlink()
    assert asked(run_qa("ask", "--json", QUESTION, cwd=folder))["citations"][0]["status"] == "gone"


def test_bad_files_are_named_and_the_others_indexed(run_qa: RunQa, folder: Path) -> None:
    articles = folder / "articles"
    (articles / "empty.txt").write_bytes(b"")
    (articles / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (articles / "blank.txt").write_text(" date 2025-01-01 \n\n")
    (articles / "wrong-date.txt").write_text(" date 2025-02-30 The harbour was closed.")
    (articles / "large.txt").write_text("word " * 300_000)
    (articles / "latin.txt").write_bytes("The café in Málaga opened.".encode("cp1252"))
    with open(os.fsencode(articles) + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123  # pathlib takes no bytes
        file.write(b"The ferry sank.")
    done = run_qa("index", "articles", cwd=folder, QA_MAX_FILE_MB="1")
    assert done.returncode == 0
    assert "4 new" in done.stdout
    assert "4 skipped" in done.stdout
    lines = {Path(line.split(": ")[0]).name: line for line in done.stderr.splitlines() if ".txt: " in line}
    assert "empty file" in lines["empty.txt"]
    assert "PNG" in lines["picture.txt"]
    assert "no sentence" in lines["blank.txt"]
    assert "2025-02-30" in lines["wrong-date.txt"]
    assert "1.5 MB" in lines["large.txt"]
    assert "windows-1252" in lines["latin.txt"]
    assert r"caf\xe9.txt, sentence 1" in run_qa("ask", "What happened to the ferry?", cwd=folder).stdout
    again = run_qa("index", cwd=folder, QA_MAX_FILE_MB="1")
    assert "4 unchanged" in again.stdout
    assert "4 skipped" in again.stdout


def test_a_forced_encoding_is_used(run_qa: RunQa, folder: Path) -> None:
    (folder / "articles" / "polish.txt").write_bytes("Łódź ma nowy dworzec.".encode("iso-8859-2"))
    assert run_qa("index", "articles", "--encoding", "iso-8859-2", cwd=folder).returncode == 0
    assert "Łódź" in run_qa("show", "articles/polish.txt", cwd=folder).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["index", "nowhere"], 2, "nowhere does not exist"),
        (["index"], 2, "name one: qa index FOLDER"),
        (["ask", "Who?"], 3, "qa index FOLDER"),
        (["search", "anything"], 3, "qa index FOLDER"),
        (["show", "abc"], 3, "qa index FOLDER"),
        (["ask", "  "], 2, "empty"),
        (["ask", "?!"], 2, "empty"),
        (["ask", "word " * 10_000], 2, "10,000 words"),
        (["ask"], 2, "give one question"),
        (["aks", "Who?"], 2, "Did you mean 'ask'"),
        (["index", "--frobnicate"], 2, "--frobnicate"),
    ],
)
def test_misuse_is_one_clear_line_and_a_code(
    run_qa: RunQa, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = run_qa(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / ".qa").exists()


def test_a_folder_without_articles_is_exit_2(run_qa: RunQa, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_qa("index", "empty", cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing was indexed" in done.stderr
    assert run_qa("ask", "Who?", cwd=tmp_path).returncode == 3


def test_an_altered_model_is_exit_6_and_names_the_file_and_the_hash(run_qa: RunQa, folder: Path) -> None:
    code = (
        "import sys, index.model_files as m; m.DEFAULT_SHA256 = 'f' * 64\n"
        "from qa.cli import run; sys.exit(run(['index', 'articles']))"
    )
    environment = {**os.environ, "QA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 6
    assert "model.safetensors" in done.stderr
    assert "f" * 64 in done.stderr


def test_hostile_article_text_reaches_no_terminal_as_such(run_qa: RunQa, folder: Path) -> None:
    hostile = "The \x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 and \u202eevil\u202c [red]markup[/red] won."
    (folder / "articles" / "japan.txt").unlink()
    (folder / "articles" / "hostile.txt").write_text(hostile, encoding="utf-8")
    run_qa("index", "articles", cwd=folder)
    for command in (
        ["ask", "Did the red link win?"],
        ["search", "red link"],
        ["show", "articles/hostile.txt"],
    ):
        out = run_qa(*command, cwd=folder).stdout
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "␛[31mred" in out
        assert "[red]markup[/red]" in out
    answer = asked(run_qa("ask", "--json", "Did the red link win?", cwd=folder))
    assert hostile in [citation["quote"] for citation in answer["citations"]]


def test_batch_answers_line_by_line_and_goes_on_after_a_bad_one(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "questions.txt"
    file.write_text(f"{QUESTION}\n\n???\nWho won the 2022 World Cup?\n")
    done = run_qa("--index", str(seeds_index), "ask", "--batch", str(file))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert ["error" in row for row in rows] == [False, True, False]


def test_a_question_comes_from_standard_input(run_qa: RunQa, seeds_index: Path) -> None:
    assert "54,000" in run_qa("--index", str(seeds_index), "ask", "-", stdin=QUESTION + "\n").stdout


def test_fail_empty_exits_4_when_nothing_is_found(run_qa: RunQa, seeds_index: Path) -> None:
    arguments = ["search", "--index", str(seeds_index), "--mode", "lexical", "qwxyz"]
    assert run_qa(*arguments).returncode == 0
    assert run_qa(*arguments, "--fail-empty").returncode == 4


def test_check_exits_5_when_something_would_change(run_qa: RunQa, folder: Path) -> None:
    done = run_qa("index", "--check", "articles", cwd=folder)
    assert (done.returncode, done.stdout) == (
        5,
        "would be: 1 new, 0 changed, 0 unchanged, 0 moved, 0 removed, 0 skipped\n",
    )
    assert not (folder / ".qa").exists()
    run_qa("index", "articles", cwd=folder)
    assert run_qa("index", "--check", cwd=folder).returncode == 0


def test_rebuild_and_rm(run_qa: RunQa, folder: Path) -> None:
    (folder / "articles" / "zoo.txt").write_text("The zoo has five lions.")
    run_qa("index", "articles", cwd=folder)
    done = run_qa("index", "--rebuild", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "2 new" in done.stdout
    refused = run_qa("rm", "articles/zoo.txt", cwd=folder)
    assert refused.returncode == 2
    assert "1 of 2" in refused.stderr
    assert run_qa("rm", "--yes", "articles/zoo.txt", cwd=folder).returncode == 0
    assert run_qa("show", "articles/zoo.txt", cwd=folder).returncode == 2
    assert "lions" not in run_qa("search", "lions", cwd=folder).stdout


def test_the_index_is_found_above_and_where_the_environment_says(run_qa: RunQa, folder: Path) -> None:
    run_qa("index", "articles", cwd=folder)
    deep = folder / "articles" / "deep"
    deep.mkdir()
    assert "54,000" in run_qa("ask", QUESTION, cwd=deep).stdout
    assert "54,000" in run_qa("ask", QUESTION, cwd=folder.parent, QA_INDEX=str(folder / ".qa")).stdout


def test_config_shows_values_with_their_origin(run_qa: RunQa, folder: Path) -> None:
    (folder / "qa.toml").write_text("passages = 7\n")
    (folder / ".qa").mkdir()
    done = run_qa("config", "show", "--json", cwd=folder, QA_THREADS="2", XDG_CONFIG_HOME=str(folder / "config"))
    settings = json.loads(done.stdout)["settings"]
    assert settings["passages"] == {"value": 7, "origin": str(folder / "qa.toml")}
    assert settings["threads"] == {"value": 2, "origin": "environment"}
    path = run_qa("config", "init", XDG_CONFIG_HOME=str(folder / "config")).stdout.strip()
    assert Path(path).is_file()
    assert run_qa("config", "init", XDG_CONFIG_HOME=str(folder / "config")).returncode == 2
    (folder / "qa.toml").write_text("model = 'elsewhere'\n")
    done = run_qa("config", "show", cwd=folder)
    assert done.returncode == 2
    assert "qa.toml" in done.stderr


def test_completion_scripts_name_the_command(run_qa: RunQa) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_QA_COMPLETE" in run_qa("completion", shell).stdout


def test_a_closed_pipe_ends_quietly(cli_environment: Mapping[str, str], seeds_index: Path) -> None:
    command = f'set -o pipefail; "{sys.executable}" -m qa --index "{seeds_index}" search -k 50 NATO | head -n 1'
    done = subprocess.run(
        ["bash", "-c", command], env=dict(cli_environment), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
