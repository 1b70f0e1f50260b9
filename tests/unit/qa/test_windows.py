from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from qa.reader.windows import Frame, Window, best_spans, windows_of

FRAME = Frame(first=1, between=(2,), last=3)


def word_window(words: list[str], logits: list[tuple[float, float]]) -> tuple[Window, np.ndarray, str]:
    """One token a word; the null position, one question token and a separator in front, a separator behind."""
    text, offsets = "", []
    for word in words:
        offsets.append((len(text), len(text) + len(word)))
        text += f"{word} "
    window = Window([1, 9, 2, *range(10, 10 + len(words)), 3], 3, 3, offsets)
    rows = [(1.0, 0.5), (9.0, 9.0), (9.0, 9.0), *logits, (9.0, 9.0)]
    return window, np.array(rows, np.float32), text


def test_a_short_text_is_one_window_with_its_question_and_header() -> None:
    (window,) = windows_of([5, 6], [7], [10, 11], [(0, 3), (4, 7)], FRAME, max_tokens=160)
    assert window.ids == [1, 5, 6, 2, 7, 10, 11, 3]
    assert (window.second, window.first) == (4, 5)
    assert window.offsets == [(0, 3), (4, 7)]


def test_a_long_text_is_read_in_overlapping_windows_that_leave_nothing_out() -> None:
    text = list(range(100, 700))
    offsets = [(i, i + 1) for i in range(600)]
    windows = windows_of([5], [], text, offsets, FRAME, max_tokens=260)
    assert all(len(window.ids) <= 260 for window in windows)
    assert sorted({offset for window in windows for offset in window.offsets}) == offsets
    assert all(one.offsets[-1] > other.offsets[0] for one, other in pairwise(windows))


def test_a_model_with_two_separators_gets_both() -> None:
    (window,) = windows_of([5], [], [10], [(0, 1)], Frame(first=0, between=(2, 2), last=2), max_tokens=160)
    assert window.ids == [0, 5, 2, 2, 10, 2]


def test_the_best_span_is_the_greatest_sum_of_start_and_end_above_that_of_no_answer() -> None:
    window, logits, text = word_window(["It", "has", "54,000", "troops"], [(0, 0), (0, 0), (5, 2), (0, 4)])
    best, *_ = best_spans(logits, window, [(0, len(text))], count=3)
    assert text[best.start : best.end] == "54,000 troops"
    assert best.score == pytest.approx(5 + 4 - 1.0 - 0.5)


def test_no_span_crosses_the_end_of_a_sentence() -> None:
    window, logits, text = word_window(["Tokyo.", "It", "rains."], [(5, 0), (0, 1), (0, 5)])
    spans = best_spans(logits, window, [(0, 6), (7, len(text.rstrip()))], count=3)
    assert text[spans[0].start : spans[0].end] in {"Tokyo.", "It rains."}
    assert all(text[s.start : s.end] != "Tokyo. It rains." for s in spans)


def test_spans_of_one_text_do_not_overlap() -> None:
    window, logits, text = word_window(list("abcdef"), [(3, 1), (1, 3), (2, 2), (0, 0), (1, 1), (2, 2)])
    spans = best_spans(logits, window, [(0, len(text))], count=4)
    taken: set[int] = set()
    for span in spans:
        here = set(range(span.start, span.end))
        assert not taken & here
        taken |= here
    assert [s.score for s in spans] == sorted((s.score for s in spans), reverse=True)


def test_equal_spans_are_taken_from_the_left() -> None:
    window, logits, _ = word_window(["a", "b", "c"], [(1, 1), (0, 0), (1, 1)])
    spans = best_spans(logits, window, [(0, 1), (2, 3), (4, 5)], count=2)
    assert [s.start for s in spans] == [0, 4]


def test_text_outside_of_sentences_answers_nothing() -> None:
    window, logits, text = word_window(["date", "2025", "Tokyo"], [(9, 9), (9, 9), (1, 1)])
    spans = best_spans(logits, window, [(10, 15)], count=3)
    assert [text[s.start : s.end] for s in spans] == ["Tokyo"]


def test_a_window_without_text_has_no_spans() -> None:
    window = Window([1, 2, 3], 2, 2, [])
    assert best_spans(np.zeros((3, 2), np.float32), window, [], count=3) == []
