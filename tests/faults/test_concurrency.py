from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkContext, ForkProcess
from pathlib import Path

import pytest

from index.entities import Hit, Ranker
from index.errors import CorpusError, IndexLockedError
from index.search import Searcher
from index.store import Store
from index.vector_files import FOLDER, read_manifest, write_generation
from index.writer import Writer
from tests.doubles import HashingEncoder
from tests.faults.corpus import Lab, is_whole, text
from tests.faults.killing import in_child
from tests.faults.oracle import consistency_problems, opened_copy

ARTICLES = 80
QUERIES = ("minister of the harbour company strike", "the river bridge was seen", "painter summit winter farmer")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab(tmp_path, ARTICLES)
    made.fill()
    made.sync()
    return made


def searcher(lab: Lab, told: list[str] | None = None) -> Searcher:
    return Searcher.open(lab.index, HashingEncoder, report=(told if told is not None else []).append)


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.fault)])
def test_two_processes_index_while_four_ask(lab: Lab, seconds: float) -> None:
    until = time.monotonic() + seconds
    processes = Processes()
    for seed in range(2):
        processes.start(lambda seed=seed: keep_changing(lab, until, seed))  # type: ignore[misc]
    for seed in range(4):
        processes.start(lambda seed=seed: keep_asking(lab, until, seed))  # type: ignore[misc]
    problems, counts = processes.finish(seconds + 60)
    assert problems == []
    assert min(counts) >= 1, counts
    lab.sync()
    assert consistency_problems(lab.index, HashingEncoder().encode_queries) == []


class Processes:
    """Forked children; each gives back how often it did its work, or what went wrong."""

    def __init__(self) -> None:
        self._context: ForkContext = multiprocessing.get_context("fork")
        self._results = self._context.SimpleQueue()
        self._running: list[ForkProcess] = []

    def start(self, work: Callable[[], int]) -> None:
        process = self._context.Process(target=lambda: self._results.put(outcome(work)))
        process.start()
        self._running.append(process)

    def finish(self, seconds: float) -> tuple[list[str], list[int]]:
        results = [self._results.get() for _ in self._running]
        for process in self._running:
            process.join(seconds)
        return [r for r in results if isinstance(r, str)], [r for r in results if isinstance(r, int)]


def outcome(work: Callable[[], int]) -> int | str:
    import faiss

    faiss.omp_set_num_threads(1)
    try:
        return work()
    except BaseException:  # noqa: BLE001, RUF100  # whatever it is, it must reach the test
        return traceback.format_exc()


def keep_changing(lab: Lab, until: float, seed: int) -> int:
    """Index over and over, each time after changing, removing and adding articles."""
    rng, syncs = random.Random(seed), 0
    while time.monotonic() < until:
        for n in rng.sample(range(seed, ARTICLES, 2), 6):  # each process has its own files
            path = lab.path(n)
            if path.exists() and rng.random() < 0.3:
                path.unlink()
            else:
                lab.write(path, text(n, rng.randrange(9)))
        try:
            lab.sync()
        except IndexLockedError as error:
            if "is being written to by process" not in str(error):
                raise
        syncs += 1
    return syncs


def keep_asking(lab: Lab, until: float, seed: int) -> int:
    """Search over and over, with a searcher that stays open and with fresh ones."""
    rng, asked, current = random.Random(seed), 0, searcher(lab)
    while time.monotonic() < until:
        if rng.random() < 0.2:
            current.close()
            current = searcher(lab)
        with current.store.snapshot():
            for hit in current.search(rng.choice(QUERIES), 10, mode=rng.choice(list(Ranker))):
                require_whole(current.store, hit.passage.article_id)
        asked += 1
    current.close()
    return asked


def require_whole(store: Store, article_id: str) -> None:
    """An article that was found has all of its text, sentences, passages and vectors."""
    article = store.article(article_id)
    assert article is not None, f"{article_id} was found and is not there"
    assert is_whole(article.text), f"{article_id} is not whole"
    sentences, passages = store.sentences(article_id), store.passages_of(article_id)
    assert "".join("".join(article.text[s.start : s.end] for s in sentences).split()) == "".join(article.text.split())
    assert (passages[0].start, passages[-1].end) == (sentences[0].start, sentences[-1].end)
    assert len(store.vectors([p.id for p in passages])) == len(passages)


def test_a_second_writer_says_who_holds_the_lock(lab: Lab) -> None:
    told: list[str] = []
    with Writer.open(lab.index), pytest.raises(IndexLockedError, match=rf"process {os.getpid()} \(qa.*try again"):
        Writer.open(lab.index, wait_s=0.1, report=told.append)
    assert len(told) == 1
    assert f"waiting for process {os.getpid()}" in told[0]


def test_a_reader_that_was_open_before_a_merge_goes_on_after_it(lab: Lab) -> None:
    reader = searcher(lab)
    hits = reader.search(QUERIES[0], 10, mode=Ranker.VECTOR)
    with reader.store.snapshot():  # its snapshot names the file before
        assert reader.search(QUERIES[0], 10, mode=Ranker.VECTOR) == hits
        for n in range(0, ARTICLES, 4):
            lab.write(lab.path(n), text(n, 1))
        lab.sync()
        assert reader.search(QUERIES[0], 10, mode=Ranker.VECTOR) == hits
        for hit in hits:
            require_whole(reader.store, hit.passage.article_id)
    for hit in reader.search(QUERIES[0], 10, mode=Ranker.VECTOR):
        require_whole(reader.store, hit.passage.article_id)
    reader.close()


