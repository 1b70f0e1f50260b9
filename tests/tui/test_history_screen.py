"""The history screen: earlier conversations listed, searched, read, resumed, renamed, deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer, Input
from textual.widgets._footer import FooterKey

from qa.cli.chat_services import ChatServices
from qa.history import History
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.history import HistoryScreen
from qa.tui.screens.history_rename import RenameScreen
from qa.tui.screens.history_table import ConversationTable, when_words
from tests.tui.conftest import NOW, MakeServices
from tests.tui.hosts import Host, notices, said, settle
from tests.tui.kept import kept_answer


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Three conversations; the third has no answer, so it cites nothing."""
    history = History(tmp_path / "history.sqlite")
    troops = history.start()
    history.append(
        troops, kept_answer("How many US troops are in Japan?", "54,000", asked_at="2025-05-30T08:00:00+00:00")
    )
    history.append(
        history.start(), kept_answer("Who won the World Cup?", "Argentina", asked_at="2025-06-01T18:40:00+00:00")
    )
    history.append(
        history.start(), kept_answer("Who was crowned in Paris?", None, asked_at="2025-06-02T08:12:00+00:00")
    )
    return history


@pytest.fixture
def services(make_services: MakeServices, tmp_path: Path, history: History) -> ChatServices:
    """Services that need no index."""
    return replace(make_services(tmp_path / ".qa"), history=history)


def titles(pilot: Pilot[Any]) -> list[str]:
    return [str(summary.title) for summary in pilot.app.screen_stack[-1].query_one(ConversationTable)._summaries]


async def test_conversations_are_listed_the_latest_first_with_when_in_words(services: ChatServices) -> None:
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        table = pilot.app.screen.query_one(ConversationTable)
        rows = [[str(cell) for cell in table.get_row_at(at)] for at in range(table.row_count)]
        assert rows == [
            ["today 08:12", "1", "Who was crowned in Paris?"],
            ["yesterday 18:40", "1", "Who won the World Cup?"],
            ["2025-05-30 08:00", "1", "How many US troops are in Japan?"],
        ]
        assert said(pilot.app.screen, "#history-title") == "History · 3 conversations"


def test_moments_are_told_in_the_time_zone_of_the_clock() -> None:
    assert when_words("2025-06-02T00:30:00+02:00", NOW) == "yesterday 22:30"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("troops", ["How many US troops are in Japan?"]),
        ("argentina", ["Who won the World Cup?"]),
        ("BASES IN OKINAWA", ["Who won the World Cup?", "How many US troops are in Japan?"]),
    ],
)
async def test_the_search_finds_words_of_questions_answers_and_cited_titles(
    services: ChatServices, typed: str, found: list[str]
) -> None:
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *typed, "enter")
        await settle(pilot)
        assert titles(pilot) == found
        assert isinstance(pilot.app.focused, ConversationTable)
        await pilot.press("escape")
        await settle(pilot)
        assert len(titles(pilot)) == 3
        assert isinstance(pilot.app.screen, HistoryScreen), "only the search ended"


async def test_a_search_finds_a_title_that_was_given(services: ChatServices, history: History) -> None:
    history.rename(history.list()[-1].id, "Okinawa report, part 2")
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"part 2")
        await settle(pilot)
        assert titles(pilot) == ["Okinawa report, part 2"]


async def test_a_search_without_a_hit_says_so(services: ChatServices) -> None:
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"[b]zeppelin")
        await settle(pilot)
        assert "No conversation holds “[b]zeppelin”" in said(pilot.app.screen, "#history-empty")
        assert pilot.app.screen.query_one("#history-empty").display


async def test_a_wide_screen_shows_the_conversation_in_hand(services: ChatServices) -> None:
    async with Host(services, screen=HistoryScreen).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("down")
        await settle(pilot)
        shown = said(pilot.app.screen, "#history-turns")
        assert "› Who won the World Cup?" in shown
        assert "Argentina [1]" in shown
        assert "US bases in Okinawa" in shown
        await pilot.press("g")
        await settle(pilot)
        assert "not found" in said(pilot.app.screen, "#history-turns")


