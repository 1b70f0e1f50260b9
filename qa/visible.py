"""Article text made safe for a terminal: what would act is shown as a symbol instead. Pure."""

from __future__ import annotations

import re

__all__ = ["name_in_line", "one_line", "visible"]

# Bidirectional embeddings, overrides and isolates (Unicode 15, UAX 9), and the marks that work alone.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ACTIVE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb{_BIDI}\ud800-\udfff]|\r(?!\n)")
_BLANKS = re.compile(r"\s+")


def visible(text: str) -> str:
    r"""The text with control, escape and bidirectional override characters as visible symbols.

    Newlines and tabs stay. Surrogates, which stand for bytes of a file name that are not UTF-8, become `\xNN`.
    """
    return _ACTIVE.sub(lambda match: _symbol(match.group()), text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`visible`, with every run of white space as one space."""
    return visible(_BLANKS.sub(" ", text).strip())


def name_in_line(name: str) -> str:
    """`visible` for a file's name, of which every character counts: newlines and tabs become symbols too."""
    return visible(name).replace("\n", "␊").replace("\t", "␉")


def _symbol(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ and its kind
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"⟨U+{code:04X}⟩"
