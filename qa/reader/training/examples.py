"""From questions to the groups that a reader is trained on. Pure, given a seed.

A group is a question with the passage that answers it and hard negatives of the same collection, or a question or
passage changed so that nothing answers.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.segment import passage_prefix, sentences
from qa.reader.training.adversarial import unanswerable
from qa.reader.training.negatives import hard_negatives
from qa.reader.training.questions import TrainingQuestion, normalised

__all__ = ["Example", "ExampleConfig", "groups"]

_QAMR = "qamr"
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_CONTENT = re.compile(r"\w{4,}")
_KEYWORDLESS = frozenset(
    "a an the is are was were be been do does did has have had what which who whom whose when where why how of in on "
    "at to for by from with that this it its his her their there and or".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A passage as the reader sees it; `start` is -1 when it holds no answer."""

    question: str
    header: str
    passage: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleConfig:
    """The `[examples]` table of config.toml."""

    max_tokens: int
    cut_share: float
    cut_words: tuple[int, int]
    header_share: float
    keyword_share: float
    no_mark_share: float
    negatives: tuple[float, ...]
    negatives_depth: int
    adversarial_share: float
    removed_share: float


Span = tuple[int, int]


def groups(
    by_source: Mapping[str, Sequence[TrainingQuestion]],
    passes: Mapping[str, float],
    config: ExampleConfig,
    *,
    seed: int,
) -> Iterator[tuple[Example, ...]]:
    """Groups in the order of training. The first example of a group holds the answer, or none does.

    Args:
        by_source: Name of a collection -> its questions.
        passes: Name -> how often its questions are seen, fractions by drawing lots.
        config: The shares.
        seed: Decides everything.
    """
    rng = random.Random(seed)
    asked: list[tuple[TrainingQuestion, tuple[str, ...]]] = []
    for source in sorted(by_source):
        questions = by_source[source]
        if source.startswith(_QAMR):
            negatives: list[tuple[str, ...]] = [()] * len(questions)
        else:
            negatives = hard_negatives(questions, depth=config.negatives_depth)
        for question, contexts in zip(questions, negatives, strict=True):
            times = int(passes[source]) + (rng.random() < passes[source] % 1)
            asked += [(question, contexts)] * times
    rng.shuffle(asked)
    maker = _Maker(by_source, config, rng)
    for question, contexts in asked:
        yield from maker.groups(question, contexts)


