"""What was asked before, as people look it up, and how it goes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from qa.entities import Answer
from qa.history import History
from tests.conftest import RunQa, run_here
from tests.kept import answer_from, sync_quickly

PORT = " date 2025-03-30 The port of Kreel closed on Monday.\n\nIts 400 workers were sent home.\n\nShips wait outside."
STRIKE = "---\ntitle: The strike\ndate: 2025-04-02\n---\nThe strike began in March.\n\nAna Ruiz called it off in May.\n"

Done = subprocess.CompletedProcess[str]


class Desk:
    """A folder of articles with its index, and the history of one person."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home, self.articles, self.index = home, home / "articles", home / ".qa"
        self.environment = {**environment, "QA_DATA_DIR": str(home / "data")}
        self.articles.mkdir()
        self.write("port.txt", PORT)
        self.write("strike.md", STRIKE)
        self.sync(self.articles)
        self.history = History(home / "data" / "history.sqlite", index_folder=self.index)

    def write(self, name: str, text: str) -> Path:
        path = self.articles / name
        path.write_text(text, encoding="utf-8")
        return path

    def sync(self, *folders: Path) -> None:
        sync_quickly(self.index, *folders)

    def answer(self, question: str, *cited: tuple[str, int], related: str | None = None, at: str = "12:00") -> Answer:
        return answer_from(
            self.index,
            question,
            *((self.articles / name, number) for name, number in cited),
            related=[self.articles / related] if related else (),
            asked_at=f"2025-06-01T{at}:00+02:00",
        )

    def keep(self, *answers: Answer, title: str = "") -> str:
        conversation_id = self.history.start(title)
        for answer in answers:
            self.history.append(conversation_id, answer)
        return conversation_id

    def qa(self, *arguments: str) -> Done:
        return run_here(arguments, self.home, self.environment)

    def json(self, *arguments: str) -> dict[str, Any]:
        done = self.qa(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["schema_version"] == 1
        return found

    def statuses(self, *arguments: str) -> list[str]:
        turns = self.json("history", "show", *arguments)["conversation"]["turns"]
        return [citation["status"] for turn in turns for citation in turn["citations"]]

    def traces(self, *words: str) -> set[str]:
        """Files of the index and of the history that hold one of the words."""
        files = [*self.index.rglob("*"), *self.history.file.parent.rglob("*")]
        return {
            path.name for path in files if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
        }


@pytest.fixture
def desk(tmp_path: Path, cli_environment: Mapping[str, str]) -> Desk:
    return Desk(tmp_path, cli_environment)


def test_asking_is_kept_and_shown_again(run_qa: RunQa, seeds_index: Path, tmp_path: Path) -> None:
    own = {"QA_DATA_DIR": str(tmp_path / "data")}
    question = "How many US troops are in Japan?"
    asked = json.loads(run_qa("--index", str(seeds_index), "ask", "--json", question, **own).stdout)
    (listed,) = json.loads(run_qa("history", "--json", cwd=tmp_path, **own).stdout)["conversations"]
    assert (listed["title"], listed["questions"], listed["index_folder"]) == (question, 1, seeds_index.as_posix())
    shown = json.loads(run_qa("history", "show", "--json", cwd=tmp_path, **own).stdout)
    assert shown["conversation"]["turns"] == [{key: asked[key] for key in asked if key != "schema_version"}]


def test_what_should_not_be_kept_is_not(run_qa: RunQa, seeds_index: Path, tmp_path: Path) -> None:
    own = {"QA_DATA_DIR": str(tmp_path / "data")}
    assert run_qa("--index", str(seeds_index), "ask", "--no-history", "Who won?", **own).returncode == 0
    assert run_qa("--index", str(seeds_index), "ask", "Who won?", **own, QA_HISTORY="no").returncode == 0
    assert not (tmp_path / "data").exists()
    done = run_qa("history", **own)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"qa ask keeps its answers in {tmp_path / 'data' / 'history.sqlite'}" in done.stderr


def test_an_answer_is_kept_though_nobody_reads_it_to_its_end(
    cli_environment: Mapping[str, str], seeds_index: Path, tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "qa", "--index", str(seeds_index), "ask", "Who won the 2022 World Cup?"],
        env={**cli_environment, "QA_DATA_DIR": str(tmp_path / "data")},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    (conversation,) = History(tmp_path / "data" / "history.sqlite").list()
    assert conversation.title == "Who won the 2022 World Cup?"


def test_a_batch_is_kept_as_one_conversation(run_qa: RunQa, seeds_index: Path, tmp_path: Path) -> None:
    own = {"QA_DATA_DIR": str(tmp_path / "data")}
    (tmp_path / "questions.txt").write_text("Who won the 2022 World Cup?\n?!\nWhen did Finland join NATO?\n")
    done = run_qa("--index", str(seeds_index), "ask", "--batch", "questions.txt", cwd=tmp_path, **own)
    assert done.returncode == 2, "one line is no question"
    (conversation,) = History(tmp_path / "data" / "history.sqlite").list()
    assert (conversation.title, conversation.questions) == ("questions.txt", 2)


def test_a_history_that_cannot_be_written_costs_a_warning_and_no_answer(
    run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done = run_qa("--index", str(seeds_index), "ask", "Who won?", QA_DATA_DIR=str(tmp_path / "file"))
    assert done.returncode == 0
    assert done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("the history was not updated: ")
    assert "setting data_dir" in line


def test_old_answers_go_after_the_days_that_are_set(run_qa: RunQa, seeds_index: Path, desk: Desk) -> None:
    old = desk.keep(desk.answer("Who called off the strike?"))
    done = run_qa(
        "--index", str(seeds_index), "ask", "Who won?", QA_DATA_DIR=str(desk.home / "data"), QA_HISTORY_DAYS="30"
    )
    assert done.returncode == 0, done.stderr
    assert [summary.title for summary in desk.history.list()] == ["Who won?"]
    assert desk.history.read(old) is None


def test_listing_says_when_and_what_was_asked_the_latest_first(desk: Desk) -> None:
    port = desk.keep(desk.answer("Who went home?", ("port.txt", 2), at="09:30"), desk.answer("And who stayed?"))
    strike = desk.keep(desk.answer("Who called off the \x1b[31mstrike?", ("strike.md", 2), at="12:45"))
    assert desk.qa("history").stdout.splitlines() == [
        f"{strike}  2025-06-01 12:45    1  Who called off the ␛[31mstrike?",
        f"{port}  2025-06-01 12:00    2  Who went home?",
    ]
    done = desk.qa("history", "-k", "1")
    assert len(done.stdout.splitlines()) == 1
    assert "1 of 2 conversations; -k shows more" in done.stderr
    listed = desk.json("history", "-k", "1")
    assert (listed["total"], [row["id"] for row in listed["conversations"]]) == (2, [strike])


def test_searching_shows_question_and_answer(desk: Desk) -> None:
    port = desk.keep(desk.answer("How many went home?", ("port.txt", 2)), desk.answer("Anything else?"))
    desk.keep(desk.answer("Who called off the strike?", ("strike.md", 2)))
    question, answer = desk.qa("history", "search", "Kreel home").stdout.splitlines()
    assert question == f"{port}  2025-06-01 12:00  How many went home?"
    assert "400" in answer
    (found,) = desk.json("history", "search", "RUIZ")["found"]
    assert (found["turn"], found["question"]) == (1, "Who called off the strike?")
    assert found["conversation"]["questions"] == 1
    nothing = desk.qa("history", "search", "zeppelin")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "'zeppelin'" in nothing.stderr
    assert desk.json("history", "search", "zeppelin")["found"] == []


def test_showing_a_conversation_by_the_beginning_of_its_id(desk: Desk) -> None:
    port = desk.keep(desk.answer("How many went home?", ("port.txt", 2)), desk.answer("Who?", related="strike.md"))
    desk.keep(desk.answer("Who called off the strike?", ("strike.md", 2)))
    lines = desk.qa("history", "show", port[:6]).stdout.splitlines()
    assert lines[0] == f"{port}  2025-06-01 12:00    2  How many went home?"
    assert "2025-06-01 12:00  How many went home?" in lines
    assert "    Its 400 workers were sent home." in lines
    assert any(line.startswith("    articles/port.txt, sentence 2 · ") for line in lines)
    assert "Related, not an answer" in lines
    latest = desk.qa("history", "show").stdout
    assert "Ana Ruiz called it off in May." in latest
    unknown = desk.qa("history", "show", "zzz")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no conversation 'zzz'; qa history lists them" in unknown.stderr


def test_renaming_and_deleting(desk: Desk) -> None:
    port = desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    assert desk.qa("history", "rename", port[:5], "Dock labour").returncode == 0
    assert desk.json("history", "search", "dock")["found"][0]["conversation"]["title"] == "Dock labour"
    assert desk.qa("history", "rename", port, "  ").returncode == 2
    done = desk.qa("history", "delete", port[:5])
    assert (done.returncode, done.stderr) == (0, "deleted: Dock labour\n")
    assert desk.history.list() == ()
    assert desk.traces("workers") <= {"corpus.sqlite"}
    assert desk.qa("history", "delete", port[:5]).returncode == 2


def test_clearing_asks_first(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    desk.keep(desk.answer("Who called off the strike?", ("strike.md", 2)))
    refused = desk.qa("history", "clear")
    assert refused.returncode == 2
    assert "2 conversations would be deleted; nothing was" in refused.stderr
    assert len(desk.history.list()) == 2
    done = desk.qa("history", "clear", "--yes")
    assert (done.returncode, done.stderr) == (0, "2 conversations deleted\n")
    assert desk.history.list() == ()
    assert desk.qa("history", "clear").stderr == "0 conversations deleted\n"


def test_an_option_in_the_wrong_place_is_named(desk: Desk) -> None:
    done = desk.qa("history", "--json", "show")
    assert done.returncode == 2
    assert "qa history show … --json" in done.stderr


def unchanged(desk: Desk) -> None:
    pass


def rewritten(desk: Desk) -> None:
    desk.write("port.txt", "Another text stands here.")


def rewritten_and_synced(desk: Desk) -> None:
    rewritten(desk)
    desk.sync()


def moved_down_and_synced(desk: Desk) -> None:
    desk.write("port.txt", f"A new first sentence.\n\n{PORT}")
    desk.sync()


def renamed(desk: Desk) -> None:
    (desk.articles / "port.txt").rename(desk.articles / "harbour.txt")


def renamed_and_synced(desk: Desk) -> None:
    renamed(desk)
    desk.sync()


def removed(desk: Desk) -> None:
    (desk.articles / "port.txt").unlink()


def removed_and_synced(desk: Desk) -> None:
    removed(desk)
    desk.sync()


def taken_out(desk: Desk) -> None:
    assert desk.qa("rm", "articles/port.txt", "--yes").returncode == 0


def without_index(desk: Desk) -> None:
    desk.index.rename(desk.home / "elsewhere")


def rewritten_without_index(desk: Desk) -> None:
    rewritten(desk)
    without_index(desk)


def moved_with_everything(desk: Desk) -> None:
    there = desk.home / "project"
    there.mkdir()
    desk.articles = desk.articles.rename(there / "articles")
    desk.index = desk.index.rename(there / ".qa")
    desk.home = there


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (unchanged, "same"),
        (rewritten, "changed"),
        (rewritten_and_synced, "changed"),
        (moved_down_and_synced, "moved"),
        (renamed, "gone"),
        (renamed_and_synced, "moved"),
        (removed, "gone"),
        (removed_and_synced, "gone"),
        (taken_out, "gone"),
        (without_index, "same"),
        (rewritten_without_index, "changed"),
        (moved_with_everything, "moved"),
    ],
)
def test_showing_says_what_has_become_of_a_source(desk: Desk, change: Callable[[Desk], None], status: str) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2), ("strike.md", 2)))
    change(desk)
    first, second = desk.statuses()
    assert first == status
    assert second == ("moved" if change is moved_with_everything else "same")
    words = desk.qa("history", "show").stdout
    assert "Its 400 workers were sent home." in words, "a quotation is kept whatever becomes of its file"
    assert (f"{status}: " in words) == (status != "same")


