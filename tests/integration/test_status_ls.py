from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.encode import ModelFiles
from index.entities import Filter
from index.listing import Order, list_articles
from index.overview import Overview, Tally, overview
from index.removal import remove_articles
from index.store import Store
from index.sync import SyncOptions, sync
from index.writer import Writer
from qa.cli import run
from tests.doubles import HashingEncoder

ARTICLES = {
    "north/bridge.txt": "date 2025-03-02 The bridge was closed on Monday.\n\nIt will open in May.",
    "north/copy-of-bridge.txt": "date 2025-03-02 The bridge was closed on Monday.\n\nIt will open in May.",
    "north/harbour.md": "---\ntitle: Harbour\ndate: 2025-03-20\noutlet: The Ångström Post\n---\n\nShips came.",
    "south/apples.md": "---\ntitle: apples\ndate: 2024-11-05\noutlet: Daily Fruit\n---\n\nApples are cheap.",
    "south/undated.txt": "Nobody knows when this was written. It is short.",
    "south/empty.txt": "",
}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of `ARTICLES`, with the folder that holds both as current folder."""
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name, text in ARTICLES.items():
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _sync(tmp_path)
    return tmp_path / ".qa"


def _sync(home: Path) -> None:
    encoder = HashingEncoder()
    model = ModelFiles(id=encoder.id, folder=home, sha256=encoder.sha256)
    with Writer.open(home / ".qa") as writer:
        sync(writer, [home / "news"], SyncOptions(), model=model, load=lambda: encoder)


def _overview(index: Path) -> Overview:
    store = Store.open(index)
    try:
        return overview(store)
    finally:
        store.close()


def _titles(
    index: Path,
    pattern: str | None = None,
    order: Order = Order.DATE,
    *,
    where: Filter | None = None,
    back: bool = False,
) -> list[str]:
    store = Store.open(index)
    try:
        rows, _ = list_articles(store, pattern=pattern, where=where, order=order, backwards=back)
        return [row.title.split()[0] for row in rows]
    finally:
        store.close()


def test_status_counts_each_article_once_and_each_place(index: Path) -> None:
    found = _overview(index)
    assert (found.articles, found.places, found.undated) == (4, 5, 1)
    assert (found.newest, found.oldest) == ("2025-03-20", "2024-11-05")
    assert found.months == (Tally(name="2025-03", articles=2), Tally(name="2024-11", articles=1))
    assert found.formats == (Tally(name="markdown", articles=2), Tally(name="text", articles=2))
    assert found.outlets[0] == Tally(name=None, articles=2)
    assert {tally.name for tally in found.outlets} == {None, "Daily Fruit", "The Ångström Post"}
    assert found.languages == (Tally(name="en", articles=4),)
    assert found.sentences == sum(row.sentences for row in found.longest)


def test_status_names_skipped_files_sources_sizes_and_encoder(index: Path) -> None:
    found = _overview(index)
    assert [Path(skip.file).name for skip in found.skipped] == ["empty.txt"]
    assert all(skip.reason for skip in found.skipped)
    assert [Path(source.root).name for source in found.sources] == ["news"]
    assert found.store_bytes >= (index / "corpus.sqlite").stat().st_size > 0
    assert found.vectors_bytes > 0
    assert (found.encoder_id, found.encoder_sha256) == (HashingEncoder.id, HashingEncoder.sha256)
    assert found.generation > 0


def test_status_counts_what_was_taken_out(index: Path) -> None:
    longest = _overview(index).longest[0]
    with Writer.open(index) as writer:
        remove_articles(writer, [longest.id])
    found = _overview(index)
    assert found.articles == 3
    assert found.left_out == len(longest.places)


def test_the_longest_articles_come_longest_first(index: Path) -> None:
    lengths = [row.length_chars for row in _overview(index).longest]
    assert lengths == sorted(lengths, reverse=True)
    assert len(lengths) == 4


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        (Order.DATE, ["Harbour", "The", "apples", "Nobody"]),
        (Order.TITLE, ["apples", "Harbour", "Nobody", "The"]),
        (Order.PATH, ["The", "Harbour", "apples", "Nobody"]),
        (Order.ADDED, ["Nobody", "apples", "Harbour", "The"]),
    ],
)
def test_ls_sorts_and_reverses(index: Path, order: Order, titles: list[str]) -> None:
    assert _titles(index, order=order) == titles
    assert _titles(index, order=order, back=True) == titles[::-1]


@pytest.mark.parametrize(
    ("pattern", "titles"),
    [
        ("HARBOUR", ["Harbour"]),
        ("ångström", ["Harbour"]),
        ("copy-of", ["The"]),
        ("north/", ["Harbour", "The"]),
        ("*.md", ["Harbour", "apples"]),
        ("south/*", ["apples", "Nobody"]),
        ("daily*", ["apples"]),
        ("nothing like it", []),
    ],
)
def test_ls_filters_by_title_outlet_and_path(index: Path, pattern: str, titles: list[str]) -> None:
    assert _titles(index, pattern) == titles


@pytest.mark.parametrize(
    ("since", "until", "titles"),
    [
        ("2025-03-01", None, ["Harbour", "The"]),
        ("2025-03-03", None, ["Harbour"]),
        (None, "2024-12-31", ["apples"]),
        ("2024-11-05", "2025-03-02", ["The", "apples"]),
    ],
)
def test_ls_takes_both_ends_of_a_period(index: Path, since: str | None, until: str | None, titles: list[str]) -> None:
    assert _titles(index, where=Filter(since=since, until=until)) == titles


def test_equal_keys_are_sorted_by_id(index: Path) -> None:
    for n in range(5):
        (index.parent / "news" / f"same-{n}.md").write_text(f"---\ntitle: Same\ndate: 2020-01-01\n---\n\nText {n}.")
    _sync(index.parent)
    store = Store.open(index)
    for order in (Order.TITLE, Order.DATE):
        rows, _ = list_articles(store, pattern="same", order=order)
        ids = [row.id for row in rows]
        assert len(ids) == 5
        assert ids == sorted(ids)
    store.close()


def test_the_commands_print_json_and_text(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def qa(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        return code, capsys.readouterr().out

    code, out = qa("status", "--json")
    status = json.loads(out)
    assert (code, status["schema_version"], status["articles"]) == (0, 1, 4)
    assert len(status["longest"]) == 4
    assert "empty.txt" in qa("status")[1]
    code, out = qa("ls", "--json", "-k", "1")
    listed = json.loads(out)
    assert (code, listed["schema_version"], listed["total"], len(listed["articles"])) == (0, 1, 4, 1)
    first, *rest = qa("ls")[1].splitlines()
    assert first.split() == ["2025-03-20", listed["articles"][0]["id"], "Harbour", "1", "news/north/harbour.md"]
    assert len(rest) == 3
    assert "news/north/bridge.txt (+1)" in rest[0]


@pytest.mark.parametrize("value", ["2025-13", "2025-02-30", "soon"])
def test_an_impossible_date_is_a_usage_error(index: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    assert run(["ls", "--since", value]) == 2
    assert value in capsys.readouterr().err


def test_an_empty_list_exits_0_unless_asked_otherwise(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ls", "nothing like it"]) == 0
    assert run(["ls", "nothing like it", "--fail-empty"]) == 4
    assert capsys.readouterr().out == ""


def test_what_would_act_on_a_terminal_is_shown(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (index.parent / "news" / "sly.md").write_text('---\ntitle: "a\\e[31mb\\u202ec"\n---\n\nA sly text.')
    _sync(index.parent)
    run(["ls", "sly"])
    run(["status"])
    out = capsys.readouterr().out
    assert "sly.md" in out
    assert "\x1b[31m" not in out
    assert "\u202e" not in out


def test_a_missing_index_is_named_with_the_command_that_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("ls", "status"):
        assert run([command]) == 3
        assert "qa index FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status", "ls"])
def test_neither_numpy_nor_a_model_is_loaded(index: Path, command: str) -> None:
    script = (
        "import sys; from qa.cli import run; code = run([sys.argv[1], '--json']); "
        "heavy = {'numpy', 'faiss', 'torch', 'onnxruntime'} & sys.modules.keys(); "
        "sys.exit(f'{heavy} were loaded' if heavy else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, command], cwd=index.parent, env=os.environ, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
