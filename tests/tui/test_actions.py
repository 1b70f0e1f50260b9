"""Every action of the chat: by key, by palette, by mouse; keys of the settings; help."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.command import CommandList, CommandPalette
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets._footer import FooterKey

import qa.tui
from index.sync_report import SyncReport
from qa.entities import Answer
from qa.errors import SettingsError
from qa.history import History
from qa.tui.app import ChatApp
from qa.tui.commands import COMMANDS
from qa.tui.keymap import bindings_of, check_keys, commands_of, every_binding
from qa.tui.screens.basket import BasketScreen
from qa.tui.screens.chat import ChatScreen
from qa.tui.screens.chat_actions import ChatActions
from qa.tui.screens.citation_style import CitationStyleScreen
from qa.tui.screens.closing import ClosesOnce
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.evidence import EvidenceScreen
from qa.tui.screens.export import ExportScreen
from qa.tui.screens.first_run import FirstRunScreen
from qa.tui.screens.help import HelpScreen
from qa.tui.screens.history import HistoryScreen
from qa.tui.screens.history_rename import RenameScreen
from qa.tui.screens.index_job import PreviewScreen, ReportScreen
from qa.tui.screens.library import LibraryScreen
from qa.tui.screens.library_add import AddFolderScreen
from qa.tui.screens.line import LineScreen
from qa.tui.screens.reader import ReaderScreen
from qa.tui.screens.verify import VerifyScreen
from qa.tui.screens.whence import WhenceScreen
from qa.tui.widgets.evidence import EvidenceList
from qa.tui.widgets.prompt import Prompt
from qa.tui.widgets.transcript import Transcript
from tests.tui.answering import AnsweringServices
from tests.tui.hosts import notices
from tests.tui.test_chat import ask, chat, until

PLACES: tuple[type[DOMNode], ...] = (ChatApp, ChatScreen, Prompt, Transcript, EvidenceList)
SPENT = {"app.quit", "app.palette"}
"""Textual's own actions; pressed in other tests."""


def actions() -> Iterator[tuple[type[DOMNode], Binding]]:
    for place in PLACES:
        for binding in bindings_of(place):
            if binding.id not in SPENT:
                yield place, binding


def focus(pilot: Pilot[Any], place: type[DOMNode]) -> None:
    """Give the focus to what an action belongs to."""
    kind = place if place in {Prompt, Transcript, EvidenceList} else Transcript
    pilot.app.screen.query_one(kind).focus()


def record(monkeypatch: pytest.MonkeyPatch, binding: Binding, place: type[DOMNode]) -> list[str]:
    """Put a note in place of an action's method, wherever it is defined."""
    name = binding.action.partition("(")[0]
    owner = ChatScreen if name.startswith("screen.") else place
    done: list[str] = []
    method = f"action_{name.rpartition('.')[2]}"
    assert hasattr(owner, method), f"{binding.id}: {owner.__name__} has no {method}"
    monkeypatch.setattr(owner, method, lambda self, *values: done.append(method))
    return done


@pytest.mark.parametrize(("place", "binding"), actions(), ids=lambda value: getattr(value, "id", None))
async def test_every_action_is_reached_by_each_of_its_keys(
    answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch, place: type[DOMNode], binding: Binding
) -> None:
    done = record(monkeypatch, binding, place)
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(pilot.app.screen.query(Prompt)))
        keys = binding.key.split(",")
        for key in keys:
            focus(pilot, place)
            await pilot.pause()
            await pilot.press(key)
        assert len(done) == len(keys)


async def test_every_action_is_in_the_palette(answering: AnsweringServices) -> None:
    offered: dict[str, str] = {}
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        await ask(pilot)
        for _, keys, action, _ in commands_of(pilot.app, pilot.app.screen, {}):
            offered[keys.rpartition(" ")[2]] = action.rpartition(".")[2]
    missing = {
        binding.id
        for _, binding in actions()
        if binding.id not in offered and binding.action.rpartition(".")[2] not in offered.values()
    }
    assert missing == set()


async def click_palette(pilot: Pilot[Any]) -> None:
    def shown() -> list[FooterKey]:
        return [key for key in pilot.app.screen.query(FooterKey) if key.has_class("-command-palette")]

    await until(pilot, lambda: bool(shown() and shown()[0].size.width))
    await pilot.click(shown()[0])
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))


