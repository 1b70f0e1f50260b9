"""Brings the store to the state of the folders: the one orchestrator of `index`.

The article is its text. A file that moved keeps its passages and vectors; a text that changed replaces its
article in one transaction; a text that lies nowhere any more is removed. Unchanged files cost a `stat`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index import vector_files
from index.article_rows import insert_article
from index.encode import ModelFiles
from index.formats import ReaderProcess
from index.ingest import embedded_texts, load_file, prepare
from index.parts import Work, can_be_parted, parts_of, restated_articles
from index.search import check_encoder
from index.store import Store
from index.survey import Candidate, Survey, survey, targets
from index.sync_report import FileNote, Progress, SyncOptions, SyncReport, Tally
from index.writer import FileRecord, Writer

if TYPE_CHECKING:
    from index.arrays import Vector
    from index.article_rows import NewArticle
    from index.encode import Encoder
    from index.formats import ParsedArticle
    from index.ingest import LoadedFile

__all__ = ["FileNote", "Progress", "SyncOptions", "SyncReport", "check", "sync"]

BATCH_PASSAGES = 256
"""Passages embedded at a time: enough to sort by length, few enough to commit every few seconds."""
BATCH_FILES = 64
"""Files that wait for a commit at most; moved ones have no new passages."""
REMOVAL_SHARE = 0.1
"""Removing more than this share of the articles needs consent."""


def check(store: Store | None, paths: Sequence[Path], options: SyncOptions) -> SyncReport:
    """What `sync` would do; nothing is written and nothing is embedded.

    Raises:
        InputError: a path cannot be used.
    """
    sources = targets(store, paths)
    found = survey(store, sources, exclude=options.exclude, named=paths, encoding=options.reading.encoding)
    tally = Tally(store, found)
    seen: set[str] = set()
    with ReaderProcess() as process:
        for candidate in found.candidates:
            loaded = load_file(candidate, options=options.reading, process=process)
            ids = {item.article.id for item in loaded.articles}
            tally.count(candidate, loaded, fresh={i for i in ids - seen if store is None or not store.has(i)})
            seen |= ids
    return tally.finish(interrupted=False)


def sync(
    writer: Writer,
    paths: Sequence[Path],
    options: SyncOptions,
    *,
    model: ModelFiles,
    load: Callable[[], Encoder],
) -> SyncReport:
    """Bring the store to the state of the folders.

    Args:
        writer: The store.
        paths: Folders and files to add or to bring up to date; empty for everything that is known.
        options: How to read them.
        model: The encoder that the index must have been embedded with.
        load: Loads that encoder; called only when there is something to embed.

    Raises:
        InputError: a path cannot be used.
        EncoderMismatchError: the index was embedded with another encoder.
    """
    check_encoder(writer, model.id, model.sha256)
    sources = targets(writer, paths)
    found = survey(writer, sources, exclude=options.exclude, named=paths, encoding=options.reading.encoding)
    total = writer.count("articles")
    with writer.transaction():
        for source in sources:
            writer.add_source(source)
        for problem in found.problems:
            writer.put_file(FileRecord(file=problem.path, mtime_ns=-1, size=0, problem=problem.reason))
    run = _Run(writer, found, options, load)
    run.add()
    if not run.interrupted:
        run.remove(total)
    vector_files.refresh(writer)
    writer.tidy()
    return run.finish()


class _Run:
    """One sync: reads candidates, embeds what is new in batches, commits file by file."""

    def __init__(self, writer: Writer, found: Survey, options: SyncOptions, load: Callable[[], Encoder]) -> None:
        self.writer = writer
        self.found = found
        self.options = options
        self.interrupted = False
        self.removed_articles = 0
        self._load = load
        self._encoder: Encoder | None = None
        self._tally = Tally(writer, found)
        self._pending: list[Work] = []
        self._pending_passages = 0
        self._waiting: set[str] = set()
        """Ids of the new articles in `_pending`."""
        self._passages = 0
        self._kept = 0
        self._started_s = time.monotonic()

    def add(self) -> None:
        """Take in every candidate."""
        with ReaderProcess() as process:
            for done, candidate in enumerate(self.found.candidates):
                if self.interrupted or self.options.stop():
                    self.interrupted = True
                    break
                self._tell(done)
                self._take(candidate, load_file(candidate, options=self.options.reading, process=process))
        self._flush()
        self._tell(len(self.found.candidates))

    def remove(self, total: int) -> None:
        """Remove what is no longer there; more than a tenth of the `total` articles only with consent.

        Texts that turned up elsewhere have another place by now, so they do not count.
        """
        gone = {known.key for known in self.found.gone}
        lost = {article for key in gone for _, article in self.writer.articles_in(key)}
        lost = {article for article in lost if self.writer.files_of(article) <= gone}
        if len(lost) > REMOVAL_SHARE * total and not self.options.consent(len(lost), total):
            self._kept = len(lost)
            return
        for known in self.found.gone:
            with self.writer.transaction():
                articles = [article for _, article in self.writer.articles_in(known.key)]
                self.writer.remove_file(known.key)
                self._drop(articles)

    def finish(self) -> SyncReport:
        """The report of what was done."""
        report = self._tally.finish(interrupted=self.interrupted or self._kept > 0)
        report.interrupted, report.kept_articles = self.interrupted, self._kept
        report.removed_articles, report.passages = self.removed_articles, self._passages
        return report

    def _take(self, candidate: Candidate, loaded: LoadedFile) -> None:
        restated = restated_articles(self.writer, candidate, loaded)
        fresh = self._fresh(loaded.articles, restated)
        self._tally.count(candidate, loaded, fresh=fresh.keys())
        if not loaded.articles:
            with self.writer.transaction():
                self.writer.put_file(loaded.record)
            return
        parts = parts_of(loaded.articles) if can_be_parted(candidate, loaded) else [loaded.articles]
        for number, items in enumerate(parts, start=1):
            new = {item.article.id: item for item in items if fresh.pop(item.article.id, None) is not None}
            self._queue(loaded, items, new, restated, is_last=number == len(parts))
            if number < len(parts) and self.options.stop():
                self.interrupted = True
                return

    def _queue(
        self,
        loaded: LoadedFile,
        items: Sequence[ParsedArticle],
        new: dict[str, ParsedArticle],
        restated: frozenset[str],
        *,
        is_last: bool,
    ) -> None:
        prepared = tuple(prepare(item, self._loaded_encoder()) for item in new.values())
        self._pending.append(Work(loaded=loaded, items=items, new=prepared, restated=restated, is_last=is_last))
        self._pending_passages += sum(len(article.windows) for article in prepared)
        self._waiting |= new.keys()
        if self._pending_passages >= BATCH_PASSAGES or len(self._pending) >= BATCH_FILES:
            self._flush()

    def _fresh(self, articles: Iterable[ParsedArticle], restated: frozenset[str]) -> dict[str, ParsedArticle]:
        """Those whose text is neither in the store nor waiting for its vectors, by id; of equal texts the first."""
        fresh: dict[str, ParsedArticle] = {}
        for item in articles:
            article_id = item.article.id
            if article_id not in self._waiting and (article_id in restated or not self.writer.has(article_id)):
                fresh.setdefault(article_id, item)
        return fresh

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self._pending_passages, self._waiting = 0, set()
        texts = [text for work in pending for new in work.new for text in embedded_texts(new)]
        embedded = iter(self._loaded_encoder().encode_passages(texts)) if texts else iter(())
        for work in pending:
            new = [(article, [next(embedded) for _ in article.windows]) for article in work.new]
            new += self._dropped_meanwhile(work)
            with self.writer.transaction():
                self._remove_restated(work)
                for article, rows in new:
                    insert_article(self.writer, article, rows)
                self._place(work)
                self.writer.bump_generation()
        self._passages += len(texts)

    def _dropped_meanwhile(self, work: Work) -> list[tuple[NewArticle, list[Vector]]]:
        """Texts that went with another file's change after this file was read: two files changed places, say."""
        ids = {new.article.id for new in work.new}
        lost = [item for article_id, item in self._fresh(work.items, frozenset()).items() if article_id not in ids]
        again = []
        for item in lost:
            new = prepare(item, self._loaded_encoder())
            texts = embedded_texts(new)
            again.append((new, list(self._loaded_encoder().encode_passages(texts))))
            self._passages += len(texts)
        return again

    def _remove_restated(self, work: Work) -> None:
        restated = work.restated & {new.article.id for new in work.new}
        if restated:
            key = self.writer.put_file(work.loaded.record)
            for member, article_id in self.writer.articles_in(key):
                if article_id in restated:
                    self.writer.remove_place(key, member)
            self.writer.remove_orphans(restated)

    def _place(self, work: Work) -> None:
        record = work.loaded.record
        key = self.writer.put_file(record if work.is_last else replace(record, mtime_ns=-1))
        before = dict(self.writer.articles_in(key))
        for item in work.items:
            self.writer.put_place(key, item.member, item.article.id)
        if work.is_last:
            for member in before.keys() - {item.member for item in work.loaded.articles}:
                self.writer.remove_place(key, member)
            self._drop(before.values())

    def _drop(self, article_ids: Iterable[str]) -> None:
        removed = self.writer.remove_orphans(article_ids)
        if removed:
            self.removed_articles += removed
            self.writer.bump_generation()

    def _loaded_encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._load()
            with self.writer.transaction():
                self.writer.set_meta("encoder_id", self._encoder.id)
                self.writer.set_meta("encoder_sha256", self._encoder.sha256)
                self.writer.set_meta("dimension", self._encoder.dimension)
        return self._encoder

    def _tell(self, done: int) -> None:
        self.options.progress(
            Progress(
                files=done,
                files_total=len(self.found.candidates),
                passages=self._passages,
                elapsed_s=time.monotonic() - self._started_s,
            )
        )
