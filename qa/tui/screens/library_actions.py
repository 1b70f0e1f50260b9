"""What keys, the palette and clicks do in the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import work
from textual.widgets import Input

from qa.tui.indexing import status_words
from qa.tui.screens.confirm import ConfirmScreen
from qa.tui.screens.library_rows import Column, removal_words
from qa.tui.screens.library_table import ArticleTable
from qa.tui.workers import explain_failure
from qa.visible import one_line

if TYPE_CHECKING:
    from textual.screen import Screen

    from qa.tui.app import ChatApp
    from qa.tui.indexing import IndexJob
    from qa.tui.services import ArticleRow, Services

    Base = Screen[None]
else:
    Base = object

__all__ = ["LibraryActions"]


class LibraryActions(Base):
    """Actions of the library screen."""

    services: Services
    articles: tuple[ArticleRow, ...]
    _sorted: tuple[Column, bool]
    _typed: str

    @property
    def job(self) -> IndexJob:
        """The app's indexing."""
        return cast("ChatApp", self.app).index_job

    @property
    def table(self) -> ArticleTable:
        """The articles."""
        return self.query_one(ArticleTable)

    def sort(self, column: Column, *, backwards: bool) -> None:
        """Sort by a column."""
        raise NotImplementedError

    # --- articles ----------------------------------------------------------------------------------------------

    def action_read(self) -> None:
        """Open the article in hand."""
        row = self.table.in_hand
        if row is None:
            return
        if row.article is None:
            self._say("This file is not indexed yet; r indexes it.")
            return
        from qa.tui.screens.reader import ReaderScreen

        self.app.push_screen(ReaderScreen(self.services, row.article.id))

    def action_sort(self) -> None:
        """Sort by the next column."""
        columns = list(Column)
        self.sort(columns[(columns.index(self._sorted[0]) + 1) % len(columns)], backwards=False)

    def action_reverse(self) -> None:
        """Sort the other way round."""
        column, backwards = self._sorted
        self.sort(column, backwards=not backwards)

    def action_filter(self) -> None:
        """Open the filter's line."""
        line = self.query_one("#library-filter", Input)
        line.add_class("-shown")
        line.focus()

    def end_filter(self) -> None:
        """Show all articles again."""
        line = self.query_one("#library-filter", Input)
        line.value = ""
        line.remove_class("-shown")
        self.table.focus()

    def action_top(self) -> None:
        """Go to the first row."""
        self.table.move_cursor(row=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.table.move_cursor(row=self.table.row_count - 1, animate=False)

    def action_remove(self) -> None:
        """Take the article in hand out of the index, once that is confirmed."""
        row = self.table.in_hand
        if row is None or row.article is None:
            self._say("There is no indexed article in hand.")
        elif self.job.state.running:
            self._say("The index is being written to; remove articles when that has ended (ctrl+c stops it).")
        else:
            article_id = row.article.id

            def answered(yes: bool | None) -> None:
                if yes:
                    self._remove(article_id)

            self.app.push_screen(
                ConfirmScreen(
                    f"Remove “{row.title}” from the index?",
                    details=removal_words(row, self.articles, self.services.paths.index),
                    yes="Remove",
                    no="Keep",
                ),
                answered,
            )

    @work(thread=True, group="library-remove")
    def _remove(self, article_id: str) -> None:
        try:
            self.services.remove(article_id)
        except Exception as error:  # the worker's outer edge: the article stays, and the person hears why
            words = one_line(explain_failure(error))
            self.app.call_from_thread(self.app.notify, words, severity="error", markup=False)
        else:
            self.job.tell_removed()  # this screen lists the articles anew, the chat counts them
            self.app.call_from_thread(self._say, "Removed from the index.")

    # --- indexing ----------------------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Name a folder to add."""
        if self._is_free():
            from qa.tui.screens.library_add import AddFolderScreen

            self.app.push_screen(AddFolderScreen(), self._preview_folder)

    def action_update(self) -> None:
        """Show what has changed in the folders that the index knows."""
        if not self._is_free():
            return
        if self.services.index_exists():
            self._preview()
        else:
            self.action_add()

    def _preview_folder(self, folder: Path | None) -> None:
        if folder is not None:
            self._preview(folder)

    def _preview(self, *folders: Path) -> None:
        from qa.tui.screens.index_job import PreviewScreen

        self.app.push_screen(
            PreviewScreen(self.services, folders, articles=len(self.articles)),
            lambda yes: self._start(*folders) if yes else None,
        )

    def _start(self, *folders: Path, allow_removal: bool = False) -> None:
        if not self.job.start(folders, allow_removal=allow_removal):
            self._say("An indexing is running already.")

    def _is_free(self) -> bool:
        """Whether nothing is being indexed; says so otherwise."""
        if self.job.state.running:
            self._say(f"One at a time: {status_words(self.job.state)}. ctrl+c stops it.")
        return not self.job.state.running

    def ask_kept(self) -> None:
        """Ask whether articles that are no longer there may go, when they are more than a tenth."""
        if not (kept := self.job.take_kept()):
            return
        self.app.push_screen(
            ConfirmScreen(
                f"{kept:,} articles are no longer there. Remove them from the index?",
                details="They are more than a tenth of all. If a disk is not mounted or a folder was moved, keep them.",
                yes="Remove them",
                no="Keep them",
            ),
            lambda yes: self._start(allow_removal=True) if yes else None,
        )

    def action_report(self) -> None:
        """How the last indexing ended, file by file."""
        if (report := self.job.state.report) is None:
            self._say("Nothing was indexed since the start.")
            return
        from qa.tui.screens.index_job import ReportScreen

        self.app.push_screen(ReportScreen(report, home=self.services.paths.index.parent))

    def action_stop(self) -> None:
        """Copy selected text, otherwise stop the indexing, otherwise say how to quit, as everywhere."""
        if self.get_selected_text():
            self.action_copy_text()
        elif not self.job.stop():
            self.app.action_help_quit()

    # --- leaving -----------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """End the filter, otherwise leave; while something is indexed, ask whether that shall stop."""
        if self._typed or self.query_one("#library-filter").has_class("-shown"):
            self.end_filter()
        elif self.job.state.running and not self.job.state.stopping:
            self.app.push_screen(
                ConfirmScreen(
                    "Stop the indexing?",
                    details="Stopping finishes the article in hand and keeps what is done; r goes on from there. "
                    "Otherwise it goes on in the background while you ask.",
                    yes="Stop",
                    no="Go on in the background",
                    safe=True,
                ),
                self._stop_or_leave,
            )
        else:
            self.dismiss()

    def _stop_or_leave(self, stop: bool | None) -> None:
        if stop:
            self.job.stop()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Go back at once; an indexing goes on."""
        self.dismiss()

    def _say(self, words: str) -> None:
        self.notify(words, markup=False)
