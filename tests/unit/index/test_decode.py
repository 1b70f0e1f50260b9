from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.decode import DecodeError, decode

NEWS = "The café in Zürich reopened on Monday, “against all odds”, its owner said.\r\n\r\nIt sells 3 €\ttarts.\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (NEWS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + NEWS.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + NEWS.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + NEWS.encode("utf-32-le"), "utf-32-le"),
        (NEWS.encode("utf-16-le"), "utf-16-le"),
        (NEWS.encode("utf-16-be"), "utf-16-be"),
        (NEWS.encode("cp1252"), "windows-1252"),
    ],
)
def test_the_encoding_is_found_and_named_and_the_mark_is_not_text(data: bytes, encoding: str) -> None:
    found = decode(data, encoding=None)
    assert (found.text, found.encoding) == (NEWS, encoding)


def test_utf16_without_a_mark_is_found_in_cyrillic_too() -> None:
    text = "Премьер-министр заявил в понедельник, что переговоры продолжатся.\n" * 3
    assert decode(text.encode("utf-16-le"), encoding=None).text == text


@pytest.mark.parametrize("text", ["", "plain", "a\rb\r\nc\n", "naïve", "日本の首相は月曜日に述べた。"])
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode(), encoding=None).text == text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    found = decode(text.removeprefix("\ufeff").encode(), encoding=None)
    assert found.text == text.removeprefix("\ufeff").removeprefix("\ufeff")


@given(st.binary(max_size=200))
def test_any_bytes_give_a_text_or_a_reason(data: bytes) -> None:
    try:
        outcome = decode(data, encoding=None).text
    except DecodeError as error:
        outcome = error.reason
    outcome.encode()
    assert outcome or not data.strip(codecs.BOM_UTF8 + codecs.BOM_UTF16)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (gzip.compress(b"news", mtime=0), "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a\x01\x00\x01\x00", "GIF"),
        (b"\x7fELF\x02", "program"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"{\\rtf1\\ansi news}", "RTF"),
    ],
)
def test_a_known_binary_format_is_named_even_under_a_forced_encoding(data: bytes, kind: str) -> None:
    for encoding in (None, "latin-1"):
        with pytest.raises(DecodeError, match=rf"not a text file \(looks like .*{kind}.*\): .*export its text"):
            decode(data, encoding=encoding)


@pytest.mark.parametrize(
    "data",
    [b"news\x00and more news", b"news \x00and more news", bytes(range(1, 32)) * 4, b"\xe9\x00\x01\x00\x02\x03\x00"],
)
def test_control_characters_are_not_text(data: bytes) -> None:
    with pytest.raises(DecodeError, match="not a text file"):
        decode(data, encoding=None)


def test_a_few_escape_characters_are_still_text() -> None:
    assert (
        decode(b"a log in which one word is \x1b[1m in colour, and no other word is", encoding=None).encoding == "utf-8"
    )


def test_utf8_with_a_bad_byte_is_an_error_and_not_mojibake() -> None:
    good = "“We go”, she said in Zürich. "
    data = good.encode() + b"caf\xe9" + good.encode()
    with pytest.raises(DecodeError, match=rf"byte 0xe9 at offset {len(good.encode()) + 3} .*--encoding"):
        decode(data, encoding=None)


def test_bytes_that_windows_1252_does_not_define_are_an_error_with_their_place() -> None:
    with pytest.raises(DecodeError, match=r"byte 0x81 at offset 5 .*--encoding"):
        decode(b"a \xe9 b\x81 c", encoding=None)


def test_cyrillic_in_one_byte_is_not_taken_for_windows_1252() -> None:
    with pytest.raises(DecodeError, match=r"encoding that is not recognised.*--encoding"):
        decode("Президент заявил в понедельник".encode("cp1251"), encoding=None)


def test_a_forced_encoding_is_used() -> None:
    text = "Президент заявил"
    found = decode(text.encode("cp1251"), encoding="windows-1251")
    assert (found.text, found.encoding) == (text, "cp1251")


def test_a_forced_utf8_drops_the_mark() -> None:
    assert decode(codecs.BOM_UTF8 + b"news", encoding="utf-8").text == "news"


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "a\x00b", ""])
def test_an_unknown_encoding_is_named(name: str) -> None:
    with pytest.raises(DecodeError, match="is not a known text encoding: try for example utf-8"):
        decode(b"news", encoding=name)


def test_a_byte_that_does_not_fit_the_forced_encoding_is_named_with_its_place() -> None:
    with pytest.raises(DecodeError, match=r"byte 0xe9 at offset 3 is not utf-8: .*leave --encoding out"):
        decode(b"caf\xe9", encoding="utf-8")


def test_a_lone_surrogate_cannot_come_in_through_a_codec() -> None:
    with pytest.raises(DecodeError, match="surrogate"):
        decode(b"\\ud800", encoding="raw_unicode_escape")
