"""Reports: written in every format, checked and refreshed after the corpus has changed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RunQa
from tests.reports import Desk, make_desk

FILES = ("report.md", "pandoc.md", "report.html", "report.txt", "report.json", "report.docx")
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
EVERY = [pytest.param(name, marks=[needs_pandoc] if name.endswith("docx") else []) for name in FILES]


def exported(desk: Desk, name: str, *what: str) -> Path:
    """A report in a folder of its own."""
    folder = desk.folder / "-".join([name, *what]).replace("--", "")
    folder.mkdir()
    shape = ["--format", "pandoc"] if name.startswith("pandoc") else []
    done = desk.qa("export", *what, *shape, "-o", str(folder / name))
    assert done.returncode == 0, done.stderr
    return folder / name


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Nothing has changed since the answers were given."""
    return make_desk(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, dict[str, Path]]:
    """A conversation and a basket exported in every format; then one article changed and one went."""
    desk = make_desk(tmp_path_factory.mktemp("later"))
    names = [name for name in FILES if not name.endswith("docx") or shutil.which("pandoc")]
    reports = {name: exported(desk, name, desk.conversation) for name in names}
    reports |= {f"basket-{name}": exported(desk, name, "--basket", "main") for name in names}
    desk.change_corpus()
    return desk, reports


def loaded(done: subprocess.CompletedProcess[str], code: int) -> dict[str, Any]:
    assert done.returncode == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("of", ["", "basket-"])
@pytest.mark.parametrize("name", EVERY)
def test_verify_and_refresh_name_exactly_what_has_changed_or_gone(
    later: tuple[Desk, dict[str, Path]], name: str, of: str
) -> None:
    desk, reports = later
    report = reports[of + name]
    checked = loaded(desk.qa("verify", str(report), "--json"), 7)["quotations"]
    wrong = {flat(item["text"]) for item in checked if item["label"] != "verbatim"}
    right = {flat(item["text"]) for item in checked if item["label"] == "verbatim"}
    assert {"changes.txt", "goes.txt"} == {path for path, quote in desk.quotes.items() if flat(quote) in wrong}
    assert len(wrong) == 2
    assert flat(desk.quotes["stays.md"]) in right
    refreshed = loaded(desk.qa("refresh", str(report), "--json"), 7)
    assert {item["path"]: item["status"] for item in refreshed["quotations"]} == {
        "stays.md": "same",
        "changes.txt": "changed",
        "goes.txt": "gone",
        "hostile.txt": "same",
    }
    assert {flat(item["quote"]) for item in refreshed["quotations"]} == set(map(flat, desk.quotes.values()))


def test_refreshing_a_basket_says_what_stands_there_now(later: tuple[Desk, dict[str, Path]]) -> None:
    desk, _ = later
    done = desk.qa("refresh", "main")
    assert done.returncode == 7
    assert "[2] changed" in done.stdout
    assert "[-700-] {+900+}" in done.stdout
    assert "[3] gone" in done.stdout
    assert done.stdout.endswith("4 quotations: 2 same, 1 changed, 1 gone\n")
    found = loaded(desk.qa("refresh", "main", "--json"), 7)["quotations"][1]
    assert [change["kind"] for change in found["difference"]] == ["same", "removed", "added", "same"]
    assert "900 workers" in found["today"]["quote"]


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_wrong_with_a_report_that_was_just_made(fresh: Desk, name: str) -> None:
    report = exported(fresh, name, fresh.conversation)
    verified = fresh.qa("verify", str(report), "--all")
    assert verified.returncode == 0, verified.stdout
    refreshed = loaded(fresh.qa("refresh", str(report), "--json"), 0)
    assert refreshed["counts"] == {"same": 4, "moved": 0, "changed": 0, "gone": 0}


@pytest.mark.parametrize("name", ["report.md", "pandoc.md", "report.html", "report.txt"])
def test_a_report_shows_question_verdict_moment_generation_hash_and_offsets(fresh: Desk, name: str) -> None:
    report = exported(fresh, name, fresh.conversation, "--title", f"T {name}")
    text = html.unescape(report.read_text(encoding="utf-8")).replace("\\", "")
    for words in (
        "How many people work at the ports?",
        "Asked 2025-06-01 12:00 +0200 · answered · index generation 4",
        "Asked 2025-06-02 09:00 +0000 · answered",
        "not found: the articles do not hold the answer",
    ):
        assert words in flat(text), words
    record = json.loads(fresh.qa("export", fresh.conversation, "--json").stdout)
    for section in record["sections"]:
        for quoted in section["quotations"]:
            citation = quoted["passage"]["citation"]
            assert citation["text_sha256"] in text
            assert f"characters {citation['start']} to {citation['end']}" in text
            assert citation["place"]["root"] == "", "where the folder lies is nobody's business"
    assert str(fresh.folder) not in text


