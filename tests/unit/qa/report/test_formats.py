from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from index.entities import Freshness
from qa.report.bibtex import bibtex
from qa.report.citekey import CITEKEY, REFERENCE
from qa.report.csl import csl_items
from qa.report.formats import Format, written
from qa.report.formats_json import cited_json
from qa.report.ris import ris
from qa.report.styles import Style
from tests.unit.qa.report.examples import HOSTILE, PLAIN, UNDATED

ALL = (PLAIN, UNDATED, HOSTILE)
SCHEMA = json.loads((Path(__file__).parents[3] / "data" / "csl" / "items.schema.json").read_text(encoding="utf-8"))
NOTE = (
    "Ursula von der Leyen and Associated Press, “Port Deal Signed,” {}The Harbour Times{}, March 30, 2025, "
    "paras. 3–4, {}. b6f72ffad4e7:7-9"
)
URL = "https://example.org/ports/deal-1?x=1&y=2"


def test_a_footnote_in_a_text_has_a_number() -> None:
    assert written([PLAIN], Style.FOOTNOTE, Format.TEXT) == (
        f"“‘We will stay,’ she said. They did.” [1]\n\n[1] {NOTE.format('', '', URL)}\n"
    )


def test_a_footnote_in_markdown_has_a_label_of_its_own() -> None:
    label = "port-deal-signed-20250330-b6f72f-s7-9"
    assert written([PLAIN], Style.FOOTNOTE, Format.MARKDOWN) == (
        f"“‘We will stay,’ she said. They did.”[^{label}]\n\n[^{label}]: {NOTE.format('*', '*', f'<{URL}>')}\n"
    )


def test_a_footnote_in_html_is_linked() -> None:
    escaped = URL.replace("&", "&amp;")
    noted = NOTE.format("<em>", "</em>", f'<a href="{escaped}">{escaped}</a>')
    assert written([PLAIN], Style.FOOTNOTE, Format.HTML) == (
        "<p>“‘We will stay,’ she said. They did.”"
        '<sup><a href="#port-deal-signed-20250330-b6f72f-s7-9">1</a></sup></p>\n\n'
        f'<ol>\n<li id="port-deal-signed-20250330-b6f72f-s7-9">{noted}</li>\n</ol>\n'
    )


def test_an_entry_follows_its_quotations() -> None:
    assert written([PLAIN], Style.APA, Format.MARKDOWN) == (
        "“‘We will stay,’ she said. They did.” (von der Leyen & Associated Press, 2025, paras. 3–4)\n\n"
        f"von der Leyen, U., & Associated Press. (2025, March 30). Port deal signed. *The Harbour Times*. <{URL}>\n"
    )


def test_pandoc_gets_citekeys_with_locators() -> None:
    assert written([PLAIN, UNDATED], Style.FOOTNOTE, Format.PANDOC) == (
        "“‘We will stay,’ she said. They did.” [@port-deal-signed-20250330-b6f72f, para. 3-4]\n\n"
        "“Ships wait.” [@ports-nd-0459aa]\n"
    )


@pytest.mark.parametrize("shape", list(Format))
@pytest.mark.parametrize("style", list(Style))
def test_without_quotations_none_is_written_and_without_citations_nothing(style: Style, shape: Format) -> None:
    assert written([], style, shape) == ""
    if shape in {Format.TEXT, Format.MARKDOWN, Format.HTML, Format.PANDOC}:
        assert "We will stay" not in written([PLAIN], style, shape, quotations=False)


