"""Word files as desks pass them on: with contents, notes, tracked changes, tables of figures and of layout."""

from __future__ import annotations

import datetime
import zipfile
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.unit.index.formats.conftest import Read, quotes
from tests.unit.index.formats.test_docx import packed, saved

WORD = nsdecls("w")
FOOTNOTES = (
    f"<w:footnotes {WORD}><w:footnote w:id='2'><w:p><w:r><w:t>County road office, report 7/2025.</w:t></w:r></w:p>"
    "</w:footnote></w:footnotes>"
)
COMMENTS = (
    f"<w:comments {WORD}><w:comment w:id='0' w:author='Desk'><w:p><w:r><w:t>Check with legal!</w:t></w:r></w:p>"
    "</w:comment></w:comments>"
)


def paragraph(inner: str) -> Any:
    return parse_xml(f"<w:p {WORD}>{inner}</w:p>")


def run(words: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{words}</w:t></w:r>"


def report() -> bytes:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = "Twelve bridges, one winter", "Ida Holm"
    properties.created = datetime.datetime(2025, 2, 14, 9, 30)
    document.sections[0].header.paragraphs[0].text = "County road office – internal"
    document.sections[0].footer.paragraphs[0].text = "Report 7/2025 – page 1 of 3"
    document.add_paragraph("Twelve bridges, one winter", style="Title")
    document.add_paragraph("What the inspectors found", style="Subtitle")
    for level, (words, page) in ((1, ("Summary", 2)), (2, ("The old bridge", 3))):
        document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph(f"{words}\t{page}", style=f"toc {level}")
    document.add_heading("Summary", 1)
    document.add_paragraph("Nine of the twelve bridges are sound. Two need paint, and one must close to lorries.")
    document.add_heading("The old bridge", 2)
    body = document.element.body
    body.insert(
        len(body) - 1,
        paragraph(
            run("Inspectors found cracks in ")
            + "<w:del w:id='1' w:author='Desk'><w:r><w:delText xml:space='preserve'>one</w:delText></w:r></w:del>"
            + f"<w:ins w:id='2' w:author='Desk'>{run('two')}</w:ins>"
            + "<w:commentRangeStart w:id='0'/>"
            + run(" of its five pillars")
            + "<w:commentRangeEnd w:id='0'/><w:r><w:commentReference w:id='0'/></w:r>"
            + "<w:r><w:footnoteReference w:id='2'/></w:r>"
            + run(". The ")
            + "<w:hyperlink w:anchor='p88'>"
            + run("pictures")
            + "</w:hyperlink>"
            + run(" begin on page ")
            + "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> PAGEREF p88 </w:instrText></w:r>"
            + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            + run("88")
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
            + run(".")
        ),
    )
    body.insert(
        len(body) - 1,
        paragraph(
            "<w:moveFrom w:id='3' w:author='Desk'>"
            + run("It was built in 1911.")
            + "</w:moveFrom>"
            + "<w:moveTo w:id='4' w:author='Desk'>"
            + run("The bridge dates from 1911.")
            + "</w:moveTo>"
        ),
    )
    document.add_paragraph("Close it to lorries by 1 May.", style="List Number")
    document.add_paragraph("Repair pillars two and four:", style="List Number")
    document.add_paragraph("by divers,", style="List Bullet 2")
    document.add_paragraph("in summer.", style="List Bullet 2")
    table = document.add_table(3, 3)
    rows = (("Bridge", "Built", "Repairs"), ("Kirkholm", "1911", "14,000,000"), ("Ost", "1954", "320,000"))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    return with_parts(document)


def with_parts(document: WordDocument) -> bytes:
    """With footnotes and comments, which python-docx does not write."""
    with zipfile.ZipFile(BytesIO(saved(document))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return packed({**entries, "word/footnotes.xml": FOOTNOTES.encode(), "word/comments.xml": COMMENTS.encode()})


def test_a_report_gives_its_text_without_contents_notes_comments_and_deleted_words(read: Read) -> None:
    (found,) = read("report.docx", report()).articles
    article = found.article
    assert (article.title, article.author, article.date) == ("Twelve bridges, one winter", "Ida Holm", "2025-02-14")
    assert quotes(found) == [
        "What the inspectors found",
        "## Summary",
        "Nine of the twelve bridges are sound.",
        "Two need paint, and one must close to lorries.",
        "### The old bridge",
        "Inspectors found cracks in two of its five pillars.",
        "The pictures begin on page 88.",
        "The bridge dates from 1911.",
        "- Close it to lorries by 1 May.",
        "- Repair pillars two and four:",
        "- by divers,",
        "- in summer.",
        "Bridge | Built | Repairs",
        "Kirkholm | 1911 | 14,000,000",
        "Ost | 1954 | 320,000",
    ]
    assert "\n  - by divers,\n" in article.text


def test_a_newsletter_laid_out_in_a_table_keeps_its_paragraphs_and_says_everything_once(read: Read) -> None:
    document = Document()
    document.add_heading("A week without a port", 1)
    table = document.add_table(1, 2)
    left, right = table.rows[0].cells
    left.text = "The port will close on Monday for seven days, and nobody has yet said who pays for all of it."
    left.add_paragraph("“You can hear it crack at night,” said the harbour master on the quay.")
    right.text = "What moves"
    right.add_paragraph("Ferries go from the north quay.", style="List Bullet")
    inner = right.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Losses a day", "3.5 million"
    (found,) = read("letter.docx", saved(document)).articles
    assert found.article.title == "A week without a port"
    assert quotes(found) == [
        "The port will close on Monday for seven days, and nobody has yet said who pays for all of it.",
        "“You can hear it crack at night,” said the harbour master on the quay.",
        "What moves",
        "- Ferries go from the north quay.",
        "Losses a day | 3.5 million",
    ]
