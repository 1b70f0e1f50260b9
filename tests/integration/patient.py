"""A small index to be damaged, examined and cured."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.doctor import Finding, Level, Repair, Subject, examine, repair, repairs_for
from index.encode import resolve_model
from index.model_files import ModelFiles
from index.rebuild import rebuild
from index.schema import STORE_FILE
from index.sync import SyncOptions, sync
from index.vector_files import read_manifest
from index.writer import Writer
from tests.doubles import HashingEncoder

SURROUNDINGS = {"query encoder", "disk space", "file system", "processor"}
"""What depends on the machine, not on the index."""


class Patient:
    """A folder of articles, its index, and the small model it was made with."""

    def __init__(self, home: Path) -> None:
        self.home, self.articles, self.index = home, home / "articles", home / ".qa"
        self.model_folder, self.cache = home / "model", home / "cache"
        for folder in (self.articles, self.model_folder):
            folder.mkdir()
        (self.model_folder / "config.json").write_text("{}")
        for n in range(30):
            self.write(n)
        self.encoder = HashingEncoder()
        self.encoder.id, self.encoder.sha256 = self.model.id, self.model.sha256
        self.sync(self.articles)

    @property
    def model(self) -> ModelFiles:
        return resolve_model(str(self.model_folder), cache_dir=self.cache)

    @property
    def subject(self) -> Subject:
        return Subject(folder=self.index, cache_dir=self.cache, model=str(self.model_folder), options=SyncOptions())

    def write(self, n: int) -> None:
        text = f"The council of town {n} met on Monday.\n\nIts {n} members closed bridge {n} for repairs."
        (self.articles / f"{n}.txt").write_text(text)

    def sync(self, *paths: Path) -> None:
        with Writer.open(self.index) as writer:
            sync(writer, list(paths), SyncOptions(), model=self.model, load=lambda: self.encoder)

    def rebuild(self) -> None:
        self.encoder.id, self.encoder.sha256 = self.model.id, self.model.sha256
        with Writer.open(self.index) as writer:
            rebuild(writer, [], SyncOptions(), model=self.model, load=lambda: self.encoder)

    def fix(self) -> None:
        repair(self.subject, repairs_for(self.examine()) - {Repair.QUERY_ENCODER}, report=lambda _: None)

    def examine(self) -> dict[str, Finding]:
        return examine(self.subject)

    def ailments(self) -> dict[str, Finding]:
        """What is not well, the machine left aside."""
        return {
            name: finding
            for name, finding in self.examine().items()
            if finding.level is not Level.OK and name not in SURROUNDINGS
        }

    def sql(self, *statements: str) -> None:
        """Alter the store behind the back of everybody."""
        connection = sqlite3.connect(self.index / STORE_FILE, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @property
    def vector_file(self) -> Path:
        manifest = read_manifest(self.index)
        assert manifest is not None
        return self.index / "vectors" / manifest.file
