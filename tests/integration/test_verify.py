"""`qa verify` and `qa whence` as a person uses them: real index, real drafts, the command itself."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.history import History
from tests.conftest import SEEDS, run_here
from tests.kept import answer_from, sync_quickly

JAPAN = "045939ebd956"
TROOPS = (
    "The United States has about 54,000 troops in Japan, and roughly half of them are based on the southern island of "
    "Okinawa."
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def qa(tmp_path: Path) -> Run:
    """The command in a folder of its own, beside an index of the sample articles."""
    sync_quickly(tmp_path / ".qa", *sorted(SEEDS.glob("*.txt")))
    environment = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_here(arguments, tmp_path, {**environment, "PATH": os.environ["PATH"], "HOME": str(tmp_path)})

    return run


def test_a_draft_of_true_quotations_passes(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(f"It says “{TROOPS}” and so it is “so-called”.\n", encoding="utf-8")
    done = qa("verify", "draft.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 quotation: 1 verbatim; not checked: 1 of fewer than four words\n"
    assert f"in {JAPAN}:5" in qa("verify", "draft.md", "--all").stdout


def test_a_changed_number_is_shown_and_exits_7(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(f"One.\n\nIt says “{TROOPS.replace('54', '55')}”\n", encoding="utf-8")
    done = qa("verify", "draft.md")
    assert done.returncode == 7
    assert "line 3  altered" in done.stdout
    assert "has about [-54,000-] {+55,000+} troops" in done.stdout
    assert "number: 54,000 → 55,000" in done.stdout
    assert f"nearest {JAPAN}:5" in done.stdout


def test_json_has_every_quotation_with_its_difference_and_place(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(f'"{TROOPS.replace("54", "55")}" ({JAPAN}:5)\n', encoding="utf-8")
    done = qa("verify", "draft.txt", "--json")
    report = json.loads(done.stdout)
    (quotation,) = report["quotations"]
    assert (quotation["label"], quotation["line"], quotation["citation"]) == ("altered", 1, f"{JAPAN}:5")
    assert {"source": "54,000", "draft": "55,000", "kind": "number"} in quotation["diff"]
    assert quotation["found"][0]["first_sentence"] == 5
    assert report["counts"]["altered"] == 1
    assert report["counts"]["verbatim"] == 0


def test_what_qa_cite_writes_is_verbatim_and_its_source_is_known(qa: Run, tmp_path: Path) -> None:
    for form in ("markdown", "text", "html", "pandoc"):
        for style in ("footnote", "inline", "chicago", "apa", "mla") if form != "pandoc" else ("footnote",):
            styled = () if form == "pandoc" else ("--style", style)
            cited = qa("cite", f"{JAPAN}:5-6", "--format", form, *styled)
            assert cited.returncode == 0, cited.stderr
            suffix = {"markdown": "md", "pandoc": "md", "text": "txt", "html": "html"}[form]
            draft = tmp_path / f"{form}-{style}.{suffix}"
            draft.write_text(cited.stdout, encoding="utf-8")
            done = qa("verify", draft.name, "--json")
            quotations = json.loads(done.stdout)["quotations"]
            assert done.returncode == 0, (form, style, cited.stdout, quotations)
            assert quotations
            named = {quotation["citation"] for quotation in quotations}
            assert all(JAPAN[:6] in str(source) for source in named) or style in "chicago apa mla", (form, style, named)


def test_a_version_that_only_the_history_knows_makes_a_quotation_stale(qa: Run, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    file = articles / "port.txt"
    file.write_text(" date 2025-03-30 The port of Odesa closed on Monday at noon. Ships wait outside.")
    sync_quickly(tmp_path / ".qa", articles)
    answer = answer_from(tmp_path / ".qa", "When did the port close?", (file, 1))
    history = History(tmp_path / "XDG_DATA_HOME" / "qa-articles" / "history.sqlite")
    history.append(history.start(), answer)
    (tmp_path / "draft.md").write_text(f"“{answer.citations[0].quote}” ({answer.citations[0].article_id}:1)\n")
    assert qa("verify", "draft.md").returncode == 0
    file.write_text(" date 2025-03-30 The port of Odesa stayed open. Ships wait outside.")
    sync_quickly(tmp_path / ".qa", articles)
    done = qa("verify", "draft.md")
    assert done.returncode == 7
    assert "line 1  stale" in done.stdout


def test_the_marked_copy_is_a_new_file_and_the_draft_stays(qa: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"It says “{TROOPS}”[^1] there.\n", encoding="utf-8")
    before = draft.read_bytes()
    assert qa("verify", "draft.md", "--annotate", "marked.md").returncode == 0
    marked = (tmp_path / "marked.md").read_text(encoding="utf-8")
    assert marked == f"It says “{TROOPS}” ⟦verbatim: {JAPAN}:5⟧[^1] there.\n"
    for target in ("marked.md", "draft.md"):
        done = qa("verify", "draft.md", "--annotate", target)
        assert done.returncode == 2
        assert f"{target} exists and is left as it is" in done.stderr
    assert draft.read_bytes() == before


def test_an_unbalanced_mark_is_one_line_on_stderr(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("He said “one two three four.\n", encoding="utf-8")
    done = qa("verify", "draft.md")
    assert done.returncode == 0
    assert done.stderr == "draft.md: quotation marks without a counterpart, not checked, in line 1\n"


def test_what_cannot_be_read_is_one_clear_line(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "fake.docx").write_text("no document")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 10)
    for name, message in (
        ("folder", "folder is a folder; name one draft"),
        ("missing.md", "missing.md cannot be read (No such file or directory)"),
        ("fake.docx", "it is no Word document (DOCX), or a damaged one"),
        ("binary.md", "binary.md cannot be read: not a text file"),
    ):
        done = qa("verify", name)
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


def test_escape_characters_of_a_draft_are_shown_and_not_sent(qa: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("“one \x1b[31mtwo three four five”\n", encoding="utf-8")
    assert "\x1b[31m" not in qa("verify", "draft.md").stdout


def test_without_an_index_the_message_names_the_command(tmp_path: Path, qa: Run) -> None:
    (tmp_path / "draft.md").write_text("x")
    done = qa("verify", "draft.md", "--index", "nowhere/.qa")
    assert done.returncode == 3
    assert "qa index" in done.stderr


def test_whence_names_article_date_sentence_and_file(qa: Run) -> None:
    done = qa("whence", "about 54,000 troops in Japan, and roughly half")
    assert done.returncode == 0
    assert "exact" in done.stdout
    assert "2025-03-30" in done.stdout
    assert f"us-forces-in-japan.txt, sentence 5 · {JAPAN}:5" in done.stdout
    found = json.loads(qa("whence", "about 55,000 troops in Japan, and roughly half", "--json").stdout)["found"]
    assert [(one["origin"], one["article_id"], one["first_sentence"]) for one in found] == [("altered", JAPAN, 5)]
    assert found[0]["places"][0]["path"] == "us-forces-in-japan.txt"


def test_whence_that_finds_nothing_exits_4_where_that_is_asked_for(qa: Run) -> None:
    arguments = ("whence", "pasta with garlic and a little oil", "--no-paraphrase")
    assert qa(*arguments).returncode == 0
    done = qa(*arguments, "--fail-empty")
    assert done.returncode == 4
    assert done.stderr == "nothing found\n"
