"""The library: articles listed, sorted, filtered, read, added, indexed again and removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.coordinate import Coordinate
from textual.pilot import Pilot
from textual.widgets import Footer, Input, ProgressBar, Sparkline
from textual.widgets._footer import FooterKey

from qa.cli.chat_services import ChatServices
from qa.tui.messages import IndexDone
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.index_job import PreviewScreen, ReportScreen
from qa.tui.screens.library import LibraryScreen
from qa.tui.screens.library_add import AddFolderScreen, folders_beginning
from qa.tui.screens.library_table import ArticleTable
from qa.tui.screens.reader import ReaderScreen
from tests.tui.hosts import Bottom, GatedEncoder, Host, PackagedDouble, notices, said, settle

ARTICLES = 19


def library(pilot: Pilot[Any]) -> LibraryScreen:
    screen = next(screen for screen in pilot.app.screen_stack if isinstance(screen, LibraryScreen))
    assert isinstance(screen, LibraryScreen)
    return screen


def shown(pilot: Pilot[Any]) -> type:
    return type(pilot.app.screen)


def column(table: ArticleTable, name: str) -> list[str]:
    return [str(cell) for cell in table.get_column(name)]


def titles(pilot: Pilot[Any]) -> list[str]:
    return column(library(pilot).table, "title")


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def gate(services: ChatServices) -> GatedEncoder:
    encoder = GatedEncoder(services.context.model)
    services.context.__dict__["encoder"] = encoder
    return encoder


async def test_all_articles_are_listed_newest_first_with_their_months_in_words(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        table = library(pilot).table
        dates = column(table, "date")
        assert len(dates) == ARTICLES
        assert dates == sorted(dates, reverse=True)
        assert said(library(pilot), "#library-title") == "Library · 19 articles"
        assert said(library(pilot), "#library-range") == "2022-07 to 2025-07 · most in 2022-12: 2"
        counts = library(pilot).query_one(Sparkline).data
        assert counts is not None
        assert (len(counts), sum(counts)) == (37, ARTICLES)
        assert said(library(pilot), "#library-status") == "the index is up to date with its folders"


async def test_s_sorts_by_the_next_column_and_capital_s_the_other_way_round(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        in_hand = library(pilot).table.in_hand
        await pilot.press("s")
        assert titles(pilot) == sorted(titles(pilot), key=str.casefold)
        assert said(library(pilot), "#library-sort") == "by title, A to Z (s)"
        assert library(pilot).table.in_hand == in_hand, "the row in hand stays in hand"
        await pilot.press("S")
        assert titles(pilot) == sorted(titles(pilot), key=str.casefold, reverse=True)
        await pilot.click("#library-sort")
        assert said(library(pilot), "#library-sort") == "by outlet, A to Z (s)"


async def test_a_click_on_a_heading_sorts_by_it_and_a_second_one_the_other_way_round(
    own_services: ChatServices,
) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.click(ArticleTable, offset=(66, 0))
        assert said(library(pilot), "#library-sort") == "by words, most first (s)"
        words = [int(value) for value in column(library(pilot).table, "words")]
        assert words == sorted(words, reverse=True)
        await pilot.click(ArticleTable, offset=(66, 0))
        assert said(library(pilot), "#library-sort") == "by words, fewest first (s)"


async def test_the_filter_leaves_the_articles_with_all_words_and_esc_ends_it(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"nato 2024")
        await settle(pilot)
        assert said(library(pilot), "#library-title") == "Library · 2 of 19 articles"
        assert "most in 2024-03: 1" in said(library(pilot), "#library-range")
        await pilot.press("enter")
        assert isinstance(pilot.app.focused, ArticleTable)
        await pilot.press("escape")
        await settle(pilot)
        assert len(titles(pilot)) == ARTICLES
        assert isinstance(pilot.app.screen, LibraryScreen), "only the filter ended"


async def test_a_filter_that_leaves_nothing_says_so(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"[b]zeppelin")
        await settle(pilot)
        assert "No article holds “[b]zeppelin”" in said(library(pilot), "#library-empty")
        assert library(pilot).query_one("#library-empty").display


async def test_enter_opens_the_article_in_the_reader(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        reader = pilot.app.screen
        assert isinstance(reader, ReaderScreen)
        assert said(reader, "#reader-title") == titles(pilot)[1][:-1] or titles(pilot)[1] in said(
            reader, "#reader-title"
        )
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_click_takes_a_row_and_a_second_click_opens_it_in_whichever_column(
    own_services: ChatServices,
) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.click(ArticleTable, offset=(5, 4))
        assert library(pilot).table.cursor_row == 3
        assert shown(pilot) is LibraryScreen
        await pilot.click(ArticleTable, offset=(40, 4))
        assert shown(pilot) is ReaderScreen


async def test_files_that_are_new_changed_or_missing_are_marked(own_services: ChatServices, tmp_path: Path) -> None:
    write(tmp_path / "articles", "later.txt", "date 2025-05-05 Something new stands here.\n")
    write(tmp_path / "articles", "dart-impact.txt", "date 2022-09-27 Another text stands here now.\n")
    (tmp_path / "articles/us-auto-tariffs.txt").unlink()
    async with Host(own_services, screen=LibraryScreen).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        table = library(pilot).table
        states = dict(zip(column(table, "file"), column(table, "state"), strict=True))
        assert {file: state for file, state in states.items() if state} == {
            "later.txt": "new",
            "dart-impact.txt": "changed",
            "us-auto-tariffs.txt": "missing",
        }
        assert said(library(pilot), "#library-status") == "r indexes: 1 new, 1 changed, 1 removed"
        await pilot.press("G")
        assert "not indexed yet: r indexes it" in said(library(pilot), "#library-detail")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, LibraryScreen), "there is nothing to read yet"
        assert "not indexed yet" in notices(pilot.app)  # type: ignore[arg-type]  # a ChatApp


async def test_r_shows_what_would_change_and_esc_changes_nothing(own_services: ChatServices, tmp_path: Path) -> None:
    write(tmp_path / "articles", "later.txt", "date 2025-05-05 Something new stands here.\n")
    write(tmp_path / "articles", "empty.txt", "")
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        preview = pilot.app.screen
        assert isinstance(preview, PreviewScreen)
        assert said(preview, "#preview-counts") == "1 new; 1 without an article"
        assert "articles/later.txt" in said(preview, "#preview-files")
        assert "articles/empty.txt" in said(preview, "#preview-files")
        await pilot.press("escape")
        await settle(pilot)
        assert len(own_services.list_articles()) == ARTICLES
        assert not library(pilot).job.state.report


async def test_indexing_what_the_preview_showed_brings_it_into_the_table(
    own_services: ChatServices, tmp_path: Path
) -> None:
    write(tmp_path / "articles", "later.txt", "date 2025-05-05 Something new stands here.\n")
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.click("#preview-go")
        await settle(pilot)
        assert "Something new stands here." in titles(pilot)
        assert said(library(pilot), "#library-title") == "Library · 20 articles"
        assert said(library(pilot), "#library-status") == "the index is up to date with its folders"


async def test_without_changes_the_preview_offers_nothing_but_to_close(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert said(pilot.app.screen, "#preview-counts") == "Nothing would change"
        assert not pilot.app.screen.query_one("#preview-go").display
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_a_folder_is_added_by_its_name_which_tab_completes(own_services: ChatServices, tmp_path: Path) -> None:
    (tmp_path / "morefolders").mkdir()
    write(tmp_path / "morefolders", "a.txt", "date 2024-01-01 The first of more articles.\n")
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press(*"mo")
        await settle(pilot)
        await pilot.press("tab")
        assert pilot.app.screen.query_one(Input).value == "morefolders/"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PreviewScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert "The first of more articles." in titles(pilot)


async def test_a_folder_is_chosen_from_the_list_by_key_and_by_mouse(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("down", "enter")
        assert pilot.app.screen.query_one(Input).value == "articles/"
        pilot.app.screen.query_one(Input).value = ""
        await settle(pilot)
        await pilot.click("#add-folders", offset=(3, 0))
        assert pilot.app.screen.query_one(Input).value == "articles/"


async def test_a_folder_that_is_not_there_is_said_to_be_so_and_stays_in_the_line(own_services: ChatServices) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("a", *"nowhere", "enter")
        await settle(pilot)
        assert shown(pilot) is AddFolderScreen
        assert said(pilot.app.screen, "#add-problem") == "nowhere does not exist; check its name"
        assert pilot.app.screen.query_one(Input).value == "nowhere"
        await pilot.press("escape")
        assert shown(pilot) is LibraryScreen


def test_folders_are_completed_below_any_path_and_hidden_ones_only_after_a_dot(tmp_path: Path) -> None:
    for name in ("news", "new york", ".newer"):
        (tmp_path / name / "inner").mkdir(parents=True)
    write(tmp_path, "newspaper.txt", "no folder")
    assert folders_beginning(f"{tmp_path}/ne") == (f"{tmp_path}/new york/", f"{tmp_path}/news/")
    assert folders_beginning(f"{tmp_path}/.") == (f"{tmp_path}/.newer/",)
    assert folders_beginning(f"{tmp_path}/news/") == (f"{tmp_path}/news/inner/",)
    assert folders_beginning(f"{tmp_path}/nowhere/x") == ()


async def test_removing_asks_says_that_the_file_stays_and_keeps_it(own_services: ChatServices, tmp_path: Path) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        title = titles(pilot)[0]
        await pilot.press("delete")
        question = pilot.app.screen
        assert isinstance(question, ConfirmScreen)
        assert title in said(question, ".dialog-title")
        assert "The file itself stays: articles/us-japan-trade-deal.txt" in said(question, ".dialog-text")
        await pilot.press("enter")  # the focus is on "Keep"
        await settle(pilot)
        assert titles(pilot)[0] == title
        await pilot.press("delete", "y")
        await settle(pilot)
        assert title not in titles(pilot)
        assert len(own_services.list_articles()) == ARTICLES - 1
        assert (tmp_path / "articles/us-japan-trade-deal.txt").exists()
        assert "Removed from the index." in notices(pilot.app)  # type: ignore[arg-type]  # a ChatApp
        bottom = pilot.app.screen_stack[0]
        assert isinstance(bottom, Bottom)
        assert [type(message) for message in bottom.heard] == [IndexDone], "the chat counts the articles anew"


async def test_removing_one_article_of_a_file_says_how_many_more_go_with_it(
    own_services: ChatServices, tmp_path: Path
) -> None:
    rows = "".join(f"Row {n},2026-01-0{n},The ferry number {n} has left the port of Kobe.\n" for n in (1, 2, 3))
    write(tmp_path / "articles", "wire.csv", f"title,date,text\n{rows}")
    own_services.sync([], on_progress=lambda _: None, cancelled=lambda: False)
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        assert titles(pilot)[:3] == ["Row 3", "Row 2", "Row 1"]
        assert "articles/wire.csv#" in said(library(pilot), "#library-detail")
        await pilot.press("delete")
        assert "2 more articles of this file go with it" in said(pilot.app.screen, ".dialog-text")
        await pilot.press("y")
        await settle(pilot)
        assert len(own_services.list_articles()) == ARTICLES


async def test_more_than_a_tenth_that_is_gone_is_kept_until_a_yes(own_services: ChatServices, tmp_path: Path) -> None:
    for file in sorted((tmp_path / "articles").glob("*.txt"))[:3]:
        file.unlink()
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "3 of 19 are no longer there, more than a tenth" in said(pilot.app.screen, "#preview-text")
        await pilot.press("enter")
        await settle(pilot)
        assert "3 articles are no longer there" in said(pilot.app.screen, ".dialog-title")
        assert len(own_services.list_articles()) == ARTICLES
        await pilot.press("n")
        await settle(pilot)
        assert len(own_services.list_articles()) == ARTICLES, "kept"
        assert isinstance(pilot.app.screen, LibraryScreen), "asked once"
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert len(own_services.list_articles()) == ARTICLES - 3


async def test_files_without_an_article_are_listed_when_the_indexing_has_ended(
    own_services: ChatServices, tmp_path: Path
) -> None:
    write(tmp_path / "articles", "later.txt", "date 2025-05-05 Something new stands here.\n")
    write(tmp_path / "articles", "empty.txt", "")
    async with Host(own_services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReportScreen)
        assert "articles/empty.txt" in str(pilot.app.screen.query("Static").last().render())
        await pilot.press("escape", "e")
        assert isinstance(pilot.app.screen, ReportScreen), "e shows it again"
        await pilot.press("escape")
        await pilot.click("#library-status")
        assert isinstance(pilot.app.screen, ReportScreen), "so does a click on what is said of it"


async def test_an_indexing_shows_how_far_it_is_and_survives_leaving_the_screen(
    own_services: ChatServices, tmp_path: Path
) -> None:
    for number in range(3):
        write(tmp_path / "articles", f"new{number}.txt", f"date 2025-05-05 New article {number} stands here.\n")
    encoder = gate(own_services)
    host = Host(own_services, screen=LibraryScreen)
    async with host.run_test() as pilot:
        await settle(pilot)
        host.index_job.start()
        while not encoder.reached.is_set():
            await pilot.pause(0.01)
        await pilot.pause(0.2)
        screen = library(pilot)
        assert said(screen, "#library-status").startswith("indexing")
        assert screen.query_one(ProgressBar).display
        await pilot.press("escape", "n")
        assert not any(isinstance(one, LibraryScreen) for one in host.screen_stack)
        assert host.index_job.state.running
        encoder.gate.set()
        await settle(pilot)
        assert len(own_services.list_articles()) == ARTICLES + 3


@pytest.mark.parametrize("keys", [("ctrl+c",), ("escape", "y"), ()])
async def test_stopping_keeps_what_is_done(own_services: ChatServices, tmp_path: Path, keys: tuple[str, ...]) -> None:
    for number in range(3):
        write(tmp_path / "articles", f"new{number}.txt", f"date 2025-05-05 New article {number} stands here.\n")
    encoder = gate(own_services)
    host = Host(own_services, screen=LibraryScreen)
    async with host.run_test() as pilot:
        await settle(pilot)
        host.index_job.start()
        while not encoder.reached.is_set():
            await pilot.pause(0.01)
        await pilot.pause(0.2)
        if keys:
            await pilot.press(*keys)
        else:
            await pilot.click("#library-stop")
        await pilot.pause()
        assert "finishing the article in hand" in said(library(pilot), "#library-status")
        encoder.gate.set()
        await settle(pilot)
        report = host.index_job.state.report
        assert report is not None
        assert report.interrupted
        assert len(own_services.list_articles()) == ARTICLES + 1, "the article in hand"
        assert said(library(pilot), "#library-status") == "r indexes: 2 new"


async def test_nothing_is_removed_or_added_while_something_is_indexed(
    own_services: ChatServices, tmp_path: Path
) -> None:
    write(tmp_path / "articles", "later.txt", "date 2025-05-05 Something new stands here.\n")
    encoder = gate(own_services)
    host = Host(own_services, screen=LibraryScreen)
    async with host.run_test() as pilot:
        await settle(pilot)
        host.index_job.start()
        while not encoder.reached.is_set():
            await pilot.pause(0.01)
        for key in ("delete", "a", "r"):
            await pilot.press(key)
            assert isinstance(host.screen, LibraryScreen), key
        assert "ctrl+c stops it" in notices(host)
        encoder.gate.set()
        await settle(pilot)


async def test_without_an_index_the_screen_says_how_to_begin(
    in_environment: None, make_services: Any, tmp_path: Path
) -> None:
    services = make_services(tmp_path / ".qa")
    services.context.__dict__["encoder"] = PackagedDouble(services.context.model)
    async with Host(services, screen=LibraryScreen).run_test() as pilot:
        await settle(pilot)
        assert "Press a to add a folder" in said(library(pilot), "#library-empty")
        await pilot.press("enter", "delete", "s", "g", "G")  # nothing is in hand
        await pilot.press("r")
        assert isinstance(pilot.app.screen, AddFolderScreen), "there is nothing to look through but a new folder"
        (tmp_path / "news").mkdir()
        write(tmp_path / "news", "a.txt", "date 2024-01-01 The very first article.\n")
        pilot.app.screen.query_one(Input).value = f"{tmp_path}/news"
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert titles(pilot) == ["The very first article."]
        assert isinstance(pilot.app.focused, ArticleTable), "keys act on it at once"


async def test_a_folder_that_is_not_mounted_is_named_and_its_articles_stay(
    own_services: ChatServices, tmp_path: Path
) -> None:
    (tmp_path / "articles").rename(tmp_path / "elsewhere")
    async with Host(own_services, screen=LibraryScreen).run_test(size=(200, 24)) as pilot:
        await settle(pilot)
        assert len(titles(pilot)) == ARTICLES
        assert "is in the index but is not there" in said(library(pilot), "#library-status")


async def test_hostile_and_wide_titles_are_shown_as_text_and_cut_in_cells(
    own_services: ChatServices, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write(folder, "hostile.txt", "[red]Press [@click=app.quit]here[/] \u202edlrow \x1b[2J now. More text.\n")
    write(folder, "wide.md", f"---\ntitle: {'在日米軍の兵力' * 12}\ndate: 2025-08-01\n---\n兵力は五万四千人だ。\n")
    write(folder, "arabic.md", f"---\ntitle: {'القوات الأمريكية في اليابان ' * 6}\ndate: 2025-08-02\n---\nنص قصير.\n")
    own_services.sync([folder], on_progress=lambda _: None, cancelled=lambda: False)
    for width in (60, 80, 120):
        async with Host(own_services, screen=LibraryScreen).run_test(size=(width, 24)) as pilot:
            await settle(pilot)
            table = library(pilot).table
            assert any("[red]Press [@click=app.quit]here[/]" in title for title in titles(pilot))
            assert not any(character in title for title in titles(pilot) for character in "\x1b\u202e")
            assert table.virtual_size.width <= table.size.width, width
            row = next(at for at, title in enumerate(titles(pilot)) if title.startswith("在日"))
            line = "".join(segment.text for segment in table.render_line(row + 1))
            assert cell_len(line) == table.size.width
            assert table.get_row_at(row)[1] == table.get_cell_at(Coordinate(row, 1))


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_footer_shows_six_keys_that_fit(own_services: ChatServices, width: int) -> None:
    async with Host(own_services, screen=LibraryScreen).run_test(size=(width, 24)) as pilot:
        await settle(pilot)
        keys = [key for key in library(pilot).query_one(Footer).query(FooterKey) if key.display]
        descriptions = [key.description for key in keys if key.description not in {"Help", "Commands"}]
        assert descriptions == ["Read", "Filter", "Add", "Re-index", "Remove", "Back"]
        assert keys[-1].region.right <= width
