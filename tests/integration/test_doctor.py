"""Faults are planted one by one; the doctor names each, and its remedy cures it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import lexical
from index.checks import surroundings
from index.doctor import Level, Repair, repairs_for
from index.encode import Export, export_folder, installed_versions, write_export
from index.model_files import FileStamp
from index.rebuild import set_aside
from index.schema import STORE_FILE
from index.writer import Writer
from tests.integration.patient import Patient

FIX, REBUILD = "qa doctor --fix", "qa index --rebuild"


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path)


def flip_a_bit(patient: Patient) -> None:
    data = bytearray(patient.vector_file.read_bytes())
    data[len(data) // 2] ^= 4
    patient.vector_file.write_bytes(data)


def cut_the_file_short(patient: Patient) -> None:
    patient.vector_file.write_bytes(patient.vector_file.read_bytes()[:-100])


def bring_back_an_older_manifest(patient: Patient) -> None:
    manifest = patient.index / "vectors" / "manifest.json"
    old = manifest.read_bytes()
    for n in range(30, 60):
        patient.write(n)
    patient.sync()
    assert manifest.read_bytes() != old
    manifest.write_bytes(old)


def state_another_count(patient: Patient) -> None:
    manifest = patient.index / "vectors" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"count": 7}))


def bury_the_living(patient: Patient) -> None:
    patient.sql("INSERT INTO tombstones SELECT min(id) FROM passages")


def swap_two_vectors(patient: Patient) -> None:
    patient.sql(
        "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE passage = 2) WHERE passage = 1",
    )


def replace_words_of_a_row(patient: Patient) -> None:
    with Writer.open(patient.index) as writer:
        row = writer.connection.execute("SELECT id FROM articles ORDER BY key").fetchone()
        found = writer.article(row[0])
        assert found is not None
        (passage,) = writer.passages_of(found.id)
        words = lexical.fts_row(found.title, "", "", found.text[passage.start : passage.end])
        lexical.delete_row(writer.connection, passage.id, words)
        lexical.insert_row(writer.connection, passage.id, ("other", "", "", "words"))


def copy_an_article(patient: Patient) -> None:
    text = (patient.articles / "1.txt").read_text()
    (patient.articles / "copy.txt").write_text(f"{text} So they said.")
    patient.sync()
    assert patient.ailments() == {}


def tear_copies_apart(patient: Patient) -> None:
    copy_an_article(patient)
    patient.sql("DELETE FROM stories")


def name_another_earliest(patient: Patient) -> None:
    copy_an_article(patient)
    patient.sql("UPDATE stories SET earliest = (SELECT max(article) + min(article) - earliest FROM stories)")


def overwrite_a_page(patient: Patient) -> None:
    path = patient.index / STORE_FILE
    connection = sqlite3.connect(path)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sentences'").fetchone()[0]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def leave_a_rebuild_behind(patient: Patient) -> None:
    (patient.index / "rebuild").mkdir()
    shutil.copy(patient.index / STORE_FILE, patient.index / "rebuild" / STORE_FILE)


def leave_a_generation_behind(patient: Patient) -> None:
    (patient.index / "vectors" / "000007").mkdir()


def alter_a_file_of_the_model(patient: Patient) -> None:
    (patient.model_folder / "config.json").write_text('{"layers": 3}')


def sql(*statements: str) -> Callable[[Patient], None]:
    return lambda patient: patient.sql(*statements)


@pytest.mark.parametrize(
    ("plant", "check", "words", "remedy"),
    [
        (flip_a_bit, "vector file", "does not have the hash", FIX),
        (cut_the_file_short, "vector file", "bytes instead of", FIX),
        (lambda it: it.vector_file.unlink(), "vector file", "base.faiss is missing", FIX),
        (lambda it: shutil.rmtree(it.index / "vectors"), "vector file", "manifest is missing", FIX),
        (bring_back_an_older_manifest, "vector file", "another generation", FIX),
        (state_another_count, "vector file", "states 7 vectors, SQLite has 30", FIX),
        (bury_the_living, "tombstones", "1 tombstones stand for passages that were not removed", FIX),
        (sql("DELETE FROM vectors WHERE passage = 3"), "vectors", "1 passages have no vector", REBUILD),
        (sql("UPDATE vectors SET vector = zeroblob(64) WHERE passage = 3"), "vectors", "not of unit length", REBUILD),
        (sql("UPDATE vectors SET vector = zeroblob(3) WHERE passage = 3"), "vectors", "do not have 32", REBUILD),
        (swap_two_vectors, "vector file", "1 of 30 vectors compared were altered in SQLite", REBUILD),
        (
            sql("UPDATE articles SET text = replace(text, 'closed', 'opened') WHERE key = 1"),
            "articles",
            "is not the one that was indexed",
            REBUILD,
        ),
        (sql("UPDATE articles SET id = 'abcdefabcdef' WHERE key = 1"), "articles", "not the id of its text", REBUILD),
        (sql("DELETE FROM sentences WHERE article = 1"), "sentences and passages", "has no sentences", REBUILD),
        (sql("DELETE FROM sentences WHERE number = 1"), "sentences and passages", "27 more", REBUILD),
        (sql("UPDATE sentences SET start = 1 WHERE number = 2"), "sentences and passages", "overlap", REBUILD),
        (sql('UPDATE passages SET "end" = "end" - 1'), "sentences and passages", "begin and end", REBUILD),
        (sql("DELETE FROM places WHERE article = 1"), "sentences and passages", "lies in no file", REBUILD),
        (sql("DELETE FROM passages WHERE id = 4"), "sqlite", "missing row of passages", REBUILD),
        (overwrite_a_page, "sqlite", "", REBUILD),
        (sql("DELETE FROM passages_fts_docsize WHERE id = 3"), "full-text rows", "1 passages have no row", FIX),
        (replace_words_of_a_row, "full-text rows", "1 of 30 passages looked up are not found", FIX),
        (sql("DELETE FROM passages_fts_data WHERE id > 10"), "full-text structure", "malformed", FIX),
        (sql("DROP TABLE passages_fts"), "full-text rows", "table is missing", FIX),
        (sql("UPDATE meta SET value = 'old' WHERE key = 'normaliser_version'"), "spelling rules", "version old", FIX),
        (sql("DELETE FROM shingles WHERE article = 2"), "stories", "is not found by its own words", FIX),
        (sql("INSERT INTO shingles VALUES (7, 999)"), "stories", "1 hashes are left of articles that are gone", FIX),
        (sql("INSERT INTO stories VALUES (1, 1), (2, 1)"), "stories", "does not hang together", FIX),
        (tear_copies_apart, "stories", "are not linked", FIX),
        (name_another_earliest, "stories", "does not begin with its earliest article", FIX),
        (sql("DROP TABLE shingles"), "stories", "cannot be read", FIX),
        (sql("UPDATE meta SET value = 'old' WHERE key = 'stories_version'"), "stories", "by version old", "qa index"),
        (leave_a_rebuild_behind, "leftovers", "left rebuild", FIX),
        (leave_a_generation_behind, "leftovers", "left vectors/000007", FIX),
        (alter_a_file_of_the_model, "encoder", "was embedded with", REBUILD),
        (lambda it: it.write(99), "files", "1 new since", "qa index"),
        (lambda it: (it.articles / "1.txt").write_text("Other words."), "files", "1 changed since", "qa index"),
        (lambda it: (it.articles / "1.txt").unlink(), "files", "1 removed since", "qa index"),
    ],
)
def test_a_planted_fault_is_named_and_its_remedy_cures_it(
    patient: Patient, plant: Callable[[Patient], None], check: str, words: str, remedy: str
) -> None:
    assert patient.ailments() == {}
    plant(patient)
    finding = patient.ailments()[check]
    assert words in finding.detail
    assert finding.remedy == remedy
    {FIX: patient.fix, REBUILD: patient.rebuild, "qa index": patient.sync}[remedy]()
    assert patient.ailments() == {}


def test_an_index_that_was_set_aside_is_named_until_it_is_deleted(patient: Patient) -> None:
    patient.sql("UPDATE meta SET value = 99 WHERE key = 'format_version'")
    aside = set_aside(patient.index)
    assert aside is not None
    patient.sync(patient.articles)
    finding = patient.ailments()["leftovers"]
    assert (finding.level, finding.repair) == (Level.WARNING, None)
    assert finding.remedy is not None
    assert finding.remedy.startswith(f"rm {aside}*")
    for path in aside.parent.glob(f"{aside.name}*"):
        path.unlink()
    assert patient.ailments() == {}


def test_another_format_version_is_named(patient: Patient) -> None:
    patient.sql("UPDATE meta SET value = 99 WHERE key = 'format_version'")
    finding = patient.ailments()["index"]
    assert finding.level is Level.FAULT
    assert "format version 99" in finding.detail
    assert finding.remedy == "qa index --rebuild FOLDER"
    assert repairs_for(patient.examine()) <= {Repair.QUERY_ENCODER}


def test_a_file_that_is_no_database_is_named(patient: Patient) -> None:
    (patient.index / STORE_FILE).write_bytes(b"This is not a database. " * 500)
    finding = patient.ailments()["index"]
    assert "cannot be read" in finding.detail
    assert finding.remedy == "qa index --rebuild FOLDER"


def test_no_index_is_a_fault_that_names_the_command(patient: Patient) -> None:
    shutil.rmtree(patient.index)
    assert patient.ailments()["index"].remedy == "qa index FOLDER"


def test_a_missing_folder_is_named_and_not_taken_for_a_removal(patient: Patient) -> None:
    patient.articles.rename(patient.home / "unmounted")
    finding = patient.ailments()["files"]
    assert finding.level is Level.WARNING
    assert str(patient.articles) in finding.detail
    assert finding.remedy is not None
    assert "qa rm" in finding.remedy


def test_examining_changes_nothing(patient: Patient) -> None:
    bury_the_living(patient)
    leave_a_generation_behind(patient)

    def state() -> dict[str, bytes]:
        return {
            path.relative_to(patient.index).as_posix(): path.read_bytes()
            for path in patient.index.rglob("*")
            if path.is_file() and not path.name.endswith(("-wal", "-shm")) and path.name != "lock"
        }

    before = state()
    patient.examine()
    assert state() == before


def test_what_another_process_is_writing_is_not_a_leftover(patient: Patient) -> None:
    leave_a_generation_behind(patient)
    with Writer.open(patient.index):
        assert "leftovers" not in patient.ailments()
    assert "leftovers" in patient.ailments()


def test_nothing_is_repaired_while_sqlite_is_damaged(patient: Patient) -> None:
    flip_a_bit(patient)
    patient.sql("DELETE FROM passages WHERE id = 4")
    assert repairs_for(patient.examine()) == set()


def test_an_altered_export_is_a_fault_and_a_missing_one_a_warning(patient: Patient) -> None:
    folder = export_folder(patient.model, patient.cache)
    assert patient.examine()["query encoder"].level is Level.WARNING
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"graph")
    stamp = FileStamp.of(folder / "model.onnx")
    write_export(folder, Export(usable=True, files={"model.onnx": stamp}, versions=installed_versions()))
    assert patient.examine()["query encoder"].level is Level.OK
    (folder / "model.onnx").write_bytes(b"grapf")
    os.utime(folder / "model.onnx", ns=(stamp.mtime_ns, stamp.mtime_ns))  # rot changes neither size nor time
    finding = patient.examine()["query encoder"]
    assert (finding.level, finding.remedy) == (Level.FAULT, FIX)
    assert "model.onnx" in finding.detail


def test_a_full_disk_a_read_only_folder_and_a_network_file_system_are_warnings(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(patient.index)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10_000_000))
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(surroundings, "mounted_type", lambda *_: "nfs4")
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: "")
    for finding, words in (
        (surroundings.check_disk_space(patient.index), "10 MB are free"),
        (surroundings.check_writable(patient.index), "read-only"),
        (surroundings.check_file_system(patient.index), "network file system (nfs4)"),
    ):
        assert finding.level is Level.WARNING
        assert words in finding.detail


def test_the_command_finds_a_flipped_bit_and_fixes_it(patient: Patient, model_cache: Path) -> None:
    shutil.rmtree(patient.index)
    for path in list(patient.articles.iterdir())[3:]:
        path.unlink()

    def qa(*arguments: str) -> tuple[int, str]:
        home = {"HOME": str(patient.home), "XDG_CONFIG_HOME": str(patient.home), "QA_CACHE_DIR": str(model_cache)}
        done = subprocess.run(
            [sys.executable, "-m", "qa", *arguments],
            cwd=patient.home,
            env=os.environ | home,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    assert qa("doctor")[0] == 5
    assert qa("index", "articles")[0] == 0
    code, out = qa("doctor", "--json")
    answer = json.loads(out)
    assert (code, answer["schema_version"], answer["faults"]) == (0, 1, 0)
    flip_a_bit(patient)
    code, out = qa("doctor")
    assert code == 5
    assert "remedy: qa doctor --fix" in out
    code, out = qa("doctor", "--fix", "--json")
    assert (code, json.loads(out)["faults"]) == (0, 0)
