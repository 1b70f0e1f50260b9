"""Citations in the chosen style, links, drafts that are checked and excerpts that are looked up, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from index.entities import Freshness
from qa.cli.chat_services import ChatServices
from qa.entities import RelatedPassage
from qa.tui.app import ChatApp
from qa.tui.citing import answer_to_copy, link_to_copy, quotation_to_copy
from qa.tui.screens.citation_style import CitationStyleScreen
from qa.tui.screens.looking_up import LookingUp
from qa.tui.screens.reader import ReaderScreen
from qa.tui.screens.verify import VerifyScreen
from qa.tui.screens.whence import NOWHERE, WhenceScreen
from tests.kept import answer_from
from tests.tui.answering import AnsweringServices
from tests.tui.hosts import Host, notices, said, settle
from tests.tui.test_chat import ask, chat, until

TROOPS = (
    "The United States has about 54,000 troops in Japan, and roughly half of them are based on the southern island of "
    "Okinawa."
)
DRAFT = f"""It says “{TROOPS}” there.

Another says “The United States has about 55,000 troops in Japan, and half of them” there.

“An invented sentence of some words” is by nobody, and "this one is never closed.
"""
PORTS = """---
title: Port deal signed
author: [Jane Doe]
outlet: The Harbour Times
url: https://example.org/ports
date: 2025-03-30
---
The port deal was signed on Monday. It covers 54,000 jobs, officials said.
"""
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def copied(services: ChatServices) -> str:
    return (services.paths.state / "last-copy.txt").read_text(encoding="utf-8")


@pytest.fixture
def ports(own_services: ChatServices, tmp_path: Path) -> Path:
    """An article with an address."""
    file = tmp_path / "articles" / "ports.md"
    file.write_text(PORTS, encoding="utf-8")
    own_services.sync((), on_progress=lambda _: None, cancelled=lambda: False)
    return file


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.md"
    file.write_text(DRAFT, encoding="utf-8")
    return file


def test_a_quotation_and_an_answer_are_copied_as_qa_cite_writes_them(own_services: ChatServices, ports: Path) -> None:
    answer = answer_from(own_services.paths.index, "How many jobs?", (ports, 2))
    (citation,) = answer.citations
    quotation = "“It covers 54,000 jobs, officials said.”"
    day = own_services.now().date()
    assert quotation_to_copy(own_services, citation, day, "plain").startswith(
        f"{quotation}\n— Port deal signed, The Ha"
    )
    apa = quotation_to_copy(own_services, citation, day, "apa")
    assert apa.startswith(f"{quotation} (Doe, 2025, para. 1)\n\nDoe, J. (2025, March 30). Port deal signed.")
    whole = answer_to_copy(own_services, answer, "footnote")
    assert whole.startswith(
        f"How many jobs?\n\n{answer.text} [1]\n\n{quotation} [1]\n\n[1] Jane Doe, “Port Deal Signed,”"
    )
    assert "para. 1" in whole


def test_a_related_passage_is_cited_too_and_plainly_once_the_index_lacks_it(
    own_services: ChatServices, ports: Path
) -> None:
    (related,) = answer_from(own_services.paths.index, "Who?", related=[ports]).related
    day = own_services.now().date()
    assert "(Doe, 2025" in quotation_to_copy(own_services, related, day, "apa")
    own_services.remove(related.article_id)
    assert "— Port deal signed, 2025-03-30" in quotation_to_copy(own_services, related, day, "apa")


def test_a_link_leads_to_the_very_words_and_without_an_address_to_the_file(
    own_services: ChatServices, ports: Path, tmp_path: Path
) -> None:
    answer = answer_from(
        own_services.paths.index, "How?", (ports, 2), (tmp_path / "articles" / "us-forces-in-japan.txt", 5)
    )
    linked, filed = (link_to_copy(own_services, c, own_services.now().date()) for c in answer.citations)
    assert linked == "https://example.org/ports#:~:text=It%20covers%2054%2C000%20jobs%2C%20officials%20said."
    assert filed == (tmp_path / "articles" / "us-forces-in-japan.txt").as_uri()


def test_what_is_copied_is_as_of_today(own_services: ChatServices, ports: Path) -> None:
    answer = answer_from(own_services.paths.index, "How many jobs?", (ports, 2))
    ports.write_text(PORTS.replace("54,000", "55,000"), encoding="utf-8")
    (cited,) = own_services.cite(answer.citations, accessed=own_services.now().date())
    assert cited.status is Freshness.CHANGED
    assert cited.current.quote == "It covers 54,000 jobs, officials said."


async def test_c_chooses_the_style_of_y_and_the_next_start_keeps_it(answering: AnsweringServices) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("escape", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CitationStyleScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "copied as footnote" in notices(chat(pilot)))
        await pilot.press("y")
        await until(pilot, lambda: "last-copy.txt" in notices(chat(pilot)))
        assert copied(answering).startswith(f"“{TROOPS}” [1]\n\n[1] “US Defense Secretary")
    assert ChatApp(answering).citing.style == "footnote"


def test_the_style_of_the_settings_comes_before_the_one_chosen_last(
    make_answering: Callable[..., AnsweringServices],
) -> None:
    make_answering().remember_style("mla")
    assert ChatApp(make_answering(citation_style="apa")).citing.style == "apa"
    assert ChatApp(make_answering()).citing.style == "mla"


async def opened_at(pilot: Pilot[str], words: str) -> None:
    """Wait for the reader, and see that it stands on some words."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ReaderScreen))
    reader = pilot.app.screen
    assert isinstance(reader, ReaderScreen)
    assert isinstance(reader.citation, RelatedPassage)
    assert reader.citation.quote == words


