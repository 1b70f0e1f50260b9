"""Text -> the phrases in it that a later question may point back to: names and noun phrases. Pure.

There is no tagger: a phrase is a run of words that are neither of grammar nor common verbs. That is enough for
questions, and for the names of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.followup.words import GENERIC, Word, has_subject, is_verb, stem, words_of

__all__ = ["Phrase", "named", "phrases"]

_DETERMINERS = frozenset("the a an this that these those its his her their my your our some any no each every".split())
_PREPOSITIONS = frozenset("of in on at from for over by with between about into against".split())
_ATTACHING = frozenset("of in on from for over at against".split())
"""Between a noun and what belongs to it: "the bridge in Baltimore"."""
_ALSO_VERBS = frozenset("collapse attack experiment evolve crash rain strike sink close".split())
"""Mostly nouns in questions; verbs behind "did"."""
_NO_NUMBER = ("ss", "us", "is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A name or a noun phrase."""

    text: str
    """As it stands in the source, with "the" if that stands before it, without a possessive ending."""
    words: tuple[Word, ...]
    """Those with a subject."""
    start: int
    end: int
    """In the source, without the determiner."""
    is_name: bool
    is_plural: bool
    starts_at: int
    """Where its determiner starts, otherwise `start`."""

    @property
    def stems(self) -> frozenset[str]:
        """Its words, for comparing."""
        return frozenset(stem(word.bare) for word in self.words)

    @property
    def may_be_person(self) -> bool:
        """Whether it has the shape of a person's name: two capitals or a title, no acronym, no number."""
        if (
            not self.is_name
            or self.is_plural
            or self.text.startswith("the ")
            or any(not word.bare.replace("-", "").replace("'", "").isalpha() for word in self.words)
        ):
            return False
        parts = [word for word in self.words if word.is_capitalised]
        return len(parts) >= 2 and len(parts) == len(self.words) and not any(p.text.isupper() for p in parts)


