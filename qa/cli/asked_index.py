"""The index that a kept conversation was asked of, as it is today [I/O]."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.context import Context

if TYPE_CHECKING:
    from index.store import Store
    from qa.history import ConversationSummary

__all__ = ["open_asked_index"]


def open_asked_index(context: Context, summary: ConversationSummary, cited: Collection[str]) -> Store | None:
    """The index that `--index` names, otherwise the one that was asked; None when there is none any more.

    When the one that was asked is gone, the index of this folder stands in if it holds a cited article: the folder was
    moved.

    Args:
        context: Of the command.
        summary: The conversation.
        cited: Ids of the articles that its answers cite.
    """
    if summary.index_folder is None or "index" in context.options:
        return _opened(context, context.index_folder)
    asked = _opened(context, Path(summary.index_folder))
    if asked is not None:
        return asked
    here = _opened(context, context.index_folder)
    if here is not None and not any(here.has(article_id) for article_id in cited):
        here.close()
        return None
    return here


def _opened(context: Context, folder: Path) -> Store | None:
    from index.errors import NoIndexError
    from index.store import Store

    try:
        return Store.open(folder)
    except NoIndexError as error:
        context.detail(str(error))
        return None
