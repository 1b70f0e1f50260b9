"""An answer, or the sentences cited for it, against the gold answers -> EM, F1, right or wrong. Pure.

Everything is compared after SQuAD's normalisation. No gold answer means that the question has no answer; then
only the empty prediction is right.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = [
    "CitationScores",
    "CitedSentence",
    "citation_scores",
    "exact_match",
    "holds_answer",
    "is_gold_sentence",
    "normalise_answer",
    "sentence_is_right",
    "token_f1",
]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """The words that a citation quotes, and the place they come from."""

    place: str
    """What the data set calls a place: the paragraph id in SQuAD, the article's path in a questions file."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationScores:
    """How the cited sentences of one question did; all 0 when nothing was cited."""

    first: float
    """1 when citation [1] is right."""
    any: float
    """1 when at least one citation is right."""
    share: float
    """Share of the citations that are right."""


def normalise_answer(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles (a, an, the), single spaces.

    Rajpurkar et al. (2016), "SQuAD", section 6.1, in the order of the official script: punctuation goes
    before articles, so "A-levels" becomes "alevels".
    """
    text = text.lower().translate(_WITHOUT_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1 when the prediction equals a gold answer after normalisation, otherwise 0. SQuAD section 6.1."""
    normalised = normalise_answer(prediction)
    return float(any(normalised == normalise_answer(gold) for gold in _golds_or_none(golds)))


def token_f1(prediction: str, golds: Sequence[str]) -> float:
    """Harmonic mean of the precision and recall of words, the best over the gold answers. SQuAD section 6.1.

    Where either side has no words, 1 if both have none, otherwise 0: the convention of the SQuAD 2.0 script
    (Rajpurkar et al., 2018, "Know What You Don't Know", section 5).
    """
    tokens = normalise_answer(prediction).split()
    return max(_f1(tokens, normalise_answer(gold).split()) for gold in _golds_or_none(golds))


def holds_answer(sentence: str, golds: Sequence[str]) -> bool:
    """Whether the words of a gold answer stand in the sentence one after the other.

    Whole words only: "5" is not in "1957". Words are taken in two ways and either may match, because SQuAD's
    normalisation glues "US-led" into one word, and answers may be a part of such a word.
    """
    ways = (_normalised_words, _plain_words)
    return any(_stands_in(words(gold), words(sentence)) for gold in golds for words in ways)


def sentence_is_right(cited: CitedSentence, *, golds: Sequence[str], places: Collection[str]) -> bool:
    """Whether a cited sentence lies in a right place and holds a gold answer."""
    return cited.place in places and holds_answer(cited.text, golds)


def is_gold_sentence(cited: CitedSentence, golds: Collection[CitedSentence]) -> bool:
    """Whether a citation quotes a gold sentence, alone or among others, from the gold place.

    White space and case aside the words must be the same; for data sets that name the sentence itself.
    """
    quote = " ".join(cited.text.lower().split())
    return any(
        cited.place == gold.place and gold_text in quote
        for gold in golds
        if (gold_text := " ".join(gold.text.lower().split()))
    )


def citation_scores(right: Sequence[bool]) -> CitationScores:
    """Scores of one question from whether each of its citations, in order, is right."""
    if not right:
        return CitationScores(first=0.0, any=0.0, share=0.0)
    return CitationScores(first=float(right[0]), any=float(any(right)), share=sum(right) / len(right))


def _golds_or_none(golds: Sequence[str]) -> Sequence[str]:
    """The gold answers that have words; one empty answer when none has (no answer is right)."""
    return [gold for gold in golds if normalise_answer(gold)] or [""]


def _f1(prediction: Sequence[str], gold: Sequence[str]) -> float:
    if not prediction or not gold:
        return float(prediction == gold)
    shared = (Counter(prediction) & Counter(gold)).total()
    return 2 * shared / (len(prediction) + len(gold))


def _normalised_words(text: str) -> list[str]:
    return normalise_answer(text).split()


def _plain_words(text: str) -> list[str]:
    return _WORDS.findall(_ARTICLES.sub(" ", text.lower()))


def _stands_in(words: Sequence[str], sentence: Sequence[str]) -> bool:
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(sentence)} "
