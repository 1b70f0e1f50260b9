"""A small corpus with kept answers, to be exported: one article stays, one changes, one goes, one is hostile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from qa.history import History
from tests.conftest import run_here
from tests.kept import answer_from, sync_quickly

__all__ = ["HOSTILE", "Desk", "make_desk"]

STAYS = """---
title: Port deal signed
date: 2025-03-30
author: Ursula von der Leyen
outlet: The Harbour Times
url: https://example.org/ports/deal-1?x=1&y=2
---
The new port of Osaka opened on Monday. Its cranes came from Kobe by sea, and three hundred people work there.
"""
CHANGES = "date 2025-02-01 The shipyard in Kobe employs roughly 700 workers. It builds two ferries in a good year.\n"
GOES = "date 2024-11-05 A storm damaged the old lighthouse of Naha. Nobody was hurt when the lamp fell.\n"
HOSTILE = (
    '<script>alert(1)</script> The **harbour** [master](javascript:x) said "pay \u202e100\u202c <b>euros</b> & go" to '
    "`everyone` there. <img src=x onerror=y> {{x}} $5$ @all ended the long meeting.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A person's folder with an index, and what they asked."""

    folder: Path
    conversation: str
    quotes: dict[str, str]
    """File name -> what is quoted of it."""

    @property
    def articles(self) -> Path:
        """The folder that is indexed."""
        return self.folder / "articles"

    def qa(self, *arguments: str) -> CompletedProcess[str]:
        """Run the command in this process, in this folder, with data of its own."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("QA_", "XDG_"))}
        own = {f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in ("DATA", "CONFIG", "STATE", "CACHE")}
        return run_here(arguments, self.folder, {**kept, **own, "QA_DATA_DIR": str(self.folder / "data")})

    def change_corpus(self) -> None:
        """One article says another number, one is removed, and the index follows."""
        (self.articles / "changes.txt").write_text(CHANGES.replace("700", "900"), encoding="utf-8")
        (self.articles / "goes.txt").unlink()
        sync_quickly(self.folder / ".qa")


def make_desk(folder: Path) -> Desk:
    """Index four articles, keep a conversation of two questions, and pin all that it cites."""
    articles = folder / "articles"
    articles.mkdir()
    texts = {"stays.md": STAYS, "changes.txt": CHANGES, "goes.txt": GOES, "hostile.txt": HOSTILE}
    for name, text in texts.items():
        (articles / name).write_text(text, encoding="utf-8")
    index = folder / ".qa"
    sync_quickly(index, articles)
    history = History(folder / "data" / "history.sqlite", index_folder=index)
    conversation = history.start("Ports & <people>")
    first = answer_from(
        index, "How many people work at the ports?", (articles / "stays.md", 2), (articles / "changes.txt", 1)
    )
    second = answer_from(
        index,
        "What happened at sea?",
        (articles / "goes.txt", 1),
        (articles / "hostile.txt", 1),
        asked_at="2025-06-02T09:00:00+00:00",
    )
    nothing = answer_from(index, "Who invented the zipper?")
    for answer in (first, second, nothing):
        history.append(conversation, answer)
    cited = [*first.citations, *second.citations]
    quotes = {citation.place.path: citation.quote for citation in cited}
    desk = Desk(folder=folder, conversation=conversation, quotes=quotes)
    for turn, heading in (("1", "People"), ("2", "Sea")):
        done = desk.qa("pin", conversation, "--turn", turn, "--heading", heading, "--note", "Mine: <b> *note*")
        assert done.returncode == 0, done.stderr
    return desk
