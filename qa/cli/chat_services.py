"""What the terminal chat may call, made from the context of a command."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
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
    from qa.entities import Answer, Citation, RelatedPassage
    from qa.report.cited import CitedPassage
    from qa.report.verify_report import Report
    from qa.report.whence import Match

__all__ = ["ChatServices"]

THEME_FILE = "theme"
STYLE_FILE = "citation-style"
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

    def cite(self, sources: Sequence[Citation | RelatedPassage], *, accessed: date) -> tuple[CitedPassage, ...]:
        """See `Services.cite`."""
        from qa.report.passages import cite_sources

        if not self.index_exists():
            return cite_sources(sources, None, accessed=accessed)
        with self._store() as store:
            return cite_sources(sources, store, accessed=accessed)

    def verify(self, file: Path) -> Report:
        """See `Services.verify`."""
        from qa.cli.verify import check_draft, read_bytes
        from qa.report.drafts import read_draft

        data = read_bytes(str(file), max_bytes=self.context.settings.max_file_mb * 1_000_000)
        draft = read_draft(str(file), data, suffix=file.suffix.lower())
        with self._store() as store:
            return check_draft(self.context, store, draft, data)

    def whence(self, excerpt: str) -> tuple[Match, ...]:
        """See `Services.whence`."""
        from qa.cli.whence import MOST_PLACES, find_whence

        searcher = self.context.open_searcher()
        try:
            with searcher.store.snapshot():
                return find_whence(searcher, excerpt, k=MOST_PLACES)
        finally:
            searcher.close()

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
        return self._remembered(THEME_FILE)

    def remember_theme(self, name: str) -> None:
        """See `Services.remember_theme`."""
        self._remember(THEME_FILE, name)

    def remembered_style(self) -> str | None:
        """See `Services.remembered_style`."""
        return self._remembered(STYLE_FILE)

    def remember_style(self, name: str) -> None:
        """See `Services.remember_style`."""
        self._remember(STYLE_FILE, name)

    def _remembered(self, name: str) -> str | None:
        try:
            return (self.paths.state / name).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def _remember(self, name: str, value: str) -> None:
        self.paths.state.mkdir(parents=True, exist_ok=True)
        (self.paths.state / name).write_text(f"{value}\n", encoding="utf-8")

    @contextmanager
    def _store(self) -> Iterator[Store]:
        from index.store import Store

        store = Store.open(self.paths.index)
        try:
            yield store
        finally:
            store.close()
