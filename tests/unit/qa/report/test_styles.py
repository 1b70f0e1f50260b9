"""Expectations are what pandoc printed; tests/data/citations/expected.json names its version and styles."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.report.cited import Locator, Source
from qa.report.names import Name
from qa.report.styles import Style, distinctions, entry, in_text, inline, note
from qa.report.words import Words, plain

DATA = Path(__file__).parents[3] / "data" / "citations"
CASES: dict[str, dict[str, Any]] = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))["expected"]
LOCATORS = {
    "page": Locator(label="page", first=4, last=4),
    "paragraph": Locator(label="paragraph", first=3, last=3),
    "paragraphs": Locator(label="paragraph", first=3, last=4),
    "none": None,
}
NAME_PARTS = {"non-dropping-particle": "particle", "literal": "family"}


def source(case: dict[str, Any]) -> Source:
    def day(name: str) -> tuple[int, ...]:
        return tuple(case[name]["date-parts"][0]) if name in case else ()

    return Source(
        key="k",
        article_id="0" * 12,
        text_sha256="0" * 64,
        title=case["title"],
        authors=tuple(Name(**{NAME_PARTS.get(k, k): v for k, v in name.items()}) for name in case.get("author", ())),
        outlet=case.get("container-title"),
        issued=day("issued"),
        url=case.get("URL"),
        accessed=day("accessed"),
        language=case["language"],
    )


def as_html(styled: Words) -> str:
    return "".join(
        f"<em>{html.escape(run.text, quote=False)}</em>" if run.italic else html.escape(run.text, quote=False)
        for run in styled
    )


@pytest.mark.parametrize("name", CASES)
def test_notes_entries_and_parentheses_are_what_pandoc_prints(name: str) -> None:
    case = source(CASES[name])
    written = {"footnote": {place: as_html(note(case, locator)) for place, locator in LOCATORS.items()}}
    for style in (Style.CHICAGO, Style.APA, Style.MLA):
        written[style] = {place: as_html(in_text(style, case, locator)) for place, locator in LOCATORS.items()}
        written[style]["entry"] = as_html(entry(style, case))
    expected = EXPECTED[name]
    expected["mla"] |= dict.fromkeys(("paragraph", "paragraphs"), expected["mla"]["none"])  # it counts no paragraphs
    assert written == expected


def test_an_inline_citation_names_everything_and_ends_with_the_reference() -> None:
    case = source(CASES["everything"])
    styled = inline(case, LOCATORS["page"], "045939ebd956:7-9")
    assert plain(styled) == "(Doe, “Ports closed,” The Times, 2025-03-30, p. 4, 045939ebd956:7-9)"
    bare = inline(source(CASES["title alone"]), None, "045939ebd956:7")
    assert plain(bare) == "(“Ports closed,” n.d., 045939ebd956:7)"


def test_sources_that_would_be_named_alike_get_letters_or_their_titles() -> None:
    first = replace(source(CASES["everything"]), key="b", title="Beta")
    second = replace(first, key="a", title="Alpha")
    other = replace(first, key="c", issued=(2024,))
    marks = distinctions(Style.CHICAGO, [first, other, second])
    assert marks == {"a": "a", "b": "b"}
    assert plain(in_text(Style.CHICAGO, second, None, marks["a"])) == "(Doe 2025a)"
    assert plain(entry(Style.APA, second, marks["a"])).startswith("Doe, J. (2025a, March 30). Alpha.")
    assert plain(in_text(Style.MLA, second, LOCATORS["page"], marks["a"])) == "(Doe, “Alpha” 4)"
    assert distinctions(Style.FOOTNOTE, [first, second]) == {}
