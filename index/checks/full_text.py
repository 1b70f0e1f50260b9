"""Does the full-text index hold the words of every passage? [I/O].

The table is contentless: SQLite can tell whether its structure is sound, not whether it holds the right words. So
row ids are compared with the passages, and some passages are looked up by their own words.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from index import lexical
from index.checks.finding import Finding, Repair, ok, repairable, warning
from index.checks.store import evenly
from index.errors import NoIndexError
from index.lexicon import NORMALISER_VERSION
from index.schema import STORE_FILE, open_writable
from index.store import Store

__all__ = ["check_normaliser", "check_rows", "check_structure"]

_SAMPLE = 200
"""Passages looked up by their own words."""
_WORDS = 6
"""Of a passage, as a phrase."""


def check_structure(store: Store) -> Finding:
    """FTS5's own check, which is an INSERT and therefore needs the right to write."""
    try:
        with closing(open_writable(store.folder / STORE_FILE)) as connection:
            connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')")
    except (sqlite3.OperationalError, NoIndexError) as error:
        if "no such table" in str(error):
            return repairable("the full-text table is missing", Repair.FULL_TEXT)
        return warning(f"could not be checked ({error})", "try again where the index can be written to")
    except sqlite3.DatabaseError as error:
        return repairable(f"FTS5 says: {error}", Repair.FULL_TEXT)
    return ok("FTS5 finds no error in its structure")


def check_rows(store: Store) -> Finding:
    """There is one row per passage, and it is found by the words of the passage."""
    try:
        return _rows(store)
    except sqlite3.DatabaseError as error:
        return repairable(f"cannot be read ({error})", Repair.FULL_TEXT)


def check_normaliser(store: Store) -> Finding:
    """The rows were written by the rules for spellings that queries are read with now."""
    known = store.meta("normaliser_version")
    if known != NORMALISER_VERSION:
        return repairable(
            f"the words were written by version {known} of the spelling rules, queries are read by "
            f"version {NORMALISER_VERSION}",
            Repair.FULL_TEXT,
        )
    return ok(f"version {known} of the spelling rules")


def _rows(store: Store) -> Finding:
    connection = store.connection
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'passages_fts_docsize'").fetchone():
        return repairable("the full-text table is missing", Repair.FULL_TEXT)
    counts = {
        "passages have no row": "SELECT count(*) FROM passages WHERE id NOT IN (SELECT id FROM passages_fts_docsize)",
        "rows belong to no passage": "SELECT count(*) FROM passages_fts_docsize "
        "WHERE id NOT IN (SELECT id FROM passages)",
    }
    found = {what: int(connection.execute(sql).fetchone()[0]) for what, sql in counts.items()}
    if any(found.values()):
        detail = ", ".join(f"{count} {what}" for what, count in found.items() if count)
        return repairable(detail, Repair.FULL_TEXT)
    sample = evenly([row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")], _SAMPLE)
    if lost := sum(not _is_found(store, passage) for passage in sample):
        return repairable(
            f"{lost} of {len(sample)} passages looked up are not found by their own words", Repair.FULL_TEXT
        )
    return ok(f"{store.count('passages')} rows, one per passage; {len(sample)} looked up by their own words")


def _is_found(store: Store, passage: int) -> bool:
    row = store.connection.execute(
        'SELECT a.text, p.start, p."end" FROM passages p JOIN articles a ON a.key = p.article WHERE p.id = ?',
        (passage,),
    ).fetchone()
    text = row[0][row[1] : row[2]]
    words = " ".join(lexical.fts_row("", None, None, text)[3].split()[:_WORDS]).replace('"', " ")
    if "\0" in words or not any(character.isalnum() for character in words):
        return True  # nothing that could be looked up
    return bool(
        store.connection.execute(
            "SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? AND rowid = ?", (f'text : "{words}"', passage)
        ).fetchone()
    )
