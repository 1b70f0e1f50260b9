"""Files that are broken, locked or made to do harm: a line for each, and the good article beside them is indexed."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.integration.test_sync import Corpus
from tests.unit.index.formats.test_docx import packed
from tests.unit.index.formats.test_docx import saved as saved_docx
from tests.unit.index.formats.test_html import NEWS
from tests.unit.index.formats.test_pdf import LEAD, document, paragraph, saved

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


def pdf_of(words: str, *, password: str | None = None) -> bytes:
    pdf = document()
    if words:
        paragraph(pdf, words)
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    return saved(pdf)


def docx_of(words: str) -> bytes:
    made = Document()
    made.add_paragraph(words)
    return saved_docx(made)


def flipped(data: bytes) -> bytes:
    """Every 40th byte, from the 100th on, with one bit turned over."""
    changed = bytearray(data)
    for position in range(100, len(changed), 40):
        changed[position] ^= 1 << position % 8
    return bytes(changed)


def nested_zip() -> bytes:
    inner = packed({"bomb.txt": b"0" * 3_000_000})
    return packed({f"{n}.zip": inner for n in range(10)})


def lying_zip() -> bytes:
    """Its directory says that an entry is small."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"The port closed. " * 100_000)
    data = bytearray(file.getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


WHOLE_PDF, WHOLE_DOCX = pdf_of(f"{LEAD} " * 40), docx_of(LEAD)
BAD: dict[str, tuple[bytes, str]] = {
    "cut.pdf": (WHOLE_PDF[:300], "a damaged PDF: get the file again"),
    "locked.pdf": (pdf_of(LEAD, password="user"), "protected by a password: save it without one"),
    "scan.pdf": (pdf_of(""), "pictures (a scan): have its text recognised first"),
    "noise.pdf": (bytes(range(256)) * 9, "does not begin as a PDF file does"),
    "cut.docx": (WHOLE_DOCX[: len(WHOLE_DOCX) // 2], "a damaged Word file"),
    "flipped.docx": (flipped(WHOLE_DOCX), "damaged"),
    "laughs.docx": (
        packed({"[Content_Types].xml": b"<a/>", "word/document.xml": f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>".encode()}),
        "damaged",
    ),
    "cut.html": (NEWS.encode()[:400], "no article in the page"),
    "nul.txt": (b"The port\x00 closed\x00.", "not a text file (NUL"),
    "bomb.zip": (packed({"a.txt": b"0" * 30_000_000}), "max_file_mb allows"),
    "ratio.zip": (packed({"a.txt": b"0" * 9_000_000}), "it may be made to exhaust the computer"),
    "nested.zip": (nested_zip(), "an archive within an archive is not opened"),
    "lying.zip": (lying_zip(), "damaged"),
    "climbing.zip": (packed({"../../evil.txt": b"The port opened."}), "its name leads out of the archive"),
    "empty.txt": (b"", "empty file"),
}


def test_each_bad_file_has_its_line_and_the_others_are_indexed(corpus: Corpus, tmp_path: Path) -> None:
    for name, (data, _) in BAD.items():
        (corpus.folder / name).write_bytes(data)
    corpus.write("good.txt", "date 2025-02-30 The port closed on Monday.")
    (corpus.folder / "whole.pdf").write_bytes(flipped(WHOLE_PDF))
    report = corpus.sync(corpus.folder)
    said = {Path(note.file).name: note.text for note in report.skipped}
    for name, (_, words) in BAD.items():
        assert words in said[name], (name, said[name])
        assert "\n" not in said[name]
        assert len(said[name]) < 400
    assert corpus.store().article_at(corpus.folder / "good.txt") is not None
    assert any("'2025-02-30' is not a date" in note.text for note in report.notes)
    assert not list(tmp_path.rglob("evil.txt"))
    again = corpus.sync()
    assert again.new == again.changed == 0


def test_a_line_of_100_mb_is_not_read(corpus: Corpus) -> None:
    for name in ("line.txt", "line.jsonl", "line.html"):
        with (corpus.folder / name).open("wb") as file:
            file.truncate(100_000_000)
    corpus.write("good.txt", "The port closed on Monday.")
    report = corpus.sync(corpus.folder)
    assert {note.text for note in report.skipped} == {
        "100.0 MB is more than the 20 MB that max_file_mb allows; split the file or raise the setting"
    }
    assert report.new == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_that_run_in_a_circle_are_passed_over(corpus: Corpus) -> None:
    (corpus.folder / "self.txt").symlink_to(corpus.folder / "self.txt")
    (corpus.folder / "one.txt").symlink_to(corpus.folder / "two.txt")
    (corpus.folder / "two.txt").symlink_to(corpus.folder / "one.txt")
    (corpus.folder / "round").symlink_to(corpus.folder)
    corpus.write("good.txt", "The port closed on Monday.")
    report = corpus.sync(corpus.folder)
    assert report.new == 1
    assert {Path(note.file).name for note in report.skipped} == {"self.txt", "one.txt", "two.txt"}
    assert {note.text.partition(";")[0] for note in report.skipped} == {"a symbolic link that runs in a circle"}
