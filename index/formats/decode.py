"""Bytes -> text, with the encoding named; newlines are left as they are and a byte order mark is not text.

Nothing is ever guessed silently: what is not plainly UTF-8, UTF-16 or Windows-1252 is an error that says
which byte stands where, because a wrong guess would put characters into quotations that nobody wrote.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from index.formats.entities import FormatError

__all__ = ["DecodeError", "Decoded", "decode", "storable"]


class DecodeError(FormatError):
    """The bytes are not text that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text and the encoding its bytes were in."""

    text: str
    """Without byte order mark; newlines untouched."""
    encoding: str
    """Python codec name, except that cp1252 goes by its registered name, windows-1252."""


_MARKS: tuple[tuple[bytes, str], ...] = (  # UTF-32 before UTF-16: their little-endian marks begin alike
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\s{0,64}%PDF-", "PDF"),
        (rb"PK(\x03\x04|\x05\x06)", "a ZIP archive, or a Word, OpenDocument or EPUB file"),
        (rb"\x1f\x8b", "gzip"),
        (rb"BZh[1-9]1AY&SY", "bzip2"),
        (rb"\xfd7zXZ\x00", "xz"),
        (rb"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (rb"Rar!\x1a\x07", "RAR"),
        (rb"\x28\xb5\x2f\xfd", "Zstandard"),
        (rb"\x89PNG", "a PNG image"),
        (rb"\xff\xd8\xff", "a JPEG image"),
        (rb"GIF8[79]a.{0,512}\x00", "a GIF image"),
        (rb"(II\*\x00|MM\x00\*)", "a TIFF image"),
        (rb"RIFF.{4}(WEBP|WAVE|AVI )", "an image, sound or film"),
        (rb".{4}ftyp", "a film or image"),
        (rb"(OggS\x00|ID3[\x02-\x04]|fLaC\x00)", "a sound file"),
        (rb"\x7fELF", "a program"),
        (rb"MZ.{0,512}\x00", "a program"),
        (rb"SQLite format 3\x00", "an SQLite database"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (rb"\{\\rtf1", "RTF"),
    )
)
_HEAD_BYTES = 65_536
_CONTROL = re.compile(r"[\x00-\x06\x0e-\x1a\x1f\x7f\x80-\x84\x86-\x9f]")  # bell, backspace, escape: terminal logs
_MAX_CONTROL_SHARE = 0.1
"""Terminal logs carry some escape characters; binary data that happens to decode carries far more."""
_MAX_HIGH_SHARE = 0.3
"""Of all letters, those above ASCII: under 0.15 where Windows-1252 serves, over 0.8 in Cyrillic or Greek."""
_ASCII_TEXT = bytes((*range(0x20, 0x7F), *b"\t\n\r"))
_MIN_WIDE_SHARE = 0.2
"""Bytes of UTF-16 that are not ASCII text: half of them in English; a stray NUL in ASCII text is under this."""
_MIN_HIGH = 8
"""Fewer letters above ASCII than this prove nothing."""
_NOT_ASCII_LETTERS = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalpha()))
_ADVICE = "name the file after what it is, or export its text as UTF-8"
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def decode(data: bytes, *, encoding: str | None) -> Decoded:
    """Return the text of `data`; `encoding` forces one, None detects it.

    Raises `DecodeError` for data that is not text, for an unknown encoding and for bytes that do not fit it.
    """
    for pattern, kind in _MAGIC:
        if pattern.match(data):
            raise DecodeError(f"not a text file (looks like {kind}): {_ADVICE}")
    name = encoding if encoding is not None else _detect(data)
    text = _decoded_as(data, name, forced=encoding is not None).removeprefix("\ufeff")
    _refuse_control_characters(text)
    return Decoded(text=text, encoding=_public_name(name))


def storable(value: str) -> str:
    """Mark what is no character: NUL, and halves of surrogate pairs, which JSON can spell. Offsets stay as they are."""
    return _NOT_STORABLE.sub("\ufffd", value)


def _detect(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    wide = _wide_encoding(data)
    if wide is not None:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_unless_1252(data, error)
        return "cp1252"
    return "utf-8"


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: the high bytes of spaces, digits and Latin letters are NULs on one side only."""
    head = data[:_HEAD_BYTES]
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 or max(even, odd) == 0 or min(even, odd) * 20 > max(even, odd) or max(even, odd) * 50 < pairs:
        return None
    if len(head.translate(None, delete=_ASCII_TEXT)) < _MIN_WIDE_SHARE * len(head):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = head.decode(name, errors="replace")
    plain = sum(character.isprintable() or character.isspace() for character in text)
    return name if plain >= 0.98 * len(text) else None


def _refuse_unless_1252(data: bytes, error: UnicodeDecodeError) -> None:
    """`data` is not UTF-8. Raise unless Windows-1252 is the plain explanation."""
    where = _byte_at(data, error.start)
    if b"\x00" in data:
        raise DecodeError(f"not a text file (NUL byte at offset {data.index(0)}): {_ADVICE}")
    high = [character for character in data.decode("utf-8", errors="surrogateescape") if character > "\x7f"]
    broken = sum("\udc80" <= character <= "\udcff" for character in high)
    if (len(high) - broken) * 10 >= broken:  # whole multi-byte sequences hardly ever come about by chance
        raise DecodeError(
            f"{where} is not UTF-8, though other characters of the file are: correct that byte, or name the "
            "file's encoding with --encoding (for example --encoding windows-1252)"
        )
    undefined = _UNDEFINED_1252.search(data)
    if undefined is not None:
        where = _byte_at(data, undefined.start())
    if undefined is not None or not _looks_western(data):
        raise DecodeError(
            f"not a text file, or text in an encoding that is not recognised ({where} is neither UTF-8 nor "
            "plausible Windows-1252): if it is text, name its encoding with --encoding (for example "
            "--encoding shift_jis)"
        )


def _looks_western(data: bytes) -> bool:
    high = sum(byte >= 0xC0 for byte in data)
    letters = len(data.translate(None, delete=_NOT_ASCII_LETTERS))
    return high < _MIN_HIGH or high <= _MAX_HIGH_SHARE * (letters + high)


def _byte_at(data: bytes, offset: int) -> str:
    return f"byte 0x{data[offset]:02x} at offset {offset}"


def _decoded_as(data: bytes, name: str, *, forced: bool) -> str:
    advice = "give the file's real encoding with --encoding" + (", or leave --encoding out" if forced else "")
    try:
        text = data.decode(name)
        text.encode("utf-8")  # a lone surrogate (some codecs let it through) could not be stored
    except UnicodeDecodeError as error:
        raise DecodeError(f"{_byte_at(data, error.start)} is not {_public_name(name)}: {advice}") from error
    except UnicodeError as error:
        raise DecodeError(f"the bytes are not {_public_name(name)} ({error}): {advice}") from error
    except (LookupError, ValueError) as error:
        raise DecodeError(
            f"{name!r} is not a known text encoding: try for example utf-8, utf-16, windows-1252 or shift_jis"
        ) from error
    return text


def _refuse_control_characters(text: str) -> None:
    if "\x00" in text:
        raise DecodeError(f"not a text file (NUL character at offset {text.index(chr(0))}): {_ADVICE}")
    count = sum(1 for _ in _CONTROL.finditer(text))
    if count > _MAX_CONTROL_SHARE * len(text):
        raise DecodeError(f"not a text file ({count} control characters among {len(text)}): {_ADVICE}")


def _public_name(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return name
    return "windows-1252" if found == "cp1252" else found