@lru_cache(maxsize=256)  # a conversation comes back to the same questions and answers
def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of a text in order; a noun with what belongs to it comes before its parts."""
    words = words_of(text)
    runs = [run for run in _runs(words) if any(has_subject(words[i]) for i in run)]
    found = [_phrase(text, words, run) for run in runs]
    joined = list(_joined(text, words, runs, found))
    owners = [_phrase(text, words, part) for run in runs for part in (*_owner(words, run), *_name_behind(words, run))]
    return tuple(sorted([*joined, *found, *owners], key=lambda p: (p.start, -p.end)))


def named(text: str) -> tuple[Phrase, ...]:
    """The names in a text, in order, one by one: of "Turkey and Hungary" both."""
    names = [p for p in phrases(text) if p.is_name and _is_simple(p) and not re.search(r" (?:and|or) ", p.text)]
    return tuple(
        p for p in names if not any(o is not p and o.start <= p.start and p.end <= o.end for o in names if o != p)
    )


def _owner(words: Sequence[Word], run: range) -> Iterator[range]:
    """In "Turkey's parliament", Turkey."""
    for position in run[:-1]:
        if words[position].lower.endswith(("'s", "s'")):
            yield range(run.start, position + 1)
            return


def _name_behind(words: Sequence[Word], run: range) -> Iterator[range]:
    """In "the asteroid Dimorphos", Dimorphos."""
    first = next((position for position in run if words[position].is_capitalised), run.start)
    if first > run.start and all(words[position].is_capitalised for position in range(first, run.stop)):
        yield range(first, run.stop)


def _is_simple(phrase: Phrase) -> bool:
    return all(word.is_capitalised or word.text[0].isdigit() for word in phrase.words)


def _runs(words: Sequence[Word]) -> Iterator[range]:
    begin = 0
    for position in range(len(words)):
        if _breaks(words, begin, position):
            if begin < position:
                yield _trimmed(words, range(begin, position))
            begin = position + 1
    if begin < len(words):
        yield _trimmed(words, range(begin, len(words)))


def _breaks(words: Sequence[Word], begin: int, position: int) -> bool:
    word = words[position]
    if word.is_sign or word.is_function:
        return True
    first_of_sentence = position == 0 or words[position - 1].text in ".?!:"
    if position and words[position - 1].lower == "how":  # "How reliable is the test?"
        return True
    lower = (
        word
        if not first_of_sentence
        else replace(word, text=word.text.lower() if not word.text.isupper() else word.text)
    )
    if lower.is_capitalised:
        return False
    inside = position > begin
    after_noun_mark = not inside and position > 0 and words[position - 1].lower in _DETERMINERS | _PREPOSITIONS
    if is_verb(lower) or (inside and lower.lower in _ALSO_VERBS and _asks_with_do(words[:position])):
        return not after_noun_mark
    if inside and lower.lower.endswith("ed") and len(lower.lower) > 4:
        return True
    return lower.lower.endswith("ly") and len(lower.lower) > 4 and lower.lower not in {"family", "italy", "assembly"}


def _asks_with_do(words: Sequence[Word]) -> bool:
    return any(word.lower in {"do", "does", "did"} for word in words)


def _trimmed(words: Sequence[Word], run: range) -> range:
    first, last = run.start, run.stop
    while first < last and not words[first].is_capitalised and words[first].bare in GENERIC:
        first += 1
    capitals = [i for i in range(first, last) if words[i].is_capitalised]
    marked = first > 0 and words[first - 1].lower in _DETERMINERS | _PREPOSITIONS
    if capitals and not marked:  # "join NATO", "named DART": a verb that is in no list
        first = capitals[0]
    while last - first > 2 and not words[last - 1].is_capitalised and stem(words[last - 1].bare) in GENERIC:
        last -= 1
    return range(first, last)


def _phrase(text: str, words: Sequence[Word], run: range) -> Phrase:
    own = tuple(words[i] for i in run)
    start, end = own[0].start, own[-1].start + len(own[-1].text)
    end -= len(own[-1].text) - len(re.sub(r"['’]s?$", "", own[-1].text))
    before = words[run.start - 1] if run.start else None
    determined = before is not None and before.lower in {"the", "a", "an"}
    starts_at = before.start if before is not None and determined else start
    is_name = any(_is_name(words, i) for i in run)
    head = own[-1]
    plural = head.text[0].islower() and head.bare.endswith("s") and not head.bare.endswith(_NO_NUMBER)
    shown = f"the {text[start:end]}" if determined else text[start:end]
    return Phrase(text=shown, words=own, start=start, end=end, is_name=is_name, is_plural=plural, starts_at=starts_at)


def _is_name(words: Sequence[Word], position: int) -> bool:
    word = words[position]
    if not word.is_capitalised:
        return any(c.isdigit() for c in word.text) and any(c.isupper() for c in word.text)
    first = position == 0 or words[position - 1].text in ".?!:"
    return not first or word.text[1:] != word.text[1:].lower() or not _is_common(word)


def _is_common(word: Word) -> bool:
    """Whether a word at the beginning may be capitalised for its place alone."""
    lower = replace(word, text=word.text.lower())
    return is_verb(lower) or word.bare in GENERIC


def _joined(text: str, words: Sequence[Word], runs: Sequence[range], found: Sequence[Phrase]) -> Iterator[Phrase]:
    """Two phrases with one word between them that makes them one: "bridge in Baltimore", "Finland and Sweden"."""
    for (run, one), (after, other) in zip(
        list(zip(runs, found, strict=True))[:-1], list(zip(runs, found, strict=True))[1:], strict=True
    ):
        between = [w for w in words[run.stop : after.start] if w.lower != "the"]
        if len(between) != 1:
            continue
        link = between[0].lower
        both_names = one.is_name and other.is_name
        if link == "and" and both_names:
            yield _both(text, one, other, is_plural=True)
        elif link in _ATTACHING and (not one.is_name or (link == "of" and not one.may_be_person)):
            yield _both(text, one, other, is_plural=one.is_plural)


def _both(text: str, one: Phrase, other: Phrase, *, is_plural: bool) -> Phrase:
    shown = text[one.start : other.end]
    return replace(
        one,
        text=f"the {shown}" if one.text.startswith("the ") else shown,
        words=(*one.words, *other.words),
        end=other.end,
        is_plural=is_plural,
    )
