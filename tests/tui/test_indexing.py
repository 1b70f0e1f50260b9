"""The indexing behind the screens: told to all of them, one at a time, stopped between articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from textual.pilot import Pilot

from index.sync_report import FileNote, Progress, SyncReport
from qa.cli.chat_services import ChatServices
from qa.tui.indexing import IndexState, outcome_words, status_words, time_left_words
from qa.tui.messages import IndexDone, IndexFailed, IndexProgress
from tests.tui.hosts import Bottom, GatedEncoder, Host, settle


def progress(files: int, total: int, *, passages: int = 1, elapsed_s: float = 1.0) -> Progress:
    return Progress(files=files, files_total=total, passages=passages, elapsed_s=elapsed_s)


def heard(pilot: Pilot[Any], kind: type) -> list[Any]:
    bottom = pilot.app.screen_stack[0]
    assert isinstance(bottom, Bottom)
    return [message for message in bottom.heard if isinstance(message, kind)]


def write(folder: Path, name: str) -> None:
    (folder / name).write_text(f"date 2025-05-05 Something new stands in {name}.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (IndexState(), ""),
        (IndexState(running=True), "indexing: looking through the folders"),
        (IndexState(running=True, waiting="waiting for\x1b process 7"), "indexing: waiting for␛ process 7"),
        (IndexState(running=True, progress=progress(12, 1340, elapsed_s=1.2)), "indexing 12/1,340, 2 min left"),
        (IndexState(running=True, progress=progress(0, 340, passages=0)), "indexing 0/340"),
        (IndexState(running=True, stopping=True, waiting="x"), "indexing: finishing the article in hand"),
    ],
)
def test_the_status_bar_says_how_far_it_is(state: IndexState, words: str) -> None:
    assert status_words(state) == words


def test_the_time_left_follows_the_files_that_are_done() -> None:
    assert time_left_words(progress(1, 2, elapsed_s=59)) == "under 1 min left"
    assert time_left_words(progress(10, 40, elapsed_s=60)) == "3 min left"
    assert time_left_words(progress(10, 1010, elapsed_s=72)) == "2.0 h left"
    assert time_left_words(progress(40, 40, elapsed_s=60)) == ""
    assert time_left_words(progress(10, 40, passages=0)) == "", "nothing is embedded yet, so nobody knows"


def test_an_outcome_counts_what_there_is_to_count() -> None:
    skipped = [FileNote(file="/a/x.txt", text="is empty")]
    assert outcome_words(SyncReport()) == "nothing has changed"
    assert outcome_words(SyncReport(new=2, moved=1, skipped=skipped)) == "2 new, 1 moved; 1 without an article"
    assert outcome_words(SyncReport(new=1, interrupted=True)) == "stopped; what was done is kept: 1 new"
    assert outcome_words(SyncReport(kept_articles=3)) == "nothing has changed; 3 no longer there, kept"


async def test_every_screen_hears_of_the_progress_and_once_of_the_end(
    own_services: ChatServices, tmp_path: Path
) -> None:
    write(tmp_path / "articles", "later.txt")
    host = Host(own_services)
    async with host.run_test() as pilot:
        assert host.index_job.start()
        assert not host.index_job.start(), "one at a time"
        await settle(pilot)
        assert heard(pilot, IndexProgress)[-1].words == "indexing 1/1"
        done = heard(pilot, IndexDone)
        assert [message.report.new for message in done] == [1]
        assert host.index_job.state == IndexState(report=done[0].report)
        assert host.index_job.start(), "another one may follow"
        await settle(pilot)


async def test_a_folder_that_is_not_there_fails_in_words_and_nothing_is_lost(
    own_services: ChatServices, tmp_path: Path
) -> None:
    host = Host(own_services)
    async with host.run_test() as pilot:
        host.index_job.start([tmp_path / "nowhere"])
        await settle(pilot)
        assert [message.reason for message in heard(pilot, IndexFailed)] == [host.index_job.state.failure]
        assert "nowhere does not exist" in host.index_job.state.failure
        assert len(own_services.list_articles()) == 19


async def test_while_another_process_writes_it_says_who_that_is_and_waits(
    own_services: ChatServices, tmp_path: Path
) -> None:
    write(tmp_path / "articles", "later.txt")
    lock = FileLock(tmp_path / ".qa/lock", is_singleton=False)
    host = Host(own_services)
    async with host.run_test() as pilot:
        with lock:
            (tmp_path / ".qa/lock.json").write_text('{"pid": 4711, "command": "qa index"}', encoding="utf-8")
            host.index_job.start()
            while not host.index_job.state.waiting:
                await pilot.pause(0.01)
            await pilot.pause()
            assert heard(pilot, IndexProgress)[-1].words == "indexing: waiting for process 4711 (qa index)"
        await settle(pilot)
        assert [message.report.new for message in heard(pilot, IndexDone)] == [1]


async def test_leaving_the_app_stops_it_after_the_article_in_hand(own_services: ChatServices, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "articles", f"new{number}.txt")
    encoder = GatedEncoder(own_services.context.model)
    own_services.context.__dict__["encoder"] = encoder
    host = Host(own_services)
    async with host.run_test() as pilot:
        host.index_job.start()
        while not encoder.reached.is_set():
            await pilot.pause(0.01)
        host.workers.cancel_all()
        encoder.gate.set()
        await pilot.pause(0.5)
    assert len(own_services.list_articles()) == 20, "the article in hand is kept"
