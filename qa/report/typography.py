"""Quotation marks within quotation marks, and English titles in capitals. Pure.

The rules for capitals are those of pandoc's citeproc: words of a short list stay small, and so does what already has
a capital or is a single letter; the first word, the last, and the first after a colon or a sentence's end do not.
"""

from __future__ import annotations

import re

__all__ = ["nested", "quoted", "title_case"]

_DOUBLE, _SINGLE = ("“", "”"), ("‘", "’")
_OPENING_CONTEXT = re.compile(r"[\s(\[{“‘\"'—–/-]")
_OTHER_MARKS = re.compile(r"[„«»‹›‚]")
_CHUNK = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.?!:]\s+[“‘\"'(]*\Z")
_SMALL = frozenset(
    "a about an and as at but by c d de down for from in into nor of on onto or over so the till to up v van via von "
    "with yet".split()
)


def quoted(text: str) -> str:
    """The text in “ ”, with quotation marks inside it as they are written there."""
    return f"“{nested(text, within=True)}”"


def nested(text: str, *, within: bool) -> str:
    """The text with English quotation marks that alternate with their depth, and typographic apostrophes.

    Half of a pair counts, as a sentence may begin or end within a quotation. Marks of other languages stay as they are.

    Args:
        text: As an article has it.
        within: Whether it will stand in “ ” itself.
    """
    marked = [character in "“”‘’\"'" for character in text]
    if not any(marked) or _OTHER_MARKS.search(text):
        return text
    out, open_marks = list(text), list[bool]()
    last_single = max((p for p, c in enumerate(text) if c in "'’" and not _within_word(text, p)), default=-1)
    for place, character in enumerate(text):
        if not marked[place]:
            continue
        if _opens(text, place) and (character in '“"' or place < last_single):
            out[place] = (_SINGLE if (len(open_marks) % 2 == 0) is within else _DOUBLE)[0]
            open_marks.append(character in '“"')
        elif open_marks and open_marks[-1] is (character in '”"') and not _within_word(text, place):
            open_marks.pop()
            out[place] = (_SINGLE if (len(open_marks) % 2 == 0) is within else _DOUBLE)[1]
        elif character in "'’":
            out[place] = "’"
        elif character == "”":
            out[place] = (_SINGLE if within else _DOUBLE)[1]
    return "".join(out)


def title_case(title: str, *, language: str) -> str:
    """An English title with capitals, any other as it is.

    Args:
        title: Of an article.
        language: Of the title, a BCP 47 tag.
    """
    if language.lower().partition("-")[0] != "en":
        return title
    chunks = list(_CHUNK.finditer(title))
    out, end = [], 0
    for number, chunk in enumerate(chunks):
        begins = number == 0 or _SENTENCE_END.search(title, end, chunk.start()) is not None
        capital = _takes_capital(title, chunk, begins=begins, last=number == len(chunks) - 1)
        word = chunk.group()
        out += [title[end : chunk.start()], word[0].upper() + word[1:] if capital else word]
        end = chunk.end()
    return "".join([*out, title[end:]])


def _takes_capital(title: str, chunk: re.Match[str], *, begins: bool, last: bool) -> bool:
    word = chunk.group()
    if not word.islower() or (
        chunk.start() and title[chunk.start() - 1] in "'’" and _within_word(title, chunk.start() - 1)
    ):
        return False
    return begins or (len(word) > 1 and (last or word not in _SMALL))


def _opens(text: str, place: int) -> bool:
    character = text[place]
    if character in "“‘":
        return True
    before = text[place - 1] if place else " "
    after = text[place + 1 : place + 2]
    return character in "\"'" and _OPENING_CONTEXT.match(before) is not None and bool(after.strip())


def _within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and text[place - 1].isalnum() and text[place + 1].isalnum()
