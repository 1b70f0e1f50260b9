"""Spelling and query parsing: no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Term, fts_row, parse_query
from index.lexicon import canonical, canonical_date

SAME = [
    ("54,000", "54 000", "54\u202f000", "54\u00a0000", "54'000", "54000"),
    ("1,234,567", "1\u2009234\u2009567", "1234567"),
    ("F-35", "F35", "F 35", "F\u201135", "f-35"),
    ("COVID-19", "Covid 19", "covid19", "COVID\u201119"),
    ("Japan's", "Japan’s", "JAPAN'S", "Japan"),
    ("O'Brien", "O’Brien", "OBrien"),
    ("U.S. troops", "US troops", "U.S.A. troops", "USA troops", "U. S. troops", "u.s. troops"),
    ("U.K.", "UK", "U.K"),
    ("Washington, D.C.", "Washington DC"),
    ("J.K. Rowling", "J. K. Rowling", "JK Rowling"),
    ("25%", "25 %", "25 percent", "25 per cent", "25 pct", "25％"),
    ("$5bn", "$5 bn", "US$5 billion", "5 billion", "$5BN"),
    ("£3.5m", "£3.5 million", "£3.5mn"),
    ("ﬁnance ＮＡＴＯ", "finance NATO"),
    ("Łukasz Ørsted Strauß", "Lukasz Orsted Strauss"),
    ("9/11", "9-11", "9 11"),
    ("co\u00adoperation", "cooperation"),
]

DIFFERENT = [
    ("US", "us"),
    ("WHO said", "who said"),
    ("3.5", "3 5"),
    ("12,34", "1234"),
    ("in 2019 100 people", "in 2019100 people"),
    ("1990s", "1990 s"),
    ("Plan A. I agree", "Plan AI agree"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_word_have_one_canonical_form(spellings: tuple[str, ...]) -> None:
    assert len({canonical(spelling).lower() for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_in_meaning_stays_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S.-led force left. The U.S. agreed.", "the u.s. led force left the u.s. agreed"),
        ("It tells us about US policy", "it tells us about u.s. policy"),
        ("WHO WILL LEAD THE US NEXT", "who will lead the u.s. next"),
        ("a cease-fire, signed", "a cease fire signed . ceasefire"),
        ("state-of-the-art", "state of the art"),
        ("inflation of 3.5, not 3.5.", "inflation of 3.5 not 3.5"),
        ("the 19th-century 1990s", "the 19th century 1990s"),
        ("AT&T and R&D", "at t and r d"),
        ("workers' rights don't", "workers rights dont"),
        ("NUL \x00 and \ud800 and \u202e", "nul and and"),
        ("", ""),
    ],
)
def test_canonical_form_of_a_text(text: str, expected: str) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-03-14", "14 march 2025 03 14"),
        ("2025-03-04T10:00:00Z", "4 march 2025 03 04"),
        ("2025-12", "december 2025 12"),
        ("spring 2025", "spring 2025"),
        ("2025-13-01", "2025 13 01"),
        ("", ""),
    ],
)
def test_a_date_is_found_as_prose_and_as_iso(date: str, expected: str) -> None:
    assert canonical_date(date) == expected


def test_a_row_has_a_column_for_each_part_and_none_becomes_empty() -> None:
    assert fts_row("Title", None, None, "Text") == ("title", "", "", "text")
    assert fts_row("Title", "BBC", "2025-01-02", "Text") == ("title", "bbc", "2 january 2025 01 02", "text")


def forms(terms: tuple[Term, ...]) -> list[tuple[str, ...]]:
    return [term.forms for term in terms]


def test_words_become_terms_and_keep_their_spelling() -> None:
    query = parse_query("How many U.S. troops?")
    assert forms(query.terms) == [("how",), ("many",), ("u.s.",), ("troops",)]
    assert [term.is_function_word for term in query.terms] == [True, False, False, False]
    assert [term.text for term in query.terms] == ["How", "many", "US", "troops"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("COVID-19", ["covid", "covid 19"]),
        ("F-35", ["f 35"]),
        ("cease-fire", ["cease", "fire", "ceasefire"]),
        ("US-Japan", ["u.s.", "japan", "u.s. japan"]),
        ("state-of-the-art", ["state", "art", "state of the art"]),
        ("9/11", ["9 11"]),
        ("and/or", ["and", "or"]),
    ],
)
def test_a_compound_is_searched_as_a_whole_and_by_its_longer_parts(query: str, expected: list[str]) -> None:
    assert forms(parse_query(query).terms) == [(form,) for form in expected]


@pytest.mark.parametrize("quoted", ['"white house"', "“white house”", "„white house“", "«white house»"])
def test_quotation_marks_make_a_phrase(quoted: str) -> None:
    query = parse_query(f"visitors {quoted} today")
    assert forms(query.phrases) == [("white house",)]
    assert forms(query.terms) == [("visitors",), ("today",)]


def test_a_hyphenated_word_in_a_phrase_is_read_both_ways() -> None:
    assert forms(parse_query('"cease-fire deal"').phrases) == [("cease fire deal", "ceasefire deal")]


def test_a_hyphen_before_a_word_or_phrase_excludes_it() -> None:
    query = parse_query('japan -trump -"white house" -F-35')
    assert forms(query.terms) == [("japan",)]
    assert sorted(forms(query.excluded)) == [("f 35",), ("trump",), ("white house",)]


@pytest.mark.parametrize("query", ["vice-president", "peace - now", "war – peace", "- now", "--now", "a -", "-"])
def test_other_hyphens_and_dashes_exclude_nothing(query: str) -> None:
    assert parse_query(query).excluded == ()


@pytest.mark.parametrize("query", ['"white house', 'white "house', '6" gun', '""', '" "', '"?!"'])
def test_quotation_marks_around_nothing_make_no_phrase(query: str) -> None:
    assert parse_query(query).phrases == ()


def test_a_word_written_twice_is_one_term() -> None:
    assert forms(parse_query("Japan and JAPAN's").terms) == [("japan",), ("and",)]


@pytest.mark.parametrize(
    ("query", "country"),
    [
        ("us troops in japan", True),
        ("How many us troops are in Japan?", True),
        ("Who leads the us?", True),
        ("What does it tell us about Japan?", False),
        ("tell us about japan", False),
        ("How does Japan see us?", False),
        ("bus routes", False),
    ],
)
def test_a_lower_case_us_is_the_country_where_the_query_says_so(query: str, country: bool) -> None:
    assert (("u.s.",) in forms(parse_query(query).terms)) is country


def test_a_lower_case_us_in_a_phrase_is_read_both_ways() -> None:
    assert forms(parse_query('"us troops"').phrases) == [("us troops", "u.s. troops")]


def test_operators_of_the_full_text_engine_are_ordinary_words() -> None:
    found = forms(parse_query("a AND b NOT NEAR(c, 2) * ^ title:x").terms)
    assert found == [(form,) for form in ("a", "and", "b", "not", "near", "c", "2", "title", "x")]


@given(st.text())
def test_canonical_is_stable_and_holds_only_tokens(text: str) -> None:
    tokens = canonical(text).split(" ")
    assert canonical(text) == canonical(text)
    assert all(token == "." or token.replace(".", "").isalnum() for token in tokens if token)


@given(st.text(alphabet="ab '-.\"US19,%&/\u2019\u00e9"))
def test_the_words_of_a_query_are_those_of_the_text(text: str) -> None:
    text = text.replace('"', "").replace("-", "")
    in_query = [token for term in parse_query(f'"{text}"').phrases for token in term.forms[0].split()]
    assert in_query == [token for token in canonical(text).split() if token != "."]
