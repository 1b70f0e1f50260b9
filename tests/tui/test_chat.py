"""The chat: asking, following a citation, copying, cancelling, and what happens when something is missing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from qa.history import History
from qa.history.purge import purge
from qa.tui.app import ChatApp
from qa.tui.screens.evidence import EvidenceScreen
from qa.tui.screens.library import LibraryScreen
from qa.tui.screens.reader import ReaderScreen
from qa.tui.widgets.answer_block import AnswerBlock, SourceLine
from qa.tui.widgets.article_text import ArticleText
from qa.tui.widgets.evidence import EvidenceItem
from tests.tui.answering import NOT_FOUND, QUESTION, RELATED, AnsweringServices
from tests.tui.hosts import notices, said

SENTENCE = (
    "The United States has about 54,000 troops in Japan, and roughly half of them are based on the southern island"
)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait for something that threads and refreshes bring about."""
    async with asyncio.timeout(60):
        while not holds():
            await pilot.pause(0.02)
    await pilot.pause()


def chat(pilot: Pilot[Any]) -> ChatApp:
    assert isinstance(pilot.app, ChatApp)
    return pilot.app


async def ask(pilot: Pilot[Any], question: str = QUESTION) -> AnswerBlock:
    """Type a question and wait for its answer."""
    screen = chat(pilot).chat
    await until(pilot, lambda: bool(screen.query("Prompt")))
    screen.prompt.focus()
    screen.prompt.insert(question)
    await pilot.press("enter")
    await until(pilot, lambda: bool(screen.transcript.blocks) and not screen.busy and screen.assistant is not None)
    block = screen.transcript.blocks[-1]
    await until(pilot, lambda: screen.evidence.answer is block.answer)
    return block


def text(block: AnswerBlock) -> str:
    return "\n".join(str(line.render()) for line in block.query(Static))


async def test_an_answer_shows_its_words_their_sentence_its_number_and_how_sure_it_is(
    answering: AnsweringServices,
) -> None:
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot)
        assert "about 54,000 [1]" in text(block)
        assert SENTENCE in text(block)
        assert "answered · confidence high (0.93)" in text(block)


async def test_what_is_typed_before_the_models_are_loaded_is_asked_as_soon_as_they_are(
    answering: AnsweringServices,
) -> None:
    answering.opening.clear()
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Who?", "enter")
        screen = chat(pilot).chat
        assert said(screen, "#doing") == "loading the models; type ahead"
        assert "waiting for the models" in text(screen.transcript.blocks[0])
        answering.opening.set()
        await until(pilot, lambda: bool(chat(pilot).conversation.turns))


