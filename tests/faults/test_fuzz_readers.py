"""Readers meet damaged files of every format: each gives articles or a line about the file, within its limits.

A few hundred inputs run with the suite; `QA_FUZZ=10000` asks for more.
"""

from __future__ import annotations

import json
import os
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.formats import ParsedFile, ReaderProcess, ReadOptions, read_article
from index.segment import sentences
from tests.unit.index.formats.test_docx import packed
from tests.unit.index.formats.test_html import AWKWARD, BLOG, NEWS
from tests.unit.index.formats.test_mail import letter
from tests.unit.index.formats.test_pdf import LEAD, Newspaper, body, document, paragraph, saved
from tests.unit.index.formats.test_rows import FEED, TABLE, WORDPRESS

TIMES = int(os.environ.get("QA_FUZZ", "350"))
LIMITS = ReadOptions(seconds=20, memory_bytes=800_000_000, max_bytes=2_000_000, max_unpacked_bytes=5_000_000)


def _pdf() -> bytes:
    pdf = document(Newspaper)
    for number in range(3):
        paragraph(pdf, body(number))
    return saved(pdf)


def _docx() -> bytes:
    from docx import Document

    file = BytesIO()
    made = Document()
    made.add_heading("Port", 1)
    made.add_paragraph(LEAD)
    made.save(file)
    return file.getvalue()


