from __future__ import annotations

import datetime
import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.errors import UnreadableFileError
from tests.unit.index.formats.conftest import Read, quotes


def saved(document: WordDocument) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_manuscript_gives_headings_lists_and_tables_without_header_and_footer(read: Read) -> None:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = "Port of Vell shuts for a week", "Ann Lowe"
    properties.created = datetime.datetime(2025, 3, 30, 10, 0)
    document.sections[0].header.paragraphs[0].text = "The Daily Ledger"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.add_heading("Port of Vell shuts for a week", 0)
    document.add_paragraph("The port of Vell will close on Monday. Some 400 workers are to be sent home.")
    document.add_heading("What it costs", 1)
    document.add_paragraph("Ferries go from the north quay.", style="List Bullet")
    document.add_paragraph("Freight is sent to Port Ness.", style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Year", "Loss"), ("2011", "$20 million"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    (found,) = read("port.docx", saved(document)).articles
    article = found.article
    assert (article.title, article.author, article.date) == ("Port of Vell shuts for a week", "Ann Lowe", "2025-03-30")
    assert quotes(found) == [
        "The port of Vell will close on Monday.",
        "Some 400 workers are to be sent home.",
        "## What it costs",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
        "Year | Loss",
        "2011 | $20 million",
    ]


def test_a_file_that_says_nothing_of_itself_is_dated_by_its_first_line_and_titled_by_its_heading(read: Read) -> None:
    document = Document()
    document.add_heading("Storm hits the coast", 1)
    document.add_paragraph("date 2025-03-29")
    document.add_paragraph("The storm reached the coast at noon.")
    (found,) = read("2025-03-31.docx", saved(document)).articles
    article = found.article
    assert (article.title, article.date, article.author) == ("Storm hits the coast", "2025-03-29", None)
    assert quotes(found) == ["The storm reached the coast at noon."]
    plain = Document()
    plain.add_paragraph("The storm reached the coast at noon.")
    assert read("a.docx", saved(plain)).articles[0].article.date is None, "the day of python-docx's template is none"
    assert read("2025-03-31.docx", saved(plain)).articles[0].article.date == "2025-03-31"


def test_tracked_changes_content_controls_and_text_boxes(read: Read) -> None:
    document = Document()
    word = nsdecls("w")
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {word}><w:sdtContent><w:p><w:r><w:t>The port of Vell</w:t></w:r>"
            "<w:ins w:id='1' w:author='A'><w:r><w:t xml:space='preserve'> will close</w:t></w:r></w:ins>"
            "<w:del w:id='2' w:author='A'><w:r><w:delText xml:space='preserve'> stays open</w:delText></w:r></w:del>"
            "<w:r><w:tab/><w:t>on Mon</w:t></w:r><w:r><w:t>day.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    (found,) = read("a.docx", saved(document)).articles
    assert quotes(found) == ["The port of Vell will close on Monday."]


def test_what_is_no_word_file_has_a_message_of_its_own(read: Read) -> None:
    document = Document()
    document.add_paragraph("The port closed.")
    data = saved(document)
    with pytest.raises(UnreadableFileError, match="a damaged Word file"):
        read("cut.docx", data[: len(data) // 2])
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableFileError, match="protected by a password"):
        read("locked.docx", locked)
    with pytest.raises(UnreadableFileError, match=r"an old Office file .* save it as .docx"):
        read("old.doc", locked[:8] + b"WordDocument")
    with pytest.raises(UnreadableFileError, match="an Excel file: save its sheet as CSV"):
        read("a.docx", packed({"xl/workbook.xml": b"<a/>"}))
    bomb = packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b" " * 5_000_000})
    with pytest.raises(UnreadableFileError, match="unpacks to 5 MB from 5 kB: it may be made to exhaust"):
        read("bomb.docx", bomb)


def test_entities_that_multiply_are_not_expanded(read: Read) -> None:
    document = Document()
    document.add_paragraph("The port closed on Monday.")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE w:document [<!ENTITY l0 "lol">{laughs}]>'
    entries = {}
    with zipfile.ZipFile(BytesIO(saved(document))) as archive:
        for name in archive.namelist():
            entries[name] = archive.read(name)
    body = entries["word/document.xml"].decode()
    start = body.index("<w:document")
    entries["word/document.xml"] = (
        body[:start] + doctype + body[start:].replace("on Monday", "on &l9; Monday")
    ).encode()
    try:
        (found,) = read("laughs.docx", packed(entries)).articles
    except UnreadableFileError as error:
        assert "damaged" in error.reason  # noqa: PT017  # either is a clear end
    else:
        assert len(found.article.text) < 100


def packed(entries: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()
