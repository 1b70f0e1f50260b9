from __future__ import annotations

import datetime

import pytest
from fpdf import FPDF

from index.errors import UnreadableFileError
from index.formats.pdf_lines import Line
from index.formats.pdf_text import to_text
from tests.unit.index.formats.conftest import Read, pages, quotes

LEAD = (
    "The port of Vell, the country's second largest, will close on Monday for seven days, its operator said on Sunday. "
    "Some 400 workers are to be sent home with full pay while divers repair the east quay."
)


def body(number: int) -> str:
    return (
        f"In year {number} of the plan the well-known quay took {number * 11} ships of all sizes. The harbour master "
        f"counted {number * 7} cranes and called the traffic number {number} a good sign for the town and its people."
    )


class Newspaper(FPDF):
    """A4, with a running head that names the page's date and a foot that counts pages."""

    def header(self) -> None:
        self.set_font("Times", "I", 9)
        self.cell(0, 8, f"The Daily Ledger   Sunday, 30 March 2025   {self.page_no()}", align="C")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Times", "", 9)
        self.cell(0, 8, f"Page {self.page_no()} of 3", align="C")


def document(kind: type[FPDF] = FPDF) -> FPDF:
    pdf = kind()
    pdf.set_margins(25, 20, 25)
    pdf.set_creation_date(datetime.datetime(2025, 3, 30, 10, 0, tzinfo=datetime.UTC))
    pdf.add_page()
    return pdf


def heading(pdf: FPDF, words: str, size: int) -> None:
    pdf.set_font("Helvetica", "B", size)
    pdf.multi_cell(0, size / 2, words)
    pdf.ln(4)
    pdf.set_font("Times", "", 11)


def paragraph(pdf: FPDF, words: str, *, width: float = 0) -> None:
    pdf.set_font("Times", "", 11)
    pdf.multi_cell(width, 5.5, words)
    pdf.ln(4)


