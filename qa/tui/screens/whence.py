"""Looks up where an excerpt comes from: article, sentence, and all copies."""

from __future__ import annotations

from typing import ClassVar

from qa.tui.screens.looking_up import Found, Item, LookingUp, painted
from qa.tui.workers import source_at
from qa.visible import name_in_line

__all__ = ["WhenceScreen"]

NOWHERE = "No article has these words, or says much the same."


class WhenceScreen(LookingUp):
    """Exact places come first, then altered ones."""

    HEADING: ClassVar[str] = "Find where an excerpt comes from"
    HINT: ClassVar[str] = "some words in a row, typed or pasted"

    def find(self, typed: str) -> Found:
        """Look up an excerpt."""
        from qa.report.verify_words import match_words

        found = self.services.whence(typed)
        items = []
        for match in found:
            places = self.services.places(match.place.source.article.id)
            files = [name_in_line(place.path) for place in places]
            items.append(
                Item(words=painted(list(match_words(match, files))), source=source_at(self.services, match.place))
            )
        said = f"{len(found)} place{'s' * (len(found) != 1)}" if found else NOWHERE
        return Found(said=said, items=tuple(items))
