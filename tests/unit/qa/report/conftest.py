"""The sample articles in an index that needs no model: quotations are found by words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.encode import ModelFiles
from index.store import Store
from index.sync import SyncOptions, sync
from index.writer import Writer
from qa.report.verify_sources import Sources
from tests.conftest import SEEDS
from tests.doubles import HashingEncoder

IndexFolder = Callable[[Path, Path], None]


def index_folder(folder: Path, articles: Path) -> None:
    """Bring the index in `folder` to the state of `articles`."""
    encoder = HashingEncoder()
    model = ModelFiles(id=encoder.id, folder=folder, sha256=encoder.sha256)
    with Writer.open(folder) as writer:
        options = SyncOptions(consent=lambda _removed, _total: True, exclude=("*.md",))
        sync(writer, [articles], options, model=model, load=lambda: encoder)


@pytest.fixture(scope="session")
def words_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles, found by words only."""
    folder = tmp_path_factory.mktemp("words") / ".qa"
    index_folder(folder, SEEDS)
    return folder


@pytest.fixture
def sources(words_index: Path) -> Iterator[Sources]:
    store = Store.open(words_index)
    yield Sources(store)
    store.close()