def test_an_index_of_other_articles_says_nothing_of_a_source(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    other = desk.home / "other"
    other.mkdir()
    (other / "a.txt").write_text("Other words stand here.")
    without_index(desk)
    sync_quickly(other / ".qa", other)
    done = run_here(["history", "show", "--json"], other, desk.environment)
    (turn,) = json.loads(done.stdout)["conversation"]["turns"]
    assert turn["citations"][0]["status"] == "same"


def test_rebuilding_the_index_changes_nothing_that_was_kept(desk: Desk) -> None:
    answer = desk.answer("How many went home?", ("port.txt", 2), related="strike.md")
    conversation_id = desk.keep(answer)
    for file in desk.index.rglob("corpus.sqlite*"):
        file.unlink()
    desk.sync(desk.articles)
    conversation = desk.history.read(conversation_id)
    assert conversation is not None
    assert conversation.turns[0].answer == answer
    assert desk.statuses() == ["same"]


def test_a_removed_article_is_found_by_no_command_and_stays_quoted_until_it_is_purged(
    run_qa: RunQa, tmp_path: Path
) -> None:
    articles, data = tmp_path / "articles", tmp_path / "data"
    articles.mkdir()
    secret = articles / "secret.txt"
    secret.write_text(" date 2025-01-01 The zyxwvut papers name a buyer.\n\nQqlorem denied it.", encoding="utf-8")
    for n in range(12):
        (articles / f"{n}.txt").write_text(f"The council of town {n} met on Monday.", encoding="utf-8")

    def qa(*arguments: str) -> Done:
        return run_qa(*arguments, cwd=tmp_path, QA_DATA_DIR=str(data))

    assert qa("index", "articles").returncode == 0
    question = "Who denied the papers?"
    asked = json.loads(qa("ask", "--json", question).stdout)
    assert "Qqlorem" in json.dumps(asked["citations"] + asked["related"]), "cited or at least related"
    history = History(data / "history.sqlite", index_folder=tmp_path / ".qa")
    history.append(history.list()[0].id, answer_from(tmp_path / ".qa", "Who denied it?", (secret, 2), (secret, 1)))
    secret.unlink()
    assert qa("index").returncode == 0

    article_id = history.search_turns("qqlorem")[-1].answer.citations[0].article_id
    for arguments in (
        ("search", "zyxwvut Qqlorem papers"),
        ("search", "zyxwvut Qqlorem", "--mode", "lexical"),
        ("search", "zyxwvut Qqlorem", "--mode", "vector"),
        ("ask", "--no-history", question),
        ("ls",),
        ("ls", "--json"),
        ("status", "--json"),
        ("show", article_id),
        ("show", str(secret)),
    ):
        done = qa(*arguments)
        said = done.stdout + done.stderr
        assert "Qqlorem" not in said.replace("'", ""), arguments
        assert "papers name" not in said, arguments
    in_index = b"".join(path.read_bytes() for path in (tmp_path / ".qa").rglob("*") if path.is_file())
    assert b"zyxwvut" not in in_index
    assert b"Qqlorem" not in in_index
    shown = json.loads(qa("history", "show", "--json").stdout)["conversation"]["turns"][1]
    assert [(c["quote"], c["status"]) for c in shown["citations"]] == [
        ("Qqlorem denied it.", "gone"),
        ("The zyxwvut papers name a buyer.", "gone"),
    ]

    done = qa("rm", "--purge", "articles/secret.txt")
    assert done.returncode == 0, done.stderr
    assert "quotations deleted from the history" in done.stderr
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"yxwvut" not in kept
    assert b"qlorem" not in kept
    assert [path.name for path in data.iterdir()] == ["history.sqlite"]
    words = qa("history", "show").stdout
    assert "(deleted with qa rm --purge)" in words
    assert "gone: " in words


def test_purging_while_removing_leaves_no_byte_in_index_and_history(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2), ("strike.md", 2)))
    desk.keep(desk.answer("Who called off the strike?", ("strike.md", 2), related="port.txt"))
    done = desk.qa("rm", "--purge", "--yes", "articles/port.txt")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == ["1 removed; 1 left in the index", "2 quotations deleted from the history"]
    assert desk.traces("Kreel", "workers", "Ships wait") == set()
    assert "Ana Ruiz" in desk.qa("history", "show").stdout


