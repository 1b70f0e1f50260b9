"""What every reader must do, whatever is inside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.reader.model import Reader
from qa.reader.shipped import load_reader
from tests.doubles import HashingEncoder
from tests.sentence_reader import SentenceReader
from tests.unit.qa.passages import retrieved

TEXTS = (
    "The port closed on Monday. Its 400 workers were sent home. Ships wait outside.",
    "The strike began in March. Union leader Ana Ruiz called it. The port has 400 workers.",
)


@pytest.fixture(params=["nearest-sentence", "shipped"])
def reader(request: pytest.FixtureRequest) -> Reader:
    readers: dict[str, Callable[[], Reader]] = {
        "nearest-sentence": lambda: SentenceReader(HashingEncoder),
        "shipped": load_reader,
    }
    return readers[request.param]()


def test_without_passages_there_are_no_spans(reader: Reader) -> None:
    assert reader.read("How many workers?", []) == ()


def test_spans_lie_within_the_sentences_they_name(reader: Reader) -> None:
    passages = {found.article.id: found for text in TEXTS for found in [retrieved(text, rank=1)]}
    for span in reader.read("How many workers has the port?", list(passages.values())):
        found = passages[span.article_id]
        named = found.sentences[span.first_sentence - 1 : span.last_sentence]
        assert named[0].start <= span.start < span.end <= named[-1].end


def test_spans_are_sorted_and_the_same_every_time(reader: Reader) -> None:
    passages = [retrieved(text, rank=rank) for rank, text in enumerate(TEXTS, start=1)]
    spans = reader.read("Who called the strike?", passages)
    assert spans
    assert list(spans) == sorted(spans, key=lambda span: (-span.score, span.article_id, span.start))
    assert reader.read("Who called the strike?", passages) == spans


def test_equal_passages_keep_a_fixed_order(reader: Reader) -> None:
    twins = [retrieved(TEXTS[0], rank=1), retrieved(TEXTS[0] + " ", rank=1)]
    spans = reader.read("When did the port close?", twins)
    assert [span.article_id for span in spans] == [
        span.article_id for span in reader.read("When did the port close?", twins[::-1])
    ]


def test_sentences_of_overlapping_passages_are_offered_once(reader: Reader) -> None:
    found = retrieved(TEXTS[0], rank=1)
    spans = reader.read("How many workers?", [found, found])
    assert len({(span.article_id, span.start, span.end) for span in spans}) == len(spans)
