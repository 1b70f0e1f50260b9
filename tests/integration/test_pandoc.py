"""What pandoc makes of the citations; skipped where it is not installed."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.report.formats import Format, written
from qa.report.formats_markup import escaped_markdown
from qa.report.styles import Style
from qa.report.typography import nested
from qa.visible import one_line
from tests.unit.qa.report.examples import HOSTILE, PLAIN, UNDATED

pytestmark = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")


def pandoc(text: str, *arguments: str) -> str:
    done = subprocess.run(
        ["pandoc", "--wrap=none", *arguments], input=text, capture_output=True, encoding="utf-8", check=True
    )
    assert "WARNING" not in done.stderr.upper(), done.stderr
    return done.stdout


@pytest.mark.parametrize(("shape", "name"), [(Format.CSL_JSON, "r.json"), (Format.BIBTEX, "r.bib")])
def test_pandoc_makes_a_bibliography(shape: Format, name: str, tmp_path: Path) -> None:
    cited = (PLAIN, UNDATED, HOSTILE)
    (tmp_path / name).write_text(written(cited, Style.FOOTNOTE, shape), encoding="utf-8")
    draft = written(cited, Style.FOOTNOTE, Format.PANDOC)
    made = pandoc(draft, "--citeproc", "--bibliography", str(tmp_path / name), "-t", "plain")
    assert "they did.” (von der leyen and associated press 2025, paras. 3–4)" in made.casefold()
    assert "Leyen, Ursula von der, and Associated Press. 2025. “Port " in made
    assert "The Harbour Times" in made
    assert "“Ports.” n.d." in made


def test_pandoc_reads_a_footnote_and_nothing_else_in_it() -> None:
    page = pandoc(written([PLAIN, HOSTILE], Style.FOOTNOTE, Format.MARKDOWN), "-t", "html")
    assert page.count('<li id="fn') == 2
    names = set(re.findall(r"<(\w+)", page))
    assert names <= {"p", "a", "sup", "section", "hr", "ol", "li", "em"}


@settings(max_examples=15)
@example(["@{a}", "@*", "me@home", "1. one", "(a) b", "(xii) c", "i. c", "(@) d", "@. e", "- d", "| e", "% f"])
@given(st.lists(st.text("ab1. *_`[]()<>{}$~^\\&;@#-+=|!:%\n", max_size=30).filter(str.strip), min_size=5, max_size=20))
def test_markdown_shows_the_text_that_was_escaped(texts: list[str]) -> None:
    """Read as pandoc reads it, several paragraphs at a time because starting it takes a while."""
    lines = [one_line(text) for text in texts]
    page = pandoc("\n\n".join(escaped_markdown(line) for line in lines), "-f", "markdown-smart", "-t", "html")
    shown = [html.unescape(re.sub(r"<br />", "", text)) for text in re.findall(r"<p>(.*?)</p>", page, re.DOTALL)]
    assert shown == lines


def test_marks_that_alternate_are_those_of_pandoc() -> None:
    text = "She said 'he said \"no\" to me' at the ports' gate."
    assert pandoc(f'"{text}"', "-f", "markdown+smart", "-t", "plain").strip() == f"“{nested(text, within=True)}”"
