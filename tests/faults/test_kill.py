from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from index.arrays import Embeddings
from index.entities import Ranker
from index.errors import NoIndexError
from index.search import Searcher
from tests.doubles import HashingEncoder
from tests.faults.corpus import Lab, is_whole
from tests.faults.killing import KillPoint, count_events, in_child, kill
from tests.faults.oracle import (
    Encode,
    consistency_problems,
    least_cosine,
    leftovers,
    logical_dump,
    opened_copy,
    traces,
)

SHARES = {
    "first": {"create": 1, "sync": 5, "merge": 2, "tidy": 1},
    "update": {"sync": 4, "merge": 1, "tidy": 2},
    "rebuild": {"sync": 1, "merge": 1, "replace": 1, "tidy": 1},
}
"""Of 20 kills, how many fall into each stage of a first sync, of an update and of a rebuild."""
KILLS = [(run, stage) for run, stages in SHARES.items() for stage, share in stages.items() for _ in range(share)]
ARTICLES, MANY_ARTICLES = 100, 300
FACTOR = 10
"""The whole set has this many times the kills of the short one, over more articles."""
REAL_ARTICLES = 40


@dataclass(kw_only=True)
class Scene:
    """A sync or rebuild that is about to run, and what it should lead to."""

    lab: Lab
    run: str
    before: Path | None
    """Copy of the index that it starts from."""
    before_ids: frozenset[str]
    after: Path
    """Copy of the index that it leads to undisturbed."""
    gone: frozenset[str]
    """Marks of the texts that it removes."""
    encode: Encode | None
    """Recomputes the vectors; None where that would load a model into the process that forks."""
    events: dict[str, int]

    def work(self) -> None:
        """What is killed."""
        if self.run == "rebuild":
            self.lab.rebuild()
        else:
            self.lab.sync()


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    encode = remembering(HashingEncoder())
    return {run: make_scene(run, Lab(tmp_path_factory.mktemp(run), ARTICLES), encode) for run in SHARES}


def remembering(encoder: HashingEncoder) -> Encode:
    """Encodes each text once: the same ones are checked after every kill."""
    known: dict[str, Embeddings] = {}

    def encode(texts: Sequence[str]) -> Embeddings:
        for text in texts:
            if text not in known:
                known[text] = encoder.encode_queries([text])[0]
        return np.stack([known[text] for text in texts])

    return encode


def make_scene(run: str, lab: Lab, encode: Encode | None) -> Scene:
    lab.fill()
    copies = lab.index.parent / "copies"
    before, ids, gone = None, frozenset[str](), frozenset[str]()
    if run != "first":
        assert in_child(lab.sync) == 0
        if run == "rebuild":
            lab.update()
            assert in_child(lab.sync) == 0
        before, ids = lab.save(copies / "before"), article_ids(lab.index)
        gone = frozenset(lab.update()) if run == "update" else gone
    scene = Scene(
        lab=lab, run=run, before=before, before_ids=ids, after=copies / "after", gone=gone, encode=encode, events={}
    )
    scene.events = dict(count_events(scene.work))
    lab.save(scene.after)
    assert consistency_problems(scene.after, encode) == []
    assert logical_dump(scene.after)[0]["stories"]
    return scene


@pytest.mark.parametrize(("run", "number"), [(run, n) for run in SHARES for n in range(sum(SHARES[run].values()))])
def test_a_killed_sync_opens_at_its_last_commit_and_the_next_one_completes_it(
    scenes: dict[str, Scene], run: str, number: int
) -> None:
    scene = scenes[run]
    check(scene, points(scene, 1)[number])


@pytest.mark.fault
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("run", SHARES)
def test_every_part_of_a_sync_survives_being_killed(run: str, tmp_path: Path) -> None:
    scene = make_scene(run, Lab(tmp_path, MANY_ARTICLES), remembering(HashingEncoder()))
    for point in points(scene, FACTOR):
        check(scene, point)


