"""The sample articles in an index that needs no model: quotations are found by words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store import Store
from qa.report.verify_sources import Sources
from tests.conftest import SEEDS
from tests.kept import sync_quickly


@pytest.fixture(scope="session")
def words_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index folder of the sample articles, found by words only."""
    folder = tmp_path_factory.mktemp("words") / ".qa"
    sync_quickly(folder, *sorted(SEEDS.glob("*.txt")))
    return folder


@pytest.fixture
def sources(words_index: Path) -> Iterator[Sources]:
    store = Store.open(words_index)
    yield Sources(store)
    store.close()
