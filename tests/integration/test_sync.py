from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encode import ModelFiles
from index.entities import Freshness, Ranker
from index.errors import EncoderMismatchError, InputError, MissingFolderError, NoIndexError, PathNotFoundError
from index.formats import ReadOptions
from index.freshness import freshness
from index.rebuild import rebuild
from index.removal import remove_articles, remove_source
from index.search import Searcher
from index.store import Store
from index.sync import SyncOptions, SyncReport, check, sync
from index.writer import Writer
from tests.doubles import HashingEncoder

SENTENCES = (
    "The {n}th battalion moved to port {n} on Monday.",
    "Its commander said the {n} ships would stay for {n} weeks.",
    "Prices of item{n} rose by {n} percent.",
)


def article(n: int, *, extra: str = "") -> str:
    body = "\n\n".join(sentence.format(n=n) for sentence in SENTENCES)
    return f" date 2025-03-{n % 28 + 1:02d} {body}{extra}"


class Corpus:
    """A folder of articles and its index."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "articles"
        self.index = home / ".qa"
        self.encoder = HashingEncoder()
        self.folder.mkdir()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def model(self) -> ModelFiles:
        return ModelFiles(id=self.encoder.id, folder=self.folder, sha256=self.encoder.sha256)

    def sync(self, *paths: Path, yes: bool = False, encoding: str | None = None) -> SyncReport:
        options = SyncOptions(consent=lambda _removed, _total: yes, reading=ReadOptions(encoding=encoding))
        with Writer.open(self.index) as writer:
            return sync(writer, list(paths), options, model=self.model(), load=lambda: self.encoder)

    def store(self) -> Store:
        return Store.open(self.index)

    def search(self, query: str, mode: Ranker = Ranker.HYBRID) -> list[str]:
        searcher = Searcher.open(self.index, lambda: self.encoder)
        hits = searcher.search(query, 50, mode=mode)
        texts = []
        for hit in hits:
            found = searcher.store.article(hit.passage.article_id)
            assert found is not None
            texts.append(found.text[hit.passage.start : hit.passage.end])
        searcher.close()
        return texts


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    made = Corpus(tmp_path)
    for n in range(1, 21):
        made.write(f"{n:02d}.txt", article(n))
    return made


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.moved, report.removed


def test_a_second_sync_embeds_nothing_and_loads_no_encoder(corpus: Corpus) -> None:
    assert counts(corpus.sync(corpus.folder)) == (20, 0, 0, 0, 0)
    with Writer.open(corpus.index) as writer:
        report = sync(writer, [], SyncOptions(), model=corpus.model(), load=lambda: pytest.fail("not needed"))
    assert counts(report) == (0, 0, 20, 0, 0)


def test_sentences_and_passages_are_slices_of_the_decoded_file(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    store = corpus.store()
    for n in range(1, 21):
        path = corpus.folder / f"{n:02d}.txt"
        article_id = store.article_at(path)
        assert article_id is not None
        found = store.article(article_id)
        assert found is not None
        assert found.text == path.read_bytes().decode()
        assert found.id == hashlib.sha256(found.text.encode()).hexdigest()[:12]
        assert found.date == f"2025-03-{n % 28 + 1:02d}"
        quotes = [found.text[s.start : s.end] for s in store.sentences(found.id)]
        assert quotes == [sentence.format(n=n) for sentence in SENTENCES]
        assert all(p.article_id == found.id for p in store.passages_of(found.id))


def test_changing_one_article_embeds_only_its_passages(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    before = corpus.encoder.embedded
    corpus.write("07.txt", article(7, extra="\n\nA further sentence was added."))
    assert counts(corpus.sync()) == (0, 1, 19, 0, 0)
    store = corpus.store()
    changed = store.article_at(corpus.folder / "07.txt")
    assert changed is not None
    assert corpus.encoder.embedded - before == len(store.passages_of(changed))
    assert store.count("articles") == 20


def test_touching_a_file_embeds_nothing(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    before = corpus.encoder.embedded
    os.utime(corpus.folder / "03.txt", (1, 1))
    assert counts(corpus.sync()) == (0, 0, 20, 0, 0)
    assert corpus.encoder.embedded == before


def test_renaming_a_folder_moves_its_articles_and_keeps_their_vectors(corpus: Corpus) -> None:
    for n in range(30, 50):
        corpus.write(f"old/{n}.txt", article(n))
    corpus.sync(corpus.folder)
    before, ids = corpus.encoder.embedded, _passage_ids(corpus)
    (corpus.folder / "old").rename(corpus.folder / "new")
    assert counts(corpus.sync()) == (0, 0, 20, 20, 0)
    assert corpus.encoder.embedded == before
    assert _passage_ids(corpus) == ids
    assert corpus.store().article_at(corpus.folder / "new" / "30.txt")


def test_a_report_names_each_file_that_is_new_changed_moved_or_removed(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    corpus.write("01.txt", article(101))
    corpus.write("21.txt", article(21))
    (corpus.folder / "02.txt").rename(corpus.folder / "moved.txt")
    (corpus.folder / "03.txt").unlink()
    report = corpus.sync()
    assert {(change.file.rpartition("/")[2], change.change.value) for change in report.changes} == {
        ("01.txt", "changed"),
        ("21.txt", "new"),
        ("moved.txt", "moved"),
        ("03.txt", "removed"),
    }
    assert corpus.sync().changes == []


def test_identical_texts_are_one_article_with_two_places(corpus: Corpus) -> None:
    corpus.write("copy.txt", article(5))
    corpus.sync(corpus.folder)
    store = corpus.store()
    copy = store.article_at(corpus.folder / "copy.txt")
    assert copy is not None
    assert [place.path for place in store.places(copy)] == ["05.txt", "copy.txt"]
    assert store.count("articles") == 20
    (corpus.folder / "05.txt").unlink()
    assert counts(corpus.sync()) == (0, 0, 20, 0, 1)
    assert corpus.store().count("articles") == 20


def test_removed_text_is_gone_from_every_search_and_from_the_bytes_of_the_index(corpus: Corpus) -> None:
    corpus.write("secret.txt", " date 2025-01-01 The zyxwvut papers name qqlorem as the buyer.\n\nNobody denied it.")
    corpus.sync(corpus.folder)
    assert any("zyxwvut" in text for text in corpus.search("zyxwvut papers"))
    (corpus.folder / "secret.txt").unlink()
    assert counts(corpus.sync()) == (0, 0, 20, 0, 1)
    for mode in Ranker:
        assert not any("zyxwvut" in text for text in corpus.search("zyxwvut qqlorem papers buyer", mode))
    for file in corpus.index.rglob("*"):
        if file.is_file():
            assert b"zyxwvut" not in file.read_bytes(), file
            assert b"qqlorem" not in file.read_bytes(), file


def test_a_changed_text_leaves_no_byte_behind(corpus: Corpus) -> None:
    corpus.write("secret.txt", "The zyxwvut papers name a buyer.")
    corpus.sync(corpus.folder)
    corpus.write("secret.txt", "The papers name a seller.")
    corpus.sync()
    assert not any(b"zyxwvut" in file.read_bytes() for file in corpus.index.rglob("*") if file.is_file())


def test_removing_more_than_a_tenth_needs_consent(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    for n in (1, 2, 3):
        (corpus.folder / f"{n:02d}.txt").unlink()
    corpus.write("new.txt", article(99))
    report = corpus.sync()
    assert (report.new, report.removed, report.kept_articles) == (1, 0, 3)
    assert corpus.store().count("articles") == 21
    (corpus.folder / "new.txt").unlink()
    assert corpus.sync(yes=True).removed == 4
    assert corpus.store().count("articles") == 17


def test_a_missing_folder_is_an_error_and_not_a_removal(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    corpus.folder.rename(corpus.folder.with_name("unmounted"))
    with pytest.raises(MissingFolderError, match=r"articles.*nothing was removed"):
        corpus.sync(yes=True)
    assert corpus.store().count("articles") == 20


def test_a_mistyped_path_is_an_error_that_names_it(corpus: Corpus) -> None:
    with pytest.raises(PathNotFoundError, match="artcles does not exist"):
        corpus.sync(corpus.folder.with_name("artcles"))


def test_check_says_what_would_happen_and_changes_nothing(corpus: Corpus) -> None:
    assert counts(check(None, [corpus.folder], SyncOptions())) == (20, 0, 0, 0, 0)
    corpus.sync(corpus.folder)
    corpus.write("01.txt", article(1, extra=" More."))
    corpus.write("new.txt", article(99))
    (corpus.folder / "02.txt").rename(corpus.folder / "renamed.txt")
    (corpus.folder / "03.txt").unlink()
    bytes_before = {file: file.read_bytes() for file in corpus.index.rglob("*") if file.is_file()}
    report = check(corpus.store(), [], SyncOptions())
    assert counts(report) == (1, 1, 17, 1, 1)
    assert report.differs
    after = {file: file.read_bytes() for file in bytes_before}
    assert after == bytes_before
    assert counts(corpus.sync()) == (1, 1, 17, 1, 1)


def test_bad_files_are_skipped_with_a_reason_and_keep_what_they_gave_before(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    (corpus.folder / "04.txt").write_bytes(b"\x00\x01\x02binary")
    corpus.write("empty.txt", "")
    report = corpus.sync()
    assert sorted(Path(note.file).name for note in report.skipped) == ["04.txt", "empty.txt"]
    assert report.removed == 0
    assert corpus.store().count("articles") == 20
    assert any("4th battalion" in text for text in corpus.search("4th battalion"))


def test_a_quotation_from_a_file_that_turned_bad_is_changed_until_the_file_is_good_again(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    path = corpus.folder / "04.txt"
    article_id = corpus.store().article_at(path)
    assert article_id is not None

    def status() -> Freshness:
        quote = SENTENCES[0].format(n=4)
        return freshness(corpus.store().places(article_id), quote=quote, start=article(4).index(quote))

    path.write_bytes(b"\x00\x01\x02binary")
    corpus.sync()
    assert status() is Freshness.CHANGED
    corpus.sync()
    assert status() is Freshness.CHANGED
    corpus.write("04.txt", article(4))
    assert status() is Freshness.SAME
    assert counts(corpus.sync()) == (0, 0, 20, 0, 0)
    path.write_bytes(b"\x00\x01\x02binary")
    corpus.sync()
    corpus.write("04.txt", article(4, extra=" More."))
    assert counts(corpus.sync()) == (0, 1, 19, 0, 0)


def test_a_renamed_file_that_had_turned_bad_counts_once(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    path = corpus.folder / "04.txt"
    path.write_bytes(b"\x00\x01\x02binary")
    corpus.sync()
    path.unlink()
    corpus.write("renamed.txt", article(4))
    assert counts(check(corpus.store(), [], SyncOptions())) == (0, 0, 19, 1, 0)
    assert counts(corpus.sync()) == (0, 0, 19, 1, 0)


def test_a_forced_encoding_replaces_the_text_of_files_that_are_indexed(corpus: Corpus) -> None:
    polish = "Jan Kowalski powiedział, że wojsko zostanie tu na tydzień."
    path = corpus.folder / "polish.txt"
    path.write_bytes(polish.encode("iso-8859-2"))
    report = corpus.sync(corpus.folder)
    assert next(note.text for note in report.notes if note.file == path.as_posix()).startswith("read as windows-1252")
    assert counts(check(corpus.store(), [], SyncOptions(reading=ReadOptions(encoding="latin2")))) == (0, 1, 20, 0, 0)
    assert counts(corpus.sync(encoding="latin2")) == (0, 1, 20, 0, 0)
    store = corpus.store()
    article_id = store.article_at(path)
    assert article_id is not None
    found = store.article(article_id)
    assert found is not None
    assert found.text == polish
    assert store.count("articles") == 21
    with Writer.open(corpus.index) as writer:
        options = SyncOptions(reading=ReadOptions(encoding="iso-8859-2"))
        again = sync(writer, [], options, model=corpus.model(), load=lambda: pytest.fail("not needed"))
    assert counts(again) == counts(corpus.sync()) == (0, 0, 21, 0, 0)

    def status() -> Freshness:
        encodings = store.encodings(article_id)
        return freshness(store.places(article_id), quote=polish, start=0, encodings=encodings)

    path.write_bytes(f"Nowe.\n\n{polish}".encode("iso-8859-2"))
    assert status() is Freshness.MOVED
    path.write_text(polish, encoding="utf-8")
    assert status() is Freshness.SAME


def test_many_moves_commit_as_they_go_and_ask_nothing(corpus: Corpus) -> None:
    for n in range(100, 400):
        corpus.write(f"old/{n}.txt", article(n))
    corpus.sync(corpus.folder)
    (corpus.folder / "old").rename(corpus.folder / "sub")
    asked, places = 0, 0

    def stop() -> bool:
        nonlocal asked, places
        asked += 1
        if asked == 201:
            places = corpus.store().count("places")
        return asked > 200

    with Writer.open(corpus.index) as writer:
        options = SyncOptions(stop=stop)
        report = sync(writer, [], options, model=corpus.model(), load=lambda: pytest.fail("not needed"))
    assert report.interrupted
    assert report.moved == 200
    assert places - 320 >= 128
    assert counts(corpus.sync()) == (0, 0, 220, 100, 200)
    assert corpus.store().count("articles") == 320


def test_a_nested_source_becomes_part_of_the_one_around_it(corpus: Corpus) -> None:
    corpus.write("sub/30.txt", article(30))
    corpus.sync(corpus.folder / "sub")
    corpus.sync(corpus.folder / "01.txt")
    before = corpus.encoder.embedded
    assert counts(corpus.sync(corpus.folder)) == (19, 0, 2, 0, 0)
    assert [source.root for _, source in corpus.store().sources()] == [corpus.folder.as_posix()]
    assert corpus.store().count("articles") == 21
    assert corpus.encoder.embedded - before == 19
    assert counts(corpus.sync(corpus.folder / "sub")) == (0, 0, 1, 0, 0)
    assert corpus.store().count("articles") == 21


def test_a_moved_project_still_works(corpus: Corpus, tmp_path: Path) -> None:
    corpus.sync(corpus.folder)
    there = tmp_path / "elsewhere"
    there.mkdir()
    corpus.folder = corpus.folder.rename(there / "articles")
    corpus.index = corpus.index.rename(there / ".qa")
    assert counts(corpus.sync()) == (0, 0, 20, 0, 0)
    store = corpus.store()
    assert store.article_at(corpus.folder / "01.txt")


def test_another_encoder_is_an_error_that_names_both(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    other = ModelFiles(id="other", folder=corpus.folder, sha256="0" * 64)
    with Writer.open(corpus.index) as writer, pytest.raises(EncoderMismatchError, match=r"hashing.*other.*--rebuild"):
        sync(writer, [], SyncOptions(), model=other, load=lambda: corpus.encoder)


def test_rebuild_embeds_everything_again_and_replaces_the_index(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    before, ids = corpus.encoder.embedded, _passage_ids(corpus)
    generation = corpus.store().generation
    with Writer.open(corpus.index) as writer:
        report = rebuild(writer, [], SyncOptions(), model=corpus.model(), load=lambda: corpus.encoder)
    assert report.new == 20
    assert corpus.encoder.embedded == 2 * before
    assert not ids & _passage_ids(corpus)
    assert corpus.store().generation > generation
    assert counts(corpus.sync()) == (0, 0, 20, 0, 0)
    assert any("7th battalion" in text for text in corpus.search("7th battalion"))


def test_a_rebuild_over_an_emptied_folder_keeps_the_old_index(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    for file in corpus.folder.iterdir():
        file.unlink()
    with Writer.open(corpus.index) as writer, pytest.raises(InputError, match="none of the 20 articles"):
        rebuild(writer, [], SyncOptions(), model=corpus.model(), load=lambda: corpus.encoder)
    assert corpus.store().count("articles") == 20
    for n in range(1, 6):
        corpus.write(f"{n:02d}.txt", article(n))
    with Writer.open(corpus.index) as writer, pytest.raises(InputError, match=r"15 of 20 articles.*--yes"):
        rebuild(writer, [], SyncOptions(), model=corpus.model(), load=lambda: corpus.encoder)
    assert corpus.store().count("articles") == 20


def test_an_open_searcher_notices_another_encoder(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    searcher = Searcher.open(corpus.index, lambda: corpus.encoder)
    assert searcher.search("battalion", 3)
    with Writer.open(corpus.index) as writer, writer.transaction():
        writer.set_meta("encoder_sha256", "0" * 64)
    with pytest.raises(EncoderMismatchError):
        searcher.search("battalion", 3)


def test_an_interrupted_rebuild_leaves_the_old_index_as_it_was(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    ids = _passage_ids(corpus)
    stops = iter([False, False, True])
    with Writer.open(corpus.index) as writer:
        options = SyncOptions(stop=lambda: next(stops))
        report = rebuild(writer, [], options, model=corpus.model(), load=lambda: corpus.encoder)
    assert report.interrupted
    assert _passage_ids(corpus) == ids


def test_an_interrupted_sync_keeps_what_is_done_and_goes_on_later(corpus: Corpus) -> None:
    stops = iter([False] * 5 + [True])
    with Writer.open(corpus.index) as writer:
        options = SyncOptions(stop=lambda: next(stops))
        report = sync(writer, [corpus.folder], options, model=corpus.model(), load=lambda: corpus.encoder)
    assert report.interrupted
    assert corpus.store().count("articles") == 5
    assert counts(corpus.sync()) == (15, 0, 5, 0, 0)


def test_removed_articles_stay_out_until_they_are_named_again(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    article_id = corpus.store().article_at(corpus.folder / "05.txt")
    assert article_id is not None
    with Writer.open(corpus.index) as writer:
        assert remove_articles(writer, [article_id]) == 1
    assert corpus.sync().new == 0
    assert corpus.store().article(article_id) is None
    report = corpus.sync(corpus.folder / "05.txt")
    assert report.new == 1
    assert corpus.store().article(article_id) is not None


def test_removing_one_article_of_a_file_leaves_none_of_the_file_without_a_place(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    one, other = (corpus.store().article_at(corpus.folder / name) for name in ("05.txt", "06.txt"))
    assert one is not None
    assert other is not None
    with Writer.open(corpus.index) as writer:
        with writer.transaction():  # one file with two members
            (file,), (old,) = writer.files_of(one), writer.files_of(other)
            writer.put_place(file, "second", other)
            writer.remove_file(old)
        assert remove_articles(writer, [one]) == 2
    assert corpus.store().count("articles") == 18


def test_a_file_indexed_by_name_and_removed_does_not_come_back_by_itself(corpus: Corpus) -> None:
    corpus.sync(corpus.folder / "05.txt")
    article_id = corpus.store().article_at(corpus.folder / "05.txt")
    assert article_id is not None
    with Writer.open(corpus.index) as writer:
        remove_articles(writer, [article_id])
    corpus.sync()
    assert corpus.store().count("articles") == 0
    corpus.sync(corpus.folder / "05.txt")
    assert corpus.store().count("articles") == 1


def test_removing_a_source_removes_what_lies_nowhere_else(corpus: Corpus, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.txt").write_text(article(1))
    (other / "own.txt").write_text(article(77))
    corpus.sync(corpus.folder, other)
    assert corpus.store().count("articles") == 21
    with Writer.open(corpus.index) as writer:
        assert remove_source(writer, other.as_posix()) == 1
        assert remove_source(writer, other.as_posix()) is None
    assert corpus.store().count("articles") == 20


def test_the_delta_and_the_file_are_searched_together(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    corpus.write("fresh.txt", article(500))  # one in twenty: stays in the delta
    corpus.sync()
    store = corpus.store()
    from index.vector_files import read_manifest
    from index.vectors import Vectors

    with store.snapshot():
        vectors = Vectors.open(store)
    manifest = read_manifest(corpus.index)
    assert manifest is not None
    assert vectors.delta_ids.size > 0
    assert manifest.count + vectors.delta_ids.size == store.count("vectors")
    assert "500th" in corpus.search("500th battalion port 500", Ranker.VECTOR)[0]


@pytest.mark.parametrize("damage", ["missing file", "short file", "missing manifest", "broken manifest", "no folder"])
def test_search_works_without_a_usable_vector_file(corpus: Corpus, damage: str) -> None:
    corpus.sync(corpus.folder)
    expected = corpus.search("7th battalion", Ranker.VECTOR)
    _break(corpus.index / "vectors", damage)
    assert corpus.search("7th battalion", Ranker.VECTOR) == expected
    embedded = corpus.encoder.embedded
    corpus.sync()
    assert corpus.encoder.embedded == embedded
    assert corpus.search("7th battalion", Ranker.VECTOR) == expected


def test_an_open_searcher_sees_what_another_process_commits(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    searcher = Searcher.open(corpus.index, lambda: corpus.encoder)
    assert searcher.search("900th battalion port", 1)
    corpus.write("fresh.txt", article(900))
    corpus.sync()
    (hit,) = searcher.search("900th battalion port 900", 1)
    fresh = corpus.store().article_at(corpus.folder / "fresh.txt")
    assert hit.passage.article_id == fresh


def test_the_status_of_a_quotation_follows_its_file(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    store = corpus.store()
    path = corpus.folder / "08.txt"
    article_id = store.article_at(path)
    assert article_id is not None
    first = store.sentences(article_id)[0]
    found = store.article(article_id)
    assert found is not None
    quote = found.text[first.start : first.end]

    def status() -> Freshness:
        return freshness(store.places(article_id), quote=quote, start=first.start)

    assert status() is Freshness.SAME
    os.utime(path, (1, 1))
    assert status() is Freshness.SAME
    path.write_text(f"A new beginning.\n\n{found.text}")
    assert status() is Freshness.MOVED
    path.write_text("Something else.")
    assert status() is Freshness.CHANGED
    path.unlink()
    assert status() is Freshness.GONE


def _passage_ids(corpus: Corpus) -> set[int]:
    return {row[0] for row in corpus.store().connection.execute("SELECT id FROM passages")}


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def _break(vectors: Path, damage: str) -> None:
    manifest = vectors / "manifest.json"
    (base,) = vectors.rglob("*.faiss")
    match damage:
        case "missing file":
            base.unlink()
        case "short file":
            base.write_bytes(base.read_bytes()[:-10])
        case "missing manifest":
            manifest.unlink()
        case "broken manifest":
            manifest.write_text("{")
        case "no folder":
            for file in _files(vectors):
                file.unlink()


def test_two_files_that_change_places_keep_both_articles(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    corpus.write("05.txt", article(6, extra=" Longer."))
    corpus.write("06.txt", article(5))
    corpus.sync()
    corpus.write("05.txt", article(5))
    corpus.write("06.txt", article(6, extra=" Longer."))
    corpus.sync()
    store = corpus.store()
    found = [store.article_at(corpus.folder / name) for name in ("05.txt", "06.txt")]
    assert None not in found
    assert len(set(found)) == 2
    assert store.count("articles") == 20


def test_two_files_of_equal_size_and_time_that_change_places_are_noticed(corpus: Corpus) -> None:
    one, other = (corpus.write(f"{name}.txt", f"The ferry to {name} sank.") for name in ("Brund", "Kreel"))
    for path in (one, other):
        os.utime(path, ns=(10**18, 10**18))
    corpus.sync(corpus.folder)
    quote, article_id = "The ferry to Brund sank.", corpus.store().article_at(one)
    assert article_id is not None
    before = one.stat().st_ctime_ns

    def swap() -> None:
        aside = one.rename(one.with_name("aside.txt"))
        other.rename(one)
        aside.rename(other)

    swap()
    while one.stat().st_ctime_ns == before:  # the clock of the file system has not moved on yet
        swap()
        swap()
    assert freshness(corpus.store().places(article_id), quote=quote, start=0) is Freshness.CHANGED
    assert counts(check(corpus.store(), [], SyncOptions())) == (0, 2, 20, 0, 0)
    embedded = corpus.encoder.embedded
    assert counts(corpus.sync()) == (0, 2, 20, 0, 0)
    assert corpus.store().article_at(other) == article_id
    assert corpus.store().count("articles") == 22
    assert counts(corpus.sync()) == (0, 0, 22, 0, 0)
    assert corpus.encoder.embedded - embedded <= 2


def test_changing_one_of_a_thousand_articles_costs_one_and_moving_or_touching_them_costs_nothing(
    tmp_path: Path,
) -> None:
    corpus = Corpus(tmp_path)
    for n in range(1_000):
        corpus.write(f"old/{n}.txt", article(n))
    corpus.sync(corpus.folder)
    before = corpus.encoder.embedded
    for n in range(0, 1_000, 100):
        os.utime(corpus.folder / "old" / f"{n}.txt", (1, 1))
    assert counts(corpus.sync()) == (0, 0, 1_000, 0, 0)
    (corpus.folder / "old").rename(corpus.folder / "new")
    assert counts(corpus.sync()) == (0, 0, 0, 1_000, 0)
    assert corpus.encoder.embedded == before
    changed = corpus.write("new/500.txt", article(500, extra="\n\nA further sentence was added."))
    assert counts(corpus.sync()) == (0, 1, 999, 0, 0)
    store = corpus.store()
    assert corpus.encoder.embedded - before == len(store.passages_of(str(store.article_at(changed))))


def test_touching_a_file_keeps_what_is_known_of_it(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    os.utime(corpus.folder / "03.txt", (1, 1))
    corpus.sync()
    formats = corpus.store().connection.execute("SELECT DISTINCT format, encoding FROM files").fetchall()
    assert len(formats) == 1


def test_an_index_whose_making_was_cut_short_is_no_index_and_is_made_anew(corpus: Corpus) -> None:
    corpus.index.mkdir()
    (corpus.index / "corpus.sqlite").touch()
    with pytest.raises(NoIndexError, match=r"no index in .*qa index FOLDER"):
        corpus.store()
    assert corpus.sync(corpus.folder).new == 20


def test_a_rebuild_keeps_out_what_was_removed(corpus: Corpus) -> None:
    corpus.sync(corpus.folder)
    article_id = corpus.store().article_at(corpus.folder / "05.txt")
    assert article_id is not None
    with Writer.open(corpus.index) as writer:
        remove_articles(writer, [article_id])
        rebuild(writer, [], SyncOptions(), model=corpus.model(), load=lambda: corpus.encoder)
    assert corpus.store().article(article_id) is None
    assert corpus.sync().new == 0


def test_a_writer_that_cannot_open_releases_the_lock(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.sync(corpus.folder)
    with Writer.open(corpus.index) as writer:
        writer.set_meta("normaliser_version", "older")
    monkeypatch.setattr("index.writer.write_full_text", _fail)
    with pytest.raises(RuntimeError):
        Writer.open(corpus.index)
    monkeypatch.undo()
    Writer.open(corpus.index, wait_s=0).close()


def _fail(_: Store) -> None:
    raise RuntimeError
