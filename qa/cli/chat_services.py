"""What the terminal chat may call, made from the context of a command."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.resources import data_folder
from qa.tui.services import ArticleRow, ConversationStore, Paths, Preferences

if TYPE_CHECKING:
    from index.encode import Encoder
    from index.entities import Article, Filter, Place, Sentence
    from index.store import Store
    from index.sync_report import Progress, SyncReport
    from qa.assistant import Assistant
    from qa.cli.chat_reports import ChatReports
    from qa.cli.context import Context
    from qa.entities import Answer

__all__ = ["ChatServices"]

THEME_FILE = "theme"
CHARS_PER_WORD = 6
"""Of English news text, the space included."""


def _local_now() -> datetime:
    return datetime.now().astimezone()


@dataclass(kw_only=True)
class ChatServices:
    """See `qa.tui.services.Services`. Every reading call opens the store for itself, so any thread may make it."""

    context: Context
    paths: Paths
    preferences: Preferences = field(default_factory=Preferences)
    history: ConversationStore | None = None
    now: Callable[[], datetime] = _local_now

    @property
    def reports(self) -> ChatReports:
        """See `Services.reports`."""
        from qa.cli.chat_reports import ChatReports

        return ChatReports(baskets=self.context.baskets, index=self.paths.index, now=self.now)

    def index_exists(self) -> bool:
        """See `Services.index_exists`."""
        from index.schema import STORE_FILE

        return (self.paths.index / STORE_FILE).is_file()

    def open_assistant(self) -> Assistant:
        """See `Services.open_assistant`."""
        assistant = self.context.open_assistant()
        assistant.ask("Is everything loaded?")  # encoder, vectors and reader are loaded with the first question
        return assistant

    def resolve_filter(
        self, *, since: str | None = None, until: str | None = None, source: str | None = None, article: str = ""
    ) -> Filter:
        """See `Services.resolve_filter`."""
        from qa.cli.filters import FilterOptions

        if article and (places := self.places(article)):
            root = places[0].root.rstrip("/").rpartition("/")[2]
            source = glob.escape(f"{root}/{places[0].path}")
        return FilterOptions(since=since, until=until, source=source, now=self.now()).resolve()

    def count_allowed(self, where: Filter) -> tuple[int, int]:
        """See `Services.count_allowed`."""
        with self._store() as store:
            counts = store.count_allowed(where)
            return counts.allowed, counts.total

    def article(self, article_id: str) -> Article | None:
        """See `Services.article`."""
        with self._store() as store:
            return store.article(article_id)

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """See `Services.sentences`."""
        with self._store() as store:
            return store.sentences(article_id)

    def places(self, article_id: str) -> tuple[Place, ...]:
        """See `Services.places`."""
        with self._store() as store:
            return store.places(article_id)

    def recheck(self, answer: Answer) -> Answer:
        """See `Services.recheck`."""
        from qa.history.recheck import recheck

        if not self.index_exists():
            return recheck(answer, None)
        with self._store() as store:
            return recheck(answer, store)

    def list_articles(self) -> tuple[ArticleRow, ...]:
        """See `Services.list_articles`."""
        from index.listing import list_articles

        with self._store() as store:
            rows, _ = list_articles(store)
        return tuple(
            ArticleRow(
                id=row.id,
                title=row.title,
                date=row.date,
                outlet=row.outlet,
                path=row.places[0].file if row.places else "",
                words=round(row.length_chars / CHARS_PER_WORD),
                sentences=row.sentences,
                place=row.places[0] if row.places else None,
                copies=len(row.places),
            )
            for row in rows
        )

    def preview(self, folders: Sequence[Path]) -> SyncReport:
        """See `Services.preview`."""
        from index.store import Store
        from index.sync import SyncOptions, check

        options = SyncOptions(exclude=self.context.settings.exclude, reading=self.context.read_options)
        if not self.index_exists():
            return check(None, folders, options)
        with self._store() as store:
            assert isinstance(store, Store)
            return check(store, folders, options)

    def sync(
        self,
        folders: Sequence[Path],
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None] = lambda _: None,
        allow_removal: bool = False,
    ) -> SyncReport:
        """See `Services.sync`."""
        from index.encode import ensure_export
        from index.survey import targets
        from index.sync import SyncOptions, sync
        from index.writer import Writer

        context, settings = self.context, self.context.settings
        if not self.index_exists():
            targets(None, folders)  # a mistyped path leaves no empty index behind
        options = SyncOptions(
            exclude=settings.exclude,
            reading=context.read_options,
            consent=lambda _removed, _total: allow_removal,
            stop=cancelled,
            progress=on_progress,
        )

        def load() -> Encoder:
            on_report("loading the encoder")
            encoder = context.encoder
            on_report("")
            return encoder

        with Writer.open(self.paths.index, report=on_report) as writer:
            report = sync(writer, folders, options, model=context.model, load=load)
            articles = writer.count("articles")
        if articles:
            ensure_export(context.model, cache_dir=context.cache_dir, report=on_report)
        return report

    def index_samples(
        self,
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None] = lambda _: None,
    ) -> SyncReport:
        """See `Services.index_samples`."""
        return self.sync([data_folder("seeds")], on_progress=on_progress, cancelled=cancelled, on_report=on_report)

    def remove(self, article_id: str) -> None:
        """See `Services.remove`."""
        from index.removal import remove_articles
        from index.writer import Writer

        with Writer.open_existing(self.paths.index, report=self.context.report) as writer:
            remove_articles(writer, (article_id,))

    def settings_file(self) -> Path:
        """See `Services.settings_file`."""
        from qa.settings import write_template

        file = self.context.user_file
        if not file.exists():
            write_template(file)
        return file

    def remembered_theme(self) -> str | None:
        """See `Services.remembered_theme`."""
        try:
            return (self.paths.state / THEME_FILE).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def remember_theme(self, name: str) -> None:
        """See `Services.remember_theme`."""
        self.paths.state.mkdir(parents=True, exist_ok=True)
        (self.paths.state / THEME_FILE).write_text(f"{name}\n", encoding="utf-8")

    @contextmanager
    def _store(self) -> Iterator[Store]:
        from index.store import Store

        store = Store.open(self.paths.index)
        try:
            yield store
        finally:
            store.close()
