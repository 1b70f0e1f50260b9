"""`--rebuild`: a fresh index made beside the old one, which replaces it in one transaction at the end.

Interrupted at any point before that, the old index is as it was.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import schema, vectors
from index.survey import targets
from index.sync import SyncOptions, SyncReport, sync
from index.writer import Writer

if TYPE_CHECKING:
    from index.encode import Encoder, ModelFiles

__all__ = ["rebuild"]


def rebuild(
    writer: Writer, paths: Sequence[Path], options: SyncOptions, *, model: ModelFiles, load: Callable[[], Encoder]
) -> SyncReport:
    """Read and embed everything again; see `sync` for the arguments and errors.

    The old passages' ids are not given out again, so a reader that still holds the old vectors finds nothing
    wrong with them, only nothing.
    """
    folder = writer.folder / "rebuild"
    shutil.rmtree(folder, ignore_errors=True)  # left by an interrupted one
    known = [Path(source.root) for source in targets(writer, [])] if writer.sources() else []
    with Writer.open(folder, home=writer.home) as fresh:
        last = writer.connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'passages'").fetchone()[0]
        with fresh.transaction():
            fresh.connection.execute("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (last or 0,))
        report = sync(fresh, [*known, *paths], options, model=model, load=load)
        if not report.interrupted:
            with fresh.transaction():
                fresh.set_meta("generation", writer.generation + 1)
                fresh.set_meta("vectors_sha256", "")
            _replace(fresh, writer)
    shutil.rmtree(folder, ignore_errors=True)
    if not report.interrupted:
        vectors.write_generation(writer)
        writer.tidy(removed=True)
    return report


def _replace(fresh: Writer, writer: Writer) -> None:
    # SQLite's backup writes the whole file in one transaction: readers see the old state until it commits.
    fresh.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source = sqlite3.connect(fresh.folder / schema.STORE_FILE)
    try:
        source.backup(writer.connection)
    finally:
        source.close()