def saved(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def test_a_paper_of_three_pages_gives_paragraphs_and_pages_without_running_heads(read: Read) -> None:
    pdf = document(Newspaper)
    pdf.set_title("Port of Vell shuts for a week")
    pdf.set_author("Ann Lowe")
    heading(pdf, "Port of Vell shuts for a week", 20)
    paragraph(pdf, LEAD)
    heading(pdf, "What it costs", 14)
    for number in range(1, 37):
        paragraph(pdf, body(number))
    (found,) = read("2025-03-31 port.pdf", saved(pdf)).articles
    article = found.article
    assert (article.title, article.author) == ("Port of Vell shuts for a week", "Ann Lowe")
    assert article.date == "2025-03-31", "the file's name says more than the day on which the file was made"
    assert quotes(found) == [
        *LEAD.replace("Sunday. Some", "Sunday.|Some").split("|"),
        "## What it costs",
        *(quote for number in range(1, 37) for quote in body(number).replace("sizes. The", "sizes.|The").split("|")),
    ]
    numbers = pages(found)
    assert numbers[0] == 1
    assert numbers == sorted(numbers, key=lambda page: page or 0)
    assert set(numbers) == {1, 2, 3}


def test_words_broken_at_line_ends_are_whole_and_compounds_keep_their_hyphen(read: Read) -> None:
    pdf = document()
    paragraph(pdf, "This is about the opera-\ntions of a well-\nknown quay and of inter-\nnational freight.")
    paragraph(pdf, "The well-known quay lies east of the US-\nJapan terminal, and self-\nservice is new there.")
    (found,) = read("a.pdf", saved(pdf)).articles
    assert quotes(found) == [
        "This is about the operations of a well-known quay and of international freight.",
        "The well-known quay lies east of the US-Japan terminal, and self-service is new there.",
    ]


def test_two_columns_a_title_that_only_stands_on_the_page_and_a_list(read: Read) -> None:
    pdf = document()
    pdf.set_title("Microsoft Word - draft7.docx")
    heading(pdf, "Storm hits the coast", 22)
    top = pdf.get_y()
    paragraph(
        pdf, "The storm reached the coast at noon on Thursday, and by evening 12,000 homes had no power in", width=70
    )
    pdf.set_left_margin(115)
    pdf.set_xy(115, top)
    paragraph(pdf, "three counties. Winds of 150 km/h were measured at Cape Ness.", width=70)
    paragraph(pdf, "- Trains are not running.\n- The bridge is closed.", width=70)
    (found,) = read("storm.pdf", saved(pdf)).articles
    assert found.article.title == "Storm hits the coast"
    assert found.article.date == "2025-03-30", "the day on which the file was made, as nothing else says one"
    assert quotes(found) == [
        "The storm reached the coast at noon on Thursday, and by evening 12,000 homes had no power in three counties.",
        "Winds of 150 km/h were measured at Cape Ness.",
        "- Trains are not running.",
        "- The bridge is closed.",
    ]


def test_a_date_line_in_front_of_the_text_goes_before_the_file_s_name(read: Read) -> None:
    pdf = document()
    paragraph(pdf, f"date 2025-03-29 {LEAD}")
    (found,) = read("2025-03-31.pdf", saved(pdf)).articles
    assert found.article.date == "2025-03-29"
    assert quotes(found)[0].startswith("The port of Vell")


def test_a_scan_a_password_and_damage_have_messages_of_their_own(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match=r"no text in its 1 pages?, which are pictures"):
        read("scan.pdf", saved(document()))
    locked = document()
    paragraph(locked, LEAD)
    locked.set_encryption(owner_password="owner", user_password="user")
    with pytest.raises(UnreadableFileError, match="protected by a password: save it without one"):
        read("locked.pdf", saved(locked))
    whole = document()
    paragraph(whole, LEAD)
    with pytest.raises(UnreadableFileError, match="a damaged PDF"):
        read("cut.pdf", b"%PDF-1.7\n" + saved(whole)[200:400])
    with pytest.raises(UnreadableFileError, match="damaged: it does not begin as a PDF file does"):
        read("noise.pdf", bytes(range(256)) * 4)


def test_a_page_that_is_a_picture_is_named(read: Read) -> None:
    pdf = document()
    paragraph(pdf, LEAD)
    pdf.add_page()
    pdf.add_page()
    paragraph(pdf, body(3))
    parsed = read("a.pdf", saved(pdf))
    assert parsed.problems == ("no text on page 2: if there is some, it is a picture and was not read",)
    assert pages(parsed.articles[0]) == [1, 1, 3, 3]


def line(text: str, *, top: float, page_width: float = 500) -> Line:
    return Line(text=text, left=50, right=page_width, top=top, bottom=top + 12)


def test_left_and_right_pages_may_have_different_heads_and_a_first_line_is_text() -> None:
    sheets = [
        [
            line("THE DAILY LEDGER" if number % 2 else "Sunday, March 30", top=20),
            line(f"Ship {number} came in and", top=60),
            line(f"left again on day {number}.", top=74),
            line(str(number), top=800),
        ]
        for number in range(1, 7)
    ]
    found = to_text(sheets, title=None)
    assert "LEDGER" not in found.text
    assert "March" not in found.text
    assert found.text.split("\n\n") == [f"Ship {n} came in and left again on day {n}." for n in range(1, 7)]
    assert [found.text[start : start + 6] for start in found.page_starts] == [f"Ship {n}" for n in range(1, 7)]


def test_a_head_that_stands_once_is_known_by_its_place_and_a_text_that_begins_there_is_not_one() -> None:
    heads = ["TRADE", "QUAYSIDE QUARTERLY", "TRADE", "Ships wait outside. They wait."]
    sheets = [
        [line(head, top=20), line(f"Ship {number} came in.", top=60), line(str(40 + number), top=800)]
        for number, head in enumerate(heads)
    ]
    found = to_text(sheets, title=None)
    assert "TRADE" not in found.text
    assert "QUAYSIDE" not in found.text
    assert "Ships wait outside. They wait." in found.text


def test_a_sentence_over_two_pages_is_one_and_on_the_first() -> None:
    found = to_text([[line("The port closed for", top=60)], [], [line("seven days on Monday.", top=60)]], title=None)
    assert found.text == "The port closed for seven days on Monday."
    assert found.page_starts == (0, 20, 20)


def test_no_page_has_no_text() -> None:
    assert to_text([], title="A").text == ""
