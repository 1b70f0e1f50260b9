from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stories import earliest_first, groups, is_copy, said_already, sketch, squeezed
from tests.stories_by_hand import versions

TEXT = (
    "The council of Kirkholm voted on Monday to close the old bridge over the river Aa to lorries from May on. "
    "Inspectors had found cracks in two of its five pillars. Repairs will cost 14 million crowns and take two years. "
    "Until then heavy traffic is to go through Ost, whose mayor asked for a new road."
)


def copies(one: str, other: str) -> bool:
    assert is_copy(sketch(one), sketch(other)) == is_copy(sketch(other), sketch(one))
    return is_copy(sketch(one), sketch(other))


def test_versions_of_a_story_are_copies_and_other_stories_on_the_event_are_not() -> None:
    texts = versions()
    wrong = [
        (one, other)
        for one, other in combinations(texts, 2)
        if copies(texts[one], texts[other]) != (one[0] == other[0])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "other",
    [
        "Bridge to close. By our reporter\n\n" + TEXT,
        TEXT.replace("14 million", "16 million"),
        TEXT[: TEXT.index("Until")],
        TEXT.replace("\n", " ").replace("crowns", "kroner").upper(),
    ],
    ids=["headline and byline", "corrected figure", "last sentence cut", "other word, other case"],
)
def test_a_lightly_changed_text_is_a_copy(other: str) -> None:
    assert copies(TEXT, other)


ADDED = " ".join(
    f"{who} {what} in {where} on Tuesday, and said that it would cost {n} million crowns more than in the year before."
    for n, (who, what, where) in enumerate(
        (("Mayor Lie", "spoke", "Ost"), ("A bishop", "prayed", "Kirkholm"), ("Engineers", "met", "Varde")) * 4, start=20
    )
)


def test_an_extended_text_is_a_copy_and_a_digest_that_begins_with_it_is_none() -> None:
    assert copies(TEXT, f"{TEXT} {ADDED}")
    other = ADDED.replace("Ost", "Norr").replace("Kirkholm", "Antwerp")
    assert not copies(TEXT, f"{TEXT} {other}")


def test_texts_of_a_few_words_are_never_copies() -> None:
    assert not copies("No further details were available.", "No further details were available!")
    assert not copies("", TEXT)


def test_a_language_without_spaces_is_compared_by_its_characters() -> None:
    text = "東京都知事は月曜日、老朽化した橋を五月から大型車に対して閉鎖すると発表した。修理には二年かかる。"
    assert copies(text, text.replace("二年", "三年"))
    assert not copies(text, "気象庁は、台風が週末に九州へ上陸するおそれがあると発表し、住民に早めの避難を呼びかけた。")


def test_a_sample_is_the_same_on_every_machine() -> None:
    sample = sketch("one two three four five six seven eight nine ten eleven twelve").sample
    assert len(sample) == 8
    assert sample[:2] == (1_913_484_242_889, 11_753_940_447_506)


def test_groups_hang_together_by_links_however_they_are_ordered() -> None:
    links = {(1, 4), (4, 6), (2, 5)}
    linked = lambda one, other: (min(one, other), max(one, other)) in links  # noqa: E731
    assert groups([6, 5, 4, 3, 2, 1], linked) == [[1, 4, 6], [2, 5], [3]]
    assert groups([], linked) == []


@given(st.permutations([(None, "a"), ("2025-03", "b"), ("2025-03-30", "d"), ("2025-03-30", "e")]))
def test_ties_are_broken_by_id_and_the_undated_come_last(shuffled: list[tuple[str | None, str]]) -> None:
    assert [row[1] for row in sorted(shuffled, key=lambda row: earliest_first(*row))] == ["b", "d", "e", "a"]


def test_times_are_compared_where_they_were_and_not_as_they_are_written() -> None:
    tokyo, london = "2025-03-30T08:00:00+09:00", "2025-03-29T23:30:00+00:00"
    assert earliest_first(tokyo, "b") < earliest_first(london, "a")
    assert earliest_first("2025-03-30", "b") < earliest_first("2025-03-30T00:30:00Z", "a")


def test_a_sentence_in_other_typography_is_squeezed_to_the_same() -> None:
    assert squeezed("“It’s\u00a0done,” she\nsaid – twice.") == squeezed('"It\'s done," she said - twice.')
    assert squeezed("It is done.") != squeezed("It was done.")


def test_new_numbers_and_names_are_something_new_and_other_word_forms_are_not() -> None:
    known = "Inspectors found cracks in two of the five pillars of the old bridge on Monday. Repairs cost 14 million."
    assert said_already(["Inspectors had found cracks in two of the five pillars of the old bridge."], known)
    assert not said_already(["Repairs cost 16 million."], known)
    assert not said_already(["Inspectors found cracks in two of the five pillars of the Ost bridge on Monday."], known)
    assert not said_already(["Inspectors found cracks.", "Nobody was hurt when the road was shut."], known)
