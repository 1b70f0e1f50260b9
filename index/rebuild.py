"""`--rebuild`: a fresh index made beside the old one, which replaces it in one transaction at the end.

Interrupted at any point before that, the old index is as it was.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import schema, vector_files
from index.disk import disk_errors
from index.errors import IndexDamagedError, IndexFormatError, InputError, NoIndexError
from index.survey import targets
from index.sync import REMOVAL_SHARE, SyncOptions, SyncReport, sync
from index.writer import FileRecord, Writer

if TYPE_CHECKING:
    from index.encode import Encoder, ModelFiles
    from index.entities import Source
    from index.store import KnownFile

__all__ = ["rebuild", "set_aside"]


def rebuild(
    writer: Writer, paths: Sequence[Path], options: SyncOptions, *, model: ModelFiles, load: Callable[[], Encoder]
) -> SyncReport:
    """Read and embed everything again; see `sync` for the arguments and errors.

    The old passages' ids are not given out again, so a reader that still holds the old vectors finds nothing
    wrong with them, only nothing.
    """
    folder = writer.folder / "rebuild"
    shutil.rmtree(folder, ignore_errors=True)  # left by an interrupted one
    known = targets(writer, []) if writer.sources() else ()
    left_out = [file for file in writer.files() if file.left_out]
    named = {file.file for file in left_out}
    again = [Path(source.root) for source in known if source.root not in named]
    with Writer.open(folder, home=writer.home) as fresh:
        last = writer.connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'passages'").fetchone()[0]
        with fresh.transaction():
            fresh.connection.execute("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (last or 0,))
            _keep_out(fresh, known, left_out)
        report = sync(fresh, [*again, *paths], options, model=model, load=load)
        if not report.interrupted:
            _require_consent(writer, fresh, options)
            with fresh.transaction():
                fresh.set_meta("generation", writer.generation + 1)
                fresh.set_meta("vectors_sha256", "")
            _replace(fresh, writer)
    shutil.rmtree(folder, ignore_errors=True)
    if not report.interrupted:
        vector_files.write_generation(writer)
        writer.tidy()
    return report


def _require_consent(writer: Writer, fresh: Writer, options: SyncOptions) -> None:
    """An empty or half-empty folder must not replace an index unasked: it may be a disk that is not mounted."""
    total, left = writer.count("articles"), fresh.count("articles")
    lost = total - left
    if total and not left:
        raise InputError(f"none of the {total} articles is there any more, so the old index was kept; see qa rm")
    if lost > REMOVAL_SHARE * total and not options.consent(lost, total):
        raise InputError(
            f"{lost} of {total} articles are no longer there and would be removed, so the old index was kept. "
            "If that is right, say so with --yes"
        )


def set_aside(folder: Path) -> Path | None:
    """Rename a store that cannot be opened, so that a new one can be made in its place; return its new name.

    None when there is nothing wrong with it, or nothing there.
    """
    path = folder / schema.STORE_FILE
    try:
        schema.open_readonly(path).close()
    except (IndexFormatError, IndexDamagedError):
        number = next(n for n in range(1, 10_000) if not path.with_name(f"{path.name}.old-{n}").exists())
        for suffix in ("-wal", "-shm", ""):
            file = path.with_name(path.name + suffix)
            if file.exists():
                file.rename(path.with_name(f"{path.name}.old-{number}{suffix}"))
        return path.with_name(f"{path.name}.old-{number}")
    except NoIndexError:
        pass
    return None


def _keep_out(fresh: Writer, sources: Sequence[Source], files: Sequence[KnownFile]) -> None:
    """What was removed by hand stays out."""
    for source in sources:
        fresh.add_source(source)
    for file in files:
        record = FileRecord(
            file=file.file, mtime_ns=file.mtime_ns, ctime_ns=file.ctime_ns, size=file.size, sha256=file.sha256
        )
        fresh.leave_out(fresh.put_file(record))


def _replace(fresh: Writer, writer: Writer) -> None:
    # SQLite's backup writes the whole file in one transaction: readers see the old state until it commits.
    fresh.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source = sqlite3.connect(fresh.folder / schema.STORE_FILE)
    try:
        with disk_errors(writer.folder):
            source.backup(writer.connection)
    finally:
        source.close()
