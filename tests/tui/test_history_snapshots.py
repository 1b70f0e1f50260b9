"""How the history looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.cli.chat_services import ChatServices
from qa.history import History
from qa.tui.screens.history import HistoryScreen
from qa.tui.services import Preferences
from tests.tui.conftest import MakeServices
from tests.tui.hosts import Host
from tests.tui.kept import kept_answer
from tests.tui.test_library_snapshots import LARGE, NARROW, SMALL, SnapCompare, pressed


@pytest.fixture
def services(make_services: MakeServices, tmp_path: Path) -> ChatServices:
    """Some conversations of a week; they need no index."""
    history = History(tmp_path / "history.sqlite")
    asked: list[tuple[str, str | None, str]] = [
        ("How many US troops are in Japan?", "54,000", "2025-05-30T08:00:00+00:00"),
        ("When did Finland join NATO?", "on Tuesday", "2025-05-31T11:20:00+00:00"),
        ("Who won the World Cup in Qatar?", "Argentina", "2025-06-01T18:40:00+00:00"),
        ("在日米軍の兵力は何人ですか?", "五万四千人", "2025-06-01T19:02:00+00:00"),
        ("Who was crowned in Paris?", None, "2025-06-02T08:12:00+00:00"),
    ]
    for question, text, moment in asked:
        conversation = history.start()
        history.append(conversation, kept_answer(question, text, asked_at=moment))
        if text == "Argentina":
            history.append(conversation, kept_answer("And who lost?", "France", asked_at="2025-06-01T18:41:00+00:00"))
    return replace(make_services(tmp_path / ".qa"), history=history)


@pytest.mark.parametrize("size", [SMALL, LARGE, NARROW], ids=["80x24", "120x40", "60x24"])
def test_history(services: ChatServices, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    keys = ("down", "down")
    assert snap_compare(Host(services, screen=HistoryScreen), terminal_size=size, run_before=pressed(*keys))


def test_history_in_a_light_theme(services: ChatServices, snap_compare: SnapCompare) -> None:
    light = replace(services, preferences=Preferences(theme="textual-light", reduced_motion=True))
    assert snap_compare(Host(light, screen=HistoryScreen), terminal_size=LARGE, run_before=pressed("down", "down"))


@pytest.mark.parametrize(
    ("keys", "name"), [(("slash", *"japan"), "search"), (("r",), "rename"), (("delete",), "delete")]
)
def test_history_windows(services: ChatServices, snap_compare: SnapCompare, keys: tuple[str, ...], name: Any) -> None:
    assert snap_compare(Host(services, screen=HistoryScreen), run_before=pressed(*keys))


def test_empty_history(make_services: MakeServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    services = replace(make_services(tmp_path / ".qa"), history=History(tmp_path / "history.sqlite"))
    assert snap_compare(Host(services, screen=HistoryScreen), run_before=pressed())