@pytest.mark.fault
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("run", SHARES)
def test_a_killed_sync_with_the_real_encoder_is_completed_by_the_next_one(run: str, tmp_path: Path) -> None:
    lab = real_lab(tmp_path)
    scene = make_scene(run, lab, None)
    point = points(scene, 1)[len(points(scene, 1)) // 2]
    check(scene, replace(point, by_parent=False))


def real_lab(home: Path) -> Lab:
    from index.encode import load_encoder
    from index.model_files import resolve_model

    lab = Lab(home, REAL_ARTICLES)
    lab.model = resolve_model("all-MiniLM-L6-v2", cache_dir=home / "cache")
    lab.load = lambda: load_encoder(lab.model, threads=1)  # in the child: its threads would not survive the fork
    return lab


def points(scene: Scene, factor: int) -> list[KillPoint]:
    """Spread evenly over the events of each stage; every other one is killed from outside."""
    found = []
    for stage, share in SHARES[scene.run].items():
        kills, events = share * factor, scene.events[stage]
        found += [
            KillPoint(stage=stage, event=int((n + 0.5) * events / kills), by_parent=n % 2 == 1) for n in range(kills)
        ]
    return found


def check(scene: Scene, point: KillPoint) -> None:
    lab = scene.lab
    lab.restore(scene.before)
    died = kill(scene.work, point)
    assert died or point.by_parent, f"{point} was not reached"
    assert consistency_problems(lab.index, scene.encode) == [], point
    assert scene.before_ids - in_hand(scene) <= article_ids(lab.index), point
    assert article_ids(lab.index) <= scene.before_ids | article_ids(scene.after), point
    if scene.run == "rebuild":
        assert_same(lab.index, scene.after, point)
    if point.event % 4 < 2 and scene.encode is not None:
        search(lab)
    assert in_child(lab.sync) == 0, point
    assert consistency_problems(lab.index, scene.encode) == [], point
    assert_same(lab.index, scene.after, point)
    assert leftovers(lab.index) == [], point
    assert traces(lab.index, set(scene.gone)) == [], point
    if scene.encode is not None:
        assert search(lab), point


def assert_same(index: Path, expected: Path, point: KillPoint) -> None:
    (rows, vectors), (expected_rows, expected_vectors) = logical_dump(index), logical_dump(expected)
    for table in expected_rows:
        assert rows[table] == expected_rows[table], (point, table)
    assert vectors.shape == expected_vectors.shape, point
    assert least_cosine(vectors, expected_vectors) >= 0.9999, point


def search(lab: Lab) -> int:
    """Search as a person would; every hit must be a slice of a whole article. Returns the number of hits."""
    try:
        searcher = Searcher.open(lab.index, lambda: HashingEncoder())
    except NoIndexError as error:
        if type(error) is not NoIndexError:
            raise
        return 0  # killed before the first commit
    hits = 0
    with searcher.store.snapshot():
        if searcher.store.meta("encoder_id") is not None:
            for mode in Ranker:
                for hit in searcher.search("minister of the harbour company strike", 20, mode=mode):
                    article = searcher.store.article(hit.passage.article_id)
                    assert article is not None
                    assert is_whole(article.text)
                    hits += 1
    searcher.close()
    return hits


def in_hand(scene: Scene) -> set[str]:
    """Articles that may be missing: those that the run removes, and those of files that change places."""
    with opened_copy(scene.after) as connection:
        rows = connection.execute("SELECT id, text FROM articles").fetchall()
    swapped = {i for i, text in rows if any(word in text for word in scene.lab.swapped)}
    return (set(scene.before_ids) - {i for i, _ in rows}) | swapped


def article_ids(index: Path) -> frozenset[str]:
    return frozenset(_ids(index))


def _ids(index: Path) -> Iterator[str]:
    if not (index / "corpus.sqlite").exists():
        return
    with opened_copy(index) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            for row in connection.execute("SELECT id FROM articles"):
                yield str(row[0])