def test_a_reader_of_the_state_before_a_merge_opens_the_file_of_that_state(lab: Lab) -> None:
    told: list[str] = []
    reader = searcher(lab, told)
    with reader.store.snapshot():
        assert reader.store.generation
        lab.write(lab.path(1), text(1, 1))
        lab.sync()
        with Writer.open(lab.index) as writer:
            write_generation(writer)
        assert reader.search(QUERIES[0], 10, mode=Ranker.VECTOR)
        assert reader._vectors is not None
        assert reader._vectors.base is not None
    assert told == []
    reader.close()


def test_a_reader_in_the_middle_of_an_answer_does_not_hold_up_a_sync(lab: Lab) -> None:
    reader = Store.open(lab.index)
    with reader.snapshot():
        assert reader.generation
        lab.update()
        lab.sync()  # and returns: folding the log into the file is left to the next sync
        assert (lab.index / "corpus.sqlite-wal").stat().st_size > 0
    reader.close()


def test_a_rebuild_replaces_the_index_under_its_readers(lab: Lab) -> None:
    reader = searcher(lab)
    before = {hit.passage.article_id for hit in reader.search(QUERIES[0], 20)}
    with reader.store.snapshot():
        assert reader.store.generation
        assert in_child(lab.rebuild) == 0
        assert {hit.passage.article_id for hit in reader.search(QUERIES[0], 20)} == before
    after = reader.search(QUERIES[0], 20)
    assert {hit.passage.article_id for hit in after} == before
    for hit in after:
        require_whole(reader.store, hit.passage.article_id)
    reader.close()


def test_a_reader_writes_a_damaged_vector_file_again_and_says_so(lab: Lab) -> None:
    expected = nearest(searcher(lab))
    damage(lab)
    told: list[str] = []
    assert_finds(searcher(lab, told), expected)
    assert len(told) == 1
    assert "base.faiss has" in told[0]
    assert "made again from SQLite, nothing was embedded" in told[0]
    again = searcher(lab, told)
    assert_finds(again, expected)
    assert again._vectors is not None
    assert again._vectors.base is not None
    assert len(told) == 1


def test_a_reader_leaves_a_damaged_vector_file_to_the_writer_that_is_at_work(lab: Lab) -> None:
    expected = nearest(searcher(lab))
    damage(lab)
    told: list[str] = []
    with Writer.open(lab.index):
        reader = searcher(lab, told)
        assert_finds(reader, expected)
        reader.search(QUERIES[1], 10, mode=Ranker.VECTOR)
    assert len(told) == 1
    assert f"all vectors are read from SQLite: {lab.index} is being written to by process" in told[0]


def nearest(reader: Searcher) -> tuple[Hit, ...]:
    return reader.search(QUERIES[0], 10, mode=Ranker.VECTOR)


def assert_finds(reader: Searcher, expected: tuple[Hit, ...]) -> None:
    """FAISS and numpy add up in different orders, so the last digits of the scores may differ."""
    found = nearest(reader)
    assert [hit.passage for hit in found] == [hit.passage for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-6)


def damage(lab: Lab) -> None:
    manifest = read_manifest(lab.index)
    assert manifest is not None
    file = lab.index / FOLDER / manifest.file
    file.write_bytes(file.read_bytes()[:-10])


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that a process without privileges can reach."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o755)
    yield home
    for folder in [home, *(path for path in home.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    shutil.rmtree(home)


@pytest.mark.parametrize("left", ["closed", "killed", "log without lock table"])
def test_a_folder_that_turned_read_only_is_searched_as_it_was_committed(open_place: Path, left: str) -> None:
    lab = Lab(open_place, ARTICLES)
    lab.fill()
    lab.sync()
    last = text(9_000)
    if left != "closed":
        in_child(lambda: end_without_closing(lab, last))
    if left == "log without lock table":
        (lab.index / "corpus.sqlite-shm").unlink()
    for path in [*lab.index.rglob("*"), lab.index]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert in_child(lambda: ask_without_privileges(lab, left, last)) == 0


def end_without_closing(lab: Lab, last: str) -> None:
    """The last commit is in SQLite's log alone when the process ends."""
    lab.write(lab.folder / "last.txt", last)
    Writer._fold_log = lambda self: None  # type: ignore[method-assign]
    Writer.close = lambda self: os._exit(0)  # type: ignore[method-assign]
    lab.sync()


def ask_without_privileges(lab: Lab, left: str, last: str) -> None:
    if os.geteuid() == 0:  # permissions do not bind root
        os.setgid(65_534)
        os.setuid(65_534)
    assert not os.access(lab.index, os.W_OK)
    if left == "log without lock table":
        with pytest.raises(CorpusError, match=r"cannot be opened.*folder is writable.*qa index"):
            searcher(lab)
        return
    reader = searcher(lab)
    with reader.store.snapshot():
        hits = reader.search(QUERIES[0], 10)
        assert hits
        for hit in hits:
            require_whole(reader.store, hit.passage.article_id)
    found = reader.search(last.split()[-6], 1, mode=Ranker.LEXICAL)
    assert bool(found) == (left == "killed")
    with pytest.raises(CorpusError, match="cannot be written to"):
        Writer.open(lab.index)


def test_what_a_killed_rebuild_left_goes_with_the_next_writer(lab: Lab) -> None:
    shutil.copytree(lab.index, lab.index / "rebuild")
    lab.sync()
    assert not (lab.index / "rebuild").exists()
    with opened_copy(lab.index) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (ARTICLES,)
