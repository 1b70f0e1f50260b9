"""Documents of a test collection -> a temporary index, kept in the cache so that a second run takes seconds [I/O]."""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import boundaries, ingest, segment
from index.article_rows import insert_article
from index.entities import Article, Source
from index.formats import ParsedArticle
from index.ingest import embedded_texts, prepare
from index.lexicon import NORMALISER_VERSION
from index.schema import FORMAT_VERSION
from index.vector_files import write_generation
from index.writer import FileRecord, Writer

if TYPE_CHECKING:
    from index.arrays import Embeddings
    from index.encode import Encoder, QueryEncoder

__all__ = ["Document", "MemoEncoder", "build_collection", "collection_sha256", "documents_of"]

_ROOT = "/collection"
_BATCH = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text to be found."""

    id: str
    title: str
    text: str


class MemoEncoder:
    """An encoder of questions that embeds each text once: sentences of passages come up again and again."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self.id = encoder.id
        self.sha256 = encoder.sha256
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._known: dict[str, Embeddings] = {}

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """See `QueryEncoder.encode_queries`."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode_queries(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def collection_sha256(documents: Iterable[Document], encoder_sha256: str) -> str:
    """Names an index: what is in it, and every version that decides how it is made."""
    digest = hashlib.sha256(f"{encoder_sha256} {FORMAT_VERSION} {NORMALISER_VERSION}".encode())
    for module in (segment, boundaries, ingest):  # how passages are cut and what is embedded
        digest.update(inspect.getsource(module).encode())
    for document in documents:
        for part in (document.id, document.title, document.text):
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def build_collection(
    documents: Sequence[Document],
    folder: Path,
    *,
    load: Callable[[], Encoder],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Path:
    """Index the documents in `folder`; an index that is there is taken as it is.

    Args:
        documents: With distinct ids; those without a word are left out.
        folder: Named by `collection_sha256`.
        load: Loads the encoder, when there is something to embed.
        progress: Told how many of how many documents are done.
    """
    if folder.exists():
        return folder
    building = folder.with_name(f"{folder.name}.{os.getpid()}.building")
    shutil.rmtree(building, ignore_errors=True)
    encoder = load()
    with Writer.open(building) as writer:
        with writer.transaction():
            writer.add_source(Source(root=_ROOT, is_file=False))
            writer.set_meta("encoder_id", encoder.id)
            writer.set_meta("encoder_sha256", encoder.sha256)
            writer.set_meta("dimension", encoder.dimension)
        for begin in range(0, len(documents), _BATCH):
            _insert(writer, documents[begin : begin + _BATCH], encoder)
            progress(min(begin + _BATCH, len(documents)), len(documents))
        write_generation(writer)
    return building.rename(folder)


def documents_of(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Article id -> ids of the documents with that text."""
    from index.store import Store

    store = Store.open(folder)
    rows = store.connection.execute(
        "SELECT a.id, p.member FROM places p JOIN articles a ON a.key = p.article ORDER BY p.member"
    ).fetchall()
    store.close()
    found: dict[str, tuple[str, ...]] = {}
    for article_id, member in rows:
        found[article_id] = (*found.get(article_id, ()), member)
    return found


def _insert(writer: Writer, documents: Sequence[Document], encoder: Encoder) -> None:
    texts = {document.text: document for document in documents if any(map(str.isalnum, document.text))}
    new = [prepare(_parsed(document), encoder) for document in texts.values()]
    new = [item for item in new if not writer.has(item.article.id)]
    vectors = iter(encoder.encode_passages([text for item in new for text in embedded_texts(item)]))
    with writer.transaction():
        for item in new:
            insert_article(writer, item, [next(vectors) for _ in item.windows])
        file = writer.put_file(FileRecord(file=f"{_ROOT}/all", mtime_ns=0, size=0, format="collection"))
        for document in documents:
            writer.put_place(file, document.id, _article(document).id)


def _parsed(document: Document) -> ParsedArticle:
    return ParsedArticle(article=_article(document), member=document.id, body_start=0, markdown=False)


def _article(document: Document) -> Article:
    sha256 = hashlib.sha256(document.text.encode()).hexdigest()
    return Article(
        id=sha256[:12],
        title=document.title,
        title_given=bool(document.title),
        text=document.text,
        date=None,
        author=None,
        outlet=None,
        url=None,
        language="en",
        sha256=sha256,
        text_sha256=sha256,
    )
