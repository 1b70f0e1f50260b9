"""The history as a file: who may read it, what happens to it when others are in it, and when it is not one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qa.checks import check_history, check_reader
from qa.entities import Answer, Verdict
from qa.errors import HistoryError
from qa.history import History, file
from qa.history.purge import purge
from qa.history.records import encode

ANSWER = Answer(
    id="0123456789ab",
    asked_at="2025-06-01T12:00:00+02:00",
    question="Who closed the port?",
    standalone_question="Who closed the port?",
    verdict=Verdict.NOT_FOUND,
    text=None,
    confidence=0.1,
    citations=(),
    related=(),
    index_generation=1,
    models={},
    timings_ms={},
)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "data" / "history.sqlite")


def kept(history: History) -> str:
    conversation_id = history.start()
    history.append(conversation_id, ANSWER)
    return conversation_id


def alter(history: History, statement: str) -> None:
    with closing(sqlite3.connect(history.file, isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_its_owner_may_read_the_file_and_nothing_lies_beside_it(history: History) -> None:
    before = os.umask(0)
    try:
        kept(history)
    finally:
        os.umask(before)
    assert [path.name for path in history.file.parent.iterdir()] == ["history.sqlite"]
    assert stat.S_IMODE(history.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(history.file.parent.stat().st_mode) == 0o700


def test_a_file_that_was_cut_short_is_named_and_left_as_it_is(history: History) -> None:
    kept(history)
    history.file.write_bytes(history.file.read_bytes()[:5_000])
    damaged = history.file.read_bytes()
    with pytest.raises(HistoryError, match=r"history\.sqlite is damaged.*move it away"):
        kept(history)
    with pytest.raises(HistoryError, match="is damaged"):
        history.list()
    assert history.file.read_bytes() == damaged


def test_a_file_that_is_no_database_is_named(history: History) -> None:
    history.file.parent.mkdir()
    history.file.write_bytes(b"These are notes of mine. " * 100)
    for call in (history.list, lambda: kept(history), history.clear):
        with pytest.raises(HistoryError, match=r"damaged or no history of qa.*move it away"):
            call()
    assert history.file.read_bytes() == b"These are notes of mine. " * 100


def test_a_database_of_another_program_is_left_alone(history: History) -> None:
    history.file.parent.mkdir()
    alter(history, "CREATE TABLE bookmarks (url TEXT)")
    before = history.file.read_bytes()
    for call in (history.list, lambda: kept(history), history.clear):
        with pytest.raises(HistoryError, match=r"belongs to another program.*data_dir"):
            call()
    assert history.file.read_bytes() == before


def test_another_format_version_is_named(history: History) -> None:
    kept(history)
    alter(history, "PRAGMA user_version = 99")
    with pytest.raises(HistoryError, match=r"format version 99, this release reads 2; use the release that wrote it"):
        history.list()


def test_a_record_that_is_no_answer_is_named_and_can_be_deleted(history: History) -> None:
    conversation_id = kept(history)
    alter(history, "UPDATE turns SET answer = '{}'")
    with pytest.raises(HistoryError, match=r"is damaged.*no answer"):
        history.read(conversation_id)
    history.delete(conversation_id)
    assert history.list() == ()


def test_an_empty_file_is_an_empty_history(history: History) -> None:
    history.file.parent.mkdir()
    history.file.touch()
    assert history.list() == history.search("port") == ()
    kept(history)
    assert len(history.list()) == 1


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history.sqlite")
    assert history.list() == ()
    with pytest.raises(HistoryError, match=r"history\.sqlite cannot be used.*data_dir"):
        kept(history)


def test_who_is_in_the_file_is_waited_for_and_then_named(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_S", 0.01)
    conversation_id = kept(history)
    with closing(sqlite3.connect(history.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(history.list()) == 1
        with pytest.raises(HistoryError, match="is in use by another process"):
            history.append(conversation_id, ANSWER)
        other.execute("ROLLBACK")
    history.append(conversation_id, ANSWER)
    with closing(sqlite3.connect(history.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM turns").fetchone()
        with pytest.raises(HistoryError, match="is in use by another process"):
            history.delete(conversation_id)
    assert history.list()[0].questions == 2


def test_a_history_that_fails_in_the_middle_keeps_what_it_had(history: History) -> None:
    conversation_id = kept(history)

    def interrupted() -> None:
        with file.changing(history.file) as connection:
            connection.execute("DELETE FROM conversations")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert history.read(conversation_id) is not None


_APPENDING = """
import sys
from pathlib import Path
from qa.history import History
from qa.history.records import decode
answer = decode(sys.stdin.read())
history = History(Path(sys.argv[1]))
conversation_id = history.start(sys.argv[2])
for _ in range(25):
    history.append(conversation_id, answer)
