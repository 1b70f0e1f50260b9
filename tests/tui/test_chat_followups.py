"""Follow-up questions in the chat: what was searched for is shown and can be changed, what they say of dates stays."""

from __future__ import annotations

from textual.widgets import Static

from qa.tui.app import ChatApp
from tests.tui.answering import AnsweringServices
from tests.tui.hosts import said
from tests.tui.test_chat import ask, chat, until

JETS = "How many fighter jets did Finland buy?"
BORDER = "How long is its border with Russia?"
MEANT = "How long is Finland's border with Russia?"


async def test_what_a_follow_up_question_was_taken_for_stands_above_its_answer(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        first = await ask(pilot, JETS)
        second = await ask(pilot, BORDER)
        assert not first.query_one(".standalone", Static).display
        assert str(second.query_one(".standalone", Static).render()) == f"searched for: {MEANT}"


async def test_e_puts_what_was_searched_for_into_the_prompt_and_enter_asks_it(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot, JETS)
        await ask(pilot, BORDER)
        screen = chat(pilot).chat
        await pilot.press("escape", "e")
        assert screen.prompt.text == MEANT
        assert screen.prompt.has_focus
        await pilot.press("enter")
        await until(pilot, lambda: len(screen.transcript.blocks) == 3 and not screen.busy)
        assert screen.transcript.blocks[-1].question == MEANT


async def test_dates_in_a_question_hold_for_the_next_ones_until_they_are_lifted(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(100, 30)) as pilot:
        screen = chat(pilot).chat
        await ask(pilot, "How many members does NATO have?")
        await ask(pilot, "Only before 2024")
        assert said(screen, "#limits") == "until 2023-12-31"
        block = await ask(pilot, "How many soldiers does Finland plan for?")
        assert block.answer is not None
        assert block.answer.where.until == "2023-12-31"
        await ask(pilot, "How many members does NATO have in all articles?")
        assert said(screen, "#limits") == ""


async def test_a_new_conversation_asks_all_articles_again(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(100, 30)) as pilot:
        screen = chat(pilot).chat
        await ask(pilot, "How many members does NATO have?")
        await ask(pilot, "Only before 2024")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not screen.transcript.blocks)
        assert said(screen, "#limits") == ""
        assert not screen.limits.resolve(answering)