class _Maker:
    def __init__(
        self, by_source: Mapping[str, Sequence[TrainingQuestion]], config: ExampleConfig, rng: random.Random
    ) -> None:
        self._config = config
        self._rng = rng
        self._questions = {source: [q.question for q in questions] for source, questions in by_source.items()}
        self._contexts = {source: sorted({q.context for q in questions}) for source, questions in by_source.items()}
        self._neighbours: dict[str, list[str]] = defaultdict(list)
        for source, questions in by_source.items():
            if source.startswith(_QAMR):
                for context, key in sorted({(q.context, _document(q.id)) for q in questions}):
                    self._neighbours[key].append(context)
        self._spans: dict[str, list[Span]] = {}

    def groups(self, question: TrainingQuestion, negatives: Sequence[str]) -> Iterator[tuple[Example, ...]]:
        rng, config = self._rng, self._config
        context, start, end = self._context(question)
        asked = self._asked(question.question)
        header = self._header(question.source, context)
        first, last = self._window(context, start, end)
        gold = Example(question=asked, header=header, passage=context[first:last], start=start - first, end=end - first)
        count = rng.choices(range(len(config.negatives)), weights=config.negatives)[0]
        drawn = rng.sample(list(negatives), min(count, len(negatives)))
        wrong = [self._negative(asked, question.source, passage) for passage in drawn]
        yield (gold, *wrong)
        chance = rng.random()
        if chance < config.adversarial_share:
            changed = unanswerable(question.question, context, self._questions[question.source], rng)
            if changed is not None:
                yield (Example(question=changed, header=header, passage=context[first:last]),)
        elif chance < config.adversarial_share + config.removed_share:
            rest = self._without(context[first:last], start - first, end - first)
            answers = [f" {normalised(answer)} " for answer in question.answers]
            if len(rest) > 80 and not any(answer in f" {normalised(rest)} " for answer in answers):
                yield (Example(question=asked, header=header, passage=rest),)

    def _context(self, question: TrainingQuestion) -> tuple[str, int, int]:
        """A passage around QAMR's single sentences: others of the article, else of the collection, off the topic."""
        if not question.source.startswith(_QAMR) or self._rng.random() < 0.25:
            return question.context, question.start, question.end
        words = set(_CONTENT.findall(question.question.casefold()))
        near = [c for c in self._neighbours[_document(question.id)] if c != question.context]
        far = self._rng.sample(self._contexts[question.source], 6)
        around = [
            c for c in [*near, *far] if c != question.context and not words & set(_CONTENT.findall(c.casefold()))
        ][: self._rng.randint(1, 4)]
        self._rng.shuffle(around)
        split = self._rng.randint(0, len(around))
        before = "".join(f"{c} " for c in around[:split])
        after = "".join(f" {c}" for c in around[split:])
        moved = len(before)
        return before + question.context + after, question.start + moved, question.end + moved

    def _asked(self, question: str) -> str:
        chance = self._rng.random()
        if chance < self._config.keyword_share:
            words = [w for w in question.rstrip("?. ").split() if w.casefold() not in _KEYWORDLESS]
            return " ".join(words) if len(words) >= 2 else question
        if chance < self._config.keyword_share + self._config.no_mark_share:
            return question.rstrip("?. ")
        return question

    def _header(self, source: str, context: str) -> str:
        """A title made of words of the passage, or of another one; a date."""
        rng = self._rng
        if rng.random() >= self._config.header_share:
            return ""
        names = _CAPITALISED.findall(context)
        kind = rng.random()
        if kind < 0.45 and names:
            title = max(rng.sample(names, min(len(names), 5)), key=len)
        else:
            words = (context if kind < 0.8 else rng.choice(self._contexts[source])).split()
            length = rng.randint(3, 9)
            at = rng.randint(0, max(0, min(len(words), 40) - length))
            title = " ".join(words[at : at + length])
        date = f"{rng.randint(1995, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        return passage_prefix(title, None, date if rng.random() < 0.6 else None)

    def _negative(self, question: str, source: str, context: str) -> Example:
        words = context.split()
        first, last = 0, len(context)
        if len(words) > self._config.cut_words[1]:
            shared = set(_CONTENT.findall(question.casefold()))
            spans = self._sentences(context)
            best = max(spans, key=lambda s: len(shared & set(_CONTENT.findall(context[s[0] : s[1]].casefold()))))
            first, last = self._window(context, *best, share=1.0)
        return Example(question=question, header=self._header(source, context), passage=context[first:last])

    def _window(self, context: str, start: int, end: int, share: float | None = None) -> Span:
        """Whole sentences around `start:end`, or everything."""
        if self._rng.random() >= (self._config.cut_share if share is None else share):
            return 0, len(context)
        wanted = self._rng.randint(*self._config.cut_words)
        spans = self._sentences(context)
        first = max((i for i, s in enumerate(spans) if s[0] <= start), default=0)
        last = min((i for i, s in enumerate(spans) if s[1] >= end), default=len(spans) - 1)
        last = max(first, last)
        while len(context[spans[first][0] : spans[last][1]].split()) < wanted:
            grow_left = first > 0 and (last == len(spans) - 1 or self._rng.random() < 0.5)
            if grow_left:
                first -= 1
            elif last < len(spans) - 1:
                last += 1
            else:
                break
        return min(spans[first][0], start), max(spans[last][1], end)

    def _without(self, context: str, start: int, end: int) -> str:
        spans = self._sentences(context)
        return " ".join(context[s:e] for s, e in spans if e <= start or s >= end)

    def _sentences(self, context: str) -> list[Span]:
        if context not in self._spans:
            if len(self._spans) > 20_000:
                self._spans.clear()
            found = [(s.start, s.end) for s in sentences(context, body_start=0, article_id="")]
            self._spans[context] = found or [(0, len(context))]
        return self._spans[context]


def _document(question_id: str) -> str:
    """Of a QAMR id, "Wiki1k:wikinews:844279:15:3|…": the article."""
    return ":".join(question_id.split("|")[0].split(":")[:3])