def _stored_docx() -> bytes:
    """Not compressed, so that flipped bits reach the XML."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(_docx())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


SEEDS: tuple[tuple[str, bytes], ...] = (
    ("a.html", NEWS.encode()),
    ("b.html", BLOG.encode()),
    ("c.html", AWKWARD.encode()),
    ("a.pdf", _pdf()),
    ("a.docx", _docx()),
    ("b.docx", _stored_docx()),
    ("a.eml", letter()),
    ("a.jsonl", FEED.encode()),
    ("a.csv", TABLE.encode()),
    ("b.jsonl", json.dumps({"text": WORDPRESS, "title": "Vell&#8217;s port"}).encode()),
    ("a.zip", packed({"a.html": NEWS.encode(), "b.csv": TABLE.encode(), "c.txt": b"The port closed."})),
    ("a.md", b"---\ntitle: Port\ndate: 2025-03-30\n---\n# Port\n\nThe port closed."),
    ("a.txt", b" date 2025-03-30 The port closed.\n\nIt opened again."),
)
_NOISE = (
    b"\x00",
    b"\xff\xfe",
    b"\n" * 500,
    b"<div>" * 2_000,
    b"[" * 5_000,
    b"&a;" * 100,
    b"2025-02-30",
    b"%PDF-1.7",
    b"\\u",
)


@pytest.fixture(scope="module")
def process() -> Iterator[ReaderProcess]:
    with ReaderProcess() as running:
        yield running


def damaged(source: random.Random) -> tuple[str, bytes]:
    """A file that was cut, flipped, spliced, filled up or given another name."""
    name, data = source.choice(SEEDS)
    changed = bytearray(data)
    for _ in range(source.randrange(1, 4)):
        _DAMAGE[source.randrange(len(_DAMAGE))](changed, source)
    if source.random() < 0.1:
        name = source.choice(SEEDS)[0]
    return name, bytes(changed)


def _cut(data: bytearray, source: random.Random) -> None:
    del data[source.randrange(len(data) + 1) :]


def _flip(data: bytearray, source: random.Random) -> None:
    for _ in range(source.randrange(1, 30) if data else 0):
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)


def _splice(data: bytearray, source: random.Random) -> None:
    other = source.choice(SEEDS)[1]
    start = source.randrange(len(other))
    at = source.randrange(len(data) + 1)
    data[at:at] = other[start : start + source.randrange(2_000)]


def _fill(data: bytearray, source: random.Random) -> None:
    at = source.randrange(len(data) + 1)
    data[at:at] = source.choice(_NOISE) * source.randrange(1, 4)


def _drop(data: bytearray, source: random.Random) -> None:
    at = source.randrange(len(data) + 1)
    del data[at : at + source.randrange(1, 400)]


_DAMAGE: tuple[Callable[[bytearray, random.Random], None], ...] = (_cut, _flip, _flip, _splice, _fill, _drop)


def check(found: ParsedFile) -> None:
    """Every article can be stored, and its sentences are slices of its text."""
    for item in found.articles:
        text = item.article.text
        text.encode()
        json.dumps([item.article.title, item.article.author, item.article.url, item.member])
        assert item.article.date is None or len(item.article.date) >= 10
        assert "\x00" not in text
        before = item.body_start
        for sentence in sentences(
            text,
            body_start=item.body_start,
            article_id=item.article.id,
            markdown=item.markdown,
            page_starts=item.page_starts,
        ):
            assert before <= sentence.start < sentence.end <= len(text)
            before = sentence.end


def read(name: str, data: bytes, process: ReaderProcess) -> tuple[ParsedFile | None, str]:
    """The articles, or what is said of the file."""
    try:
        return read_article(name, data, options=LIMITS, process=process), ""
    except UnreadableFileError as error:
        return None, error.reason


def judge(found: ParsedFile | None, reason: str) -> None:
    if found is not None:
        check(found)
    else:
        assert 0 < len(reason) < 2_000


@pytest.mark.timeout(7_200)
def test_damaged_files_give_articles_or_a_line_within_their_limits(process: ReaderProcess) -> None:
    source = random.Random(20250330)
    slowest = 0.0
    for number in range(TIMES):
        name, data = damaged(source)
        began = time.monotonic()
        found, reason = read(name, data, process)
        slowest = max(slowest, time.monotonic() - began)
        try:
            judge(found, reason)
        except AssertionError as error:
            raise AssertionError(f"input {number}, {name}, {len(data)} bytes: {data[:200]!r}") from error
    print(f"{TIMES} inputs, the slowest {slowest:.1f} s")  # noqa: T201  # shown with -s


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3_000), name=st.sampled_from([name for name, _ in SEEDS]))
def test_any_bytes_under_any_name(process: ReaderProcess, data: bytes, name: str) -> None:
    judge(*read(name, data, process))


HOSTILE: tuple[tuple[str, bytes, str | None], ...] = (
    ("line.html", b"<html><body><p>" + b"a" * 1_900_000, None),
    ("line.txt", b"word " * 390_000, None),
    ("deep.html", b"<html>" + b"<div>" * 200_000 + b"The port closed.", None),
    ("tables.html", b"<html>" + b"<table><tr><td>" * 20_000 + b"The port closed.", None),
    ("attributes.html", b"<html><p " + b"a=1 " * 300_000 + b">The port closed.", None),
    ("entities.html", b"<!doctype html><p>" + b"&amp;" * 300_000 + b"The port closed.", None),
    ("nul.html", b"<html><p>\x00The\x00 port closed.", None),
    ("quotes.csv", b'text\n"' + b'a"",' * 400_000, None),
    ("columns.csv", b"text" + b",a" * 500_000 + b"\nThe port closed.", None),
    ("deep.jsonl", b'{"text": "' + b"<div>" * 200_000 + b'The port closed."}', None),
    ("breaks.jsonl", b'{"text": "' + b"<br>" * 300_000 + b'The port closed."}', None),
    ("breaks.html", b"<html><table><tr><td>" + b"<br>a" * 200_000 + b"The port closed.", None),
    ("open.jsonl", b'{"text": ' + b'{"a":' * 300_000, "nested too deeply"),
    ("parts.eml", b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000, None),
    ("nested.eml", b"From: a@b.c\n" + b"Content-Type: message/rfc822\n\n" * 5_000, None),
    ("fields.eml", b"From: a@b.c\n" + b"X-A: b\n" * 200_000 + b"\nThe port closed.", None),
    ("objects.pdf", b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]/Type/Pages>>endobj\n" * 30_000, "damaged PDF"),
    ("entries.zip", packed({f"{n}.txt": b"A." for n in range(5_000)}), None),
)


@pytest.mark.parametrize(("name", "data", "reason"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
def test_files_made_to_exhaust_a_reader_end_within_its_limits(
    process: ReaderProcess, name: str, data: bytes, reason: str | None
) -> None:
    found, said = read(name, data, process)
    judge(found, said)
    assert reason is None or reason in said
