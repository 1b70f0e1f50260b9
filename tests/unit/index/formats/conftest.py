"""Files of each format as people have them, and one process that reads them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.formats import ParsedArticle, ParsedFile, ReaderProcess, ReadOptions, read_article
from index.segment import sentences

Read = Callable[..., ParsedFile]


@pytest.fixture(scope="session")
def process() -> Iterator[ReaderProcess]:
    with ReaderProcess() as running:
        yield running


@pytest.fixture(scope="session")
def read(process: ReaderProcess) -> Read:
    """Read bytes as a file of that name: `read("a.html", data)`."""

    def run(name: str, data: str | bytes, **options: object) -> ParsedFile:
        raw = data.encode() if isinstance(data, str) else data
        return read_article(name, raw, options=ReadOptions(**options), process=process)  # type: ignore[arg-type]

    return run


def quotes(parsed: ParsedArticle) -> list[str]:
    """The sentences of an article, each as the slice that would be quoted."""
    text = parsed.article.text
    found = sentences(
        text,
        body_start=parsed.body_start,
        article_id=parsed.article.id,
        markdown=parsed.markdown,
        page_starts=parsed.page_starts,
    )
    return [text[sentence.start : sentence.end] for sentence in found]


def pages(parsed: ParsedArticle) -> list[int | None]:
    """The page of each sentence."""
    found = sentences(
        parsed.article.text,
        body_start=parsed.body_start,
        article_id=parsed.article.id,
        markdown=parsed.markdown,
        page_starts=parsed.page_starts,
    )
    return [sentence.page for sentence in found]
