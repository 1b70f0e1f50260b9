from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from qa.answer import choose, differing, widened
from qa.entities import Span
from qa.evidence import COVERAGE_WEIGHT, PASSAGE_WEIGHT, SUPPORT, candidates, normalised_answer
from qa.question import Asked
from qa.reader.model import RetrievedPassage
from tests.unit.qa.passages import citation, retrieved, span_of

JAPAN = "The United States has 54,000 troops in Japan. They are mostly in Okinawa."
ALSO = "Some fifty-four thousand US troops are in Japan. The islands are tense."
OTHER = "Japan hosts about 50,000 US troops. It was so in 2019."


def both(*texts: str) -> tuple[RetrievedPassage, ...]:
    return tuple(retrieved(text, rank=rank) for rank, text in enumerate(texts, start=1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("54,000", "fifty-four thousand"),
        ("about 54,000", "54 000"),
        ("The Joint Operations Command", "joint operations command"),
        ("$1.2 billion", "$1,200,000,000"),
    ],
)
def test_answers_that_mean_the_same_are_equal_when_normalised(one: str, other: str) -> None:
    assert normalised_answer(one) == normalised_answer(other)


def test_a_span_s_score_is_mixed_with_that_of_its_passage() -> None:
    first, second = both(JAPAN, OTHER)
    spans = [span_of(first, "54,000", 2.0), span_of(second, "50,000", 2.5)]
    found = candidates("", (first, second), spans)
    assert [c.value for c in found] == ["54000", "50000"]  # 2.0 + 4 * 1 is more than 2.5 + 4 / 2
    assert found[0].score == pytest.approx(2.0 + PASSAGE_WEIGHT)


def test_the_question_s_words_beside_an_answer_count_for_it() -> None:
    first, second = both(OTHER, "Okinawa hosts 26,000 US Marines. The islands are tense.")
    spans = [span_of(first, "50,000", 2.0), span_of(second, "26,000", 1.0)]
    question = "How many Marines does Okinawa host?"
    assert [c.value for c in candidates("", (first, second), spans)] == ["50000", "26000"]
    gain = candidates(question, (first, second), spans)
    assert next(c for c in gain if c.value == "26000").score == pytest.approx(
        1.0 + PASSAGE_WEIGHT / 2 + COVERAGE_WEIGHT
    )


def test_a_number_of_another_measure_falls_behind() -> None:
    passage = retrieved("The rover is 80 centimetres tall and weighs 26 kilograms.", rank=1)
    spans = [span_of(passage, "26 kilograms", 3.0), span_of(passage, "80 centimetres", 1.0)]
    assert candidates("How tall is the rover?", (passage,), spans)[0].value == "80 centimetres"


def test_equal_answers_of_other_articles_support_each_other() -> None:
    first, second, third = both(JAPAN, ALSO, OTHER)
    spans = [span_of(first, "54,000", 2.0), span_of(second, "fifty-four thousand", 1.0), span_of(third, "50,000", 1.0)]
    best, rest = candidates("", (first, second, third), spans)
    assert len(best.spans) == 2
    assert best.score == pytest.approx(2.0 + PASSAGE_WEIGHT + SUPPORT * math.log(2))
    assert rest.value == "50000"


def test_an_equal_word_about_something_else_is_no_support() -> None:
    first, second = both("Finland joined NATO on Tuesday.", "A trade deal was announced on Tuesday.")
    spans = [span_of(first, "Tuesday", 5.0), span_of(second, "Tuesday", 1.0)]
    asked = "When did Finland join NATO?"
    (found,) = candidates(asked, (first, second), spans)
    assert (len(found.spans), found.support) == (1, 1)
    assert chosen(asked, (first, second), spans) == [(first.article.id, 1)]


def test_equal_scores_are_ordered_by_article_and_offset() -> None:
    passage = retrieved("Ana Ruiz met Bo Lund.", rank=1)
    spans = [span_of(passage, "Bo Lund", 1.0), span_of(passage, "Ana Ruiz", 1.0)]
    assert [c.value for c in candidates("", (passage,), spans)] == ["ana ruiz", "bo lund"]


def chosen(question: str, passages: Sequence[RetrievedPassage], spans: Sequence[Span]) -> list[tuple[str, int]]:
    return [
        (span.article_id, span.first_sentence)
        for span in choose(question, passages, candidates(question, passages, spans))
    ]


def test_another_number_of_another_article_is_cited_beside_the_best() -> None:
    first, second = both(JAPAN, OTHER)
    spans = [span_of(first, "54,000", 5.0), span_of(second, "about 50,000", 4.5)]
    assert chosen("How many US troops are in Japan?", (first, second), spans) == [
        (first.article.id, 1),
        (second.article.id, 1),
    ]


def test_another_number_of_the_same_article_is_not() -> None:
    passage = retrieved("NATO had 31 members. It has 32 now.", rank=1)
    spans = [span_of(passage, "32", 9.0), span_of(passage, "31", 0.5)]
    assert chosen("How many members?", (passage,), spans) == [(passage.article.id, 2)]


def test_a_weak_other_number_is_not() -> None:
    first, second = both(JAPAN, OTHER)
    spans = [span_of(first, "54,000", 9.0), span_of(second, "50,000", 1.0)]
    assert len(chosen("How many US troops are in Japan?", (first, second), spans)) == 1


def test_other_names_are_no_disagreement() -> None:
    first, second = both("Ana Ruiz called it.", "Bo Lund called it.")
    spans = [span_of(first, "Ana Ruiz", 5.0), span_of(second, "Bo Lund", 4.9)]
    assert len(chosen("Who called it?", (first, second), spans)) == 1


def test_without_spans_nothing_is_chosen() -> None:
    assert choose("Who?", both(JAPAN), ()) == ()


def test_differing_values_are_listed_newest_first_with_their_citations() -> None:
    old = citation(1, OTHER, "about 50,000", date="2019-05-01")
    new = citation(2, JAPAN, "54,000", date="2025-03-30")
    same = citation(3, ALSO, "fifty-four thousand", date="2025-04-01")
    values = differing("How many US troops are in Japan?", (old, new, same))
    assert [(v.text, v.date, v.citation) for v in values] == [
        ("54,000", "2025-03-30", 2),
        ("about 50,000", "2019-05-01", 1),
    ]


def test_values_that_agree_or_are_no_numbers_do_not_differ() -> None:
    one, other = citation(1, JAPAN, "54,000"), citation(2, ALSO, "fifty-four thousand")
    assert differing("How many US troops are in Japan?", (one, other)) == ()
    assert differing("Where are they?", (citation(1, JAPAN, "Okinawa"), citation(2, ALSO, "Japan"))) == ()


@pytest.mark.parametrize(
    ("quote", "words", "kind", "whole"),
    [
        ("It has about 54,000 troops.", "54,000", Asked.NUMBER, "about 54,000"),
        ("It costs more than $3 million a year.", "3", Asked.NUMBER, "more than $3 million"),
        ("Some 12 percent agreed.", "12", Asked.NUMBER, "Some 12 percent"),
        ("They came on 4 April 2023 by ship.", "2023", Asked.DATE, "4 April 2023"),
        ("It opened on March 24 in Tokyo.", "24", Asked.DATE, "March 24"),
        ("about Tokyo", "Tokyo", Asked.PLACE, "Tokyo"),
    ],
)
def test_an_answer_keeps_what_it_must_not_be_read_without(quote: str, words: str, kind: Asked, whole: str) -> None:
    start = quote.index(words)
    first, last = widened(quote, start, start + len(words), kind)
    assert quote[first:last] == whole
