"""The reader: whole articles, however long, at the cited sentence; searching, stepping, and what is no longer there."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from index.entities import Sentence
from qa.entities import Answer
from qa.tui.app import ChatApp
from qa.tui.external import editor_command, line_number, pager_command
from qa.tui.screens.reader import ReaderScreen
from qa.tui.widgets.article_layout import ArticleLayout, wrap
from qa.tui.widgets.article_text import ArticleText
from tests.tui.answering import NOT_FOUND, AnsweringServices
from tests.tui.hosts import notices, said
from tests.tui.test_chat import ask, chat, until

ARTICLE = "045939ebd956"


async def opened(pilot: Pilot[Any], words: str = "") -> ReaderScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
    await until(
        pilot,
        lambda: (
            words in said(pilot.app.screen, "#reader-where")
            and "opening" not in said(pilot.app.screen, "#reader-where")
        ),
    )
    assert isinstance(pilot.app.screen, ReaderScreen)
    return pilot.app.screen


async def follow(pilot: Pilot[Any], question: str) -> tuple[Answer, ReaderScreen]:
    block = await ask(pilot, question)
    assert block.answer is not None
    await pilot.press("escape", "1", "enter")
    return block.answer, await opened(pilot, "1 of")


def sentences_of(text: str) -> list[Sentence]:
    """Every run up to a full stop."""
    found: list[Sentence] = []
    start = 0
    while (end := text.find(".", start)) >= 0:
        found.append(Sentence(article_id="a", number=len(found) + 1, start=start, end=end + 1, page=None))
        start = end + 2
    return found


async def test_n_goes_to_the_next_passage_also_when_it_stands_in_another_article(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        answer, reader = await follow(pilot, NOT_FOUND)
        titles = []
        for number in range(2, len(answer.related) + 1):
            await pilot.press("n")
            await opened(pilot, f"related passage {number} of 5")
            titles.append(said(reader, "#reader-title"))
        assert titles == [passage.title for passage in answer.related[1:]]
        await pilot.press("n")
        await opened(pilot, "related passage 1 of 5")
        await pilot.press("N")
        await opened(pilot, "related passage 5 of 5")


async def test_a_search_goes_from_hit_to_hit_whatever_the_case_and_ends_with_escape(
    answering: AnsweringServices,
) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        pilot.app.push_screen(ReaderScreen(answering, ARTICLE))
        reader = await opened(pilot, "sentence 1 of 14")
        article = answering.article(ARTICLE)
        assert article is not None
        hits = article.text.casefold().count("japan")
        await pilot.press("slash", *"JAPAN", "enter")
        await opened(pilot, f"“JAPAN” 1 of {hits}")
        await pilot.press("N")
        await opened(pilot, f"“JAPAN” {hits} of {hits}")
        await pilot.press("escape")
        assert "sentence" in said(reader, "#reader-where")
        await pilot.press("slash", *"zipper", "enter")
        await opened(pilot, "“zipper” not found")


async def test_an_article_that_was_removed_shows_what_was_quoted_of_it(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        answering.remove(ARTICLE)
        await pilot.press("escape", "enter")
        reader = await opened(pilot, "only the quotation is left")
        assert "The index has this article no more" in said(reader, "#reader-stale")
        layout = reader.query_one(ArticleText).layout_of
        assert layout is not None
        assert layout.text.startswith("The United States has about 54,000 troops")


async def test_a_million_words_cost_no_more_than_the_screenful_that_is_shown(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    text = "".join(f"Sentence {number} has exactly eight words of text.\n" for number in range(125_000))
    layout = ArticleLayout(text, sentences_of(text))
    layout.set_width(76)
    target = text.index("Sentence 100000 has")
    layout.settle(layout.y_of(target), 24)
    assert layout.wrapped_lines < 200
    assert layout.sentence_at(target).number == 100_001  # type: ignore[union-attr]  # there is one


async def test_a_file_opens_in_the_editor_at_the_line_of_the_sentence(
    answering: AnsweringServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setenv("VISUAL", "vim")
    monkeypatch.setattr("qa.tui.external.run_in_terminal", lambda app, command, file: called.append(command))
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        answer, _ = await follow(pilot, "How many US troops are in Japan?")
        await pilot.press("f4")
        cited = answer.citations[0]
        text = Path(cited.place.file).read_text(encoding="utf-8")
        line = 1 + text[: text.index(cited.quote)].count("\n")
        assert called == [["vim", f"+{line}", cited.place.file]]


async def test_without_a_pager_the_notice_says_what_to_set(
    answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAGER", raising=False)
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await follow(pilot, "How many US troops are in Japan?")
        await pilot.press("f3")
        await until(pilot, lambda: "export PAGER=less" in notices(chat(pilot)))


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("less", ["less", "+7", "a b.txt"]),
        ("code --wait", ["code", "--wait", "--goto", "a b.txt:7"]),
        ("hx", ["hx", "a b.txt:7"]),
        ("notepad", ["notepad", "a b.txt"]),
        ('"unfinished', None),
        ("", None),
    ],
)
def test_a_program_gets_file_and_line_as_it_wants_them(program: str, expected: list[str] | None) -> None:
    assert pager_command({"PAGER": program}, "a b.txt", 7) == expected
    assert editor_command({"EDITOR": program}, "a b.txt", 7) == expected


def test_lines_are_counted_for_every_kind_of_line_break() -> None:
    assert [line_number("a\nb\r\nc\rd", offset) for offset in (0, 2, 5, 7)] == [1, 2, 3, 4]


@given(st.text(alphabet="ab  日本é\u0301", max_size=80), st.integers(2, 20))
def test_wrapped_lines_hold_all_of_a_text_and_are_no_wider_than_the_window(text: str, width: int) -> None:
    text = " ".join(text.split())
    spans = wrap(text, width)
    assert " ".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(text[start:end]) <= width for start, end in spans)


@given(st.lists(st.text(alphabet="abc \x1b日", min_size=1, max_size=30), min_size=1, max_size=8), st.integers(4, 30))
def test_every_offset_of_an_article_is_found_on_its_line(parts: list[str], width: int) -> None:
    text = "".join(f"x{part}x. " for part in parts)
    layout = ArticleLayout(text, sentences_of(text))
    layout.set_width(width)
    rows = [layout.y_of(offset) for offset in range(len(text))]
    assert rows == sorted(rows)
    assert rows[-1] < layout.height


def test_a_copy_in_a_file_can_be_read_by_its_owner_only(answering: AnsweringServices) -> None:
    from qa.tui.clipboard import copy

    said_so = copy(ChatApp(answering), "words", "file", answering.paths.state)
    file = answering.paths.state / "last-copy.txt"
    assert str(file) in said_so
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_clipboard_that_is_switched_off_says_so(answering: AnsweringServices) -> None:
    from qa.tui.clipboard import copy

    assert "switched off" in copy(ChatApp(answering), "words", "off", answering.paths.state)
    assert not (answering.paths.state / "last-copy.txt").exists()


def test_the_system_s_clipboard_comes_first_and_is_only_claimed_when_it_holds_the_text(
    answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.tui.clipboard import copy

    held: list[str] = []
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.setattr("pyperclip.copy", held.append)
    monkeypatch.setattr("pyperclip.paste", lambda: held[-1])
    assert copy(ChatApp(answering), "words", "native", answering.paths.state) == "Copied to the clipboard."
    monkeypatch.setattr("pyperclip.paste", lambda: "something else")
    said_so = copy(ChatApp(answering), "words", "native", answering.paths.state)
    assert "cannot be reached" in said_so
    assert "last-copy.txt" in said_so
