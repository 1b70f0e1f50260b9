"""What a span model reads, and how spans are taken from its logits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_ANSWER_TOKENS", "Frame", "ScoredSpan", "Window", "best_spans", "windows_of"]

MAX_ANSWER_TOKENS = 30
MAX_QUESTION_TOKENS = 48
MAX_HEADER_TOKENS = 32
STRIDE_TOKENS = 128
"""By which windows of one long text overlap."""

Bounds = Sequence[tuple[int, int]]
"""Start and end offsets in characters, half-open, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The special tokens around a question and a text."""

    first: int
    """The null position."""
    between: tuple[int, ...]
    last: int


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of question, header and a piece of text, with where each token of the text lies."""

    ids: list[int]
    first: int
    """Of the text's tokens; the ones before it are the question and the header."""
    second: int
    """Where the second segment (header and text) begins."""
    offsets: list[tuple[int, int]]
    """Of the text's tokens, in characters."""


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Characters `start:end` of the text, with the span's logit less the null position's."""

    start: int
    end: int
    score: float


def windows_of(
    question: Sequence[int],
    header: Sequence[int],
    text: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    frame: Frame,
    *,
    max_tokens: int,
) -> list[Window]:
    """Cut a text into windows of at most `max_tokens` with everything; one, where it fits.

    Args:
        question: Token ids.
        header: Token ids of title and date.
        text: Token ids.
        offsets: Of each token of the text.
        frame: The model's special tokens.
        max_tokens: At least 160.
    """
    before = [frame.first, *question[:MAX_QUESTION_TOKENS], *frame.between]
    front = [*before, *header[:MAX_HEADER_TOKENS]]
    room = max_tokens - len(front) - 1
    found = []
    for start in range(0, max(1, len(text)), max(1, room - STRIDE_TOKENS)):
        piece = text[start : start + room]
        found.append(
            Window(
                ids=[*front, *piece, frame.last],
                first=len(front),
                second=len(before),
                offsets=list(offsets[start : start + room]),
            )
        )
        if start + room >= len(text):
            break
    return found


def best_spans(logits: NDArray[np.float32], window: Window, sentences: Bounds, *, count: int) -> list[ScoredSpan]:
    """The `count` best spans that do not overlap, best first; none crosses the end of a sentence.

    Args:
        logits: (tokens, 2), start and end, of the window's tokens.
        window: What was read.
        sentences: Of the text; characters outside them answer nothing.
        count: How many at most.
    """
    size = len(window.offsets)
    if size == 0:
        return []
    null = float(logits[0].sum())
    start, end = logits[window.first : window.first + size].T
    inside = _sentence_of(window.offsets, sentences)
    width = min(MAX_ANSWER_TOKENS, size)
    scores = np.full((size, width), -np.inf, np.float32)
    for length in range(width):
        last = size - length
        same = (inside[:last] == inside[length:]) & (inside[:last] >= 0)
        scores[:last, length] = np.where(same, start[:last] + end[length:], -np.inf)
    found: list[ScoredSpan] = []
    while len(found) < count:
        at, length = divmod(int(scores.argmax()), width)
        if not np.isfinite(scores[at, length]):
            break
        until = at + length
        found.append(
            ScoredSpan(
                start=window.offsets[at][0],
                end=window.offsets[until][1],
                score=float(scores[at, length]) - null,
            )
        )
        for row in range(max(0, at - width + 1), until + 1):
            scores[row, max(0, at - row) :] = -np.inf  # whatever begins in front and reaches in, or begins inside
    return found


def _sentence_of(offsets: Sequence[tuple[int, int]], sentences: Bounds) -> NDArray[np.int64]:
    """Number of the sentence around each token, -1 where there is none."""
    if not sentences:
        return np.full(len(offsets), -1, np.int64)
    starts = np.asarray([s for s, _ in sentences])
    ends = np.asarray([e for _, e in sentences])
    tokens = np.asarray(offsets)
    number = np.searchsorted(starts, tokens[:, 0], side="right") - 1
    outside = (number < 0) | (tokens[:, 1] > ends[np.maximum(number, 0)])
    return np.where(outside, -1, number)
