"""Text -> the words and marks that are compared between a draft and an article, with their offsets. Pure.

Left out on both sides, because a typesetter may change it: white space, quotation marks, marks of Markdown, soft
hyphens, characters that act on a terminal and the symbols that stand for them. Made equal: apostrophes, dashes and
hyphens, composed and decomposed letters. All else is compared as it is; the sign and the point that a number begins
with belong to the number.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["FILLER", "OUTER_MARKS", "Tokens", "is_word", "token_words", "tokens", "without_filler"]

FILLER = "\0"
"""Stands in a draft's text for characters of its format, so that offsets stay those of the file."""

_IGNORED = "\0\u00ad\u200b-\u200f\u2060\ufeff"
_ACTIVE = "\x00-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u2400-\u2421"
"""What acts on a terminal, and the symbols that stand for it (`qa.visible`)."""
_WITHIN = rf"\u0300-\u036f{_IGNORED}"
_UNSPACED = "\u2e80-\u2fdf\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Chinese and Japanese characters: no blanks stand between words, so each is compared by itself."""
_LETTER = rf"[^\W_{_UNSPACED}]"
_WORD = rf"{_LETTER}+(?:[{_WITHIN}]+{_LETTER}*)*"
_TOKEN = re.compile(
    rf"""
    \]\([^()\s]*\)                                              # the address of a Markdown link
    | ⟨U\+[0-9A-F]{{4}}⟩                                         # stands for a character that acts on a terminal
    | (
        (?:(?<![^\s(\["'])-?\.?\d+(?:[.,]\d+)*(?!{_LETTER})|\d+(?:[.,]\d+)+|{_WORD})(?:'{_WORD})*
      | [{_UNSPACED}]
      | \.{{3,}}|\.(?:[ ]\.){{2,}}
      | -+(?:\s*-+)*
      | [^\s\w'"*`#>\[\]\\~{_WITHIN}{_ACTIVE}]
    )
    """,
    re.VERBOSE,
)
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\uff07\u00b4", "'"),
        **dict.fromkeys("“”„‟«»‹›＂「」『』", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    }
)
_DROPPED = re.compile(f"[{_IGNORED}]")
_ELLIPSIS = "…"
OUTER_MARKS = frozenset(",.;:-…")
"""Marks that are not compared at either end of a quotation: they may belong to the sentence around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of a text in order."""

    words: tuple[str, ...]
    """In normal form; letters keep their case."""
    starts: Sequence[int]
    ends: Sequence[int]
    """`text[starts[i]:ends[i]]` is token i as it was written."""

    def __len__(self) -> int:
        return len(self.words)

    def part(self, first: int, last: int) -> Tokens:
        """Tokens `first` up to, but not including, `last`."""
        return Tokens(words=self.words[first:last], starts=self.starts[first:last], ends=self.ends[first:last])

    def trimmed(self) -> Tokens:
        """Without the marks at both ends that are not compared."""
        first, last = 0, len(self.words)
        while first < last and self.words[first] in OUTER_MARKS:
            first += 1
        while last > first and self.words[last - 1] in OUTER_MARKS:
            last -= 1
        return self.part(first, last)

    @property
    def word_count(self) -> int:
        """How many of the tokens are words or numbers."""
        return count_words(self.words)


def tokens(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """The tokens of `text[start:end]`; their offsets count from the beginning of `text`."""
    matches = list(_TOKEN.finditer(_plain(text[start:end])))
    words = [_normal(match.group(1) or "") for match in matches]
    # Arrays take a third of the memory of lists.
    starts = array("i", [start + match.start() for word, match in zip(words, matches, strict=True) if word])
    ends = array("i", [start + match.end() for word, match in zip(words, matches, strict=True) if word])
    return Tokens(words=tuple(filter(None, words)), starts=starts, ends=ends)


def token_words(text: str, start: int = 0, end: int | None = None) -> list[str]:
    """The words of `tokens` alone, in a third of the time."""
    return list(filter(None, map(_normal, _TOKEN.findall(_plain(text[start:end])))))


def is_word(token: str) -> bool:
    """Whether a token is a word or a number, not a mark."""
    return token[0].isalnum()


def count_words(words: Sequence[str]) -> int:
    """How many tokens are words or numbers."""
    return sum(map(is_word, words))


def without_filler(text: str) -> str:
    """The text of a draft without what stands for characters of its format."""
    return text.replace(FILLER, "")


def _plain(text: str) -> str:
    return text if text.isascii() else text.translate(_CHARACTERS)


@lru_cache(maxsize=1 << 16)  # so a word is one object, however many articles hold it
def _normal(token: str) -> str:
    if token[:1] in "-." and not token[-1:].isalnum():
        return _ELLIPSIS if token[:2] in {"..", ". "} else token[:1]
    return token if token.isascii() and FILLER not in token else unicodedata.normalize("NFC", _DROPPED.sub("", token))