def test_purging_a_folder_takes_what_earlier_versions_of_its_files_said(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    desk.write("port.txt", "The port opened again.")
    desk.sync()
    desk.keep(desk.answer("What opened?", ("port.txt", 1)), desk.answer("Who?", ("strike.md", 2)))
    done = desk.qa("rm", "--purge", "--yes", "articles")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "3 quotations deleted from the history")
    assert desk.traces("workers", "opened again", "Ruiz") == set()


def test_an_article_that_lies_elsewhere_too_keeps_its_quotations(desk: Desk) -> None:
    (desk.articles / "the other").mkdir()
    desk.write("the other/port.txt", PORT)
    desk.sync()
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    done = desk.qa("rm", "--purge", "--yes", "articles/the other")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "0 quotations deleted from the history")
    assert desk.statuses() == ["same"]


def test_an_article_that_is_gone_is_purged_by_the_beginning_of_its_id(desk: Desk) -> None:
    answer = desk.answer("How many went home?", ("port.txt", 2))
    desk.keep(answer)
    removed_and_synced(desk)
    article_id = answer.citations[0].article_id
    assert desk.qa("rm", "--purge", article_id[:3]).returncode == 2
    assert desk.qa("rm", article_id).returncode == 2, "nothing is there to remove"
    assert desk.qa("rm", "--purge", "nowhere.txt").returncode == 2
    assert desk.traces("workers") == {"history.sqlite"}
    done = desk.qa("rm", "--purge", article_id[:4])
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 quotation deleted from the history")
    assert desk.traces("workers") == set()