def screens(services: AnsweringServices, answer: Answer) -> list[Screen[Any]]:
    """Every screen above the chat."""
    return [
        FirstRunScreen(),
        LibraryScreen(services),
        HistoryScreen(services),
        ReaderScreen(services, answer.citations[0].article_id),
        EvidenceScreen(services, answer, 0),
        AddFolderScreen(),
        PreviewScreen(services),
        ReportScreen(SyncReport(), home=services.paths.index),
        RenameScreen("old"),
        ConfirmScreen("Sure?", details="", yes="Yes"),
        HelpScreen([], commands=True),
        BasketScreen(services),
        ExportScreen("this answer", name="answer"),
        LineScreen("Which heading?"),
        CitationStyleScreen("plain"),
        VerifyScreen(services, ""),
        WhenceScreen(services, ""),
    ]


async def test_every_action_of_every_screen_has_its_key_and_a_line_of_the_palette_there(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    answering.history = History(tmp_path / "history.sqlite")
    by_key, by_palette = set(), set()
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot)
        assert block.answer is not None
        for screen in (chat(pilot).chat, *screens(answering, block.answer)):
            if screen is not pilot.app.screen:
                pilot.app.push_screen(screen)
            await until(pilot, lambda: bool(pilot.app.screen.children))
            by_palette |= {about for about, *_ in commands_of(pilot.app, pilot.app.screen, {})}
            for widget in (None, *(one for one in pilot.app.screen.query("*").results() if one.focusable)):
                pilot.app.screen.set_focus(widget)
                by_key |= {
                    (active.binding.id, active.binding.key) for active in pilot.app.screen.active_bindings.values()
                }
            if screen is not chat(pilot).chat:
                screen.dismiss()
                await until(pilot, lambda: pilot.app.screen is chat(pilot).chat)
    every = list(every_binding())
    assert {one.id for one in every if (one.tooltip or one.description) not in by_palette} == set()
    pressed = {(one.id, key) for one in every for key in one.key.split(",")}
    assert pressed - by_key == set()


async def test_the_palette_is_a_click_away_where_a_key_is_in_no_footer_and_no_heading(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    answering.history = History(tmp_path / "history.sqlite")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        block = await ask(pilot)
        assert block.answer is not None
        for screen in screens(answering, block.answer):
            if not isinstance(screen, (FirstRunScreen, ReaderScreen)):
                continue  # a window has its buttons, a table its headings and rows
            pilot.app.push_screen(screen)
            await until(pilot, lambda: bool(pilot.app.screen.children))
            await click_palette(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))
            screen.dismiss()
            await until(pilot, lambda: pilot.app.screen is chat(pilot).chat)


async def test_the_palette_is_a_click_away_and_its_lines_can_be_clicked(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("escape")
        await pilot.pause()
        palette = next(key for key in pilot.app.screen.query(FooterKey) if key.has_class("-command-palette"))
        await pilot.click(palette)
        await until(pilot, lambda: bool(pilot.app.screen.query(CommandList)))
        await pilot.press(*"whole answer")
        await until(pilot, lambda: pilot.app.screen.query_one(CommandList).option_count == 1)
        await pilot.click(CommandList, offset=(5, 1))
        await until(pilot, lambda: "last-copy.txt" in notices(chat(pilot)))


@pytest.mark.parametrize("place", [Prompt, Transcript, EvidenceList])
async def test_the_footer_shows_four_to_six_keys_of_what_has_the_focus_and_each_can_be_clicked(
    answering: AnsweringServices, place: type[DOMNode]
) -> None:
    async with ChatApp(answering).run_test(size=(100, 30)) as pilot:
        await ask(pilot)
        focus(pilot, place)
        own = {Prompt: "send", Transcript: "cite(1)", EvidenceList: "move(-1)"}[place]
        await until(pilot, lambda: own in [key.action for key in pilot.app.screen.query(FooterKey)])
        keys = list(pilot.app.screen.query(FooterKey))
        assert 4 <= len(keys) <= 6
        assert all(key.region.right <= 100 for key in keys)
        await pilot.click(next(key for key in keys if key.action == "help"))
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))


