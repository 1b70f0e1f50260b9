from __future__ import annotations

import json

import pytest

from index.errors import UnreadableFileError
from tests.unit.index.formats.conftest import Read, quotes

FEED = "\n".join(
    json.dumps(row, ensure_ascii=False)
    for row in (
        {
            "id": 7,
            "title": "Port shuts",
            "date": "2025-03-30",
            "text": "The port closed.\nIt is the second time.",
            "source": "Ledger",
            "author": ["Ann Lowe", "Bo Ek"],
            "url": "https://ledger.example/7",
        },
        {
            "headline": "Café",
            "published": "Sun, 30 Mar 2025 07:05:00 +0900",
            "body": "The café is open.",
            "outlet": "Wire",
        },
    )
)
TABLE = (
    '\ufeffid;title;date;text;source\r\n1;"Port; shuts";2025-03-30;"The port closed.\r\nIt ""may"" open.";Ledger\r\n'
    "2;Storm;30 March 2025;The storm came.;https://wire.example/2\r\n"
)


def test_each_line_of_json_is_an_article_with_what_it_says_of_itself(read: Read) -> None:
    parsed = read("2024-01-01 feed.jsonl", FEED)
    port, cafe = parsed.articles
    assert (port.member, cafe.member) == ("1", "2")
    article = port.article
    assert (article.title, article.date, article.outlet) == ("Port shuts", "2025-03-30", "Ledger")
    assert (article.author, article.url) == ("Ann Lowe, Bo Ek", "https://ledger.example/7")
    assert article.text == "The port closed.\nIt is the second time."
    assert quotes(port) == ["The port closed.", "It is the second time."]
    assert (cafe.article.title, cafe.article.date) == ("Café", "2025-03-30T07:05:00+09:00")
    assert (cafe.article.text, cafe.article.outlet) == ("The café is open.", "Wire")


def test_each_row_of_a_table_is_an_article_and_its_text_is_kept_to_the_letter(read: Read) -> None:
    port, storm = read("table.csv", TABLE).articles
    assert (port.member, storm.member) == ("1", "2")
    assert (port.article.title, port.article.outlet) == ("Port; shuts", "Ledger")
    assert port.article.text == 'The port closed.\r\nIt "may" open.'
    assert (storm.article.date, storm.article.outlet) == ("2025-03-30", None)
    assert storm.article.url == "https://wire.example/2"


def test_columns_of_other_names_are_named_and_tables_with_the_usual_ones_are_still_read(read: Read) -> None:
    fields = (("text", "Story"), ("title", "Kopf"), ("date", "meta.day"))
    (row,) = read("a.csv", "Kopf\tStory\nPort\tThe port closed.\n", fields=fields).articles
    assert (row.article.title, row.article.text) == ("Port", "The port closed.")
    (nested,) = read("a.jsonl", '{"Story": "It closed.", "meta": {"day": "2025-03-30"}}', fields=fields).articles
    assert nested.article.date == "2025-03-30"
    assert len(read("table.csv", TABLE, fields=fields).articles) == 2
    with pytest.raises(
        UnreadableFileError, match=r"no column is named text, body or content \(found: 'Kopf', 'Story'\)"
    ):
        read("a.csv", "Kopf\tStory\nPort\tThe port closed.\n")


def test_awkward_rows_are_told_and_the_others_are_read(read: Read) -> None:
    lines = [
        '{"text": "A port.", "date": "2025-02-30"}',
        '{"text": "",  "title": "empty"}',
        "{broken",
        "[1, 2]",
        '{"text": "date 2025-03-30 B port."}',
        '{"text": "Half \\ud83d of a pair and \\u0000 NUL.", "title": "\\udc00"}',
        '{"text": ' + "[" * 100_000,
    ]
    parsed = read("a.jsonl", "\n".join(lines))
    assert [item.member for item in parsed.articles] == ["1", "5", "6"]
    first, dated, odd = parsed.articles
    assert (first.article.date, dated.article.date) == (None, "2025-03-30")
    assert quotes(dated) == ["B port."]
    assert odd.article.text == "Half \ufffd of a pair and \ufffd NUL."
    told = "\n".join(parsed.problems)
    for words in (
        "row 1: '2025-02-30' is not a date",
        "line 3 is not JSON",
        "row 4 is not an object",
        "1 row has no text",
    ):
        assert words in told


def test_only_the_first_problems_of_a_table_are_told(read: Read) -> None:
    lines = "\n".join(json.dumps({"text": f"Port {n}.", "date": "soon"}) for n in range(40))
    problems = read("a.jsonl", lines).problems
    assert len(problems) == 6
    assert problems[-1] == "and 35 more of this kind"


@pytest.mark.parametrize("data", ['[{"text": "A."}, {"text": "B."}]', '[\n {"text": "A."},\n {"text": "B."}\n]'])
def test_a_list_of_objects_is_read_as_rows(read: Read, data: str) -> None:
    assert [(item.member, item.article.text) for item in read("a.jsonl", data).articles] == [("1", "A."), ("2", "B.")]


def test_too_many_rows_and_a_table_of_names_only_say_so(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="more than 3 rows, which max_rows allows"):
        read("a.csv", "text\n" + "A.\n" * 4, max_articles=3)
    with pytest.raises(UnreadableFileError, match="no column is named text, body or content"):
        read("a.csv", "text,title\n")
    with pytest.raises(UnreadableFileError, match="not JSON"):
        read("a.jsonl", "[{]")


def test_a_table_is_known_by_its_content_where_its_name_says_otherwise(read: Read) -> None:
    assert read("a.txt", FEED).format == "jsonl"
    assert read("a.csv", FEED).format == "jsonl"
    assert read("a.txt", "{sic} he wrote. The port closed.").format == "text"
    assert read("a.txt", TABLE).format == "text"


def test_long_names_of_columns_are_told_in_short(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match=r"found: 'n{40}', 'b'\)") as caught:
        read("a.csv", f"{'n' * 30_000},b\n1,2\n")
    assert len(caught.value.reason) < 300
