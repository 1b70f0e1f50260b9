"""PDFs as people have them: a magazine in two columns, a page printed from a browser, a study with notes."""

from __future__ import annotations

from itertools import cycle, product

from fpdf import FPDF

from tests.unit.index.formats.conftest import Read, pages, quotes
from tests.unit.index.formats.test_pdf import document, saved

STORY = (
    "The port of Vell, the country's second largest, will close on Monday for seven days while divers repair a quay "
    "that was damaged in a storm, its operator said on Sunday.",
    "Some 400 workers are to be sent home with full pay. Ships that are due this week will be sent to Port Ness, which "
    "lies sixty kilometres to the north and has room for twelve of them.",
    '"We have no choice," said Harbour Master Jo Berg. "The quay is moving by two centimetres a day."',
    "The east quay, built in 1911, was hit by the storm of 12 January. An inspection found three cracks in it, the "
    "longest of them 14 metres, and water behind the wall.",
    "Operators expect losses of 3.5 million crowns a day. The chamber of commerce put the damage to the town at 20 "
    "million crowns, as much as in 2011, when the port was shut for nine days.",
    "Repairs are paid for by the state, the transport ministry said. It has not yet found the money, and the finance "
    "minister has not answered letters about it.",
)
VERBS = ("wrote", "heard", "read", "saw")
COLUMN_WIDTH, GAP, TOP, BOTTOM = 72.0, 10.0, 40.0, 250.0


class Magazine(FPDF):
    """Left pages name the magazine, right pages the section; both have their number outside."""

    def header(self) -> None:
        self.set_font("Helvetica", "", 8)
        left = self.page_no() % 2 == 0
        self.set_y(12)
        self.cell(0, 5, "QUAYSIDE QUARTERLY" if left else "SHIPPING & TRADE", align="L" if left else "R")
        self.line(25, 18, 185, 18)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", "", 8)
        left = self.page_no() % 2 == 0
        number = 40 + self.page_no()
        self.cell(
            0, 5, f"{number}  |  SPRING 2025" if left else f"SPRING 2025  |  {number}", align="L" if left else "R"
        )


def broken(pdf: FPDF, words: str, width: float) -> list[str]:
    """Lines of at most that width; a long word that does not fit is broken with a hyphen, as typesetters do."""
    lines, line = list[str](), ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if pdf.get_string_width(longer) <= width:
            line = longer
            continue
        cut = next((n for n in range(len(word) - 3, 2, -1) if pdf.get_string_width(f"{line} {word[:n]}-") <= width), 0)
        if word.isalpha() and word.islower() and cut:
            lines.append(f"{line} {word[:cut]}-")
            line = word[cut:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def set_in_columns(pdf: FPDF, paragraphs: list[str]) -> None:
    """Set paragraphs in two columns from the top of the page on, the first line of each indented."""
    pdf.set_font("Times", "", 10)
    column, y = 0, pdf.get_y()
    top = y
    for words in paragraphs:
        for number, line in enumerate(broken(pdf, words, COLUMN_WIDTH - 5)):
            if y > BOTTOM:
                column, y = column + 1, top
                if column == 2:
                    pdf.add_page()
                    pdf.set_font("Times", "", 10)
                    column, y, top = 0, TOP - 15, TOP - 15
            pdf.set_xy(25 + column * (COLUMN_WIDTH + GAP) + (0 if number else 4), y)
            pdf.cell(COLUMN_WIDTH, 4.6, line)
            y += 4.6


def told(count: int) -> list[str]:
    """Paragraphs, each told by somebody else."""
    names = (
        f"{one}{two}" for one, two in product(("Al", "Ber", "Cor", "Dag", "El", "Far"), ("bin", "mar", "nes", "tor"))
    )
    return [f"{name} {verb} that in Vell: {words}" for (name, verb), words in zip(product(names, VERBS), cycle(STORY))][
        :count
    ]


def sentences_of(paragraphs: list[str]) -> list[str]:
    return " ".join(paragraphs).split()


def test_a_magazine_in_two_columns_over_three_pages_reads_on_without_its_heads(read: Read) -> None:
    pdf = document(Magazine)
    pdf.set_auto_page_break(auto=False)
    pdf.set_y(24)
    pdf.set_font("Helvetica", "B", 24)
    pdf.multi_cell(0, 11, "A week without a port")
    pdf.ln(4)
    story = told(60)
    set_in_columns(pdf, story)
    (found,) = read("2025-04-01 quayside.pdf", saved(pdf)).articles
    assert found.article.title == "A week without a port"
    assert found.article.date == "2025-04-01"
    body = quotes(found)
    assert " ".join(body).split() == sentences_of(story), "every word in order, and none besides"
    assert "QUARTERLY" not in found.article.text
    assert "SPRING" not in found.article.text
    numbers = pages(found)
    assert numbers == sorted(numbers, key=lambda page: page or 0)
    assert set(numbers) == set(range(1, pdf.page_no() + 1))
    assert found.article.text.count("\n\n") >= 50, "paragraphs are kept"


class Printout(FPDF):
    """What a browser prints around a page."""

    def header(self) -> None:
        self.set_font("Helvetica", "", 8)
        self.set_y(5)
        self.cell(0, 5, "30/03/2025, 18:51")
        self.set_x(25)
        self.cell(0, 5, "A week without a port - The Daily Ledger", align="C")
        self.set_y(16)

    def footer(self) -> None:
        self.set_y(-10)
        self.set_font("Helvetica", "", 8)
        self.cell(0, 5, "https://ledger.example.com/business/2025/03/30/port")
        self.set_x(25)
        self.cell(0, 5, f"{self.page_no()}/3", align="R")


def test_a_page_printed_from_a_browser_is_read_without_address_and_time(read: Read) -> None:
    pdf = document(Printout)
    pdf.set_title("A week without a port - The Daily Ledger")
    pdf.set_font("Helvetica", "B", 20)
    pdf.multi_cell(0, 10, "A week without a port")
    pdf.ln(4)
    story = told(45)
    for words in story:
        pdf.set_font("Times", "", 12)
        pdf.multi_cell(0, 6, words)
        pdf.ln(3)
    (found,) = read("port.pdf", saved(pdf)).articles
    text = found.article.text
    assert "ledger.example.com" not in text
    assert "18:51" not in text
    assert "Daily Ledger" not in text
    assert " ".join(quotes(found)).removeprefix("## A week without a port ").split() == sentences_of(story)
