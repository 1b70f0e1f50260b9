from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from index.errors import UnreadableFileError
from index.formats.archive import kind_of_zip
from tests.unit.index.formats.conftest import Read
from tests.unit.index.formats.test_docx import packed
from tests.unit.index.formats.test_html import NEWS
from tests.unit.index.formats.test_rows import FEED


def test_the_files_of_an_archive_are_articles_each_at_its_place(read: Read) -> None:
    data = packed(
        {
            "news/port.html": NEWS.encode(),
            "news/feed.jsonl": FEED.encode(),
            "2025-03-30 note.txt": "The café closed.".encode("utf-16"),
            "picture.png": b"\x89PNG",
            ".hidden.txt": b"Hidden.",
            "__MACOSX/._a.txt": b"Fork.",
            "drafts/a.txt": b"A draft.",
        }
    )
    parsed = read("news.zip", data, exclude=("drafts/*",))
    assert parsed.format == "zip"
    found = {item.member: item.article for item in parsed.articles}
    assert list(found) == ["news/port.html", "news/feed.jsonl#1", "news/feed.jsonl#2", "2025-03-30 note.txt"]
    assert found["news/port.html"].outlet == "The Daily Ledger"
    assert found["2025-03-30 note.txt"].date == "2025-03-30"
    assert parsed.problems == ()


def test_what_is_wrong_with_an_entry_is_told_and_the_others_are_read(read: Read) -> None:
    data = packed(
        {
            "a.txt": b"The port closed.",
            "../evil.txt": b"The port opened.",
            "/etc/evil.txt": b"x",
            "C:\\evil.txt": b"x",
            "inner.zip": packed({"b.txt": b"B."}),
            "bomb.txt": b"a" * 5_000_000,
        }
    )
    parsed = read("news.zip", data, max_bytes=6_000_000)
    assert [item.member for item in parsed.articles] == ["a.txt"]
    told = " ".join(parsed.problems)
    assert told.count("its name leads out of the archive") == 3
    assert "an archive within an archive is not opened" in told
    assert "bomb.txt: unpacks to 5 MB from 5 kB: it may be made to exhaust the computer" in told
    large = packed({"a.txt": b"The port closed.", "large.txt": b"Port. " * 20_000})
    (problem,) = read("n.zip", large, max_bytes=60_000).problems
    assert problem == "large.txt: 0.1 MB is more than the 0.06 MB that max_file_mb allows; raise the setting"


def test_limits_and_damage_of_a_whole_archive_have_messages_of_their_own(read: Read) -> None:
    texts = {f"{n}.txt": b"The port closed." for n in range(5)}
    with pytest.raises(UnreadableFileError, match="more than 4 entries, which max_rows allows"):
        read("a.zip", packed(texts), max_articles=4)
    with pytest.raises(UnreadableFileError, match="unpacks to more than the 5e-05 MB that max_unpacked_mb allows"):
        read("a.zip", packed(texts), max_unpacked_bytes=50)
    with pytest.raises(UnreadableFileError, match="a damaged archive"):
        read("a.zip", packed(texts)[:-30])
    with pytest.raises(UnreadableFileError, match="no file in the archive ends in one of"):
        read("a.zip", packed({"a.exe": b"MZ"}))
    with pytest.raises(UnreadableFileError, match="an EPUB book"):
        read("a.zip", packed({"META-INF/container.xml": b"<a/>"}))


def test_an_entry_under_a_password_and_one_that_lies_about_its_size(read: Read) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "The port closed.")
        archive.writestr("b.txt", "The port opened.")
    data = bytearray(file.getvalue())
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1  # the flag of an encrypted entry
    second = data.index(b"PK\x01\x02", central + 4)
    data[second + 24 : second + 28] = (7).to_bytes(4, "little")  # its size, unpacked
    parsed = read("a.zip", packed({"c.txt": b"C closed."}))
    assert len(parsed.articles) == 1
    with pytest.raises(UnreadableFileError, match=r"a.txt: protected by a password.*b.txt: damaged"):
        read("a.zip", bytes(data))


def test_a_word_file_is_one_by_what_is_inside() -> None:
    assert kind_of_zip(packed({"word/document.xml": b""}), ".zip") == "docx"
    assert kind_of_zip(packed({"a.txt": b""}), "") == "zip"


def test_an_entry_with_a_long_name_is_told_in_a_line_of_bounded_length(read: Read) -> None:
    data = packed({f"{'n' * 60_000}.pdf": b"%PDF-1.4 cut"})
    with pytest.raises(UnreadableFileError) as caught:
        read("a.zip", data)
    assert len(caught.value.reason) == 300
    renamed = data.replace(b"nnn.pdf", b"mmm.pdf", 1)  # the name in front of the entry differs from the list's
    with pytest.raises(UnreadableFileError) as caught:
        read("a.zip", renamed)
    assert len(caught.value.reason) <= 300
