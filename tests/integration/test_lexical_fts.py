"""Lexical search in a real full-text table."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import FTS_SCHEMA, LexicalResult, delete_row, fts_row, insert_row, search

NEWS = {
    1: "About 54,000 American troops are stationed in Japan, most of them on Okinawa.",
    2: "The U.S. vice-president said inter-operability of the F-35 fleet was improving.",
    3: "Most of us were stopped by the pandemic; Covid-19 closed schools in São Paulo.",
    4: "Profits rose 25% to $5bn, O’Brien said, and the cease-fire held.",
    5: "The White House spoke; the house was white. The WHO sent vaccines to Kenya in 2019.",
    6: "Growth of 3.5 per cent surprised the workers' union in Osaka.",
}


def fill(conn: sqlite3.Connection, texts: dict[int, str]) -> sqlite3.Connection:
    conn.executescript(FTS_SCHEMA)
    for passage_id, text in texts.items():
        insert_row(conn, passage_id, fts_row("", None, None, text))
    return conn


@pytest.fixture(scope="module")
def news() -> Iterator[sqlite3.Connection]:
    conn = fill(sqlite3.connect(":memory:"), NEWS)
    yield conn
    conn.close()


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    yield conn
    conn.close()


def ask(conn: sqlite3.Connection, query: str, *, k: int = 10, n: int = len(NEWS)) -> LexicalResult:
    return search(conn, query, k=k, n_passages=n)


@pytest.mark.parametrize(
    ("query", "passage_id"),
    [
        ("54,000", 1),
        ("54 000", 1),
        ("54000", 1),
        ("Japan's soldiers", 1),
        ("station Okinawa", 1),
        ("US", 2),
        ("U.S.A.", 2),
        ("usa", 2),
        ("us fleets", 2),
        ("F35", 2),
        ("F 35", 2),
        ("vice president", 2),
        ("vice-president", 2),
        ("interoperability", 2),
        ("inter-operability", 2),
        ("COVID19", 3),
        ("covid 19", 3),
        ("Sao Paulo", 3),
        ("schooling", 3),
        ("25 percent", 4),
        ("$5 billion", 4),
        ("OBrien", 4),
        ("ceasefire", 4),
        ("cease fire", 4),
        ("WHO", 5),
        ("3.5%", 6),
        ("worker's", 6),
    ],
)
def test_usual_spellings_find_the_passage(news: sqlite3.Connection, query: str, passage_id: int) -> None:
    assert ask(news, query).ids[0] == passage_id


@pytest.mark.parametrize("query", ["US", '"US"', "the U.S.", "us", "USA"])
def test_the_acronym_does_not_find_the_pronoun(news: sqlite3.Connection, query: str) -> None:
    assert ask(news, query).ids == (2,)


def test_the_pronoun_alone_finds_the_pronoun(news: sqlite3.Connection) -> None:
    assert ask(news, '"of us"').ids == (3,)


def test_a_natural_question_drops_its_function_words_even_in_a_small_corpus(news: sqlite3.Connection) -> None:
    result = ask(news, "How many troops are in the zorblax of Japan?")
    assert result.ids == (1,)
    assert result.matched_terms == ("troops", "Japan")
    assert result.dropped_terms == ("How", "are", "in", "the", "of")
    assert result.absent_terms == ("many", "zorblax")


def test_a_phrase_must_be_there_in_its_order(news: sqlite3.Connection) -> None:
    assert ask(news, '"white house"').ids == (5,)
    assert ask(news, '"house white"').ids == ()
    assert ask(news, '"house white" kenya').absent_terms == ("house white",)


def test_words_beside_a_phrase_rank_but_need_not_be_there(conn: sqlite3.Connection) -> None:
    fill(conn, {1: "red apple tree", 2: "red apple pie", 3: "apple red pie"})
    assert ask(conn, '"red apple" pie').ids == (2, 1)
    assert ask(conn, '"red apple" cake').ids == (1, 2)


def test_a_phrase_does_not_reach_into_the_one_word_spellings(conn: sqlite3.Connection) -> None:
    fill(conn, {1: "The cease-fire held"})
    assert ask(conn, '"held ceasefire"').ids == ()
    assert ask(conn, '"cease fire held"').ids == ask(conn, '"ceasefire"').ids == (1,)


def test_an_excluded_word_or_phrase_removes_passages(news: sqlite3.Connection) -> None:
    assert set(ask(news, "Osaka Japan Kenya").ids) == {1, 5, 6}
    assert set(ask(news, "Osaka Japan Kenya -Okinawa").ids) == {5, 6}
    assert set(ask(news, 'Osaka Japan Kenya -"white house"').ids) == {1, 6}
    assert ask(news, "-Okinawa").ids == ()


@pytest.mark.parametrize("query", ["", " ", "?!", "-", '""', "\x00", "\ud800", "zorblax", "* ^ ( ) : +"])
def test_nothing_to_search_for_gives_an_empty_result(news: sqlite3.Connection, query: str) -> None:
    assert ask(news, query).ids == ()


def test_a_query_of_function_words_alone_uses_the_rarest(news: sqlite3.Connection) -> None:
    result = ask(news, "by the")
    assert set(result.ids) == {2, 3, 4, 5, 6}
    assert result.ids[0] == 3
    assert result.dropped_terms == ()


def test_equal_scores_are_ordered_by_passage_id(conn: sqlite3.Connection) -> None:
    fill(conn, {7: "same text", 3: "same text", 5: "same text", 9: "other words"})
    result = ask(conn, "same text")
    assert result.ids == (3, 5, 7)
    assert len(set(result.scores)) == 1


def test_scores_fall_and_k_cuts(news: sqlite3.Connection) -> None:
    result = ask(news, "Osaka Japan Kenya workers troops", k=2)
    assert len(result.ids) == len(result.scores) == 2
    assert result.scores[0] >= result.scores[1] > 0
    assert ask(news, "Japan", k=0).ids == ask(news, "Japan", k=-1).ids == ()


def test_the_title_counts_more_than_the_text(conn: sqlite3.Connection) -> None:
    conn.executescript(FTS_SCHEMA)
    insert_row(conn, 1, fts_row("", None, None, "quake harbour"))
    insert_row(conn, 2, fts_row("quake", None, None, "harbour"))
    assert ask(conn, "quake").ids == (2, 1)


def test_outlet_and_date_are_searched(conn: sqlite3.Connection) -> None:
    conn.executescript(FTS_SCHEMA)
    insert_row(conn, 1, fts_row("", "The Japan Times", "2025-03-14", "text"))
    insert_row(conn, 2, fts_row("", "Reuters", "2024-11-02", "text"))
    assert ask(conn, "reuters").ids == (2,)
    assert ask(conn, '"14 March 2025"').ids == ask(conn, "2025-03-14").ids == (1,)


def test_only_allowed_passages_are_returned(news: sqlite3.Connection) -> None:
    allowed = ("SELECT value FROM json_each(?)", ("[1, 6]",))
    result = search(news, "Osaka Japan -Kenya", k=10, allowed_sql=allowed, n_passages=6)
    assert set(result.ids) == {1, 6}
    nothing = search(news, "Osaka", k=10, allowed_sql=("SELECT 1 WHERE 0", ()), n_passages=6)
    assert nothing.ids == ()
    assert nothing.matched_terms == ("Osaka",)


def test_a_deleted_row_is_gone_and_the_index_sound(conn: sqlite3.Connection) -> None:
    fill(conn, NEWS)
    delete_row(conn, 2, fts_row("", None, None, NEWS[2]))
    conn.commit()
    conn.execute("INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')")
    assert ask(conn, "F-35").ids == ()
    assert ask(conn, "Okinawa").ids == (1,)
    insert_row(conn, 2, fts_row("", None, None, "F35 again"))
    assert ask(conn, "F-35").ids == (2,)


def texts_of_frequencies(frequencies: dict[str, int], n: int) -> dict[int, str]:
    """`n` passages; each word stands in as many of them, spread by its own step."""
    words: dict[int, list[str]] = {number: [f"filler{number}"] for number in range(n)}
    for seed, (word, frequency) in enumerate(frequencies.items()):
        for number in range(frequency):
            words[(number * 7 + seed * 3) % n].append(word)
    return {number: " ".join(text) for number, text in words.items()}


FREQUENCIES = {"rare": 5, "scarce": 8, "middling": 60, "common": 90, "everywhere": 199}


@pytest.fixture
def narrow(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """200 passages and limits small enough to matter."""
    monkeypatch.setattr(lexical, "FREQUENT_PASSAGES", 100)
    monkeypatch.setattr(lexical, "CANDIDATE_PASSAGES", 20)
    monkeypatch.setattr(lexical, "CANDIDATES_AT_LEAST", 10)
    return fill(conn, texts_of_frequencies(FREQUENCIES, 200))


def test_a_frequent_word_is_dropped_unless_it_is_all_there_is(narrow: sqlite3.Connection) -> None:
    assert ask(narrow, "everywhere rare", n=200).dropped_terms == ("everywhere",)
    assert len(ask(narrow, "everywhere rare", k=200, n=200).ids) == 5
    alone = ask(narrow, "the everywhere", k=200, n=200)
    assert len(alone.ids) == 199
    assert alone.matched_terms == ("everywhere",)


def full_scores(conn: sqlite3.Connection, expression: str) -> dict[int, float]:
    sql = lexical._SEARCH.format(allowed="")
    return dict(conn.execute(sql, (expression, 1000)).fetchall())


def test_words_that_only_rank_leave_the_scores_as_they_are(narrow: sqlite3.Connection) -> None:
    result = ask(narrow, "rare scarce common middling", k=200, n=200)
    full = full_scores(narrow, "rare OR scarce OR common OR middling")
    assert 8 <= len(result.ids) <= 13
    assert set(result.matched_terms) == {"rare", "scarce", "common", "middling"}
    assert result.scores == pytest.approx([full[passage_id] for passage_id in result.ids])
    assert sorted(result.scores, reverse=True) == list(result.scores)


def test_of_two_frequent_words_a_passage_needs_both(narrow: sqlite3.Connection) -> None:
    result = ask(narrow, "common middling", k=200, n=200)
    both = full_scores(narrow, "common AND middling")
    assert set(result.ids) == set(both)
    assert result.scores == pytest.approx([both[passage_id] for passage_id in result.ids])


def test_under_a_filter_more_passages_are_looked_at(narrow: sqlite3.Connection) -> None:
    allowed = ("SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?", ("middling NOT common",))
    result = search(narrow, "common middling", k=200, allowed_sql=allowed, n_passages=200)
    assert len(result.ids) == len(full_scores(narrow, "middling NOT common"))


def test_a_pasted_article_is_a_query(news: sqlite3.Connection) -> None:
    article = " ".join(f"word{number}" for number in range(3000))
    assert ask(news, f"Okinawa {article}").ids == (1,)
    assert ask(news, f'"{article}"').ids == ()
    assert ask(news, " ".join(f'"w{number} x" -y{number}' for number in range(1000))).ids == ()
    assert ask(news, " ".join(['"white house"', *(f"-y{number}" for number in range(1000))])).ids == (5,)


WORDS_AND_SIGNS = """
    AND OR NOT NEAR( Japan US us 54,000 F-35 " “ ” - – * ^ : ( ) { } + , . ' ’ \x00 \ud800 é ½ text:
"""
pieces = st.sampled_from([*WORDS_AND_SIGNS.split(), " ", "\n", "\u202e"])


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(st.characters(exclude_categories=())), st.lists(pieces).map("".join)))
@example('"')
@example("NEAR(japan okinawa, 5")
@example("\x00" * 50)
@example('-"-"-"')
def test_no_string_is_an_error(news: sqlite3.Connection, query: str) -> None:
    result = ask(news, query)
    assert len(result.ids) == len(result.scores) == len(set(result.ids))


def test_rarity_is_1_for_a_word_of_one_passage_and_0_for_grammar_or_a_word_of_all() -> None:
    conn = fill(sqlite3.connect(":memory:"), {n: f"Japan {'Okinawa' if n == 1 else 'Tokyo'}" for n in range(1, 5)})
    rare = {
        word: lexical.rarity(conn, word, n_passages=4) for word in ("okinawa", "tokyo", "japan", "the", "absent", "")
    }
    assert rare == pytest.approx(
        {"okinawa": 1.0, "tokyo": 1 - math.log(3) / math.log(4), "japan": 0.0, "the": 0.0, "absent": 1.0, "": 0.0}
    )
