from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from qa.errors import DraftError
from qa.report.drafts import Draft, read_draft
from qa.report.quotations import find_quotations
from qa.report.verify_citations import cited_sources

KEY = "port-deal-20250330-b6f72f"
REF = "0123456789ab:7-9"


def found(draft: Draft) -> list[tuple[str, int, str | None]]:
    """(text, line, source named) of every quotation outside notes."""
    quotations = find_quotations(draft.blocks).quotations
    sources = cited_sources(draft.blocks, quotations)
    return [
        (quotation.text, draft.line(quotation.start), source.written if source else None)
        for quotation, source in zip(quotations, sources, strict=True)
        if draft.blocks[quotation.block].note is None
    ]


def markdown(text: str) -> Draft:
    return read_draft("draft.md", text.encode(), suffix=".md")


def html(text: str) -> Draft:
    return read_draft("draft.html", text.encode(), suffix=".html")


def test_markdown_code_front_matter_and_comments_hold_no_quotations() -> None:
    draft = markdown(
        '---\ntitle: "one two three four"\n---\n\n```\n"one two three four"\n```\n\n    "one two three four"\n\n'
        'The `"one two three four"` code.\n\n<!-- "one two three four" -->\n\nIt is "one two `three` four".\n'
    )
    assert found(draft) == [("one two three four", 15, None)]


def test_markdown_marks_are_no_part_of_a_quotation() -> None:
    draft = markdown('- He said &quot;one **two** [three](http://x.y/"z") \\*four\\* _five_&quot; snake_case\n')
    assert found(draft) == [("one two three *four* five", 1, None)]


def test_markdown_block_quotes_tables_and_lists_are_read_by_line() -> None:
    draft = markdown(
        "# Head\n\n> one two three four\n> five\n>\n> > six seven eight nine\n\n"
        '| a | b |\n| --- | --- |\n| "one two three four" | 6" |\n\n1. "two three four five"\n'
    )
    assert found(draft) == [
        ("one two three four\nfive", 3, None),
        ("six seven eight nine", 6, None),
        ("one two three four", 10, None),
        ("two three four five", 12, None),
    ]


def test_citations_are_read_in_every_form_that_is_written() -> None:
    draft = markdown(
        f"“One two three four”[^{KEY}-s7]. “Two three four five” [1] “three four five six” (Doe, “A title,” {REF}) "
        f"“four five six seven” [@{KEY}, p. 4] “five six seven eight”\n\n"
        f"[^{KEY}-s7]: Doe, “A title of an article,” March 30. {REF}\n\n[1] Doe, 2025. 0123456789ab:1\n"
    )
    assert found(draft) == [
        ("One two three four", 1, REF),
        ("Two three four five", 1, "0123456789ab:1"),
        ("three four five six", 1, REF),
        ("four five six seven", 1, KEY),
        ("five six seven eight", 1, None),
    ]


def test_two_quotations_may_share_the_citation_behind_them() -> None:
    draft = markdown(f'"one two three four" and "two three four five" [@{KEY}]\n\n"three four five six"\n')
    assert [source for _, _, source in found(draft)] == [KEY, KEY, None]


def test_a_block_quote_may_be_cited_at_its_end_or_below_it() -> None:
    draft = markdown(
        f"> one two three four\n>\n> five six seven eight [@{KEY}]\n\nThen.\n\n> one two three four\n\n({REF})\n"
    )
    assert [source for _, _, source in found(draft)] == [KEY, KEY, REF]


def test_plain_text_has_paragraphs_quoted_lines_and_numbered_notes() -> None:
    text = (
        f'He said "one two\nthree four" [1].\n\n> five six\n> seven eight\n\nno. [2]\n\n[1] Doe. {REF}\n[2] nothing\n'
    )
    draft = read_draft("draft.txt", text.encode(), suffix=".txt")
    assert found(draft) == [("one two\nthree four", 1, REF), ("five six\nseven eight", 4, None)]


