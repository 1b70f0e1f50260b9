"""Numbers in text: "54,000", "54 000", "1.2 million", "fifty-four thousand". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

__all__ = ["numbers_in", "with_numbers"]

_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "dozen": 12,
}
_SHORT = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "tn": 1_000_000_000_000}
_WORDS = "|".join([*_TENS, *_UNITS, *_SCALES])
_NUMBER = re.compile(
    rf"""
    (?<![\w.])(?P<digits>\d{{1,3}}(?:[,\u00a0\u202f ]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
      (?:(?P<short>k|m|mn|bn|tn)\b|[ \u00a0-]?(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b)?
    | \b(?P<words>(?:(?:half[ ])?an?[ ](?=hundred|thousand|million|billion|trillion|dozen))?
      (?:{_WORDS})(?:(?:[ -]and[ -]|[ -])(?:{_WORDS}))*)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """The values of the numbers in a text, in order, in digits or in words."""
    return tuple(value for _, value in _found(text))


def with_numbers(text: str) -> str:
    """The text with every number written in plain digits, so that equal answers become equal strings."""
    parts, end = [], 0
    for match, value in _found(text):
        parts += [text[end : match.start()], format(value.normalize(), "f")]
        end = match.end()
    return "".join([*parts, text[end:]])


def _found(text: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    for match in _NUMBER.finditer(text):
        words = match["words"]
        if words is not None:
            if words.lower() in {"one", "hundred", "thousand", "million", "billion", "dozen"}:
                continue  # "one" is mostly a pronoun; a bare scale counts nothing
            yield match, _of_words(words)
            continue
        try:
            value = Decimal(re.sub(r"[^\d.]", "", match["digits"]))
        except InvalidOperation:
            continue
        yield match, value * _scale(match)


def _scale(match: re.Match[str]) -> int:
    if match["short"]:
        return _SHORT[match["short"].lower()]
    return _SCALES[match["scale"].lower()] if match["scale"] else 1


def _of_words(words: str) -> Decimal:
    total = group = Decimal(0)
    for word in re.split(r"[ -]+", words.lower()):
        if word in _UNITS or word in _TENS:
            group += _UNITS.get(word, 0) + _TENS.get(word, 0)
        elif word == "half":
            group = Decimal("0.5")
        elif word in {"a", "an"}:
            group = group or Decimal(1)
        elif word in {"hundred", "dozen"}:
            group = (group or Decimal(1)) * _SCALES[word]
        elif word in _SCALES:
            total += (group or Decimal(1)) * _SCALES[word]
            group = Decimal(0)
    return total + group