def test_notes_and_headings_of_a_basket_are_in_its_report_as_text(fresh: Desk) -> None:
    text = fresh.qa("export", "--basket", "main").stdout
    assert text.index("## People") < text.index("roughly 700 workers") < text.index("## Sea")
    assert r"Mine: \<b\> \*note\*" in text
    page = fresh.qa("export", "--basket", "main", "--format", "html").stdout
    assert "Mine: &lt;b&gt; *note*" in page


class _Page(HTMLParser):
    """Tags with their attributes, and the words of the block quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_web_page_holds_no_script_fetches_nothing_and_links_its_quotations(fresh: Desk) -> None:
    text = exported(fresh, "report.html", fresh.conversation, "--title", "page").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    allowed = "html head meta title style body h1 h2 p a sup strong em blockquote section ol li details summary"
    assert {tag for tag, _ in page.tags} <= set(allowed.split())
    attributes = {name for _, found in page.tags for name in found}
    known = "lang dir charset name content http-equiv class href id value cite"
    assert attributes <= {*known.split(), "data-reference", "data-sha256", "data-start", "data-end"}
    assert not re.search(r"url\(|@import", text)
    links = [found["href"] or "" for tag, found in page.tags if tag == "a"]
    assert "https://example.org/ports/deal-1?x=1&y=2#:~:text=" in " ".join(links)
    targets = {found.get("id") for _, found in page.tags}
    assert all(link.startswith("https://example.org/") or link[1:] in targets for link in links)
    assert "\u202e" not in text
    assert "⟨U+202E⟩" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_article_text_stays_text_in_markdown(fresh: Desk) -> None:
    text = exported(fresh, "report.md", fresh.conversation, "--title", "as text").read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)<(?!!--|https://)", text)
    assert "\u202e" not in text
    assert r"\[master\](javascript:x)" in text


def test_json_has_the_exact_words(fresh: Desk) -> None:
    record = json.loads(fresh.qa("export", fresh.conversation, "--json").stdout)
    quotes = [q["passage"]["citation"]["quote"] for section in record["sections"] for q in section["quotations"]]
    assert quotes == list(fresh.quotes.values())
    assert record["schema_version"] == 1


def test_bibliography_files_lie_beside_a_report(fresh: Desk) -> None:
    folder = exported(fresh, "report.md", fresh.conversation, "--title", "beside").parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "references.bib",
        "references.json",
        "references.ris",
        "report.md",
    ]
    items = json.loads((folder / "references.json").read_text(encoding="utf-8"))
    assert len(items) == 4
    assert items[0]["custom"]["passages"][0]["exact"] == fresh.quotes["stays.md"]


def test_a_file_that_is_there_is_left_as_it_is_unless_forced(fresh: Desk) -> None:
    folder = fresh.folder / "there"
    folder.mkdir()
    (folder / "references.bib").write_text("mine", encoding="utf-8")
    refused = fresh.qa("export", fresh.conversation, "-o", "there/report.md")
    assert refused.returncode == 2
    assert "references.bib exist and were left as they are; add --force" in refused.stderr
    assert [path.name for path in folder.iterdir()] == ["references.bib"], "nothing is half-written"
    alone = fresh.qa("export", fresh.conversation, "-o", "there/report.md", "--no-references")
    assert alone.returncode == 0, alone.stderr
    forced = fresh.qa("export", fresh.conversation, "-o", "there/report.md", "--force")
    assert forced.returncode == 0, forced.stderr
    assert "@article{port-deal-signed" in (folder / "references.bib").read_text(encoding="utf-8")
    missing = fresh.qa("export", fresh.conversation, "-o", "nowhere/report.md")
    assert missing.returncode == 2
    assert "nowhere is no folder that report.md could be written to" in missing.stderr


def test_a_name_that_says_no_format_is_refused_unless_one_is_named(fresh: Desk) -> None:
    refused = fresh.qa("export", fresh.conversation, "-o", "report.rtf")
    assert refused.returncode == 2
    assert "report.rtf: no format ends with .rtf; name one of .md" in refused.stderr
    assert not (fresh.folder / "report.rtf").exists()
    assert fresh.qa("export", fresh.conversation, "-o", "report.rtf", "--format", "text").returncode == 0


def test_an_answer_is_exported_alone(fresh: Desk) -> None:
    text = fresh.qa("export", fresh.conversation, "--turn", "2").stdout
    assert "What happened at sea?" in text
    assert "How many people" not in text
    last = fresh.qa("export").stdout
    assert "# Who invented the zipper?" in last
    assert "0 quotations" in last


def test_without_pandoc_a_docx_names_what_to_do(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fresh.folder))
    done = fresh.qa("export", fresh.conversation, "-o", "never.docx")
    assert done.returncode == 2
    assert "pandoc is not installed" in done.stderr
    assert "--format html" in done.stderr
    assert not (fresh.folder / "never.docx").exists()
    assert "needs a file" in fresh.qa("export", fresh.conversation, "--format", "pdf").stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"# A draft of my own\n", "carries no record of its quotations"),
        (b"%PDF-1.7\n", "is a PDF, which carries no record"),
        (b'{"some": "json"}', "is no export of qa"),
        (b"BEGIN QA EXPORT\nAAAA\nEND QA EXPORT\n", "is damaged"),
        (b"PK\x03\x04nothing", "is damaged"),
    ],
)
def test_a_file_that_is_no_report_is_named(fresh: Desk, data: bytes, words: str) -> None:
    (fresh.folder / "odd").write_bytes(data)
    done = fresh.qa("refresh", "odd")
    assert done.returncode == 2
    assert words in done.stderr
    assert "neither a file nor a basket" in fresh.qa("refresh", "nowhere").stderr


@needs_pandoc
@pytest.mark.parametrize("made", ["made.docx", "made.html"])
def test_pandoc_makes_a_bibliography_of_the_report(fresh: Desk, made: str) -> None:
    report = exported(fresh, "pandoc.md", fresh.conversation, "--title", made)
    subprocess.run(["pandoc", "--citeproc", "-s", report.name, "-o", made], cwd=report.parent, check=True)
    shown = subprocess.run(
        ["pandoc", made, "-t", "plain", "--wrap=none"],
        cwd=report.parent,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "(von der Leyen 2025, para. 1)" in shown
    assert "Leyen, Ursula von der. 2025. “Port Deal Signed.”" in shown.replace("Port deal signed", "Port Deal Signed")
    assert "References" in shown
    assert "BEGIN QA EXPORT" not in shown


@needs_pandoc
def test_a_word_file_holds_footnotes_block_quotes_and_nothing_of_the_hostile_article_as_markup(fresh: Desk) -> None:
    report = exported(fresh, "report.docx", fresh.conversation, "--title", "word")
    shown = subprocess.run(
        ["pandoc", report.name, "-t", "markdown", "--wrap=none"],
        cwd=report.parent,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "> Its cranes came from Kobe by sea" in shown
    assert r"\<script\>alert(1)\</script\>" in shown
    assert "[^1]:" in shown
    assert "⟨U+202E⟩100" in shown


def test_questions_are_asked_again_and_other_answers_are_shown(
    seeds_index: Path, run_qa: RunQa, tmp_path: Path
) -> None:
    """With the real model; the answer given then is altered by hand, as if the articles had said so."""
    own = {"QA_DATA_DIR": str(tmp_path / "data"), "QA_INDEX": str(seeds_index)}
    assert run_qa("ask", "How many US troops are in Japan?", cwd=tmp_path, **own).returncode == 0
    assert run_qa("export", "-o", "report.json", cwd=tmp_path, **own).returncode == 0
    same = run_qa("refresh", "report.json", "--ask", cwd=tmp_path, **own)
    assert same.returncode == 0, same.stderr
    assert "1 question asked again: 0 answered differently" in same.stdout
    report = tmp_path / "report.json"
    report.write_text(report.read_text(encoding="utf-8").replace('"text": "about 54,000"', '"text": "about 50,000"'))
    other = run_qa("refresh", "report.json", "--ask", cwd=tmp_path, **own)
    assert "How many US troops are in Japan?" in other.stdout
    assert ": about 50,000" in other.stdout
    assert "today: about 54,000" in other.stdout
    found = json.loads(run_qa("refresh", "report.json", "--ask", "--json", cwd=tmp_path, **own).stdout)["questions"][0]
    assert (found["difference"], found["then"]["text"], found["now"]["answer"]) == (
        "answer",
        "about 50,000",
        "about 54,000",
    )
