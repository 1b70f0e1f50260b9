"""What every reader must do, whatever is inside it."""

from __future__ import annotations

import hashlib

import pytest

from index.entities import Article, Hit, Passage, Ranker
from index.segment import sentences
from qa.reader.model import Reader, RetrievedPassage
from qa.reader.sentences import SentenceReader
from tests.doubles import HashingEncoder

TEXTS = (
    "The port closed on Monday. Its 400 workers were sent home. Ships wait outside.",
    "The strike began in March. Union leader Ana Ruiz called it. The port has 400 workers.",
)


@pytest.fixture(params=["nearest-sentence"])
def reader(request: pytest.FixtureRequest) -> Reader:
    return {"nearest-sentence": SentenceReader(HashingEncoder)}[request.param]


def retrieved(text: str, rank: int) -> RetrievedPassage:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    found = sentences(text, body_start=0, article_id=sha256[:12])
    article = Article(
        id=sha256[:12],
        title="Port",
        title_given=True,
        text=text,
        date="2025-03-30",
        author=None,
        outlet=None,
        url=None,
        language="en",
        sha256=sha256,
        text_sha256=sha256,
    )
    passage = Passage(
        id=rank, article_id=article.id, first_sentence=1, last_sentence=len(found), start=0, end=found[-1].end
    )
    hit = Hit(passage=passage, score=1.0 / rank, rank=rank, ranker=Ranker.HYBRID)
    return RetrievedPassage(hit=hit, article=article, sentences=found)


def test_without_passages_there_are_no_spans(reader: Reader) -> None:
    assert reader.read("How many workers?", []) == ()


def test_spans_lie_within_the_sentences_they_name(reader: Reader) -> None:
    passages = {found.article.id: found for text in TEXTS for found in [retrieved(text, 1)]}
    for span in reader.read("How many workers has the port?", list(passages.values())):
        found = passages[span.article_id]
        named = found.sentences[span.first_sentence - 1 : span.last_sentence]
        assert named[0].start <= span.start < span.end <= named[-1].end


def test_spans_are_sorted_and_the_same_every_time(reader: Reader) -> None:
    passages = [retrieved(text, rank) for rank, text in enumerate(TEXTS, start=1)]
    spans = reader.read("Who called the strike?", passages)
    assert spans
    assert list(spans) == sorted(spans, key=lambda span: (-span.score, span.article_id, span.start))
    assert reader.read("Who called the strike?", passages) == spans


def test_equal_passages_keep_a_fixed_order(reader: Reader) -> None:
    twins = [retrieved(TEXTS[0], 1), retrieved(TEXTS[0] + " ", 1)]
    spans = reader.read("When did the port close?", twins)
    assert [span.article_id for span in spans] == [
        span.article_id for span in reader.read("When did the port close?", twins[::-1])
    ]


def test_sentences_of_overlapping_passages_are_offered_once(reader: Reader) -> None:
    found = retrieved(TEXTS[0], 1)
    spans = reader.read("How many workers?", [found, found])
    assert len({(span.article_id, span.start, span.end) for span in spans}) == len(spans)
