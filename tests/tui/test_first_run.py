"""The first start: no index, one made from the chat, questions that wait for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qa.tui.app import ChatApp
from qa.tui.screens.chat import ChatScreen
from qa.tui.screens.first_run import FirstRunScreen
from tests.tui.answering import AnsweringServices
from tests.tui.conftest import MakeServices
from tests.tui.hosts import GatedEncoder, PackagedDouble, said
from tests.tui.test_chat import text, until


@pytest.fixture
def empty_handed(make_services: MakeServices, tmp_path: Path) -> AnsweringServices:
    """Services without an index."""
    made = make_services(tmp_path / ".qa")
    made.context.__dict__["encoder"] = PackagedDouble(made.context.model)
    return AnsweringServices(context=made.context, paths=made.paths, preferences=made.preferences, now=made.now)


async def offered(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, FirstRunScreen) and bool(pilot.app.screen.query(Input)))


async def test_the_sample_articles_are_a_key_away_and_then_the_chat_is_ready(empty_handed: AnsweringServices) -> None:
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        await until(pilot, lambda: said(app.screen, "#doing") == "ready · 19 articles")


async def test_a_folder_can_be_typed(empty_handed: AnsweringServices, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "one.txt").write_text("Rain fell on Oslo.\n", encoding="utf-8")
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        app.screen.query_one(Input).value = str(tmp_path / "mine")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        await until(pilot, lambda: said(app.screen, "#doing") == "ready · 1 article")


async def test_a_folder_that_is_not_there_is_named_and_nothing_is_made(
    empty_handed: AnsweringServices, tmp_path: Path
) -> None:
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        app.screen.query_one(Input).value = str(tmp_path / "nowhere")
        await pilot.press("enter")
        await until(pilot, lambda: "nowhere" in said(app.screen, "#first-words"))
        assert isinstance(app.screen, FirstRunScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        assert not app.screen.query(".note"), "it was said once"
    assert not (tmp_path / ".qa").exists()


async def test_a_folder_without_an_article_names_the_file_and_why(
    empty_handed: AnsweringServices, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "empty.txt").write_text("", encoding="utf-8")
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        app.screen.query_one(Input).value = str(tmp_path / "mine")
        await pilot.press("enter")
        await until(pilot, lambda: "No articles were found there: empty.txt" in said(app.screen, "#first-words"))


async def test_a_question_asked_during_the_first_indexing_is_answered_when_it_is_done(
    empty_handed: AnsweringServices,
) -> None:
    encoder = GatedEncoder(empty_handed.context.model)
    empty_handed.context.__dict__["encoder"] = encoder
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, encoder.reached.is_set)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        await pilot.press(*"Who?", "enter")
        await until(pilot, lambda: "waiting for the index" in text(app.chat.transcript.blocks[0]))
        assert said(app.chat, "#limits").startswith("indexing")
        encoder.gate.set()
        await until(pilot, lambda: bool(app.conversation.turns))


async def test_a_question_without_an_index_says_how_to_make_one(empty_handed: AnsweringServices) -> None:
    app = ChatApp(empty_handed)
    async with app.run_test(size=(80, 24)) as pilot:
        await offered(pilot)
        await pilot.press("escape", *"Who?", "enter")
        await until(pilot, lambda: bool(app.chat.transcript.blocks))
        assert "there is no index yet; /index FOLDER makes one" in text(app.chat.transcript.blocks[0])
