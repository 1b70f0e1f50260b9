"""Taking articles and folders out of the index on request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from index.stdin import delete_kept, kept_files
from index.writer import Writer

__all__ = ["remove_articles", "remove_files", "remove_source"]


def remove_articles(writer: Writer, article_ids: Sequence[str]) -> int:
    """Remove articles with everything made from them; return how many.

    Their files are not touched, and not indexed again until somebody names them.
    """
    removed = 0
    for article_id in article_ids:
        files = writer.files_of(article_id)
        kept = list(kept_files(writer, files))
        with writer.transaction():
            orphans = {article_id}
            for file in files:
                orphans.update(other for _, other in writer.articles_in(file))
                writer.leave_out(file)
            removed += writer.remove_orphans(orphans)
            writer.bump_generation()
        delete_kept(kept)
    writer.tidy()
    return removed


def remove_files(writer: Writer, files: Sequence[int]) -> int:
    """Take files out of the index, and the articles that lie nowhere else; return how many articles."""
    removed = 0
    kept = list(kept_files(writer, files))
    with writer.transaction():
        for file in files:
            articles = [article for _, article in writer.articles_in(file)]
            writer.leave_out(file)
            removed += writer.remove_orphans(articles)
        writer.bump_generation()
    delete_kept(kept)
    writer.tidy()
    return removed


def remove_source(writer: Writer, root: str) -> int | None:
    """Remove a folder that was indexed, and the articles that lie nowhere else; return how many.

    None when the folder is no source of this index.
    """
    keys = [key for key, source in writer.sources() if source.root == PurePosixPath(root).as_posix()]
    if not keys:
        return None
    removed = 0
    kept = list(kept_files(writer, writer.files_in(keys[0])))
    with writer.transaction():
        for file in writer.files_in(keys[0]):
            articles = [article for _, article in writer.articles_in(file)]
            writer.remove_file(file)
            removed += writer.remove_orphans(articles)
        writer.remove_source(keys[0])
        writer.bump_generation()
    delete_kept(kept)
    writer.tidy()
    return removed
