from __future__ import annotations

import csv
import io
import json

import pytest

from index.errors import UnreadableFileError
from tests.unit.index.formats.conftest import Read, quotes
from tests.unit.index.formats.test_html import NEWS

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


def csv_of(*rows: list[str], **dialect: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, **dialect).writerows(rows)  # type: ignore[arg-type]
    return file.getvalue()


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


WORDPRESS = (
    "The port of Vell will close on <strong>Monday</strong> for seven days.\n"
    'Its operator said so in <a href="https://ledger.example/p?a=1&amp;b=2">a letter</a> on Sunday.\n\n'
    "<h2>What it costs</h2>\n\nOperators expect losses of $3.5&nbsp;million a day.\n"
    "<ul>\n\t<li>Ferries go from the north quay.</li>\n\n\t<li>Freight is sent to Port&shy; Ness.</li>\n</ul>\n"
    "<!-- wp:image --><figure><img src='q.jpg' alt='quay'/><figcaption>The east quay.</figcaption></figure>\n"
    "<script>track('port')</script><p style='display: none'>Subscribe now.</p>"
    "R&amp;D is not hit,<br>the operator says.<br /><br/>The end."
)


def test_html_in_a_row_gives_the_text_that_it_shows(read: Read) -> None:
    row = {
        "title": "Vell&#8217;s <em>port</em> shuts",
        "text": WORDPRESS,
        "author": "Lowe &amp; Ek",
        "date": "2025-03-30",
    }
    (found,) = read("export.jsonl", json.dumps(row)).articles
    assert quotes(found) == [
        "The port of Vell will close on Monday for seven days.",
        "Its operator said so in a letter on Sunday.",
        "## What it costs",
        "Operators expect losses of $3.5 million a day.",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
        "The east quay.",
        "R&D is not hit, the operator says.",
        "The end.",
    ]
    assert (found.article.title, found.article.author) == ("Vell’s port shuts", "Lowe & Ek")
    assert found.article.date == "2025-03-30"


def test_a_whole_page_in_a_row_gives_its_article_and_says_what_the_row_does_not(read: Read) -> None:
    rows = csv_of(["url", "html"], ["https://ledger.example/7", NEWS])
    (found,) = read("crawl.csv", rows, fields=(("text", "html"),)).articles
    assert quotes(found)[0].startswith("The port of Vell, the country’s second largest, will close")
    assert "cookies" not in found.article.text
    assert (found.article.title, found.article.outlet) == ("Port of Vell shuts for a week", "The Daily Ledger")
    assert (found.article.date, found.article.url) == ("2025-03-30T10:15:00+09:00", "https://ledger.example/7")


def test_a_text_with_a_word_in_italics_keeps_its_line_breaks(read: Read) -> None:
    text = "The <i>Ledger</i> and AT&amp;T agree.\n\nSo says the port.\nIt is shut."
    (found,) = read("a.jsonl", json.dumps({"text": text})).articles
    assert found.article.text == "The Ledger and AT&T agree.\n\nSo says the port.\nIt is shut."


@pytest.mark.parametrize(
    "text",
    ["If a < b and c > d, the port <sic> closes.", "Query ?a=1&b=2; R&D; <3", "An <email@ledger.example> of it."],
)
def test_signs_that_only_look_like_html_are_kept(read: Read, text: str) -> None:
    (found,) = read("a.jsonl", json.dumps({"text": text})).articles
    assert found.article.text == text


def test_a_row_of_html_without_text_is_told_and_the_others_are_read(read: Read) -> None:
    lines = [{"text": "<p><img src='a.png'></p>"}, {"text": "<p>The port closed.</p>"}, {"text": "<p>\udc00 Half.</p>"}]
    parsed = read("a.jsonl", "\n".join(map(json.dumps, lines)))
    assert [(item.member, item.article.text) for item in parsed.articles] == [
        ("2", "The port closed."),
        ("3", "\ufffd Half."),
    ]
    assert parsed.problems == ("row 1: no text in its HTML",)
    with pytest.raises(UnreadableFileError, match="row 1: no text in its HTML"):
        read("a.jsonl", json.dumps(lines[0]))
