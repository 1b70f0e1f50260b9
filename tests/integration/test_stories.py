"""Articles that tell the same story, from the folder to the answer."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.copies import copies_of, list_stories, story_of, told_by
from index.encode import ModelFiles
from index.entities import Copies, Filter, Hit, Ranker
from index.listing import Order
from index.removal import remove_source
from index.schema import STORE_FILE, create
from index.search import Searcher
from index.store import Store
from index.stories import Sketch, sketch
from index.story_rows import join_story
from index.sync import SyncOptions, sync
from index.writer import Writer
from qa.answer import choose, cite, relate, retrieved
from qa.cli import run
from qa.entities import Answer, Span, Verdict
from qa.evidence import candidates
from qa.history.records import decode, encode, purged
from tests.doubles import HashingEncoder
from tests.stories_generated import generated

BODY = (
    "The council of Kirkholm voted on Monday to close the old bridge to lorries.\n\n"
    "Inspectors had found cracks in two of its five pillars. "
    "Repairs will cost 14 million crowns and take two years.\n\n"
    "Heavy traffic is to go through Ost, whose mayor asked for a new road. A ferry for lorries was turned down."
)
FOLLOWED = (
    " Shopkeepers near the bridge expect to lose a fifth of their trade. The bishop prayed for patience."
    " A petition with 900 names was handed in on Friday, and the town's paper printed every one of them."
)
OTHER = (
    "A ship with 300 passengers ran aground off Cape Norr on Sunday. All were brought ashore by helicopter.\n\n"
    "The council of Kirkholm opened its halls to them. The captain said that the radar had failed."
)
ARTICLES = {
    "agency.txt": f"date 2025-03-01 {BODY}",
    "courier.md": f"---\ntitle: Bridge shut\noutlet: Courier\ndate: 2025-03-02\n---\nBy Tom Ellery\n\n{BODY}",
    "herald.md": f"---\noutlet: Herald\ndate: 2025-03-04\n---\n{BODY.replace('14 million', '16 million')}{FOLLOWED}",
    "undated.txt": BODY.replace(" and take two years", ""),
    "ship.txt": f"date 2025-02-01 {OTHER}",
}


class Town:
    """A folder of articles and its index."""

    def __init__(self, home: Path) -> None:
        self.folder, self.index, self.encoder = home / "articles", home / ".qa", HashingEncoder()
        self.folder.mkdir(parents=True)

    def write(self, articles: Mapping[str, str]) -> None:
        for name, text in articles.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def sync(self) -> None:
        model = ModelFiles(id=self.encoder.id, folder=self.folder, sha256=self.encoder.sha256)
        with Writer.open(self.index) as writer:
            options = SyncOptions(consent=lambda _removed, _total: True)
            sync(writer, [self.folder], options, model=model, load=lambda: self.encoder)

    def stories(self) -> list[list[str]]:
        """The names of the files of each story, as they are stored."""
        store = Store.open(self.index)
        found = [[row.places[0].path for row in story.articles] for story in list_stories(store, order=Order.PATH)]
        store.close()
        return found

    def id_of(self, name: str) -> str:
        store = Store.open(self.index)
        found = store.article_at(self.folder / name)
        store.close()
        assert found is not None
        return found

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.index / STORE_FILE)
        found = connection.execute(sql).fetchall()
        connection.close()
        return found

    def searcher(self) -> Searcher:
        return Searcher.open(self.index, lambda: self.encoder)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.write(ARTICLES)
    made.sync()
    return made


STORY = ["agency.txt", "courier.md", "herald.md", "undated.txt"]


def test_copies_are_one_story_that_begins_with_the_earliest(town: Town) -> None:
    assert town.stories() == [STORY]
    store = Store.open(town.index)
    assert told_by(store, town.id_of("herald.md"))[0] == story_of(store, town.id_of("undated.txt"))
    assert story_of(store, town.id_of("ship.txt")) is None
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_stories_do_not_depend_on_the_order_in_which_articles_come(seed: int, tmp_path: Path) -> None:
    made = Town(tmp_path)
    names = list(ARTICLES)
    random.Random(seed).shuffle(names)
    for name in names:
        made.write({name: ARTICLES[name]})
        made.sync()
    assert made.stories() == [STORY]


def test_a_story_goes_on_without_its_earliest_article_and_ends_with_its_last_copy(town: Town) -> None:
    (town.folder / "agency.txt").unlink()
    town.sync()
    assert town.stories() == [STORY[1:]]
    (town.folder / "courier.md").write_text(OTHER.replace("Sunday", "Tuesday") + " Nobody had expected it.")
    (town.folder / "undated.txt").write_text("Something else altogether happened in the town of Ost.")
    town.sync()
    assert town.stories() == [["ship.txt", "courier.md"]]


def test_a_story_comes_apart_without_the_article_that_held_it_together(tmp_path: Path) -> None:
    made = Town(tmp_path)
    sentences = [
        f"In the week of number {n} the {n} members of party {n} sold house {n} to bank {n}." for n in range(20)
    ]
    for name, first, last in (("a.txt", 0, 10), ("b.txt", 3, 13), ("c.txt", 6, 16)):
        made.write({name: " ".join(sentences[first:last])})
    made.sync()
    assert [sorted(story) for story in made.stories()] == [["a.txt", "b.txt", "c.txt"]]
    (made.folder / "b.txt").unlink()
    made.sync()
    assert made.stories() == []


def test_nothing_is_left_of_removed_articles(town: Town) -> None:
    with Writer.open(town.index) as writer:
        remove_source(writer, town.folder.as_posix())
    assert town.rows("SELECT * FROM shingles") == town.rows("SELECT * FROM stories") == []


def test_an_update_costs_only_the_articles_that_share_words_with_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def counted(text: str) -> Sketch:
        compared.append(text)
        return sketch(text)

    monkeypatch.setattr("index.story_rows.sketch", counted)
    town.write(
        {"new.txt": "Apples are cheap this year, and pears are dearer than they were in any year since the war."}
    )
    town.sync()
    assert len(compared) == 1


def found(searcher: Searcher, copies: Copies, k: int = 10, where: Filter | None = None) -> list[str]:
    hits = searcher.search("cracks in the pillars of the bridge", k, where, mode=Ranker.LEXICAL, copies=copies)
    return [searcher.store.places(hit.passage.article_id)[0].path for hit in hits]


def test_search_shows_one_hit_per_story_and_all_of_them_on_request(town: Town) -> None:
    searcher = town.searcher()
    assert len([name for name in found(searcher, Copies.FOLDED) if name in STORY]) == 1
    assert set(found(searcher, Copies.ALL)) >= set(STORY)
    assert set(found(searcher, Copies.FOLDED, where=Filter(source="herald*"))) == {"herald.md"}
    searcher.close()


def test_reading_leaves_out_the_copies_that_say_nothing_new(town: Town) -> None:
    searcher = town.searcher()
    read = found(searcher, Copies.NEW)
    assert "herald.md" in read  # it has another figure
    assert len({"agency.txt", "undated.txt"} & set(read)) <= 1
    searcher.close()


def test_search_looks_further_when_copies_crowd_out_everything_else(tmp_path: Path) -> None:
    made = Town(tmp_path)
    made.write({f"{n:03}.txt": f"date 2025-01-01 {BODY} Copy number {n} of it." for n in range(130)})
    made.write({"ship.txt": OTHER.replace("ran aground", "ran aground at the bridge")})
    made.sync()
    searcher = made.searcher()
    hits = searcher.search("cracks pillars old bridge council Kirkholm", 2, mode=Ranker.VECTOR)
    assert len({hit.passage.article_id for hit in hits}) == 2
    searcher.close()


# --- answers ---


def span_of(store: Store, article_id: str, words: str) -> Span:
    article = store.article(article_id)
    assert article is not None
    start = article.text.index(words)
    number = next(s.number for s in store.sentences(article_id) if s.start <= start < s.end)
    passage = next(p for p in store.passages_of(article_id) if p.first_sentence <= number <= p.last_sentence)
    return Span(
        article_id=article_id,
        passage_id=passage.id,
        start=start,
        end=start + len(words),
        first_sentence=number,
        last_sentence=number,
        score=1.0,
    )


def test_the_earliest_article_that_says_it_word_for_word_is_cited_and_the_others_are_listed(town: Town) -> None:
    store = Store.open(town.index)
    (citation,) = cite(store, [span_of(store, town.id_of("courier.md"), "14 million")], "How much will repairs cost?")
    article = store.article(citation.article_id)
    assert article is not None
    assert citation.place.path == "agency.txt"
    assert article.text[citation.start : citation.end] == citation.quote
    assert citation.answer == "14 million"
    assert [(copy.place.path, copy.verbatim) for copy in citation.copies] == [
        ("courier.md", True),
        ("herald.md", False),
        ("undated.txt", False),
    ]
    store.close()


def test_a_correction_is_cited_itself(town: Town) -> None:
    store = Store.open(town.index)
    (citation,) = cite(store, [span_of(store, town.id_of("herald.md"), "16 million")], "How much will repairs cost?")
    assert (citation.place.path, citation.answer) == ("herald.md", "16 million")
    assert [copy.place.path for copy in citation.copies] == ["agency.txt", "courier.md", "undated.txt"]
    store.close()


def test_what_a_filter_leaves_out_is_not_cited(town: Town) -> None:
    store = Store.open(town.index)
    span = span_of(store, town.id_of("herald.md"), "two of its five pillars")
    (citation,) = cite(store, [span], "Where are the cracks?", Filter(since="2025-03-02"))
    assert citation.place.path == "courier.md"
    store.close()


def test_purging_an_article_removes_it_from_the_copies_of_kept_answers(town: Town) -> None:
    store = Store.open(town.index)
    citations = cite(store, [span_of(store, town.id_of("courier.md"), "14 million")], "How much will repairs cost?")
    answer = Answer(
        id="0123456789ab",
        asked_at="2025-04-01T12:00:00+00:00",
        question="How much will repairs cost?",
        standalone_question="How much will repairs cost?",
        verdict=Verdict.ANSWERED,
        text="14 million",
        confidence=0.9,
        citations=citations,
        related=(),
        index_generation=1,
        models={},
        timings_ms={},
    )
    store.close()
    assert decode(encode(answer)) == answer
    left, _ = purged(answer, {town.id_of("undated.txt")})
    assert [copy.place.path for copy in left.citations[0].copies] == ["courier.md", "herald.md"]
    assert left.citations[0].quote == citations[0].quote


def retrieved_hits(searcher: Searcher, names: Sequence[str], town: Town) -> list[Hit]:
    passages = [searcher.store.passages_of(town.id_of(name))[0] for name in names]
    return [
        Hit(passage=passage, score=1 / rank, rank=rank, ranker=Ranker.HYBRID)
        for rank, passage in enumerate(passages, start=1)
    ]


def test_copies_count_as_one_source_and_are_cited_once(town: Town) -> None:
    town.write(
        {"second.txt": "date 2025-05-01 An engineer in Ost says that repairs of the bridge cost 14 million crowns."}
    )
    town.sync()
    searcher = town.searcher()
    names = ["courier.md", "agency.txt", "second.txt"]
    passages = retrieved(searcher.store, retrieved_hits(searcher, names, town))
    spans = [span_of(searcher.store, town.id_of(name), "14 million") for name in names]
    (candidate,) = candidates("What does it cost?", passages, spans)
    assert candidate.support == 2
    question = "How much will repairs cost?"
    citations = cite(searcher.store, choose(question, passages, [candidate]), question)
    assert [citation.place.path for citation in citations] == ["agency.txt", "second.txt"]
    related = relate(searcher.store, passages, cited=citations, k=5)
    assert related == ()  # the copy's passage holds the cited sentence too
    searcher.close()


# --- indexes of other releases, the commands ---


def make_old(index: Path) -> None:
    """As a release without stories left it."""
    connection = sqlite3.connect(index / STORE_FILE, isolation_level=None)
    for statement in ("DROP TABLE shingles", "DROP TABLE stories", "DELETE FROM meta WHERE key = 'stories_version'"):
        connection.execute(statement)
    connection.close()


def test_an_index_without_stories_is_read_as_it_is_and_gets_them_with_the_next_sync(town: Town) -> None:
    make_old(town.index)
    store = Store.open(town.index)
    assert list_stories(store) == ()
    assert copies_of(store, town.id_of("courier.md"), "cracks") == ()
    store.close()
    searcher = town.searcher()
    assert set(found(searcher, Copies.FOLDED)) >= set(STORY)
    searcher.close()
    town.sync()
    assert town.stories() == [STORY]


def command(town: Town, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["--index", str(town.index), *arguments]) == 0
    return capsys.readouterr().out


def test_ls_lists_the_articles_of_each_story(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lines = command(town, capsys, "ls", "--stories").splitlines()
    assert [line.rpartition("/")[2] for line in lines] == STORY
    told = json.loads(command(town, capsys, "ls", "--stories", "--json", "bridge shut"))
    assert told["total"] == 1
    assert [article["id"] for article in told["stories"][0]["articles"]] == [town.id_of(name) for name in STORY]
    assert run(["--index", str(town.index), "ls", "--stories", "aground", "--fail-empty"]) == 4


def test_search_names_the_copies_below_the_hit(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["search", "--mode", "lexical", "cracks pillars"]
    folded = command(town, capsys, *words)
    assert sum(folded.count(f"{word} 2025") for word in ("also in", "another version:")) >= 1
    assert folded.count("Inspectors had found") == 1
    (hit,) = json.loads(command(town, capsys, *words, "--json"))["hits"]
    assert len(hit["copies"]) == 3
    every = command(town, capsys, *words, "--all-copies")
    assert every.count("Inspectors had found") == 4
    assert "also in" not in every


def test_show_names_the_copies_of_an_article_and_those_that_hold_a_sentence(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    article_id = town.id_of("courier.md")
    whole = command(town, capsys, "show", article_id).splitlines()
    assert [line.split()[:3] for line in whole[-3:]] == [
        ["another", "version:", "2025-03-01"],
        ["another", "version:", "2025-03-04"],
        ["another", "version:", "undated"],
    ]
    told = json.loads(command(town, capsys, "show", f"{article_id}:2", "--json"))
    (sentence,) = told["sentences"]
    assert sentence["text"].startswith("The council of Kirkholm voted")
    assert [(copy["article_id"], copy["verbatim"]) for copy in told["copies"]] == [
        (town.id_of(name), True) for name in STORY if name != "courier.md"
    ]
    assert "version" not in command(town, capsys, "show", town.id_of("ship.txt"))


def test_status_counts_the_stories(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = [line for line in command(town, capsys, "status").splitlines() if line.startswith("stories")]
    assert line.split(None, 1)[1] == "1 in copies, 4 articles together; qa ls --stories lists them"
    told = json.loads(command(town, capsys, "status", "--json"))
    assert (told["stories"], told["articles_of_stories"]) == (1, 4)
    make_old(town.index)
    assert not any(line.startswith("stories") for line in command(town, capsys, "status").splitlines())
    assert json.loads(command(town, capsys, "status", "--json"))["stories"] == 0


# --- quality ---


def test_of_2000_generated_articles_nearly_all_copies_are_linked_and_nothing_else(tmp_path: Path) -> None:
    articles = generated(2_000, seed=5)
    store = Store(create(tmp_path / STORE_FILE), tmp_path)
    store.connection.execute("BEGIN IMMEDIATE")
    for article, known in enumerate(articles, start=1):
        store.connection.execute(
            "INSERT INTO articles (key, id, title, title_given, language, sha256, text_sha256, text) "
            "VALUES (?, ?, '', 0, 'en', '', '', ?)",
            (article, f"{article:012x}", known.text),
        )
        store.connection.execute("INSERT INTO sentences VALUES (?, 1, 0, ?, NULL)", (article, len(known.text)))
        join_story(store, article)
    linked = dict(store.connection.execute("SELECT article, earliest FROM stories"))
    store.connection.execute("ROLLBACK")
    store.close()
    story = {article: known.story for article, known in enumerate(articles, start=1)}
    right = pairs(Counter((linked[article], story[article]) for article in linked))
    assert right / pairs(Counter(linked.values())) >= 0.98
    assert right / pairs(Counter(story.values())) >= 0.95


def pairs(groups: Counter[object]) -> int:
    return sum(n * (n - 1) // 2 for n in groups.values())
