from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.formats import FORMATS, SUFFIXES, ParsedArticle, ParsedFile, ReaderProcess, ReadOptions, read_article
from index.formats.dates import date_of_name, parse_date
from index.formats.header import MAX_FRONT_MATTER_BYTES, Header, read_header

WIRE = (
    ' date 2025-03-30 The port authority will keep "steady, fair and open" tolls on the strait, Harbour Minister\n'
    'Ann Lowe said Sunday, calling the dispute "settled".\n\n"We are done here. The ships sail," she said.\n'
)


def parse(text: str | bytes, *, suffix: str = ".txt", encoding: str | None = None, name: str = "a") -> ParsedArticle:
    (article,) = parse_file(text, suffix=suffix, encoding=encoding, name=name).articles
    return article


def parse_file(text: str | bytes, *, suffix: str, encoding: str | None = None, name: str = "a") -> ParsedFile:
    data = text.encode() if isinstance(text, str) else text
    with ReaderProcess() as process:  # starts nothing for text
        return read_article(f"{name}{suffix}", data, options=ReadOptions(encoding=encoding), process=process)


def text_header(text: str) -> Header:
    return read_header(text, markdown=False)


def markdown_header(text: str) -> Header:
    return read_header(text, markdown=True)


def test_a_wire_article_gives_its_date_and_starts_behind_it() -> None:
    parsed = parse(WIRE)
    assert parsed.article.date == "2025-03-30"
    assert parsed.article.text == WIRE
    assert parsed.article.text[parsed.body_start :].startswith("The port authority")
    assert parsed.article.title == 'The port authority will keep "steady, fair and open" tolls on the strait…'
    assert not parsed.article.title_given
    assert parsed.article.text_sha256 == hashlib.sha256(WIRE.encode()).hexdigest()
    assert parsed.article.id == parsed.article.text_sha256[:12]
    assert (parsed.article.language, parsed.member, parsed.markdown) == ("und", None, False)


def test_the_source_hash_is_of_the_bytes_and_the_text_hash_of_the_text() -> None:
    data = WIRE.encode("utf-16")
    article = parse(data).article
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert article.id == parse(WIRE).article.id


def test_a_short_first_sentence_is_the_whole_title() -> None:
    assert parse("Rain  fell\non Monday. More is to come.").article.title == "Rain fell on Monday."


def test_a_long_word_is_cut_for_the_title() -> None:
    assert parse("x" * 300).article.title == "x" * 80 + "…"


def test_the_title_passes_over_lines_without_words_and_list_marks() -> None:
    assert parse("***\n\n- Rain *fell*.", suffix=".md").article.title == "Rain *fell*."


@pytest.mark.parametrize(
    ("prefix", "date"),
    [
        ("date 2025-03-30 ", "2025-03-30"),
        (" date 2025-03-30 ", "2025-03-30"),
        ("\n\nDate: 2025-03-30\n", "2025-03-30"),
        ("DATE 2025-03-30\r\n\r\n", "2025-03-30"),
        ("date: 2025-3-5\n", "2025-03-05"),
        ("Date: 2025-03-30T10:00:00+09:00\n", "2025-03-30T10:00:00+09:00"),
        ("date 2025-03-30T10:00Z ", "2025-03-30T10:00Z"),
        ("date 2025-03-30T10:00:00.5 ", "2025-03-30T10:00:00.5"),
        ("Date: 2025-03-30 10:00 +0900\n", "2025-03-30T10:00+09:00"),
        ("Date: March 30, 2025\n", "2025-03-30"),
        ("Date: Sunday, 30 Mar 2025\n", "2025-03-30"),
    ],
)
def test_a_date_in_front_is_header(prefix: str, date: str) -> None:
    header = text_header(prefix + "The ships sailed.")
    assert header == Header(date=date, body_start=len(prefix))


@pytest.mark.parametrize(
    "value", ["2025-02-30", "2025-13-01", "0000-01-01", "2025-03-30T25:00:00", "2025-03-30T10:00+99:00"]
)
def test_an_impossible_date_is_header_and_a_problem_that_names_it(value: str) -> None:
    for prefix in (f" date {value} ", f"Date: {value}\n"):
        header = text_header(prefix + "The ships sailed.")
        assert (header.date, header.body_start) == (None, len(prefix))
        (problem,) = header.problems
        assert problem.startswith(f"{value!r} is not a date, so it is not used")
        assert "run `qa index` again" in problem


@pytest.mark.parametrize(
    "text",
    [
        "Date palms are grown here.",
        "Date 2025 was a good year.",
        "Date 2025-03-30 was a Sunday.",
        "Date: the fruit of a palm.",
        "Date night: 30 ideas",
        "date 2025-03-301 ships",
        "dated 2025-03-30 the letter",
        "Date: Smarch 30, 2025\n",
        "The date 2025-03-30 was set.",
    ],
)
def test_prose_about_dates_is_not_swallowed(text: str) -> None:
    assert text_header(text) == Header()


