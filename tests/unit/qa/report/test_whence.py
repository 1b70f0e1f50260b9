from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from index.search import Searcher
from index.store import Store
from qa.errors import QuestionError
from qa.report import whence as module
from qa.report.verify_changes import Kind, changes_in
from qa.report.verify_sources import Sources
from qa.report.whence import Origin, paraphrased, whence
from tests.conftest import SEEDS
from tests.doubles import HashingEncoder
from tests.generated_drafts import OTHER_WORDS
from tests.kept import sync_quickly

JAPAN = "045939ebd956"
TROOPS = "about 54,000 troops in Japan, and roughly half of them"
SENTENCES = 10_000
EXCERPTS = 500


def test_an_excerpt_leads_to_article_and_sentence(sources: Sources) -> None:
    (match,) = whence(TROOPS, sources, k=10)
    assert match.origin is Origin.EXACT
    assert match.place.source.article.id == JAPAN
    assert match.place.sentences == (5, 5)
    assert match.place.text == TROOPS


def test_an_excerpt_in_brackets_is_looked_for_by_its_words(sources: Sources) -> None:
    (match,) = whence(f"[ {TROOPS} ].", sources, k=10)
    assert (match.origin, match.place.text) == (Origin.EXACT, TROOPS)


@pytest.mark.parametrize(
    "excerpt",
    [
        "“About 54,000  troops in\nJapan, and roughly half of them”",
        "about 54,000 … half of them are based",
        "Yokota Air Base in the western suburbs of Tokyo. The plan was first announced",
        "to be or not to be",
    ],
)
def test_only_what_a_typesetter_may_change_is_exact(sources: Sources, excerpt: str) -> None:
    found = whence(excerpt, sources, k=10)
    assert [match.origin for match in found] == ([] if excerpt.startswith("to be") else [Origin.EXACT])


def test_an_altered_excerpt_comes_with_its_difference(sources: Sources) -> None:
    (match,) = whence("The Unitd States has about 55,000 troops in Japan", sources, k=10)
    assert match.origin is Origin.ALTERED
    assert match.place.sentences == (5, 5)
    assert [(c.kind, c.source, c.draft) for c in changes_in(match.diff)] == [
        (Kind.NAME, "United", "Unitd"),
        (Kind.NUMBER, "54,000", "55,000"),
    ]


def test_all_copies_are_listed_the_exact_ones_by_date_then_the_nearest(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for day, text in ((3, "at noon"), (1, "at noon"), (2, "at midnight")):
        words = f" date 2025-03-0{day} The port of Odesa closed on Monday {text}. Number {day} says so."
        (articles / f"{day}.txt").write_text(words)
    sync_quickly(tmp_path / ".qa", articles)
    found = whence("The port of Odesa closed on Monday at noon", Sources(Store.open(tmp_path / ".qa")), k=10)
    assert [(match.origin, match.place.source.article.date) for match in found] == [
        (Origin.EXACT, "2025-03-01"),
        (Origin.EXACT, "2025-03-03"),
        (Origin.ALTERED, "2025-03-02"),
    ]


def test_every_place_in_one_article_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The port of Odesa closed. So it was. The port of Odesa closed again.")
    sync_quickly(tmp_path / ".qa", tmp_path / "a.txt")
    found = whence("the port of Odesa closed", Sources(Store.open(tmp_path / ".qa")), k=10)
    assert [match.place.sentences for match in found] == [(1, 1), (3, 3)]


def test_what_stands_nowhere_is_not_found(sources: Sources) -> None:
    assert whence("a recipe for pasta with garlic, oil and a little chilli", sources, k=10) == ()


@pytest.mark.parametrize(("excerpt", "message"), [("…!", "holds no word"), ("word " * 30_000, "at most 100,000")])
def test_an_excerpt_that_cannot_be_looked_up_is_an_error(sources: Sources, excerpt: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        whence(excerpt, sources, k=10)


def test_a_sentence_that_means_the_same_is_called_paraphrased(
    words_index: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = Searcher.open(words_index, HashingEncoder)
    rewritten = "On March 24 a Joint Operations Command was opened in Tokyo by it, with a staff of 240"
    found = paraphrased(rewritten, searcher, sources, k=3)
    assert found[0].origin is Origin.PARAPHRASED
    assert found[0].place.text.startswith("On March 24 it opened a Joint Operations Command")
    monkeypatch.setattr(module, "PARAPHRASE_COSINE", 0.999)
    assert paraphrased(rewritten, searcher, sources, k=3) == ()
    searcher.close()


def made_sentences(rng: random.Random) -> Iterator[str]:
    """Sentences in the words of the sample articles, each word chosen by the one before (a Markov chain)."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    words = text.split()
    following: dict[str, list[str]] = {}
    for word, after in pairwise(words):
        following.setdefault(word, []).append(after)
    firsts = sorted({word for word in words if word[0].isupper()})
    while True:
        made = [rng.choice(firsts)]
        while len(made) < 30 and not (len(made) >= 12 and made[-1].endswith(".")):
            made.append(rng.choice(following.get(made[-1], words)).removesuffix("." if len(made) < 11 else "\0"))
        yield f"{' '.join(made).rstrip('.,')}."


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sources, list[str]]:
    folder = tmp_path_factory.mktemp("large")
    rng = random.Random(1)
    made = made_sentences(rng)
    sentences = [next(made) for _ in range(SENTENCES)]
    articles = folder / "articles"
    articles.mkdir()
    for number in range(0, SENTENCES, 50):
        (articles / f"{number:05}.txt").write_text("\n\n".join(sentences[number : number + 50]), encoding="utf-8")
    sync_quickly(folder / ".qa", articles)
    return Sources(Store.open(folder / ".qa")), sentences


@pytest.mark.parametrize(("changed", "least"), [(False, 0.99), (True, 0.95)])
def test_excerpts_of_eight_words_are_found_among_ten_thousand_sentences(
    large: tuple[Sources, list[str]], changed: bool, least: float
) -> None:
    sources, sentences = large
    rng = random.Random(2)
    found = 0
    for number in rng.sample(range(SENTENCES), EXCERPTS):
        words = sentences[number].split()
        begin = rng.randint(0, len(words) - 8)
        excerpt = words[begin : begin + 8]
        if changed:
            excerpt[rng.randrange(8)] = rng.choice(OTHER_WORDS)
        matches = whence(" ".join(excerpt), sources, k=10)
        best = [match for match in matches if match.similarity == matches[0].similarity]
        found += any(sentences[number] in match.place.source.article.text for match in best)
    assert found >= least * EXCERPTS