def test_removing_without_purging_keeps_the_quotations(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    taken_out(desk)
    assert desk.traces("workers were") == {"history.sqlite"}
    assert desk.statuses() == ["gone"]


def test_a_history_that_cannot_be_used_stops_the_purge_before_anything_is_removed(desk: Desk) -> None:
    desk.history.file.parent.mkdir()
    desk.history.file.write_bytes(b"no database " * 100)
    done = desk.qa("rm", "--purge", "--yes", "articles/port.txt")
    assert done.returncode == 2
    assert "history.sqlite is damaged or no history of qa" in done.stderr
    assert desk.qa("show", "articles/port.txt").returncode == 0


def test_names_that_are_no_utf_8_are_kept_shown_and_purged(desk: Desk) -> None:
    odd = "caf\udce9.txt"
    desk.write(odd, "The ferry to Brund sank. Nobody drowned.")
    desk.sync()
    desk.keep(desk.answer("What sank?", (odd, 1)))
    assert r"articles/caf\xe9.txt, sentence 1" in desk.qa("history", "show").stdout
    (turn,) = desk.json("history", "show")["conversation"]["turns"]
    assert turn["citations"][0]["place"]["path"] == odd
    done = desk.qa("rm", "--purge", "--yes", f"articles/{odd}")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 quotation deleted from the history")
    assert desk.traces("Brund") == set()


def test_a_question_with_half_a_character_is_kept(desk: Desk) -> None:
    desk.keep(desk.answer("Who \udce9 \ud83d went home?", ("port.txt", 2)))
    assert desk.qa("history").stdout.count("Who ? ? went home?") == 1
    assert desk.json("history", "show")["conversation"]["turns"][0]["question"] == "Who \udce9 \ud83d went home?"


def test_the_doctor_looks_at_the_reader_and_at_the_history(desk: Desk) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    desk.history.file.chmod(0o644)
    done = desk.qa("doctor", "--json")
    checks = {check["check"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["reader"]["level"] == "ok"
    assert checks["history"]["level"] == "warning"
    assert checks["history"]["remedy"] == f"chmod 600 {desk.history.file}"


def test_every_path_in_use_is_listed(desk: Desk, tmp_path: Path) -> None:
    desk.keep(desk.answer("How many went home?", ("port.txt", 2)))
    environment = {**desk.environment, "XDG_CONFIG_HOME": f"{tmp_path}/c", "XDG_STATE_HOME": f"{tmp_path}/s"}
    done = run_here(["config", "path", "--all"], desk.home, environment)
    assert done.stdout.splitlines() == [
        f"settings          {tmp_path}/c/qa-articles/config.toml  (not there)",
        f"project settings  {desk.home}/qa.toml  (not there)",
        f"index             {desk.home}/.qa",
        f"cache             {environment['QA_CACHE_DIR']}",
        f"history           {desk.history.file}",
        f"state             {tmp_path}/s/qa-articles  (not there)",
    ]
    paths = json.loads(run_here(["config", "path", "--all", "--json"], desk.home, environment).stdout)["paths"]
    assert paths["index"] == {"path": str(desk.index), "exists": True}
    assert list(paths) == ["settings", "project settings", "index", "cache", "history", "state"]
    alone = run_here(["config", "path"], desk.home, environment)
    assert alone.stdout == f"{tmp_path}/c/qa-articles/config.toml\n"