@pytest.mark.parametrize("shape", [Format.TEXT, Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize("style", [Style.FOOTNOTE, Style.INLINE])
def test_the_source_can_be_found_again_in_every_note(style: Style, shape: Format) -> None:
    references = [found.group() for found in REFERENCE.finditer(written(ALL, style, shape))]
    assert references == [passage.reference for passage in ALL]


def test_the_source_can_be_found_again_in_pandoc_s_citations() -> None:
    keys = [found["key"] for found in CITEKEY.finditer(written(ALL, Style.FOOTNOTE, Format.PANDOC))]
    assert keys == [passage.source.key for passage in ALL]


@pytest.mark.parametrize("shape", [shape for shape in Format if shape not in {Format.CSL_JSON, Format.ANNOTATION}])
@pytest.mark.parametrize("style", list(Style))
def test_nothing_that_acts_on_a_terminal_gets_into_a_report(style: Style, shape: Format) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written([HOSTILE], style, shape))


class Elements(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]


@pytest.mark.parametrize("style", list(Style))
def test_html_of_a_hostile_source_holds_no_element_of_its_own(style: Style) -> None:
    page = Elements()
    page.feed(written([HOSTILE], style, Format.HTML))
    assert page.names <= {"p", "sup", "a", "ol", "ul", "li", "em"}
    assert all(address.startswith(("https://example.org/%22%3E%3Cscript", "#")) for address in page.addresses)


def test_csl_json_keeps_to_the_schema() -> None:
    items = csl_items([PLAIN, UNDATED, HOSTILE])
    jsonschema.validate(items, SCHEMA)
    assert items[0]["author"] == [
        {"family": "Leyen", "given": "Ursula", "non-dropping-particle": "von der"},
        {"literal": "Associated Press"},
    ]
    assert items[0]["custom"]["passages"][0]["locator"] == "3-4"
    assert items[2]["title"] == HOSTILE.source.title
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**items[1], "accessed": {"date-parts": [[2025]]}}], SCHEMA)


def test_two_passages_of_an_article_are_one_item() -> None:
    other = UNDATED.__class__(
        source=PLAIN.source, first_sentence=1, last_sentence=1, start=0, end=5, quote="Ports", locator=None
    )
    (item,) = csl_items([PLAIN, other])
    assert [passage["reference"] for passage in item["custom"]["passages"]] == ["b6f72ffad4e7:7-9", "b6f72ffad4e7:1"]
    assert bibtex([PLAIN, other]).count("@article") == 1
    assert ris([PLAIN, other]).count("TY  - ") == 1


def test_bibtex_is_read_by_bibtexparser() -> None:
    library = parse_string(bibtex(ALL))
    assert library.failed_blocks == []
    assert [(entry.key, entry.entry_type) for entry in library.entries] == [
        ("port-deal-signed-20250330-b6f72f", "article"),
        ("ports-nd-0459aa", "misc"),
        ("hostile-nd-0459bb", "article"),
    ]
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert fields["author"] == "von der Leyen, Ursula and {Associated Press}"
    assert fields["title"] == "{Port deal signed}"
    assert (fields["date"], fields["urldate"]) == ("2025-03-30", "2025-04-02")
    hostile = {field.key: field.value for field in library.entries[2].fields}
    assert r"\$h\$ \textasciitilde{}i" in hostile["title"]
    assert hostile["url"] == "https://example.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E%7B%7D%5C"


def test_an_article_with_only_a_url_is_online() -> None:
    source = UNDATED.source.__class__(
        key="k-nd-000000", article_id="0" * 12, text_sha256="0" * 64, title="Ports", url="https://example.org/a"
    )
    only = PLAIN.__class__(
        source=source, first_sentence=1, last_sentence=1, start=0, end=5, quote="Ports", locator=None
    )
    assert bibtex([only]).startswith("@online{k-nd-000000,")


def test_ris_is_read_by_rispy() -> None:
    first, second, third = rispy.loads(ris(ALL))
    assert first["type_of_reference"] == second["type_of_reference"] == third["type_of_reference"] == "NEWS"
    assert first["authors"] == ["von der Leyen, Ursula", "Associated Press"]
    assert first["secondary_title"] == "The Harbour Times"
    assert (first["year"], first["date"]) == ("2025", "2025/03/30/")
    assert first["urls"] == [URL]
    assert "urls" not in second


def test_annotations_have_both_selectors() -> None:
    (made, undated) = json.loads(written([PLAIN, UNDATED], Style.FOOTNOTE, Format.ANNOTATION))
    assert made["target"] == {
        "source": URL,
        "selector": [
            {"type": "TextQuoteSelector", "exact": PLAIN.quote, "prefix": "On Monday ", "suffix": " It rained."},
            {"type": "TextPositionSelector", "start": 10, "end": 45},
        ],
    }
    assert undated["target"]["source"].startswith("ni:///sha-256;BFmq")


def test_links_are_one_a_line() -> None:
    assert written([PLAIN, UNDATED], Style.FOOTNOTE, Format.LINK) == f"{PLAIN.link}\n"


def test_json_has_the_exact_text_and_what_became_of_it() -> None:
    (fields,) = cited_json([HOSTILE], Style.MLA)
    assert fields["quote"] == HOSTILE.quote
    assert fields["status"] is Freshness.SAME
    assert fields["in_text"].startswith("(Robert'); DROP and {x} and # {z} %")
