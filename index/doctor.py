"""Is the index sound, and everything it needs? Each check by name, with its remedy [I/O].

Looking changes nothing. `repair` replaces only what can be made again from SQLite or from the model: the full-text
index, the links between copies, the vector file, the exported encoder, and what interrupted runs left behind.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from index import vector_files
from index.article_rows import write_full_text
from index.checks import full_text, model, store, stories, surroundings, vector_file
from index.checks.finding import REBUILD, Finding, Level, Repair, fault, ok
from index.encode import ensure_export, export_folder, resolve_model
from index.errors import IndexDamagedError, IndexFormatError, NoIndexError
from index.schema import FORMAT_VERSION
from index.store import Store
from index.story_rows import write_stories
from index.sync import SyncOptions
from index.writer import Writer

__all__ = ["Finding", "Level", "Repair", "Subject", "examine", "repair", "repairs_for"]

_STORE_CHECKS: Mapping[str, Callable[[Store], Finding]] = {
    "sqlite": store.check_sqlite,
    "articles": store.check_articles,
    "sentences and passages": store.check_slices,
    "vectors": store.check_vectors,
    "full-text structure": full_text.check_structure,
    "full-text rows": full_text.check_rows,
    "spelling rules": full_text.check_normaliser,
    "stories": stories.check_stories,
    "tombstones": store.check_tombstones,
    "vector file": vector_file.check_vector_file,
    "leftovers": vector_file.check_leftovers,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is examined."""

    folder: Path
    """The `.qa` folder itself."""
    options: SyncOptions
    """How the folders of articles are read."""
    cache_dir: Path
    """Where exported models are kept."""
    model: str | None = None
    """Name or folder of the encoder; None: the packaged one."""


def examine(subject: Subject) -> dict[str, Finding]:
    """Run every check that can be run; return what each found, by its name, in a fixed order."""
    findings: dict[str, Finding] = {}
    found_model, files = model.check_model(subject.model, subject.cache_dir)
    try:
        opened = Store.open(subject.folder)
    except NoIndexError as error:
        findings["index"] = _no_index(error)
    else:
        try:
            findings |= _examine_store(opened, subject)
            if files is not None:
                findings["encoder"] = model.check_encoder_identity(opened, files)
        finally:
            opened.close()
    findings["model files"] = found_model
    if files is not None:
        findings["query encoder"] = model.check_export(files, subject.cache_dir)
    if subject.folder.is_dir():
        findings["write access"] = surroundings.check_writable(subject.folder)
        findings["disk space"] = surroundings.check_disk_space(subject.folder)
        findings["file system"] = surroundings.check_file_system(subject.folder)
    findings["processor"] = surroundings.check_processor()
    return findings


def repairs_for(findings: Mapping[str, Finding]) -> set[Repair]:
    """What `repair` can do about the findings; nothing while SQLite itself is damaged."""
    if "index" in findings and findings["index"].level is Level.FAULT:
        return set()
    if "sqlite" in findings and findings["sqlite"].level is Level.FAULT:
        return set()
    return {finding.repair for finding in findings.values() if finding.repair is not None}


def repair(subject: Subject, repairs: AbstractSet[Repair], *, report: Callable[[str], None]) -> None:
    """Make again what is derived.

    Args:
        subject: What was examined.
        repairs: From `repairs_for`.
        report: Told what is done.

    Raises:
        NoIndexError: there is no usable index.
        IndexLockedError: another process is writing to it.
        ModelError: the encoder cannot be exported.
    """
    if repairs - {Repair.QUERY_ENCODER}:
        with Writer.open_existing(subject.folder, report=report) as writer:
            if Repair.FULL_TEXT in repairs:
                report("writing the full-text index again …")
                with writer.transaction():
                    write_full_text(writer)
            if Repair.STORIES in repairs:
                report("linking copies again …")
                with writer.transaction():
                    write_stories(writer)
            if Repair.VECTOR_FILE in repairs:
                report("writing the vector file again …")
                vector_files.write_generation(writer)
            for name in vector_file.leftovers(writer) if Repair.LEFTOVERS in repairs else []:
                report(f"removing {name}")
                _remove(writer.folder / name)
            writer.tidy()
    if Repair.QUERY_ENCODER in repairs:
        files = resolve_model(subject.model, cache_dir=subject.cache_dir)
        shutil.rmtree(export_folder(files, subject.cache_dir), ignore_errors=True)
        ensure_export(files, cache_dir=subject.cache_dir, report=report)


def _examine_store(opened: Store, subject: Subject) -> dict[str, Finding]:
    checks: dict[str, Callable[[Store], Finding]] = {
        "index": _check_index,
        **_STORE_CHECKS,
        "files": lambda it: surroundings.check_files(it, subject.options),
    }
    opened.connection.execute("BEGIN")  # one state for all; closing ends it, since a damaged file may refuse COMMIT
    return {name: _run(check, opened) for name, check in checks.items()}


def _run(check: Callable[[Store], Finding], opened: Store) -> Finding:
    try:
        return check(opened)
    except sqlite3.DatabaseError as error:
        return fault(f"SQLite cannot read what this needs ({error})", REBUILD)


def _check_index(opened: Store) -> Finding:
    if not opened.count("articles"):
        return fault("the index is empty", "qa index FOLDER")
    return ok(f"format {FORMAT_VERSION}, generation {opened.generation}, {opened.count('articles')} articles")


def _no_index(error: NoIndexError) -> Finding:
    detail = str(error).rpartition("; make ")[0] or str(error)
    unusable = isinstance(error, IndexFormatError | IndexDamagedError)
    return fault(detail, f"{REBUILD} FOLDER" if unusable else "qa index FOLDER")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
