"""`qa cite` as a person uses it: real index, real history, real files; the answers are made by hand."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fpdf import FPDF

from qa.history import History
from tests.conftest import run_here
from tests.kept import answer_from, sync_quickly

PORTS = """---
title: Port deal signed
author: [Jane Doe]
outlet: The Harbour Times
url: https://example.org/ports/deal-1
date: 2025-03-30
---
The port deal was signed on Monday. It covers 54,000 jobs, officials said.

“We will not close the docks,” minister Ana Ruiz told reporters. The unions were not convinced by her.
"""
STRIKE = " date 2025-04-01 The strike began at dawn. It covers 54,000 jobs, officials said. Ships wait outside.\n"
QUOTE = "It covers 54,000 jobs, officials said."
SCHEMA = Path(__file__).parents[1] / "data" / "csl" / "items.schema.json"

Done = subprocess.CompletedProcess[str]


class Desk:
    """A folder of articles with its index, and the history of somebody who asked it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.articles = home / "articles"
        self.articles.mkdir()
        self.ports = self.articles / "ports.md"
        self.strike = self.articles / "strike.txt"
        self.ports.write_text(PORTS, encoding="utf-8")
        self.strike.write_text(STRIKE, encoding="utf-8")
        self.history = History(home / "data" / "history.sqlite", index_folder=self.index)
        self.sync()

    @property
    def index(self) -> Path:
        return self.home / ".qa"

    def sync(self) -> None:
        sync_quickly(self.index, self.articles)

    def ask(self, question: str = "How many jobs?", *cited: tuple[Path, int]) -> str:
        conversation = self.history.start()
        self.history.append(conversation, answer_from(self.index, question, *(cited or ((self.ports, 2),))))
        return conversation

    def cite(self, *arguments: str) -> Done:
        environment = {
            "QA_DATA_DIR": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home),
            "HOME": str(self.home),
        }
        return run_here(("cite", *arguments), self.home, environment)

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.cite(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        citations: list[dict[str, Any]] = json.loads(done.stdout)["citations"]
        return citations

    def edit(self, change: Callable[[str], str]) -> None:
        self.ports.write_text(change(self.ports.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_last_answer_is_cited(desk: Desk) -> None:
    desk.ask("Who is the minister?", (desk.ports, 3))
    desk.ask()
    done = desk.cite()
    assert done.returncode == 0
    assert re.fullmatch(
        rf"“{QUOTE}” \[1\]\n\n\[1\] Jane Doe, “Port Deal Signed,” The Harbour Times, March 30, 2025, para. 1, "
        r"https://example.org/ports/deal-1\. [0-9a-f]{12}:2\n",
        done.stdout,
    )
    assert done.stderr == ""


def test_an_answer_of_the_history_is_cited_by_its_conversation_or_its_own_id(desk: Desk) -> None:
    conversation = desk.ask("Who is the minister?", (desk.ports, 3))
    desk.history.append(conversation, answer_from(desk.index, "What covers it?", (desk.strike, 3)))
    desk.ask()
    first, second = desk.history.read(conversation).turns  # type: ignore[union-attr]  # it was written above
    assert [c["quote"] for c in desk.json(conversation[:8])] == ["Ships wait outside."]
    assert [c["quote"] for c in desk.json(conversation, "--turn", "1")] == [first.answer.citations[0].quote]
    assert [c["quote"] for c in desk.json(second.answer.id)] == ["Ships wait outside."]
    assert "has 2 answers" in desk.cite(conversation, "--turn", "3").stderr


def test_only_the_citations_that_are_named(desk: Desk) -> None:
    desk.ask("How many?", (desk.ports, 2), (desk.strike, 3))
    assert [c["quote"] for c in desk.json("-n", "2")] == ["Ships wait outside."]
    done = desk.cite("-n", "3")
    assert done.returncode == 2
    assert "no citation [3]; it has [1] to [2]" in done.stderr


def test_sentences_are_cited_by_reference(desk: Desk) -> None:
    (citation,) = desk.json("articles/ports.md:2-3", "--style", "chicago")
    assert citation["in_text"] == "(Doe 2025, paras. 1–2)"
    assert citation["status"] == "same"
    assert citation["quote"].startswith(QUOTE)
    assert citation["citekey"] == f"port-deal-signed-20250330-{citation['text_sha256'][:6]}"
    assert "has 4 sentences" in desk.cite("articles/ports.md:9").stderr
    assert "name the sentences" in desk.cite("articles/ports.md").stderr


def test_a_passage_is_found_by_its_text_and_its_copies_are_named(desk: Desk) -> None:
    done = desk.cite("it covers 54,000 jobs", "--style", "inline")
    assert done.returncode == 0
    assert "2025-04-01" in done.stdout
    assert re.search("these words also stand at [0-9a-f]{12}:2", done.stderr)
    (citation,) = desk.json('"we will not close the docks"')
    assert citation["reference"].endswith(":3")


def test_a_text_that_no_article_has_is_an_error(desk: Desk) -> None:
    done = desk.cite("no such words anywhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no article has these words: 'no such words anywhere'" in done.stderr


@pytest.mark.parametrize("indexed", [True, False])
def test_words_that_moved_are_cited_where_they_stand_now(desk: Desk, indexed: bool) -> None:
    desk.ask()
    desk.edit(lambda text: text.replace("The port deal", "This is new. The port deal"))
    if indexed:
        desk.sync()
    (citation,) = desk.json()
    assert citation["status"] == "moved"
    assert citation["today"]["quote"] == QUOTE
    assert citation["today"]["reference"].endswith(":3")
    done = desk.cite()
    assert citation["today"]["reference"] in done.stdout
    assert citation["reference"] not in done.stdout
    assert "moved: the same words stand at" in done.stderr


@pytest.mark.parametrize("indexed", [True, False])
def test_words_that_changed_are_cited_as_they_were_with_the_difference(desk: Desk, indexed: bool) -> None:
    desk.ask()
    desk.edit(lambda text: text.replace("54,000", "48,000"))
    if indexed:
        desk.sync()
    (citation,) = desk.json()
    assert citation["status"] == "changed"
    assert [c["text"] for c in citation["difference"] if c["kind"] != "same"] == ["54,000 ", "48,000 "]
    done = desk.cite()
    assert f"“{QUOTE}” [1]" in done.stdout
    assert "It covers [-54,000-] {+48,000+} jobs, officials said." in done.stderr


@pytest.mark.parametrize("indexed", [True, False])
def test_words_that_were_taken_out_are_gone(desk: Desk, indexed: bool) -> None:
    desk.ask()
    desk.edit(lambda text: text.replace(QUOTE, ""))
    if indexed:
        desk.sync()
    done = desk.cite()
    assert QUOTE in done.stdout
    assert re.search(r"gone: .* articles/ports.md has nothing like it any more", done.stderr)


def test_words_of_a_file_that_is_away_are_gone(desk: Desk) -> None:
    desk.ask()
    desk.ports.unlink()
    done = desk.cite("--style", "apa")
    assert done.returncode == 0
    assert "(Doe, 2025, para. 1)" in done.stdout
    assert "gone" in done.stderr
    assert "articles/ports.md is no longer there" in done.stderr


def test_a_file_that_was_moved_keeps_its_reference(desk: Desk) -> None:
    desk.ask()
    desk.ports.rename(desk.articles / "renamed.md")
    desk.sync()
    (citation,) = desk.json()
    assert (citation["status"], citation["today"]) == ("moved", None)


def test_another_article_under_the_old_name_is_not_taken_for_it(desk: Desk) -> None:
    desk.ask()
    desk.ports.rename(desk.articles / "renamed.md")
    desk.ports.write_text("Something else altogether stands here now.", encoding="utf-8")
    desk.sync()
    (citation,) = desk.json()
    assert (citation["status"], citation["today"]) == ("moved", None)


def test_an_answer_can_be_cited_when_its_index_is_gone(desk: Desk) -> None:
    desk.ask()
    for file in desk.index.iterdir():
        if file.is_file():
            file.unlink()
    (citation,) = desk.json("--style", "mla")
    assert citation["entry"].startswith("Doe, Jane. “Port Deal Signed.” The Harbour Times, 30 Mar. 2025, https://")
    assert desk.cite("articles/ports.md:2").returncode == 3


def test_without_history_it_says_what_can_be_cited(desk: Desk) -> None:
    done = desk.cite()
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no last answer" in done.stderr


def test_an_answer_without_citations_has_nothing_to_cite(desk: Desk) -> None:
    conversation = desk.history.start()
    desk.history.append(conversation, answer_from(desk.index, "Who?", related=[desk.strike]))
    assert desk.cite().returncode == 0
    assert desk.cite().stdout == ""
    assert desk.cite("--fail-empty").returncode == 4
    assert desk.json() == []


def test_the_day_of_the_answer_is_the_day_of_access(desk: Desk) -> None:
    desk.ask("How many?", (desk.ports, 2), (desk.strike, 2))
    items = json.loads(desk.cite("--format", "csl-json").stdout)
    jsonschema.validate(items, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert items[0]["accessed"] == {"date-parts": [[2025, 6, 1]]}
    assert "accessed" not in items[1]


def test_a_file_is_only_overwritten_on_request(desk: Desk) -> None:
    desk.ask()
    file = desk.home / "refs.bib"
    assert desk.cite("--format", "bibtex", "-o", "refs.bib").returncode == 0
    written = file.read_text(encoding="utf-8")
    assert written.startswith("@article{port-deal-signed-20250330-")
    refused = desk.cite("-o", "refs.bib")
    assert refused.returncode == 2
    assert "refs.bib exists and was left as it is; add --force" in refused.stderr
    assert file.read_text(encoding="utf-8") == written
    assert desk.cite("-o", "refs.bib", "--force").returncode == 0
    assert file.read_text(encoding="utf-8").startswith("“It covers")
    assert sorted(path.name for path in desk.home.iterdir() if "refs" in path.name or "tmp" in path.name) == [
        "refs.bib"
    ]


def test_a_file_that_cannot_be_written_is_named(desk: Desk) -> None:
    desk.ask()
    done = desk.cite("-o", "nowhere/refs.bib")
    assert done.returncode == 2
    assert "nowhere/refs.bib cannot be written" in done.stderr
    assert "articles cannot be written" in desk.cite("-o", "articles", "--force").stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "ris", "--style", "apa"], "--style makes no difference to --format ris"),
        (["--json", "--format", "ris"], "--json and --format exclude each other"),
        (["articles/ports.md:2", "-n", "1"], "choose among the citations of an answer"),
        (["0000:2"], "neither the id of an article nor a file"),
        (["nothing"], "neither the id of an article nor a file"),
        ([""], "the reference is empty"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, arguments: list[str], message: str) -> None:
    desk.ask()
    done = desk.cite(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_hostile_text_stays_text(desk: Desk) -> None:
    evil = "The \x1b[31mport\x1b[0m <script>alert(1)</script> [link](javascript:x) closed $5 \\input{x} \u202etoday."
    (desk.articles / "evil.txt").write_text(evil, encoding="utf-8")
    desk.sync()
    desk.ask("What closed?", (desk.articles / "evil.txt", 1))
    assert desk.json()[0]["quote"] == evil
    for shape in ("text", "markdown", "html", "pandoc", "bibtex", "ris"):
        shown = desk.cite("--format", shape).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "<script>" not in desk.cite("--format", "html").stdout
    assert "\\<script\\>" in desk.cite("--format", "markdown").stdout


def test_the_page_is_known_in_a_pdf_that_changed_and_was_not_indexed_again(desk: Desk) -> None:
    def write(first_page: str) -> Path:
        pdf = FPDF()
        for text in (first_page, "On the second page the strike ended. It had covered 54,000 jobs, officials said."):
            pdf.add_page()
            pdf.set_font("Times", "", 11)
            pdf.multi_cell(0, 6, text)
        file = desk.articles / "paper.pdf"
        pdf.output(str(file))
        return file

    file = write("The strike began at dawn in the port of the town.")
    desk.sync()
    desk.ask("How many?", (file, 3))
    write("The long strike began at dawn in the port of the town. Ships wait outside it since then.")
    (citation,) = desk.json()
    assert (citation["status"], citation["today"]["reference"][-2:]) == ("moved", ":4")
    assert json.loads(desk.cite("--format", "csl-json").stdout)[0]["custom"]["passages"][0]["label"] == "page"
