"""Texts -> stories: which of them are copies of each other, told from the two alone. Pure.

Two texts are compared by their shingles, the runs of five words in them: exactly, so that the outcome depends neither
on chance nor on what else is indexed. Which texts are compared at all is told from a sample of the shingles' hashes,
the least ones ("bottom-k sketch": Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.arrays import Shingles

__all__ = [
    "LEAST_SHARED",
    "STORIES_VERSION",
    "Sketch",
    "earliest_first",
    "groups",
    "is_copy",
    "said_already",
    "sketch",
    "squeezed",
]

STORIES_VERSION = "2"
"""Changes with what is a shingle, a sample or a copy; stories of another version are linked anew before writing."""
WORDS = 5
"""Words in a shingle."""
LEAST_SHINGLES = 8
"""Of a text that can be a copy: a dozen words. Shorter ones ("More follows.") say nothing of their own."""
SAMPLED = 32
"""Hashes in a sample. A text is found by one that it shares two thirds of the words with by some 19 of them, by one
that holds it among five times as many words by 6."""
LEAST_SHARED = 3
"""Sampled hashes that copies have in common; phrases of the trade ("said in a statement on") give one or two."""
HELD = 0.6
"""Least share of the shorter text's shingles that the longer one holds."""
LENGTH = 0.4
"""Least length of the shorter text, as a share of the longer one's."""
EXTENDED_HELD = 0.8
"""The same for a text that was extended beyond `LENGTH`; its beginning must also be the beginning of the longer one, so
that a digest of several articles is a copy of none but the first, and of that one only if it goes on about the same."""
BEGINNING = 20
"""Shingles of a beginning."""
NAMED_AGAIN = 0.13
"""Least share of a text's names that its extension takes up in what it adds; the rest of a digest seldom does."""
LEAST_NUMBERS = 5
"""Different numbers in a text whose numbers are compared."""
NUMBERS_HELD = 0.5
"""Least share of them in a copy. A correction changes one, a form filled in daily (earthquakes, markets) most."""
NEW_WORDS = 1 / 8
"""Share of a sentence's words that may be new although the sentence says nothing new."""
REMEMBERED_CHARS = 20_000
"""Longer texts are few, and sketched again when they are needed again."""

# Scripts without spaces between words: a character is a word there.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")
_WITHIN_SENTENCE = frozenset({" ", ", ", "\n"})
"""What stands in front of a word that does not begin a sentence or quotation."""
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_TYPOGRAPHY = str.maketrans("’‘“”–—\u2011", "''\"\"---", "\u00ad\u200b")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sketch:
    """What is compared of a text."""

    ordered: Shingles
    """(n,) hashes of all its shingles, as they stand in the text."""
    distinct: Shingles
    """(m,) the same, sorted, each once."""
    numbers: frozenset[str]
    """Words with a digit."""
    words: Shingles
    """(n + 4,) hashes of the words, as they stand in the text."""
    names: frozenset[int]
    """Hashes of the words with a capital letter in the midst of a sentence."""

    @property
    def sample(self) -> tuple[int, ...]:
        """The least hashes, in order; empty for a text too short to be a copy."""
        if self.distinct.size < LEAST_SHINGLES:
            return ()
        return tuple(value >> 17 for value in self.distinct[:SAMPLED].tolist())  # 47 bits: six bytes in SQLite


def sketch(text: str) -> Sketch:
    """The sketch of an article's sentences, from the first to the last."""
    return _remembered(text) if len(text) <= REMEMBERED_CHARS else _sketch(text)


def _sketch(text: str) -> Sketch:
    import numpy as np

    numbers: set[str] = set()
    names: set[int] = set()
    hashes = np.fromiter(_word_hashes(text, numbers, names), np.uint64)
    count = max(0, hashes.size - WORDS + 1)
    ordered = np.zeros(count, np.uint64)
    for offset in range(WORDS):
        ordered = _mixed(ordered ^ hashes[offset : offset + count])
    return Sketch(
        ordered=ordered,
        distinct=np.unique(ordered),
        numbers=frozenset(numbers),
        words=hashes,
        names=frozenset(names),
    )


_remembered = lru_cache(maxsize=1_024)(_sketch)
"""A story that comes apart has each of its texts compared with several others; some 10 MB."""