async def test_escape_a_number_and_enter_open_the_article_at_the_cited_sentence(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        block = await ask(pilot)
        await pilot.press("escape", "1", "enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ReaderScreen) and bool(said(pilot.app.screen, "#reader-title"))
        )
        assert block.answer is not None
        cited = block.answer.citations[0]
        reader = pilot.app.screen
        assert isinstance(reader, ReaderScreen)
        article = reader.query_one(ArticleText)
        assert said(reader, "#reader-where") == f"citation 1 of 1 · sentence {cited.first_sentence} of 14"
        assert article.layout_of is not None
        shown = article.layout_of.y_of(cited.start) - article.scroll_offset.y
        assert 0 <= shown < article.size.height


async def test_y_copies_the_quotation_with_its_source_and_says_where_it_is(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("escape", "y")
        await until(pilot, lambda: "last-copy.txt" in notices(chat(pilot)))
        copied = (answering.paths.state / "last-copy.txt").read_text(encoding="utf-8")
        assert copied.startswith(f"“{SENTENCE}")
        assert "2025-03-30. us-forces-in-japan.txt, sentence 5 (045939ebd956:5)" in copied


async def test_shift_y_copies_the_answer_with_its_notes(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("escape", "Y")
        await until(pilot, lambda: "last-copy.txt" in notices(chat(pilot)))
        copied = (answering.paths.state / "last-copy.txt").read_text(encoding="utf-8")
        assert copied.startswith(f"{QUESTION}\n\nabout 54,000 [1]\n\n[1] “{SENTENCE}")


async def test_text_is_selected_with_the_mouse_and_copied_with_ctrl_c(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        file = answering.paths.state / "last-copy.txt"
        await drag(pilot, pilot.app.screen.query_one(".statement.-first"), (0, 0), (11, 0))
        await pilot.press("ctrl+c")
        await until(pilot, file.is_file)
        assert file.read_text(encoding="utf-8").startswith("about 54,00")
        chat(pilot).chat.transcript.focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
        await until(pilot, lambda: "citation 1" in said(pilot.app.screen, "#reader-where"))
        await drag(pilot, pilot.app.screen.query_one(ArticleText), (6, 1), (25, 1))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: file.read_text(encoding="utf-8").startswith("US Defense Secretar"))


async def drag(pilot: Pilot[Any], widget: Widget, start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(widget, offset=start)
    await pilot.hover(widget, offset=end)
    await pilot.mouse_up(widget, offset=end)


async def test_escape_cancels_a_running_answer_and_the_prompt_takes_text_all_the_while(
    answering: AnsweringServices,
) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await until(pilot, lambda: screen.assistant is not None)
        answering.reader.gate.clear()
        await pilot.press(*"Who?", "enter")
        await until(pilot, lambda: said(screen, "#doing").startswith("reading"))
        await pilot.press("n", "o", "escape")
        assert screen.prompt.text == "no"
        assert "cancelled" in text(screen.transcript.blocks[0])
        answering.reader.gate.set()
        await pilot.press("w", "enter")
        await until(pilot, lambda: bool(chat(pilot).conversation.turns))
        assert [turn.question for turn in chat(pilot).conversation.turns] == ["now"]


async def test_a_question_sent_during_another_waits_for_its_turn(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await until(pilot, lambda: screen.assistant is not None)
        answering.reader.gate.clear()
        await pilot.press(*"One?", "enter", *"Two?", "enter")
        await until(pilot, lambda: len(screen.transcript.blocks) == 2)
        assert "waiting for the answer above" in text(screen.transcript.blocks[1])
        answering.reader.gate.set()
        await until(pilot, lambda: len(chat(pilot).conversation.turns) == 2)
        assert [turn.question for turn in chat(pilot).conversation.turns] == ["One?", "Two?"]


@pytest.mark.parametrize(("question", "words"), [(RELATED, "related ·"), (NOT_FOUND, "not found ·")])
async def test_without_an_answer_the_nearest_passages_are_called_what_they_are(
    answering: AnsweringServices, question: str, words: str
) -> None:
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot, question)
        assert words in text(block)
        assert "related, not an answer" in text(block)
        assert "[1]" not in text(block)
        assert len(block.query(SourceLine)) == 5


async def test_when_articles_disagree_every_value_stands_there_newest_first(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    newer = " date 2025-05-20 Officials in Tokyo counted about 55,000 US troops in Japan on Monday.\n"
    (tmp_path / "articles" / "newer.txt").write_text(newer, encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot)
        lines = text(block).splitlines()
        values = [line for line in lines if ",000 [" in line and line.startswith("2025")]
        assert [line[:26] for line in values] == ["2025-05-20  about 55,000 [", "2025-03-30  about 54,000 ["]


async def test_copies_of_the_cited_article_are_folded_in_answer_evidence_article_and_copy(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    original = (tmp_path / "articles" / "us-forces-in-japan.txt").read_text(encoding="utf-8")
    reprint = f"{original.rstrip()} Reporting by the bureau in Tokyo.\n"
    (tmp_path / "articles" / "reprint.txt").write_text(reprint, encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot)
        assert block.answer is not None
        assert len(block.answer.citations) == 1
        await until(pilot, lambda: bool(pilot.app.screen.query(EvidenceItem)))
        shown = "\n".join(str(line.render()) for line in chat(pilot).chat.evidence.query(Static))
        named = re.search(r"and 1 copy: ((?:reprint|us-forces-in-japan)\.txt)", shown)
        assert named
        assert "[1] 1 copy · 2025-03-30" in text(block)
        await pilot.press("escape", "y")
        await until(pilot, lambda: "last-copy.txt" in notices(chat(pilot)))
        copied = (answering.paths.state / "last-copy.txt").read_text(encoding="utf-8")
        assert copied.rstrip().endswith(f"; {named.group()}")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
        await until(pilot, lambda: "1 copy (i names them)" in said(pilot.app.screen, "#reader-where"))
        assert f"copy    2025-03-30 · {named[1]}" in said(pilot.app.screen, "#reader-details")


async def test_a_source_whose_file_has_changed_is_marked_where_it_is_listed(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    (tmp_path / "articles" / "us-forces-in-japan.txt").write_text("Withdrawn.\n", encoding="utf-8")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        block = await ask(pilot)
        assert "[1] changed · 2025-03-30" in text(block)


async def test_the_cited_file_opens_at_the_line_of_its_sentence(
    answering: AnsweringServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setenv("VISUAL", "vim")
    monkeypatch.setattr("qa.tui.external.run_in_terminal", lambda app, command, file: called.append(command))
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        block = await ask(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: bool(called))
    assert block.answer is not None
    cited = block.answer.citations[0]
    written = Path(cited.place.file).read_text(encoding="utf-8")
    line = 1 + written[: written.index(cited.quote)].count("\n")
    assert called == [["vim", f"+{line}", cited.place.file]]


async def test_an_escape_pressed_twice_while_the_machine_is_busy_closes_one_screen(
    answering: AnsweringServices,
) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("ctrl+r")  # without a history, a notice and no screen
        for key in ("ctrl+b", "f1"):
            await pilot.press(key)
        top = pilot.app.screen
        top.dismiss()
        top.dismiss()
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        library = pilot.app.screen
        library.dismiss()
        library.dismiss()
        await until(pilot, lambda: pilot.app.screen is chat(pilot).chat)


async def test_what_was_purged_from_a_kept_answer_is_said_to_be_so(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    answering.history = history = History(tmp_path / "history.sqlite")
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot)
        assert block.answer is not None
        purge(history.file, [block.answer.citations[0].article_id])
        chat(pilot).resume(history.list()[0].id)
        await until(pilot, lambda: chat(pilot).chat.transcript.blocks[-1:] not in ([], [block]))
        await until(pilot, lambda: "(deleted with qa rm --purge) [1]" in text(chat(pilot).chat.transcript.blocks[0]))
        assert "[1] gone ·" in text(chat(pilot).chat.transcript.blocks[0])


async def test_articles_indexed_while_chatting_answer_the_next_question(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    newer = " date 2025-05-20 Officials in Tokyo counted about 55,000 US troops in Japan on Monday.\n"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "newer.txt").write_text(newer, encoding="utf-8")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await chat(pilot).chat.run_command("index", str(tmp_path / "mine"))
        await until(pilot, lambda: said(chat(pilot).chat, "#doing") == "ready · 20 articles")
        block = await ask(pilot)
        assert "2025-05-20  about 55,000 [1]" in text(block)


async def test_the_history_keeps_answers_and_gives_a_conversation_back(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    answering.history = history = History(tmp_path / "history.sqlite")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not chat(pilot).chat.transcript.blocks)
        kept = history.list()
        assert [summary.title for summary in kept] == [QUESTION]
        chat(pilot).resume(kept[0].id)
        await until(pilot, lambda: len(chat(pilot).chat.transcript.blocks) == 1)
        assert "about 54,000 [1]" in text(chat(pilot).chat.transcript.blocks[0])
        await ask(pilot, NOT_FOUND)
    assert [(summary.id, summary.questions) for summary in history.list()] == [(kept[0].id, 2)]


async def test_a_history_that_cannot_be_written_costs_no_answer(answering: AnsweringServices, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"no database at all, but long enough to be taken for one" * 9)
    answering.history = History(tmp_path / "history.sqlite")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        block = await ask(pilot)
        assert block.answer is not None
        assert "The answer was not kept" in "".join(str(note.render()) for note in pilot.app.screen.query(".note"))


async def test_a_conversation_deleted_meanwhile_costs_no_answer_a_new_one_begins_with_it(
    answering: AnsweringServices, tmp_path: Path
) -> None:
    answering.history = history = History(tmp_path / "history.sqlite")
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        (deleted,) = history.list()
        History(tmp_path / "history.sqlite").clear()  # as another terminal does
        await ask(pilot, NOT_FOUND)
        await ask(pilot, RELATED)
        notes = _notes(pilot)
    (kept,) = history.list()
    assert kept.id != deleted.id
    assert (kept.title, kept.questions) == (NOT_FOUND, 2)
    assert notes.count("This conversation was deleted; a new one begins with this answer.") == 1
    assert "not kept" not in notes


async def test_up_and_down_go_through_earlier_questions_and_back_to_the_draft(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        prompt = chat(pilot).chat.prompt
        prompt.remember(["first", "second"])
        await pilot.press(*"dra")
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await pilot.press(key)
            seen.append(prompt.text)
        assert seen == ["second", "first", "first", "second", "dra"]


async def test_a_slash_offers_commands_and_tab_completes_one(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await pilot.press("/", "s", "i")
        assert [choice.name for choice in screen.prompt.suggestions.choices] == ["since"]  # type: ignore[union-attr]
        await pilot.press("tab", *"2025-05", "enter")
        await until(pilot, lambda: screen.limits.since == "2025-05")
        assert said(screen, "#limits") == "since 2025-05"
        assert "Asking the articles since 2025-05-01: 1 of 19" in _notes(pilot)


async def test_a_mistyped_command_and_a_date_that_is_none_are_named_and_change_nothing(
    answering: AnsweringServices,
) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await screen.run_command("histroy", "")
        await screen.run_command("since", "someday")
        await until(pilot, lambda: "someday" in _notes(pilot))
        assert "There is no command /histroy. Did you mean /history?" in _notes(pilot)
        assert screen.limits.since is None


async def test_at_picks_one_article_for_the_next_question_only(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await pilot.press("@", *"finland")
        await until(pilot, lambda: screen.prompt.suggestions.display)
        await pilot.press("enter")
        assert said(screen, "#limits").startswith("only in: Finland")
        block = await ask(pilot, NOT_FOUND)
        assert block.answer is not None
        assert {passage.place.path for passage in block.answer.related} == {"finland-joins-nato.txt"}
        assert screen.limits.article == ""


async def test_resizing_moves_the_evidence_from_a_pane_to_a_window_and_back(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        await ask(pilot)
        assert chat(pilot).chat.evidence.display
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert not chat(pilot).chat.evidence.display
        await pilot.press("ctrl+o")
        await until(pilot, lambda: bool(pilot.app.screen.query(EvidenceItem)))
        assert isinstance(pilot.app.screen, EvidenceScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
        await pilot.press("escape", "escape")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert chat(pilot).chat.evidence.display


async def test_a_click_takes_a_citation_and_a_second_one_opens_it(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: bool(pilot.app.screen.query(EvidenceItem)))
        assert await pilot.click(EvidenceItem)
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))


async def test_a_letter_that_means_nothing_among_the_answers_goes_to_the_prompt(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("escape", "W", "h", "y")
        assert chat(pilot).chat.prompt.text == "Why"


async def test_article_text_is_shown_as_it_is_and_never_acts(answering: AnsweringServices, tmp_path: Path) -> None:
    hostile = (
        " date 2025-06-01 The [bold]zipper[/] costs \x1b[31m 7 dollars\x07 \u202etxt.exe, said [link=x]the maker[/].\n"
    )
    (tmp_path / "articles" / "hostile.txt").write_text(hostile, encoding="utf-8")
    answering.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    async with ChatApp(answering).run_test(size=(120, 40)) as pilot:
        block = await ask(pilot, "What is the zipper that costs dollars, said the maker?")
        assert "[bold]zipper[/] costs ␛[31m 7 dollars␇ ⟨U+202E⟩txt.exe, said [link=x]the maker[/]." in text(block)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
        await until(pilot, lambda: "⟨U+202E⟩" in said(pilot.app.screen, "#reader-title"))
        assert "\x1b[31m" not in pilot.app.export_screenshot()


async def test_a_missing_model_is_named_and_the_question_is_not_lost_to_the_prompt_history(
    answering: AnsweringServices,
) -> None:
    answering.missing_model = True
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await pilot.press(*"Who?", "enter")
        said_so = "not asked: A model cannot be loaded: reader.onnx is missing"
        await until(pilot, lambda: bool(screen.transcript.blocks) and said_so in text(screen.transcript.blocks[0]))
        answering.missing_model = False
        await pilot.press("up", "enter")
        await until(pilot, lambda: bool(chat(pilot).conversation.turns))


async def test_the_reason_of_a_question_that_cannot_be_asked_stands_in_its_place(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot).chat
        await pilot.press("?", "?", "enter")
        await until(pilot, lambda: "the question is empty" in text(screen.transcript.blocks[0]))


def _notes(pilot: Pilot[Any]) -> str:
    return "\n".join(str(note.render()) for note in pilot.app.screen.query(".note"))
