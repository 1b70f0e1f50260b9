"""Tables and archives as programs export them: in old encodings, with line breaks in cells, under odd names."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

from tests.unit.index.formats.conftest import Read, quotes
from tests.unit.index.formats.test_html import BLOG, NEWS
from tests.unit.index.formats.test_rows import csv_of

LEAD = (
    "The port of Vell will close on Monday.\nSome 400 workers are to be sent home.\n\n"
    "It is the second time; the first was in 2011."
)


def test_a_table_of_a_spreadsheet_with_semicolons_and_a_mark(read: Read) -> None:
    """As Excel saves it in Europe: byte order mark, semicolons, line breaks within cells, empty rows at the end."""
    rows = csv_of(
        ["ID", "Title", "Date", "Source", "Author", "Text", "URL"],
        [
            "17",
            'Port "shuts"; for a week',
            "30 March 2025",
            "Ledger",
            "Lowe, Ann; Ek, Bo",
            LEAD,
            "https://l.example/17",
        ],
        ["18", "Café reopens", "2025-02-30", "Wire", "", "The Café Océan reopened.\nHalf of the town came.", ""],
        ["", "", "", "", "", "", ""],
        delimiter=";",
    )
    parsed = read("export.csv", b"\xef\xbb\xbf" + rows.encode())
    port, cafe = parsed.articles
    assert (port.member, cafe.member) == ("1", "2")
    article = port.article
    assert (article.title, article.date, article.outlet) == ('Port "shuts"; for a week', "2025-03-30", "Ledger")
    assert (article.author, article.url) == ("Lowe, Ann; Ek, Bo", "https://l.example/17")
    assert article.text == LEAD
    assert quotes(port)[-1] == "It is the second time; the first was in 2011."
    assert cafe.article.date is None
    assert parsed.problems == (
        "row 2: '2025-02-30' is not a date, so it is not used: correct it and run `qa index` again",
    )


def test_a_table_in_latin_1_with_tabs_and_columns_of_other_names(read: Read) -> None:
    rows = csv_of(
        ["Überschrift", "Erschienen", "Zeitung", "Volltext"],
        ["Café öffnet", "2025-03-30", "Vell-Anzeiger", "Das Café Océan öffnet. Die halbe Stadt kam, sagt Zoë Krüger."],
        delimiter="\t",
    )
    fields = (("text", "Volltext"), ("title", "Überschrift"), ("date", "Erschienen"), ("outlet", "Zeitung"))
    parsed = read("anzeiger.tsv", rows.encode("latin-1"), fields=fields)
    (found,) = parsed.articles
    assert parsed.encoding == "windows-1252"
    assert (found.article.title, found.article.outlet) == ("Café öffnet", "Vell-Anzeiger")
    assert found.article.date == "2025-03-30"
    assert quotes(found) == ["Das Café Océan öffnet.", "Die halbe Stadt kam, sagt Zoë Krüger."]


def test_rows_of_an_api_with_nested_values_and_html(read: Read) -> None:
    post = {
        "id": 4711,
        "date": "2025-03-30T18:45:00",
        "title": {"rendered": "A week &#8211; without a port"},
        "content": {"rendered": f"<p>{LEAD.partition(chr(10))[0]}</p>\n<p>Ferries go on.</p>", "protected": False},
        "link": "https://notes.example/4711",
    }
    fields = (("text", "content.rendered"), ("title", "title.rendered"))
    (found,) = read("posts.jsonl", json.dumps([post]), fields=fields).articles
    assert found.article.title == "A week – without a port"
    assert (found.article.date, found.article.url) == ("2025-03-30T18:45:00", "https://notes.example/4711")
    assert quotes(found) == ["The port of Vell will close on Monday.", "Ferries go on."]


def test_an_archive_of_nested_folders_with_names_in_an_old_encoding(read: Read) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/2025/03/", b"")
        archive.writestr("archive/2025/03/port.html", NEWS)
        archive.writestr("archive/2025/03/caf?.html", BLOG.encode("cp1252", "replace"))
        archive.writestr("archive/2025/03/注文.txt", "The order came on Monday.")
        archive.writestr("archive/.DS_Store", b"\x00")
        archive.writestr("archive/feed.csv", csv_of(["title", "text"], ["Storm", "The storm came."]))
    data = file.getvalue().replace(b"caf?.html", b"caf\x82.html")  # as DOS programs write é: no mark of UTF-8
    found = {item.member: item.article for item in read("2024-01-01 backup.zip", data).articles}
    assert list(found) == [
        "archive/2025/03/port.html",
        "archive/2025/03/café.html",
        "archive/2025/03/注文.txt",
        "archive/feed.csv#1",
    ]
    assert found["archive/2025/03/port.html"].outlet == "The Daily Ledger"
    assert found["archive/2025/03/café.html"].title.startswith("Café culture")
    assert found["archive/feed.csv#1"].date is None, "the archive's name dates nothing in it"