def test_a_date_line_does_not_swallow_a_sentence_that_begins_with_a_number() -> None:
    header = text_header("date 2025-03-30 10 people died.")
    assert (header.date, header.body_start) == ("2025-03-30", 16)


def test_plain_text_has_no_front_matter_and_no_heading() -> None:
    assert text_header("---\ntitle: A\n---\nB.") == Header()
    assert text_header("# A\n\nB.") == Header()


def test_front_matter_gives_every_field() -> None:
    text = (
        "---\n# made by hand\ntitle: 'Ships: a  tale'\ndate: 2025-03-30\nauthors: [Ann Lowe, {name: Bo Ek}]\n"
        "publication: The Daily\nlink: https://example.org/a\nlang: en-GB\n---\n\nThe ships sailed.\n"
    )
    header = markdown_header(text)
    assert header == Header(
        title="Ships: a tale",
        date="2025-03-30",
        author="Ann Lowe, Bo Ek",
        outlet="The Daily",
        url="https://example.org/a",
        language="en-GB",
        body_start=text.index("The ships"),
    )


def test_toml_front_matter_is_read() -> None:
    text = '+++\ntitle = "Ships"\ndate = 2025-03-30T10:00:00+09:00\nauthor = ["A", "B"]\n+++\nThe ships sailed.'
    header = markdown_header(text)
    assert (header.title, header.date, header.author) == ("Ships", "2025-03-30T10:00:00+09:00", "A, B")
    assert text[header.body_start :] == "The ships sailed."


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_front_matter_is_read_with_every_newline(newline: str) -> None:
    header = markdown_header(newline.join(["---", "title: Ships", "date: 2025-03-30", "---", "They sailed."]))
    assert (header.title, header.date) == ("Ships", "2025-03-30")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("source: The Daily", {"outlet": "The Daily", "url": None}),
        ("source: https://example.org/", {"outlet": None, "url": "https://example.org/"}),
        ("source_url: https://example.org/", {"url": "https://example.org/"}),
        ("site_name: The Daily", {"outlet": "The Daily"}),
        ("title: 2024", {"title": "2024"}),
        ("title: Yes", {"title": "Yes"}),
        ("title: null", {"title": None}),
        ("title:", {"title": None}),
        ("date: March 30, 2025", {"date": "2025-03-30"}),
        ("date: 30 Sept. 2025", {"date": "2025-09-30"}),
        ("date: 2025-03-30 10:00:00 +09:00", {"date": "2025-03-30T10:00:00+09:00"}),
        ("Published: 2025/03/30", {"date": "2025-03-30"}),
        ("lang: not a tag", {"language": None}),
        ("title: !!python/object/apply:os.system [ls]", {"title": "ls"}),
    ],
)
def test_front_matter_values_are_read_as_text(line: str, expected: dict[str, Any]) -> None:
    header = markdown_header(f"---\n{line}\n---\nThe ships sailed.")
    assert {name: getattr(header, name) for name in expected} == expected
    assert header.problems == ()


@pytest.mark.parametrize("value", ["2025-02-30", "yesterday", "03/04/2025", "February 30, 2025"])
def test_a_date_in_front_matter_that_is_none_is_a_problem(value: str) -> None:
    header = markdown_header(f"---\ntitle: Ships\ndate: {value}\n---\nThe ships sailed.")
    assert (header.title, header.date) == ("Ships", None)
    assert header.problems[0].startswith(f"{value!r} is not a date")


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("block", "fence", "why"),
    [
        ("title: [unclosed", "---", "front matter cannot be read"),
        (BOMB, "---", "anchor or alias"),
        ("title: " + "[" * 5000, "---", "nested more than 20 levels"),
        ("title: " + "x" * MAX_FRONT_MATTER_BYTES, "---", "longer than 65536 bytes"),
        ("title = unquoted", "+++", "front matter cannot be read"),
        ("title = " + "[" * 5000, "+++", "front matter cannot be read"),
        ("date = 2025-02-30", "+++", "front matter cannot be read"),
    ],
)
def test_malformed_front_matter_is_a_problem_and_still_header(block: str, fence: str, why: str) -> None:
    text = f"{fence}\n{block}\n{fence}\nThe ships sailed."
    header = markdown_header(text)
    assert why in header.problems[0]
    assert header.title is None
    assert text[header.body_start :] == "The ships sailed."


def test_front_matter_that_is_never_closed_is_text_and_a_problem() -> None:
    header = markdown_header("---\ntitle: Ships\n\nThe ships sailed.")
    assert header.body_start == 0
    assert "never closed" in header.problems[0]


@pytest.mark.parametrize(
    "text", ["---\n\nThe ships sailed.\n\n---\n\nAll of them.", "--- \n- a\n- b\n---\nC", "----\na: b"]
)
def test_a_thematic_break_is_not_front_matter(text: str) -> None:
    assert markdown_header(text) == Header()


