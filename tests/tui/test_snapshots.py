"""What the screens of the chat look like, state by state, as SVG.

After a wanted change: `python -m pytest tests/tui/test_snapshots.py --snapshot-update`, then look at each changed
picture. `tests/tui/__snapshots__/` holds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qa.tui.app import ChatApp
from qa.tui.screens.first_run import FirstRunScreen
from qa.tui.screens.reader import ReaderScreen
from tests.tui.answering import NOT_FOUND, QUESTION, RELATED, AnsweringServices
from tests.tui.conftest import MakeServices
from tests.tui.hosts import said
from tests.tui.test_chat import ask, chat, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

Compare = Callable[..., bool]
State = Callable[[Pilot[Any]], Awaitable[None]]


def still(state: State) -> State:
    """Bring the app into a state, then stop what blinks."""

    async def run(pilot: Pilot[Any]) -> None:
        await state(pilot)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        if isinstance(pilot.app, ChatApp):
            pilot.app.chat.prompt.cursor_blink = False
        await pilot.pause()

    return run


def ready(pilot: Pilot[Any]) -> bool:
    if not chat(pilot).chat.query("#doing"):
        return False
    return chat(pilot).chat.assistant is not None and said(chat(pilot).chat, "#doing").startswith("ready")


async def empty(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: ready(pilot))


async def answered(pilot: Pilot[Any]) -> None:
    await ask(pilot)
    await pilot.press("escape")


async def related(pilot: Pilot[Any]) -> None:
    await ask(pilot, RELATED)
    await pilot.press("escape")


async def not_found(pilot: Pilot[Any]) -> None:
    await ask(pilot, NOT_FOUND)


async def reading(pilot: Pilot[Any]) -> None:
    await answered(pilot)
    await pilot.press("1", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
    await until(pilot, lambda: "citation 1" in said(pilot.app.screen, "#reader-where"))


async def searching_in_the_article(pilot: Pilot[Any]) -> None:
    await reading(pilot)
    await pilot.press("slash", *"japan", "enter")
    await until(pilot, lambda: "1 of" in said(pilot.app.screen, "#reader-where"))


async def commands(pilot: Pilot[Any]) -> None:
    await empty(pilot)
    await pilot.press("/")


async def help_for_the_answers(pilot: Pilot[Any]) -> None:
    await answered(pilot)
    await pilot.press("f1")


async def palette(pilot: Pilot[Any]) -> None:
    await answered(pilot)
    await pilot.press("ctrl+p", *"copy")
    await pilot.pause(0.5)


async def evidence(pilot: Pilot[Any]) -> None:
    await answered(pilot)
    await pilot.press("ctrl+o")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.2)


STATES = {
    state.__name__: state
    for state in (
        empty,
        answered,
        related,
        not_found,
        reading,
        searching_in_the_article,
        commands,
        help_for_the_answers,
    )
}


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_state(snap_compare: Compare, answering: AnsweringServices, state: str, size: tuple[int, int]) -> None:
    assert snap_compare(ChatApp(answering), run_before=still(STATES[state]), terminal_size=size)


@pytest.mark.parametrize("state", ["answered", "reading"])
def test_state_in_a_light_theme(
    snap_compare: Compare, make_answering: Callable[..., AnsweringServices], state: str
) -> None:
    app = ChatApp(make_answering(theme="textual-light"))
    assert snap_compare(app, run_before=still(STATES[state]), terminal_size=(120, 40))


@SIZES
def test_answering(snap_compare: Compare, answering: AnsweringServices, size: tuple[int, int]) -> None:
    async def state(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: ready(pilot))
        answering.reader.gate.clear()
        chat(pilot).chat.prompt.insert(QUESTION)
        await pilot.press("enter")
        await until(pilot, lambda: said(chat(pilot).chat, "#doing").startswith("reading"))

    async def let_go(pilot: Pilot[Any]) -> None:
        await still(state)(pilot)
        asyncio.get_running_loop().call_later(2, answering.reader.gate.set)

    assert snap_compare(ChatApp(answering), run_before=let_go, terminal_size=size)


@SIZES
def test_disagreement(
    snap_compare: Compare, answering: AnsweringServices, tmp_path: Path, size: tuple[int, int]
) -> None:
    newer = " date 2025-05-20 Officials in Tokyo counted about 55,000 US troops in Japan on Monday.\n"
    (tmp_path / "articles" / "newer.txt").write_text(newer, encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    assert snap_compare(ChatApp(answering), run_before=still(answered), terminal_size=size)


@SIZES
def test_stale_citation(
    snap_compare: Compare, answering: AnsweringServices, tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "articles" / "us-forces-in-japan.txt").write_text(" date 2025-03-30 Withdrawn.\n", encoding="utf-8")
    assert snap_compare(ChatApp(answering), run_before=still(reading), terminal_size=size)


@SIZES
def test_answer_from_a_changed_file_that_has_a_copy(
    snap_compare: Compare, answering: AnsweringServices, tmp_path: Path, size: tuple[int, int]
) -> None:
    cited = tmp_path / "articles" / "us-forces-in-japan.txt"
    reprint = f"{cited.read_text(encoding='utf-8').rstrip()} Reporting by the bureau in Tokyo.\n"
    (tmp_path / "articles" / "reprint.txt").write_text(reprint.replace("2025-03-30", "2025-03-31"), encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    cited.write_text(" date 2025-03-30 Withdrawn.\n", encoding="utf-8")
    assert snap_compare(ChatApp(answering), run_before=still(answered), terminal_size=size)


@SIZES
def test_error(snap_compare: Compare, answering: AnsweringServices, size: tuple[int, int]) -> None:
    answering.missing_model = True

    async def state(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: bool(chat(pilot).chat.query("Prompt")))
        chat(pilot).chat.prompt.insert(QUESTION)
        await pilot.press("enter")
        await until(pilot, lambda: said(chat(pilot).chat, "#doing") == "not ready")

    assert snap_compare(ChatApp(answering), run_before=still(state), terminal_size=size)


@SIZES
def test_first_run(snap_compare: Compare, make_services: MakeServices, tmp_path: Path, size: tuple[int, int]) -> None:
    async def state(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: isinstance(pilot.app.screen, FirstRunScreen))

    assert snap_compare(ChatApp(make_services(tmp_path / ".qa")), run_before=still(state), terminal_size=size)


@pytest.mark.parametrize("state", ["answered", "related", "reading", "help_for_the_answers"])
def test_narrow(snap_compare: Compare, answering: AnsweringServices, state: str) -> None:
    assert snap_compare(ChatApp(answering), run_before=still(STATES[state]), terminal_size=(60, 20))


def test_evidence_window(snap_compare: Compare, answering: AnsweringServices) -> None:
    assert snap_compare(ChatApp(answering), run_before=still(evidence), terminal_size=(80, 24))


def test_palette(snap_compare: Compare, answering: AnsweringServices) -> None:
    assert snap_compare(ChatApp(answering), run_before=still(palette), terminal_size=(80, 24))


def test_without_colour(snap_compare: Compare, answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(ChatApp(answering), run_before=still(related), terminal_size=(80, 24))


def test_wide_and_right_to_left_characters(snap_compare: Compare, answering: AnsweringServices, tmp_path: Path) -> None:
    mixed = " date 2025-06-01 日本に駐留する米軍の兵士は約五万四千人である。 يوجد حوالي 54000 جندي أمريكي في اليابان.\n"
    (tmp_path / "articles" / "mixed.txt").write_text(mixed, encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)

    async def state(pilot: Pilot[Any]) -> None:
        await ask(
            pilot, "日本に駐留する米軍の兵士は約五万四千人である？ 日本に駐留する米軍の兵士は約五万四千人である？"
        )

    assert snap_compare(ChatApp(answering), run_before=still(state), terminal_size=(80, 24))