async def test_a_key_of_the_settings_takes_the_place_of_the_usual_one(
    make_answering: Callable[..., AnsweringServices],
) -> None:
    app = ChatApp(make_answering(keys={"answers.copy_quote": "c", "prompt.send": "ctrl+s"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.chat.assistant is not None)
        await pilot.press(*"Who", "enter", *"me?", "ctrl+s")
        await until(pilot, lambda: bool(app.conversation.turns))
        assert app.conversation.turns[0].question == "Who\nme?"
        await until(pilot, lambda: not app.chat.busy)
        await pilot.press("escape", "y")
        assert app.chat.prompt.text == "y"
        await pilot.press("escape", "c")
        await until(pilot, lambda: "last-copy.txt" in notices(app))


def test_an_unknown_id_of_a_key_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"no action 'chat.copy_qoute'; did you mean 'answers.copy_quote'\?"):
        check_keys({"chat.copy_qoute": "c"})


def test_an_action_without_a_key_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"chat\.new has no key"):
        check_keys({"chat.new": " "})


def test_an_unknown_theme_is_an_error_that_names_the_nearest(make_answering: Callable[..., AnsweringServices]) -> None:
    with pytest.raises(SettingsError, match="no theme 'grubox'; did you mean 'gruvbox'"):
        ChatApp(make_answering(theme="grubox"))


async def test_the_theme_chosen_last_is_there_at_the_next_start(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test() as pilot:
        pilot.app.theme = "nord"
        await pilot.pause()
    assert ChatApp(answering).theme == "nord"


def test_handlers_stand_where_textual_finds_them() -> None:
    """`@on` in a plain mixin is never called."""
    names = [name for _, name, _ in pkgutil.walk_packages(qa.tui.__path__, "qa.tui.")]
    kinds = {kind for name in names for kind in vars(importlib.import_module(name)).values() if isinstance(kind, type)}
    plain = [kind for kind in kinds if kind.__module__.startswith("qa.tui.") and not issubclass(kind, MessagePump)]
    assert len(plain) > 20
    assert [kind for kind in plain for value in vars(kind).values() if hasattr(value, "_textual_on")] == []


def test_every_screen_above_the_chat_closes_once() -> None:
    names = [name for _, name, _ in pkgutil.walk_packages(qa.tui.__path__, "qa.tui.")]
    kinds = {kind for name in names for kind in vars(importlib.import_module(name)).values() if isinstance(kind, type)}
    above = {kind for kind in kinds if issubclass(kind, Screen) and kind.__module__.startswith("qa.tui.screens.")}
    shown = {kind for kind in above if not any(kind in other.__mro__[1:] for other in above)}  # the others are bases
    assert len(shown) > 15
    assert [kind for kind in shown if not issubclass(kind, (ClosesOnce, ChatActions))] == []


def test_every_binding_has_an_id_of_its_place_and_says_what_it_does() -> None:
    for binding in every_binding():
        assert binding.id is not None
        assert binding.tooltip, binding.id


def test_keys_that_terminals_cannot_tell_apart_are_not_used() -> None:
    traps = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+left_square_bracket"}
    assert [binding.id for binding in every_binding() if set(binding.key.split(",")) & traps] == []


@pytest.mark.parametrize("place", [Prompt, Transcript])
async def test_help_lists_the_keys_of_what_had_the_focus_first(
    answering: AnsweringServices, place: type[DOMNode]
) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(pilot.app.screen.query(Prompt)))
        focus(pilot, place)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        headings = [str(line.render()) for line in pilot.app.screen.query(".heading").results(Static)]
        assert headings[0] == {Prompt: "Prompt", Transcript: "Answers"}[place]
        words = "\n".join(str(line.render()) for line in pilot.app.screen.query(".table").results(Static))
        assert all(f"/{command.name}" in words for command in COMMANDS)
        await pilot.press("f1")
        await until(pilot, lambda: not isinstance(pilot.app.screen, HelpScreen))


async def test_the_settings_open_in_the_editor_and_are_written_first(
    answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with ChatApp(answering).run_test() as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: "Neither $VISUAL nor $EDITOR is set" in notices(chat(pilot)))
    assert "# keys = {}" in answering.settings_file().read_text(encoding="utf-8")