def _word_hashes(text: str, numbers: set[str], names: set[int]) -> Iterator[int]:
    end = 0
    for match in _WORD.finditer(text):
        word = match[0].casefold()
        value = zlib.crc32(word.encode("utf-8", "surrogatepass"))
        if not word.isalpha() and any(character.isdigit() for character in word):
            numbers.add(word)
        elif match[0][0].isupper() and word not in _CALENDAR and text[end : match.start()] in _WITHIN_SENTENCE:
            names.add(value)
        end = match.end()
        yield value


def is_copy(one: Sketch, other: Sketch) -> bool:
    """Whether two texts are one story: the same text edited, cut, corrected or extended. The order does not matter."""
    shorter, longer = sorted((one, other), key=lambda s: s.distinct.size)
    if len(set(shorter.sample) & set(longer.sample)) < LEAST_SHARED or not _numbers_agree(shorter, longer):
        return False
    held = _share(shorter.distinct, longer.distinct)
    if shorter.distinct.size >= LENGTH * longer.distinct.size:
        return held >= HELD
    return held >= EXTENDED_HELD and _begin_alike(shorter, longer) and _goes_on(shorter, longer)


def groups(keys: Collection[int], linked: Callable[[int, int], bool]) -> list[list[int]]:
    """The keys in groups that hang together by links, however indirectly; each sorted, the groups by their first."""
    left, found = sorted(keys), []
    while left:
        group, reached = [left.pop(0)], 0
        while reached < len(group):
            key, reached = group[reached], reached + 1
            near = {other for other in left if linked(key, other)}
            left = [other for other in left if other not in near]
            group += sorted(near)
        found.append(sorted(group))
    return found


def earliest_first(date: str | None, article_id: str) -> tuple[bool, str, str]:
    """Sorts articles by their dates: a day before the times of that day, the undated last, ties by id.

    Args:
        date: ISO 8601; a time without an offset is taken for UTC.
        article_id: Of the article.
    """
    if date is None:
        return True, "", article_id
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return False, date, article_id
    if "T" in date:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        return False, moment.strftime("%Y-%m-%dT%H:%M:%S.%f"), article_id
    return False, date, article_id


def squeezed(text: str) -> str:
    """The text without white space, quotation marks and dashes in their plain form: the same in copies of a sentence.

    Every other character stays where it is, so that a place in the one can be found in the other by counting.
    """
    return "".join(text.translate(_TYPOGRAPHY).split())


def said_already(sentences: Sequence[str], known: str) -> bool:
    """Whether each of the sentences says nothing that a copy does not: no new number or name, hardly a new word.

    Args:
        sentences: Of one article.
        known: The text of its copy.
    """
    words = {word.casefold() for word in _WORD.findall(known)}
    for sentence in sentences:
        own = _WORD.findall(sentence)
        new = [word for word in own if word.casefold() not in words]
        if len(new) > NEW_WORDS * len(own) or any(word[0].isdigit() or word[0].isupper() for word in new):
            return False
    return True


def _mixed(values: Shingles) -> Shingles:
    """Each 64 bits scrambled (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014)."""
    import numpy as np

    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _share(some: Shingles, others: Shingles) -> float:
    """Of `some`, how many are among `others`, which are sorted."""
    import numpy as np

    if not some.size or not others.size:
        return 0.0
    places = np.minimum(np.searchsorted(others, some), others.size - 1)
    return float((others[places] == some).mean())


def _begin_alike(shorter: Sketch, longer: Sketch) -> bool:
    import numpy as np

    head = np.unique(longer.ordered[: max(2 * BEGINNING, shorter.ordered.size)])
    return _share(shorter.ordered[:BEGINNING], head) >= HELD


def _goes_on(shorter: Sketch, longer: Sketch) -> bool:
    """Whether the words that a longer text adds name whom and what the shorter one names."""
    import numpy as np

    held = np.isin(longer.ordered, shorter.distinct)
    is_added = np.ones(longer.words.size, np.bool_)
    for offset in range(WORDS):
        is_added[offset : offset + held.size] &= ~held
    again = shorter.names & set(longer.words[is_added].tolist())
    return len(again) >= NAMED_AGAIN * len(shorter.names)


def _numbers_agree(one: Sketch, other: Sketch) -> bool:
    fewer = min(len(one.numbers), len(other.numbers))
    return fewer < LEAST_NUMBERS or len(one.numbers & other.numbers) >= NUMBERS_HELD * fewer
