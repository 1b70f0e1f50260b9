"""Documents, tables and archives in an index: what a citation of them says when they change, and what is embedded."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from index import parts
from index.entities import Filter, Freshness, Ranker
from index.errors import UnreadableFileError
from index.formats import ReadOptions
from index.freshness import freshness
from index.language import language_notice
from index.removal import remove_articles
from index.stdin import STDIN_FOLDER, keep_article
from index.sync import SyncOptions, SyncReport, check, sync
from index.writer import Writer
from qa.cli import run
from qa.tui.widgets.article_layout import ArticleLayout
from tests.conftest import RunQa
from tests.integration.test_sync import Corpus, counts
from tests.unit.index.formats.test_docx import packed
from tests.unit.index.formats.test_html import NEWS
from tests.unit.index.formats.test_pdf import LEAD, Newspaper, body, document, heading, paragraph, saved

SAVED = Path(__file__).parents[1] / "data" / "formats"
ROWS = [("Port", "2025-03-30", "The port closed on Monday."), ("Storm", "2025-03-29", "The storm came at noon.")]
FIELDS = ReadOptions(fields=(("text", "Story"),))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


def write_table(corpus: Corpus, rows: list[tuple[str, str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("title", "date", "Story"), *rows])
    corpus.write("feed.csv", file.getvalue())


def sync_with(corpus: Corpus, options: SyncOptions, *paths: Path) -> SyncReport:
    with Writer.open(corpus.index) as writer:
        return sync(writer, list(paths), options, model=corpus.model(), load=lambda: corpus.encoder)


def status(corpus: Corpus, article_id: str, quote: str) -> Freshness:
    store = corpus.store()
    article = store.article(article_id)
    assert article is not None
    return freshness(store.places(article_id), quote=quote, start=article.text.index(quote))


def test_a_quotation_from_a_row_follows_the_row(corpus: Corpus) -> None:
    write_table(corpus, ROWS)
    sync_with(corpus, SyncOptions(reading=FIELDS), corpus.folder)
    store = corpus.store()
    article_id = store.article_at(corpus.folder / "feed.csv", "1")
    assert article_id is not None
    assert [place.member for place in store.places(article_id)] == ["1"]
    quote = "The port closed on Monday."
    assert status(corpus, article_id, quote) is Freshness.SAME
    write_table(corpus, [*ROWS, ("More", "2025-04-01", "More came.")])
    assert status(corpus, article_id, quote) is Freshness.SAME, "a row that was added says nothing of the others"
    write_table(corpus, [("More", "2025-04-01", "More came."), *ROWS])
    assert status(corpus, article_id, quote) is Freshness.MOVED
    write_table(corpus, [("Port", "2025-03-30", "The port closed on Tuesday."), ROWS[1]])
    assert status(corpus, article_id, quote) is Freshness.CHANGED
    (corpus.folder / "feed.csv").unlink()
    assert status(corpus, article_id, quote) is Freshness.GONE


def test_a_quotation_from_html_in_a_row_is_found_again_when_another_row_changes(corpus: Corpus) -> None:
    quote = "R&D goes on at the port of Vell."
    for note in ("A.", "B."):
        rows = [{"Story": "<p>The port closed.</p><p>R&amp;D goes on at the <b>port</b> of Vell.</p>"}, {"Story": note}]
        corpus.write("blog.jsonl", "\n".join(map(json.dumps, rows)))
        if note == "A.":
            sync_with(corpus, SyncOptions(reading=FIELDS), corpus.folder)
        article_id = corpus.store().article_at(corpus.folder / "blog.jsonl", "1")
        assert article_id is not None
        assert status(corpus, article_id, quote) is Freshness.SAME
    corpus.write("blog.jsonl", json.dumps({"Story": "<p>R&amp;D goes on at the <b>port</b> of Ness.</p>"}))
    assert article_id is not None
    assert status(corpus, article_id, quote) is Freshness.CHANGED


def test_a_page_whose_frame_changes_still_says_the_same_in_a_folder_and_in_an_archive(corpus: Corpus) -> None:
    quote = "The last closure, in 2011, lasted for nine days"
    page, archive = corpus.folder / "port.html", corpus.folder / "old" / "news.zip"
    archive.parent.mkdir()
    for html, expected in (
        (NEWS, Freshness.SAME),
        (NEWS.replace("Subscribe now for 1 a week", "Subscribe now for 2 a week"), Freshness.SAME),
        (NEWS.replace("in 2011, lasted", "in 2012, lasted"), Freshness.CHANGED),
    ):
        page.write_text(html, encoding="utf-8")
        archive.write_bytes(packed({"a/port.html": html.encode(), "b.txt": b"B came."}))
        if html is NEWS:
            corpus.sync(corpus.folder)
        store = corpus.store()
        article_id = store.article_at(page)
        assert article_id is not None
        assert article_id == store.article_at(archive, "a/port.html"), "one article in two places"
        found = store.article(article_id)
        assert found is not None
        for place in store.places(article_id):
            assert freshness([place], quote=quote, start=found.text.index(quote)) is expected


def test_a_sentence_of_a_pdf_knows_its_page(corpus: Corpus) -> None:
    pdf = document(Newspaper)
    heading(pdf, "Port of Vell shuts for a week", 20)
    paragraph(pdf, LEAD)
    for number in range(1, 37):
        paragraph(pdf, body(number))
    (corpus.folder / "port.pdf").write_bytes(saved(pdf))
    corpus.sync(corpus.folder)
    store = corpus.store()
    article_id = store.article_at(corpus.folder / "port.pdf")
    assert article_id is not None
    found = store.article(article_id)
    assert found is not None
    sentences = store.sentences(article_id)
    assert {sentence.page for sentence in sentences} == {1, 2, 3}
    last = sentences[-1]
    assert (found.text[last.start : last.end], last.page) == (body(36).partition("sizes. ")[2], 3)


def test_the_reading_view_keeps_paragraphs_headings_and_lists(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    page = SAVED / "ledger-port.html"
    (corpus.folder / page.name).write_bytes(page.read_bytes())
    corpus.sync(corpus.folder)
    store = corpus.store()
    article_id = store.article_at(corpus.folder / page.name)
    assert article_id is not None
    found, sentences = store.article(article_id), store.sentences(article_id)
    assert found is not None
    assert run(["--index", str(corpus.index), "show", article_id]) == 0
    shown = [line[6:] for line in capsys.readouterr().out.splitlines()]
    at = shown.index("## What it costs")
    assert shown[at - 1] == shown[at + 1] == ""
    items = shown.index("- Ferries to the islands go from the north quay.")
    assert shown[items - 2 : items] == ["Three things change for travellers:", ""]
    assert [line[:2] for line in shown[items : items + 3]] == ["- "] * 3
    blocks = ArticleLayout(found.text, sentences).blocks
    texts = [(found.text[block.start : block.end], block.gap) for block in blocks]
    assert ("## What it costs", 1) in texts
    assert ("- The night boat to Ness is cancelled until 8 April.", 0) in texts
    assert any(text.startswith("“We have no choice,”") and text.endswith("a day.”") for text, _ in texts)


def test_a_date_that_is_corrected_beside_the_text_is_taken_over(corpus: Corpus) -> None:
    write_table(corpus, ROWS)
    options = SyncOptions(reading=FIELDS)
    sync_with(corpus, options, corpus.folder)
    before = corpus.encoder.embedded
    write_table(corpus, [("Port", "2024-03-30", ROWS[0][2]), ROWS[1]])
    assert counts(sync_with(corpus, options)) == (0, 1, 0, 0, 0)
    store = corpus.store()
    article_id = store.article_at(corpus.folder / "feed.csv", "1")
    assert article_id is not None
    found = store.article(article_id)
    assert found is not None
    assert found.date == "2024-03-30"
    assert corpus.encoder.embedded - before == 1, "title and date are embedded with the text; the other row is not"
    assert store.count_allowed(Filter(until="2024-12-31")).allowed == 1
    assert store.count("articles") == 2
    assert counts(sync_with(corpus, options)) == (0, 0, 1, 0, 0)


def test_a_large_table_that_is_interrupted_goes_on_where_it_was(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_CHARS", 200)
    monkeypatch.setattr("index.sync.BATCH_PASSAGES", 1)
    rows = [{"title": f"Ship {n}", "text": f"Ship number {n} came into port {n * 3} this morning."} for n in range(20)]
    corpus.write("ships.jsonl", "\n".join(json.dumps(row) for row in rows))
    stops = iter([False, False, True])
    report = sync_with(corpus, SyncOptions(stop=lambda: next(stops)), corpus.folder)
    taken = corpus.store().count("articles")
    assert report.interrupted
    assert 0 < taken < 20
    assert corpus.encoder.embedded == taken
    assert counts(corpus.sync()) == (0, 0, 1, 0, 0) or corpus.store().count("articles") == 20
    assert corpus.store().count("articles") == 20
    assert corpus.encoder.embedded == 20, "nothing is embedded twice"


def test_checking_says_of_documents_what_indexing_does(corpus: Corpus) -> None:
    (corpus.folder / "port.html").write_text(NEWS, encoding="utf-8")
    corpus.write("cut.pdf", "%PDF-1.4 cut")
    report = check(None, [corpus.folder], SyncOptions())
    assert (report.new, [note.text[:13] for note in report.skipped]) == (1, ["a damaged PDF"])
    done = corpus.sync(corpus.folder)
    assert (done.new, [note.text[:13] for note in done.skipped]) == (1, ["a damaged PDF"])


def test_other_languages_are_searched_word_for_word_and_told_of_once(corpus: Corpus) -> None:
    corpus.write("de.txt", "Die Regierungen haben am Montag neue Regeln beschlossen. Der Hafen bleibt geschlossen.")
    corpus.write("en.txt", "The governments decided on new rules on Monday. The ports are being closed for a week.")
    corpus.sync(corpus.folder)
    store = corpus.store()
    languages = {place.path: store.article(i).language for i in _ids(corpus) for place in store.places(i)}  # type: ignore[union-attr]
    assert languages == {"de.txt": "de", "en.txt": "en"}
    assert len(corpus.search("Regierungen", Ranker.LEXICAL)) == 1
    assert corpus.search("Regierung", Ranker.LEXICAL) == [], "no English endings are taken off German words"
    assert len(corpus.search("government", Ranker.LEXICAL)) == 1
    assert len(corpus.search('"bleibt geschlossen"', Ranker.LEXICAL)) == 1
    assert corpus.search("Hafen -Montag", Ranker.LEXICAL) == []
    with Writer.open(corpus.index) as writer:
        notice = language_notice(writer)
        assert notice is not None
        assert notice.startswith("1 article is not in English (1 de)")
        assert "trained on English" in notice
        assert language_notice(writer) is None
    corpus.write("de.txt", "Die Häfen bleiben am Dienstag geschlossen, sagte die Ministerin in Berlin.")
    corpus.sync()
    assert corpus.search("Regierungen", Ranker.LEXICAL) == []
    assert len(corpus.search("Ministerin", Ranker.LEXICAL)) == 1


def _ids(corpus: Corpus) -> list[str]:
    return [row[0] for row in corpus.store().connection.execute("SELECT id FROM articles")]


def test_an_article_from_standard_input_is_kept_and_deleted_with_its_removal(corpus: Corpus) -> None:
    corpus.write("a.txt", "The port closed.")
    corpus.sync(corpus.folder)
    folder = keep_article(
        corpus.index, b"---\ntitle: Bridge\n---\nThe bridge opened on Tuesday.", options=ReadOptions()
    )
    corpus.sync(folder)
    store = corpus.store()
    (file,) = folder.iterdir()
    assert file.suffix == ".md"
    article_id = store.article_at(file)
    assert article_id is not None
    assert counts(corpus.sync(corpus.folder.parent)) == (0, 0, 1, 0, 0), "a folder around the index does not swallow it"
    assert counts(corpus.sync()) == (0, 0, 2, 0, 0)
    with Writer.open(corpus.index) as writer:
        remove_articles(writer, [article_id])
    assert list(folder.iterdir()) == []
    assert b"Tuesday" not in b"".join(path.read_bytes() for path in corpus.index.rglob("*") if path.is_file())
    assert counts(corpus.sync()) == (0, 0, 1, 0, 0)


def test_standard_input_that_is_no_article_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="standard input: empty file"):
        keep_article(tmp_path, b"", options=ReadOptions())
    with pytest.raises(UnreadableFileError, match="standard input: more than the 1e-06 MB"):
        keep_article(tmp_path, b"The port closed.", options=ReadOptions(max_bytes=1))
    assert not (tmp_path / STDIN_FOLDER).exists()


def test_the_command_takes_an_article_from_standard_input(run_qa: RunQa, tmp_path: Path) -> None:
    done = run_qa("index", "-", cwd=tmp_path, stdin="", fresh=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input: empty file" in done.stderr
    assert run_qa("index", "-", "--check", cwd=tmp_path, stdin="A.", fresh=True).returncode == 2
    assert not (tmp_path / ".qa" / STDIN_FOLDER).exists()


def test_a_row_is_shown_by_its_place_and_not_removed_alone(
    run_qa: RunQa, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(corpus, ROWS)
    home = corpus.index.parent
    sync_with(corpus, SyncOptions(reading=FIELDS), corpus.folder)
    shown = run_qa("show", "articles/feed.csv#2", cwd=home)
    assert (shown.returncode, "The storm came at noon." in shown.stdout) == (0, True)
    article_id = corpus.store().article_at(corpus.folder / "feed.csv", "2")
    refused = run_qa("rm", str(article_id), "--yes", cwd=home)
    assert refused.returncode == 2
    assert "remove the whole file with: qa rm" in refused.stderr
    assert corpus.store().count("articles") == 2
    assert run_qa("rm", "articles/feed.csv", "--yes", cwd=home).returncode == 0
    assert corpus.store().count("articles") == 0
