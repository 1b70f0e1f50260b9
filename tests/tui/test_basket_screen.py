"""The basket screen: pins listed under their headings, moved, annotated, exported; and the keys that lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from qa.cli.chat_services import ChatServices
from qa.report.basket.kept import Baskets
from qa.tui.app import ChatApp
from qa.tui.screens.basket import BasketScreen
from qa.tui.screens.basket_table import BasketTable
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.evidence import EvidenceScreen
from qa.tui.screens.export import ExportScreen
from qa.tui.screens.line import LineScreen
from qa.tui.screens.reader import ReaderScreen
from qa.tui.services import Preferences
from tests.pins import passage
from tests.tui.answering import AnsweringServices
from tests.tui.conftest import MakeServices
from tests.tui.hosts import Host, notices, said, settle
from tests.tui.test_chat import ask, chat, until
from tests.tui.test_library_snapshots import LARGE, SMALL, SnapCompare, pressed

BIDI = "Prices rose by \u202e54\u202c [b]per cent[/b] in a year. Then they fell."


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Baskets of each test's own, before any settings are read; and notices that stay, however slow the machine is."""
    monkeypatch.setenv("QA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(ChatApp, "NOTIFICATION_TIMEOUT", 600)


@pytest.fixture
def services(make_services: MakeServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChatServices:
    """A basket of four pins under two headings; it needs no index."""
    monkeypatch.chdir(tmp_path)
    services = make_services(tmp_path / ".qa")
    baskets = services.reports.baskets
    baskets.pin("main", passage(1), note="Compare with 2023")
    baskets.pin("main", passage(2), heading="Trade")
    baskets.pin("main", passage(1, text=BIDI, words="Prices rose"), heading="Trade")
    baskets.pin("main", passage(3), heading="People")
    return services


def rows(pilot: Pilot[Any]) -> list[list[str]]:
    table = pilot.app.screen.query_one(BasketTable)
    return [[str(cell) for cell in table.get_row_at(at)] for at in range(table.row_count)]


def order(services: ChatServices) -> list[tuple[str, str]]:
    return [(p.heading, p.passage.citation.quote.split()[0]) for p in services.reports.baskets.read("main").pins]


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Answer a window that asks for a line."""
    await settle(pilot)
    assert isinstance(pilot.app.screen, LineScreen)
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await settle(pilot)


async def test_pins_are_listed_under_their_headings_beside_the_report(services: ChatServices) -> None:
    async with Host(services, screen=BasketScreen).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert [row[0] for row in rows(pilot)] == ["1", "", "2", "3", "", "4"]
        assert rows(pilot)[0][2].startswith("✎ The port closed")
        assert [row[2] for row in rows(pilot) if not row[0]] == ["Trade", "People"]
        assert said(pilot.app.screen, "#basket-title") == "Basket · main · 4 pins"
        report = said(pilot.app.screen, "#basket-report")
        assert report.index("Compare with 2023") < report.index("Trade") < report.index("Its cranes")
        assert "⟨U+202E⟩54⟨U+202C⟩ [b]per cent[/b]" in report
        assert "BEGIN QA EXPORT" not in report


async def test_pins_are_moved_annotated_and_put_under_headings_and_the_report_follows(services: ChatServices) -> None:
    async with Host(services, screen=BasketScreen).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("down", "down", "J")
        await settle(pilot)
        assert order(services) == [("", "The"), ("Trade", "Prices"), ("Trade", "Its"), ("People", "About")]
        assert pilot.app.screen.query_one(BasketTable).number_in_hand == 3, "the pin stays in hand"
        await pilot.press("n")
        await typed(pilot, "by rail, not by sea")
        assert "by rail, not by sea" in said(pilot.app.screen, "#basket-report")
        await pilot.press("h")
        await typed(pilot, "People")
        assert order(services) == [("", "The"), ("Trade", "Prices"), ("People", "About"), ("People", "Its")]
        await pilot.press("K", "n", "escape")
        await settle(pilot)
        assert order(services)[2:] == [("People", "Its"), ("People", "About")]


async def test_a_pin_with_a_note_is_not_removed_without_a_question(services: ChatServices) -> None:
    async with Host(services, screen=BasketScreen).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("delete")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press("n", "down", "down", "delete")
        await settle(pilot)
        assert order(services) == [("", "The"), ("Trade", "Prices"), ("People", "About")]


async def test_a_basket_is_exported_and_files_are_replaced_only_when_that_is_confirmed(
    services: ChatServices, tmp_path: Path
) -> None:
    async with Host(services, screen=BasketScreen).run_test(size=SMALL) as pilot:
        for replaced in (False, True):
            await settle(pilot)
            await pilot.press("x")
            await settle(pilot)
            assert isinstance(pilot.app.screen, ExportScreen)
            await pilot.press("down", "down", "enter")
            assert pilot.app.screen.query_one(Input).value == "main.html", "the name follows the format"
            await pilot.press("enter")
            await settle(pilot)
            if replaced:
                assert isinstance(pilot.app.screen, ConfirmScreen)
                await pilot.press("y")
                await settle(pilot)
            assert "4 quotations written to" in notices(chat(pilot))
            assert "Its cranes" in (tmp_path / "main.html").read_text(encoding="utf-8")
            (tmp_path / "main.html").write_text("mine", encoding="utf-8")


async def test_another_basket_is_taken_in_hand_and_renamed(services: ChatServices) -> None:
    services.reports.baskets.pin("okinawa", passage(2))
    async with Host(services, screen=BasketScreen).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await typed(pilot, "okinawa")
        assert said(pilot.app.screen, "#basket-title") == "Basket · okinawa · 1 pin"
        await pilot.press("r")
        await typed(pilot, "main")
        assert "a basket 'main' already" in notices(chat(pilot))
        await pilot.press("o")
        await typed(pilot, "new one")
        assert chat(pilot).basket == "new one"
        assert pilot.app.screen.has_class("-empty")


async def test_an_unusable_history_is_said_and_not_raised(services: ChatServices, tmp_path: Path) -> None:
    (tmp_path / "data" / "history.sqlite").write_bytes(b"These are notes of mine. " * 100)
    async with Host(services, screen=BasketScreen).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "is damaged or no history of qa" in said(pilot.app.screen, "#basket-empty")


async def test_space_pins_in_answers_evidence_and_article_and_b_opens_the_basket(
    answering: AnsweringServices,
) -> None:
    baskets: Baskets = answering.reports.baskets
    app = ChatApp(answering)
    async with app.run_test(size=SMALL) as pilot:
        await ask(pilot)
        await pilot.press("escape", "space")
        await until(pilot, lambda: "Pinned as 1 in the basket main" in notices(app))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, EvidenceScreen) and bool(app.screen.query("EvidenceItem")))
        await pilot.press("space")
        await until(pilot, lambda: "Pinned before: it is 1" in notices(app))
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.source_in_hand is not None)
        await pilot.press("space")
        await until(pilot, lambda: notices(app).count("Pinned before") == 2)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, BasketScreen) and len(app.screen.basket.pins) == 1)
        (pin,) = baskets.read("main").pins
        assert pin.passage.citation.quote == app.chat.source_in_hand.quote  # type: ignore[union-attr]
        assert pin.passage.asked is not None
        assert pin.passage.asked.question == app.conversation.turns[0].question
        assert (pin.passage.prefix or pin.passage.suffix) != ""


@pytest.mark.parametrize(("key", "name"), [("x", "answer"), ("ctrl+s", "conversation")])
async def test_an_answer_and_a_conversation_are_exported_by_key(
    answering: AnsweringServices, key: str, name: str
) -> None:
    app = ChatApp(answering)
    async with app.run_test(size=SMALL) as pilot:
        await ask(pilot)
        await pilot.press("escape", key)
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        assert f"Export this {name}" in said(app.screen, ".dialog-title")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "written to" in notices(app))
        question = app.conversation.turns[0].question
    (file,) = Path.cwd().glob("*.md")
    text = file.read_text(encoding="utf-8")
    assert question in text
    assert "index generation" in text


async def test_what_cannot_be_pinned_or_exported_is_said(answering: AnsweringServices) -> None:
    app = ChatApp(answering)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.chat.assistant is not None)
        await pilot.press("escape", "space", "x", "ctrl+s")
        await pilot.pause()
        for words in ("no quotation to pin", "no answer to export", "Nothing was asked yet"):
            assert words in notices(app)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_basket(services: ChatServices, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(Host(services, screen=BasketScreen), terminal_size=size, run_before=pressed("down", "down"))


def test_basket_in_a_light_theme(services: ChatServices, snap_compare: SnapCompare) -> None:
    light = replace(services, preferences=Preferences(theme="textual-light", reduced_motion=True))
    host = Host(light, screen=BasketScreen)
    assert snap_compare(host, terminal_size=LARGE, run_before=pressed("down"))


@pytest.mark.parametrize(("keys", "name"), [(("n",), "note"), (("h",), "heading"), (("x",), "export")])
def test_basket_windows(services: ChatServices, snap_compare: SnapCompare, keys: tuple[str, ...], name: str) -> None:
    assert snap_compare(Host(services, screen=BasketScreen), run_before=pressed(*keys))


def test_empty_basket(
    make_services: Callable[..., ChatServices],
    snap_compare: SnapCompare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert snap_compare(Host(make_services(tmp_path / ".qa"), screen=BasketScreen), run_before=pressed())