async def test_enter_and_a_second_click_resume_the_conversation_in_hand(
    services: ChatServices, history: History
) -> None:
    ids = [summary.id for summary in history.list()]
    host = Host(services, screen=HistoryScreen)
    async with host.run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert host.resumed == [ids[1]]
        await pilot.click(ConversationTable, offset=(5, 3))
        assert host.resumed == [ids[1]], "a first click takes it in hand"
        await pilot.click(ConversationTable, offset=(40, 3))
        await pilot.pause()
        assert host.resumed == [ids[1], ids[2]]


async def test_r_gives_another_title_and_an_empty_one_is_refused(services: ChatServices, history: History) -> None:
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        line = pilot.app.screen.query_one(Input)
        assert line.value == "Who was crowned in Paris?"
        line.value = " "
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, RenameScreen)
        line.value = "Coronation"
        await pilot.press("enter")
        await settle(pilot)
        assert titles(pilot)[0] == history.list()[0].title == "Coronation"
        await pilot.press("r")
        pilot.app.screen.query_one(Input).value = "Something else"
        await pilot.press("escape")
        await settle(pilot)
        assert history.list()[0].title == "Coronation"


async def test_delete_asks_and_forgets(services: ChatServices, history: History) -> None:
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("delete")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert "Who was crowned in Paris?" in said(pilot.app.screen, ".dialog-title")
        await pilot.press("escape")
        await settle(pilot)
        assert len(history.list()) == 3
        await pilot.press("delete", "y")
        await settle(pilot)
        assert titles(pilot) == ["Who won the World Cup?", "How many US troops are in Japan?"]
        assert len(history.list()) == 2


async def test_a_conversation_that_was_deleted_elsewhere_is_said_to_be_gone(
    services: ChatServices, history: History
) -> None:
    host = Host(services, screen=HistoryScreen)
    async with host.run_test() as pilot:
        await settle(pilot)
        await pilot.press("delete")
        history.delete(history.list()[0].id)
        await pilot.press("y")
        await settle(pilot)
        assert "there is no conversation" in notices(host)
        assert len(titles(pilot)) == 2, "listed anew"


async def test_an_empty_history_and_one_that_is_not_kept_say_so(services: ChatServices, history: History) -> None:
    history.clear()
    for kept, words in ((history, "Nothing was asked yet."), (None, "not kept in this run (--no-history)")):
        async with Host(replace(services, history=kept), screen=HistoryScreen).run_test() as pilot:
            await settle(pilot)
            assert words in said(pilot.app.screen, "#history-empty")
            await pilot.press("enter", "r", "delete", "g", "G")
            assert isinstance(pilot.app.screen, HistoryScreen), "there is nothing in hand"


async def test_a_damaged_history_is_said_to_be_so(services: ChatServices, history: History) -> None:
    history.file.write_bytes(b"not a database" * 100)
    async with Host(services, screen=HistoryScreen).run_test() as pilot:
        await settle(pilot)
        assert str(history.file) in said(pilot.app.screen, "#history-empty")


async def test_hostile_and_wide_words_are_shown_as_text(services: ChatServices, history: History) -> None:
    answer = kept_answer(
        "[@click=app.quit]Wer\x1b[2J \u202eda?", "[red]五万四千人[/]", asked_at="2025-06-02T09:00:00+00:00"
    )
    history.append(history.start(), answer)
    async with Host(services, screen=HistoryScreen).run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        row = " ".join(map(str, pilot.app.screen.query_one(ConversationTable).get_row_at(0)))
        shown = said(pilot.app.screen, "#history-turns")
        assert "[@click=app.quit]Wer␛[2J" in row
        assert "[red]五万四千人[/]" in shown
        assert not any(character in row + shown for character in "\x1b\u202e")


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_table_and_footer_fit(services: ChatServices, width: int) -> None:
    async with Host(services, screen=HistoryScreen).run_test(size=(width, 24)) as pilot:
        await settle(pilot)
        keys = [key for key in pilot.app.screen.query_one(Footer).query(FooterKey) if key.display]
        descriptions = [key.description for key in keys if key.description not in {"Help", "Commands"}]
        assert descriptions == ["Resume", "Search", "Rename", "Delete", "Back"]
        assert keys[-1].region.right <= width
        table = pilot.app.screen.query_one(ConversationTable)
        assert table.virtual_size.width <= table.size.width