def test_html_is_read_as_it_is_seen() -> None:
    draft = html(
        "<html><head><title>&ldquo;one two three four&rdquo;</title><style>'\"one two three four\"'</style>"
        "</head><body>\n<p>He said &ldquo;one <b>two</b>\n three\nfour&rdquo;"
        f'<sup><a href="#{KEY}-s7">1</a></sup><p>Then <q>two three four five</q>\n<pre>"one two three four"</pre>'
        f"<blockquote><p>three four five six</p><p>four five six seven</blockquote><ol><li id={KEY}-s7>Doe. {REF}"
        "</ol></body>"
    )
    assert found(draft) == [
        ("one two three four", 2, REF),
        ("two three four five", 4, None),
        ("three four five six", 5, None),
        ("four five six seven", 5, None),
    ]


def word_document(paragraphs: list[tuple[str, str | None]]) -> bytes:
    document = Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    document.add_table(rows=1, cols=1).cell(0, 0).text = "“in a table cell”"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_footnote(data: bytes, note: str) -> bytes:
    """The document with a footnote behind its first paragraph, as Word writes one."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            text = old.read(entry)
            if entry == "word/document.xml":
                mark = b'<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
                text = text.replace(b"</w:p>", mark, 1)
            elif entry == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", link.encode())
            elif entry == "[Content_Types].xml":
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/></Types>'
                text = text.replace(b"</Types>", part.encode())
            new.writestr(entry, text)
        body = f'<w:footnote w:id="2"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
        new.writestr("word/footnotes.xml", f"<w:footnotes {space}>{body}</w:footnotes>")
    return stream.getvalue()


def test_a_word_document_has_paragraphs_quotes_tables_and_footnotes() -> None:
    data = word_document([("He said “one two three four”", None), ("two three four five", "Quote"), ("Bye", None)])
    draft = read_draft("draft.docx", with_footnote(data, f"Doe. {REF}"), suffix=".docx")
    assert found(draft) == [
        ("one two three four", 1, REF),
        ("two three four five", 2, None),
        ("in a table cell", 4, None),
    ]


def test_deleted_words_of_a_word_document_are_not_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("He said “one two three ")
    removed = paragraph.add_run("never ")._r
    paragraph.add_run("four”")
    wrapper = removed.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}del", {})
    removed.addprevious(wrapper)
    wrapper.append(removed)
    stream = io.BytesIO()
    document.save(stream)
    assert found(read_draft("d.docx", stream.getvalue(), suffix=".docx")) == [("one two three four", 1, None)]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 600_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("d.docx", b"no zip at all", "no Word document (DOCX), or a damaged one"),
        ("d.docx", b"PK\x03\x04 broken", "no Word document (DOCX), or a damaged one"),
        ("d.docx", word_document([("text", None)])[:2000], "no Word document (DOCX), or a damaged one"),
        ("d.docx", bomb(), "would unpack to 600 MB"),
        ("d.md", b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        ("d.md", "“one”".encode() + b"\xe9 caf\xe9", "is not UTF-8, though other characters of the file are"),
        ("d.md", b" \n", "is empty"),
        ("d.pdf", b"%PDF-1.4", "is a PDF; save it as"),
        ("d.md", b"PK\x03\x04 a document by another name", "not a text file"),
    ],
    ids=["text", "broken", "cut", "bomb", "picture", "encoding", "blank", "pdf", "zip"],  # a zip holds the time
)
def test_what_is_no_draft_is_named_with_a_remedy(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DraftError) as error:
        read_draft(name, data, suffix=Path(name).suffix)
    assert message in str(error.value)
    assert name in str(error.value)


def test_standard_input_tells_its_format_by_what_it_holds() -> None:
    assert read_draft("-", word_document([("x", None)]), suffix="").format == "docx"
    assert read_draft("-", b"<!DOCTYPE html><p>x", suffix="").format == "html"
    assert read_draft("-", b"# x", suffix="").format == "markdown"


def test_html_nested_without_end_is_read_all_the_same() -> None:
    draft = html("<div>" * 20_000 + "“one two three four”" + "<p>“two three four five”" * 2_000)
    assert len(found(draft)) == 2_001
