from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import schema
from index.errors import CorpusError, NoIndexError
from index.search import Searcher
from index.store import Store
from tests.doubles import HashingEncoder
from tests.faults.corpus import Lab, is_whole
from tests.faults.oracle import consistency_problems, leftovers, logical_dump

ARTICLES = 80
POINTS = 10


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab(tmp_path, ARTICLES)
    made.fill()
    made.sync()
    made.update()
    return made


def limit_pages(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """From now on SQLite files of the index cannot have more pages than this."""
    connect = schema._connect

    def limited(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(schema, "_connect", limited)


def pages(lab: Lab) -> int:
    store = Store.open(lab.index)
    count = int(store.connection.execute("PRAGMA page_count").fetchone()[0])
    store.close()
    return count


def answers(lab: Lab) -> set[str]:
    """Ids of what is found; every article must be whole."""
    searcher = Searcher.open(lab.index, lambda: HashingEncoder())
    found = {hit.passage.article_id for hit in searcher.search("minister of the harbour company strike", 50)}
    for article_id in found:
        article = searcher.store.article(article_id)
        assert article is not None
        assert is_whole(article.text)
    searcher.close()
    assert found
    return found


@pytest.mark.parametrize("point", range(POINTS))
def test_a_full_disk_leaves_the_old_state_and_the_next_sync_completes_it(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    before, saved = pages(lab), lab.save(tmp_path / "saved")
    lab.sync()
    expected, after = logical_dump(lab.index)[0], pages(lab)
    lab.restore(saved)
    with monkeypatch.context() as patch:
        limit_pages(patch, before + (after - before) * point // POINTS)
        with pytest.raises(CorpusError) as caught:
            lab.sync()
        answers(lab)
    assert_says_full(caught.value, lab)
    assert consistency_problems(lab.index, HashingEncoder().encode_queries) == []
    answers(lab)
    lab.sync()
    assert consistency_problems(lab.index, HashingEncoder().encode_queries) == []
    assert logical_dump(lab.index)[0] == expected
    assert leftovers(lab.index) == []


def test_a_full_disk_during_a_rebuild_leaves_the_old_index(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.sync()
    expected = logical_dump(lab.index)[0]
    with monkeypatch.context() as patch:
        limit_pages(patch, pages(lab) // 2)
        with pytest.raises(CorpusError) as caught:
            lab.rebuild()
    assert_says_full(caught.value, lab)
    assert logical_dump(lab.index)[0] == expected
    answers(lab)
    lab.sync()
    assert leftovers(lab.index) == []


def assert_says_full(error: CorpusError, lab: Lab) -> None:
    message = str(error)
    assert message.startswith(f"the disk is full: {lab.index}")
    assert message.endswith("free some space, then run: qa index")
    assert "\n" not in message


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MiB in memory."""
    home = tmp_path / "small"
    home.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", home], check=False).returncode:
        pytest.skip("needs the right to mount a small tmpfs")
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", home], check=True)


@pytest.mark.parametrize("free_bytes", [0, 8_192, 40_960, 131_072, 262_144])
def test_an_update_on_a_disk_that_is_really_full_leaves_the_old_state(
    small_disk: Path, tmp_path: Path, free_bytes: int
) -> None:
    lab = Lab(tmp_path / "lab", ARTICLES)
    lab.index = small_disk / ".qa"
    lab.fill()
    lab.sync()
    lab.update()
    known = answers(lab)
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(small_disk).free - free_bytes))
    with pytest.raises(CorpusError) as caught:
        lab.sync()
    assert_says_full(caught.value, lab)
    assert answers(lab)
    assert consistency_problems(lab.index, HashingEncoder().encode_queries) == []
    ballast.unlink()
    lab.sync()
    assert consistency_problems(lab.index, HashingEncoder().encode_queries) == []
    assert answers(lab) != known
    assert leftovers(lab.index) == []


def test_a_first_sync_on_a_full_disk_says_so_and_leaves_no_broken_index(small_disk: Path, tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab", ARTICLES)
    lab.index = small_disk / ".qa"
    lab.fill()
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(small_disk).free - 16_384))
    with pytest.raises(CorpusError) as caught:
        lab.sync()
    assert_says_full(caught.value, lab)
    with pytest.raises(NoIndexError):
        Store.open(lab.index)
    ballast.unlink()
    lab.sync()
    assert answers(lab)