async def test_a_draft_is_checked_and_each_label_leads_to_its_article(own_services: ChatServices, draft: Path) -> None:
    app = Host(own_services, screen=VerifyScreen)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*str(draft), "enter")
        await settle(pilot)
        words = said(app.screen, "#look-said")
        assert words.startswith("3 quotations: 1 verbatim, 1 altered, 1 not found")
        assert "without a counterpart, not checked, in line 5" in words
        options = app.screen.query_one(OptionList)
        assert [str(option.prompt).split("  ")[1] for option in options.options] == ["altered", "not found", "verbatim"]
        assert "number: 54,000 → 55,000" in str(options.options[0].prompt)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "No article has these words" in notices(app))
        await pilot.press("down", "enter")
        await opened_at(pilot, TROOPS.removesuffix("."))


async def test_a_file_that_is_no_draft_is_said_and_another_can_be_named(
    own_services: ChatServices, tmp_path: Path
) -> None:
    app = Host(own_services, screen=lambda services: VerifyScreen(services, str(tmp_path / "none.md")))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "none.md cannot be read" in said(app.screen, "#look-said")
        assert app.screen.query_one("#look-said").has_class("-failed")
        assert isinstance(app.focused, Input)
        await pilot.press("escape")
        assert not isinstance(app.screen, LookingUp)


async def test_an_excerpt_leads_to_its_sentence(own_services: ChatServices) -> None:
    app = Host(own_services, screen=WhenceScreen)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"about 54,000 troops in japan, and", "enter")
        await settle(pilot)
        assert said(app.screen, "#look-said") == "1 place"
        found = str(app.screen.query_one(OptionList).options[0].prompt)
        assert found.startswith("altered")
        assert "us-forces-in-japan.txt, sentence 5 · 045939ebd956:5" in found
        await pilot.press("slash")
        line = app.screen.query_one(Input)
        line.value = "about 54,000 troops in Japan, and"
        await pilot.press("enter")
        await settle(pilot)
        assert str(app.screen.query_one(OptionList).options[0].prompt).startswith("exact")
        await pilot.press("enter")
        await opened_at(pilot, "about 54,000 troops in Japan, and")


async def test_slash_commands_look_at_once(answering: AnsweringServices, draft: Path) -> None:
    async with ChatApp(answering).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(pilot.app.screen.query("Prompt")))
        chat(pilot).chat.prompt.insert(f"/verify {draft}")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyScreen))
        await until(pilot, lambda: said(pilot.app.screen, "#look-said").startswith("3 quotations"))
        await pilot.press("escape")
        chat(pilot).chat.prompt.insert("/whence roughly half of them are based on the southern island")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhenceScreen))
        await until(pilot, lambda: said(pilot.app.screen, "#look-said") == "1 place")


@SIZES
def test_a_checked_draft_looks_so(
    snap_compare: Callable[..., bool], own_services: ChatServices, draft: Path, size: tuple[int, int]
) -> None:
    app = Host(own_services, screen=lambda services: VerifyScreen(services, draft.name))
    assert snap_compare(app, run_before=settle, terminal_size=size)


@SIZES
def test_an_excerpt_looks_so(
    snap_compare: Callable[..., bool], own_services: ChatServices, size: tuple[int, int]
) -> None:
    words = "about 54,000 soldiers in Japan, and roughly half of them are based"
    app = Host(own_services, screen=lambda services: WhenceScreen(services, words))
    assert snap_compare(app, run_before=settle, terminal_size=size)


@SIZES
def test_the_styles_look_so(
    snap_compare: Callable[..., bool], own_services: ChatServices, size: tuple[int, int]
) -> None:
    app = Host(own_services, screen=lambda _: CitationStyleScreen("apa"))
    assert snap_compare(app, run_before=settle, terminal_size=size)


def test_an_excerpt_that_is_nowhere_is_said(own_services: ChatServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChatServices, "whence", lambda *_: ())
    assert WhenceScreen(own_services).find("no such words").said == NOWHERE