def test_a_leading_heading_is_title_and_header() -> None:
    text = "\n# The *big* ship #\n\ndate 2025-03-30\n\nIt sailed. # no heading"
    header = markdown_header(text)
    assert (header.title, header.date) == ("The *big* ship", "2025-03-30")
    assert text[header.body_start :] == "It sailed. # no heading"


def test_a_heading_below_a_given_title_stays_text() -> None:
    text = "---\ntitle: A\n---\n# B\n\nC."
    header = markdown_header(text)
    assert (header.title, text[header.body_start :]) == ("A", "# B\n\nC.")


@pytest.mark.parametrize("text", ["## Second level\n\nA.", "#hashtag\n\nA.", "#\n\nA.", "<!-- note -->\n# T\n\nA."])
def test_other_beginnings_are_no_heading(text: str) -> None:
    assert markdown_header(text) == Header()


@pytest.mark.parametrize(
    ("text", "suffix", "reason"),
    [
        ("", ".txt", "empty file"),
        (" \n\u3000\n", ".txt", "no sentence in it"),
        ("date 2025-03-30\n", ".txt", "no sentence in it"),
        ("***\n", ".txt", "no sentence in it"),
        ("---\ntitle: A\n---\n", ".md", "no sentence in it"),
        ("# A\n", ".md", "no sentence in it"),
        ("a\x00b", ".txt", "not a text file"),
    ],
)
def test_a_file_without_an_article_says_why(text: str, suffix: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        parse(text, suffix=suffix)
    assert caught.value.reason.startswith(reason)
    assert caught.value.path == f"a{suffix}"


def test_a_wrong_encoding_is_the_files_error() -> None:
    with pytest.raises(UnreadableFileError, match=r"^a.txt: byte 0xe9 at offset 3 is not ascii"):
        parse(b"caf\xe9", encoding="ascii")


def test_problems_come_with_the_file() -> None:
    parsed = parse_file("date 2025-02-30 The ships sailed.", suffix=".md")
    assert (parsed.format, parsed.encoding, len(parsed.problems)) == ("markdown", "utf-8", 1)


def test_every_format_can_be_loaded() -> None:
    assert {chosen.name for chosen in SUFFIXES.values()} == set(FORMATS) - {"fragment"}
    assert all(callable(chosen.reader()) for name, chosen in FORMATS.items() if name != "zip")


PARTS = [
    "---\n",
    "+++\n",
    "date ",
    "Date: ",
    "2025-03-30",
    "2025-02-30",
    "T10",
    "title: x\n",
    "# ",
    "\r\n",
    " ",
    "&a *a",
    ":",
]


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=12).map("".join), st.booleans())
def test_a_header_never_fails_and_ends_at_a_character_of_the_body(text: str, markdown: bool) -> None:
    header = read_header(text, markdown=markdown)
    assert 0 <= header.body_start <= len(text)
    assert header.body_start == len(text) or not text[header.body_start].isspace()


def test_a_title_with_a_colon_is_read_though_yaml_refuses_it() -> None:
    data = b"---\ntitle: Tariffs: what now\ndate: 2025-03-30\n---\n\nThe port closed.\n"
    parsed = parse(data, suffix=".md")
    assert (parsed.article.title, parsed.article.date) == ("Tariffs: what now", "2025-03-30")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2025-03-30-ships.txt", "2025-03-30"),
        ("ships 20250330.txt", "2025-03-30"),
        ("ships_2025_03_30_2025-03-30.txt", "2025-03-30"),
        ("2025.03.30.txt", "2025-03-30"),
        ("2025-02-30.txt", None),
        ("2025-03_30.txt", None),
        ("2024-03-30 to 2025-03-30.txt", None),
        ("120250330.txt", None),
        ("20250330123.txt", None),
        ("2025-03.txt", None),
        ("30-03-2025.txt", None),
    ],
)
def test_a_day_in_a_file_s_name_is_a_date(name: str, date: str | None) -> None:
    assert date_of_name(name) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Sun, 30 Mar 2025 07:05:00 +0900", "2025-03-30T07:05:00+09:00"),
        ("30 Mar 2025 07:05:00 GMT", "2025-03-30T07:05:00+00:00"),
        ("Sun, 30 Mar 2025 07:05:00 -0000 (UTC)", "2025-03-30T07:05:00"),
        ("Sun, 30 Feb 2025 07:05:00 +0900", None),
        ("20250330", "2025-03-30"),
        ("20250230", None),
        ("1743292800", None),
    ],
)
def test_dates_of_mail_and_metadata_are_read(value: str, date: str | None) -> None:
    assert parse_date(value) == date


def test_a_date_in_the_text_goes_before_the_file_s_name() -> None:
    assert parse(" date 2025-03-30 The ships sailed.", name="2024-01-01").article.date == "2025-03-30"
    assert parse("The ships sailed.", name="2024-01-01").article.date == "2024-01-01"
    assert parse("The ships sailed on 2025-03-30.", name="ships").article.date is None
