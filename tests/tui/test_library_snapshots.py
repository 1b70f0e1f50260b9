"""How the library looks, in each of its states."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from index.sync_report import Progress, SyncReport
from qa.cli.chat_services import ChatServices
from qa.tui.screens.library import LibraryScreen
from qa.tui.services import Preferences
from tests.tui.conftest import MakeServices
from tests.tui.hosts import Host, settle

SMALL, LARGE, NARROW = (80, 24), (120, 40), (60, 24)

SnapCompare = Callable[..., bool]


class Halfway(ChatServices):
    """Its indexing stands still half way until it is stopped.

    Half of a bar is drawn alike whether it was as wide as now when it was told, or not shown yet.
    """

    def sync(
        self,
        folders: Sequence[Path],
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None] = lambda _: None,
        allow_removal: bool = False,
    ) -> SyncReport:
        on_progress(Progress(files=170, files_total=340, passages=900, elapsed_s=180.0))
        while not cancelled():
            time.sleep(0.01)
        return SyncReport(interrupted=True)


def pressed(*keys: str) -> Callable[[Pilot[Any]], Any]:
    """Press keys, each when the one before has been followed."""

    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


def change_files(folder: Path) -> None:
    """One file new, one changed, one gone, one empty."""
    (folder / "later.txt").write_text("date 2025-05-05 Something new stands here.\n", encoding="utf-8")
    (folder / "dart-impact.txt").write_text("date 2022-09-27 Another text stands here now.\n", encoding="utf-8")
    (folder / "us-auto-tariffs.txt").unlink()
    (folder / "empty.txt").write_text("", encoding="utf-8")


@pytest.mark.parametrize("size", [SMALL, LARGE, NARROW], ids=["80x24", "120x40", "60x24"])
def test_library(own_services: ChatServices, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(Host(own_services, screen=LibraryScreen), terminal_size=size, run_before=pressed())


def test_library_in_a_light_theme(own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    change_files(tmp_path / "articles")
    light = replace(own_services, preferences=Preferences(theme="textual-light", reduced_motion=True))
    assert snap_compare(Host(light, screen=LibraryScreen), terminal_size=LARGE, run_before=pressed())


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_changed_files(
    own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path, size: tuple[int, int]
) -> None:
    change_files(tmp_path / "articles")
    assert snap_compare(Host(own_services, screen=LibraryScreen), terminal_size=size, run_before=pressed("S"))


def test_filter(own_services: ChatServices, snap_compare: SnapCompare) -> None:
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed("slash", *"nato"))


def test_preview(own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    change_files(tmp_path / "articles")
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed("r"))


def test_report(own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    change_files(tmp_path / "articles")
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed("r", "enter"))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_indexing(own_services: ChatServices, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    services = Halfway(
        context=own_services.context,
        paths=own_services.paths,
        preferences=own_services.preferences,
        now=own_services.now,
    )
    host = Host(services, screen=LibraryScreen)

    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        host.index_job.start()
        while host.index_job.state.progress is None:
            await pilot.pause(0.01)
        await pilot.pause(0.2)

    assert snap_compare(host, terminal_size=size, run_before=run)


def test_removal(own_services: ChatServices, snap_compare: SnapCompare) -> None:
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed("delete"))


def test_add_a_folder(own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    for name in ("news", "newsletters"):
        (tmp_path / name).mkdir()
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed("a", *"new"))


def test_empty_library(make_services: MakeServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    assert snap_compare(Host(make_services(tmp_path / ".qa"), screen=LibraryScreen), run_before=pressed())


def test_hostile_titles(own_services: ChatServices, snap_compare: SnapCompare, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    hostile = "date 2025-08-03 [red]Press [@click=app.quit]here[/] \u202edlrow \x1b[2J now. More text.\n"
    (folder / "hostile\x1b[2J.txt").write_text(hostile, encoding="utf-8")
    wide = f"---\ntitle: {'在日米軍の兵力' * 12}\ndate: 2025-08-01\n---\n兵力は五万四千人だ。\n"
    (folder / "wide.md").write_text(wide, encoding="utf-8")
    own_services.sync([folder], on_progress=lambda _: None, cancelled=lambda: False)
    assert snap_compare(Host(own_services, screen=LibraryScreen), run_before=pressed())
