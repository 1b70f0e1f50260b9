"""How screens go away: once, however often the key is pressed while a busy machine has not followed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    Base = object

__all__ = ["ClosesOnce"]


class ClosesOnce(Base):
    """For every screen above the chat; stands before `Screen` among the bases."""

    def dismiss(self, result: Any = None) -> AwaitComplete:  # noqa: ANN401  # whatever the screen gives
        """Close with a result, unless that has been done: textual would take away the screen below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