"""


def test_two_processes_that_make_and_fill_the_file_lose_nothing(history: History) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _APPENDING, str(history.file), title],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for title in ("one", "two")
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(encode(ANSWER))
        process.stdin.close()
    for process in processes:
        assert process.stderr is not None
        said = process.stderr.read()
        process.stderr.close()
        assert process.wait() == 0, said
    assert {(summary.title, summary.questions) for summary in history.list()} == {("one", 25), ("two", 25)}
    for summary in history.list():
        conversation = history.read(summary.id)
        assert conversation is not None
        assert all(turn.answer == ANSWER for turn in conversation.turns)
    assert check_history(history.file).level == "ok"


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that a process without privileges can reach."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o755)
    yield home
    home.chmod(0o755)
    shutil.rmtree(home)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_read_only_folder_can_be_read_and_names_itself_when_it_should_be_changed(open_place: Path) -> None:
    history = History(open_place / "history.sqlite")
    conversation_id = kept(history)
    before = history.file.read_bytes()
    if os.geteuid() == 0:
        os.chown(history.file, 65_534, 65_534)
    open_place.chmod(0o555)

    def work() -> None:
        assert len(history.list()) == 1
        assert history.read(conversation_id) is not None
        for call in (
            lambda: history.append(conversation_id, ANSWER),
            lambda: history.delete(conversation_id),
            lambda: purge(history.file, ["0123456789ab"]),
            lambda: History(open_place / "new" / "history.sqlite").append(conversation_id, ANSWER),
        ):
            with pytest.raises(HistoryError, match=r"history\.sqlite cannot be used.*folder"):
                call()

    assert _without_privileges(work) == 0
    assert history.file.read_bytes() == before


def _without_privileges(work: object) -> int:
    """Run `work` in a child that permissions bind, as they do not bind root."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgid(65_534)
                os.setuid(65_534)
            assert callable(work)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_folder_whose_name_is_no_utf_8_may_hold_a_history_and_be_asked(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    odd.mkdir()
    history = History(odd / "history.sqlite", index_folder=odd / ".qa")
    kept(history)
    (summary,) = history.list()
    assert summary.index_folder == (odd / ".qa").as_posix()
    assert check_history(history.file).level == "ok"


def test_the_doctor_says_that_all_is_well(history: History) -> None:
    finding = check_history(history.file)
    assert (finding.level, finding.remedy) == ("ok", None)
    assert "nothing was kept yet" in finding.detail
    assert not history.file.exists()
    kept(history)
    finding = check_history(history.file)
    assert (finding.level, finding.remedy) == ("ok", None)
    assert "1 answers" in finding.detail


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_doctor_warns_of_a_history_that_others_can_read(history: History) -> None:
    kept(history)
    history.file.chmod(0o640)
    finding = check_history(history.file)
    assert (finding.level, finding.remedy) == ("warning", f"chmod 600 {history.file}")
    assert "mode 0640" in finding.detail


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE turns SET answer = '[]'", "a record is no answer"),
        ("PRAGMA user_version = 99", "format version 99"),
        ("PRAGMA application_id = 7", "another program"),
    ],
)
def test_the_doctor_names_what_is_wrong_with_a_history(history: History, statement: str, words: str) -> None:
    kept(history)
    alter(history, statement)
    finding = check_history(history.file)
    assert finding.level == "fault"
    assert words in finding.detail
    assert finding.remedy


def test_the_doctor_finds_an_index_of_the_history_that_lost_a_row(history: History) -> None:
    kept(history)
    with closing(sqlite3.connect(history.file, isolation_level=None)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'turns_conversation'").fetchone()[0]
    with history.file.open("r+b") as damaged:
        damaged.seek((page - 1) * size + 3)  # the number of cells of an empty page
        damaged.write(b"\0\0")
    finding = check_history(history.file)
    assert finding.level == "fault"
    assert "is damaged" in finding.detail
    assert finding.remedy == "move it away to begin a new history"


@pytest.fixture
def reader_folder(tmp_path: Path) -> Path:
    from qa.reader.shipped import WEIGHTS

    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


def test_the_doctor_finds_the_reader_s_files_well_as_they_are_shipped() -> None:
    assert check_reader().level == "ok"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tokenizer.json", None, "tokenizer.json cannot be read"),
        ("model.onnx", b"other weights", "model.onnx has SHA-256"),
        ("reader.json", None, "reader.json cannot be read"),
        ("reader.json", b"{", "reader.json cannot be read"),
        ("calibration.json", b"{}", "calibration.json cannot be read"),
    ],
)
def test_the_doctor_names_a_file_of_the_reader_that_is_missing_or_altered(
    reader_folder: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is None:
        (reader_folder / name).unlink()
    else:
        (reader_folder / name).write_bytes(content)
    finding = check_reader(reader_folder)
    assert finding.level == "fault"
    assert words in finding.detail
    assert finding.remedy is not None
    assert "pip install --force-reinstall" in finding.remedy
    assert "pip install" not in finding.detail
