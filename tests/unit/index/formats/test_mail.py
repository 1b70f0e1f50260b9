from __future__ import annotations

from email.message import EmailMessage

import pytest

from index.errors import UnreadableFileError
from tests.unit.index.formats.conftest import Read, quotes

LETTER = """<html><head><style>p { color: red }</style></head><body>
<div style="display:none;max-height:0">Good morning! What moves the port today &#847;&zwnj;&nbsp;&#847;</div>
<table><tr><td><a href="https://n.example/v">View this email in your browser</a></td></tr>
<tr><td><h1>Vell’s port shuts, and what it costs</h1></td></tr>
<tr><td><p>The port of Vell will close on Monday for <b>seven</b> days.<br>Its operator said so on Sunday.</p>
<h2>Three things</h2><ul><li><p>Ferries go from the north quay.</p></li><li>Freight is sent to Port Ness.</li></ul>
<p>The authors of the report advise readers who want to unsubscribe from the old tariff to do so before the end of the
month, since the harbour board has said that it would otherwise go on charging them for a berth that they can no longer
use, and that no money would be returned later, whatever the reason was.</p></td></tr>
<tr><td>You are receiving this because you signed up. <a href="https://n.example/u">Unsubscribe</a></td></tr>
<tr><td>© 2025 Harbour Brief, 1 Quay Street</td></tr></table></body></html>"""
PLAIN = """View in browser: https://n.example/v

The port of Vell will close
on Monday for seven days.

https://n.example/story

* Ferries go from
  the north quay.
* Freight is sent to Port Ness.

-- 
Harbour Brief, 1 Quay Street
"""  # noqa: W291  # the mark in front of a signature ends in a space


def letter(*, html: str | None = LETTER, plain: str | None = PLAIN, **fields: str) -> bytes:
    message = EmailMessage()
    given = {
        "Subject": "Vell’s port shuts, and what it costs",
        "From": '"Harbour Brief" <brief@news.example.com>',
        "Date": "Sun, 30 Mar 2025 07:05:00 +0900",
        "Message-ID": "<1@news.example.com>",
    }
    for name, value in {**given, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
        message[name] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html") if plain is not None else message.set_content(
            html, subtype="html"
        )
    return bytes(message)


def test_a_newsletter_gives_its_letter_and_none_of_its_frame(read: Read) -> None:
    parsed = read("brief.eml", letter(Archived_At="<https://n.example/issues/112>"))
    (found,) = parsed.articles
    article = found.article
    assert (parsed.format, parsed.problems) == ("mail", ())
    assert (article.title, article.outlet) == ("Vell’s port shuts, and what it costs", "Harbour Brief")
    assert article.date == "2025-03-30T07:05:00+09:00", "with its offset"
    assert article.url == "https://n.example/issues/112"
    body = quotes(found)
    assert body[:5] == [
        "The port of Vell will close on Monday for seven days.",
        "Its operator said so on Sunday.",
        "## Three things",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
    ]
    assert len(body) == 6, "a long paragraph may speak of unsubscribing"


def test_a_plain_letter_is_read_without_links_and_signature(read: Read) -> None:
    (found,) = read("brief.eml", letter(html=None)).articles
    assert quotes(found) == [
        "The port of Vell will close on Monday for seven days.",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
    ]


def test_an_awkward_mail_in_a_mailbox_with_old_encodings_and_an_attachment(read: Read) -> None:
    data = (
        b"From brief@n.example Sun Mar 30 07:05:00 2025\r\n"
        b"From: =?iso-8859-1?Q?Caf=E9_Oc=E9an?= <cafe@n.example>\r\n"
        b"Subject: =?utf-8?B?UmXDtmZmbnVuZw==?=\r\n =?utf-8?Q?_am_Kai?=\r\n"
        b"Date: Sun, 30 Feb 2025 07:05:00 +0100\r\nList-Id: Harbour Letters <letters.n.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nThe Caf=E9 reopened, and half of the to=\r\nwn came.\r\n"
        b"--b\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="menu.pdf"\r\n\r\n%PDF-1.4\r\n'
        b"--b--\r\n"
    )
    parsed = read("2025-03-30.eml", data)
    (found,) = parsed.articles
    article = found.article
    assert (article.title, article.author, article.outlet) == ("Reöffnung am Kai", "Café Océan", "Harbour Letters")
    assert article.date == "2025-03-30", "of the file's name, as 30 February is no date"
    assert quotes(found) == ["The Café reopened, and half of the town came."]
    assert any("menu.pdf" in problem for problem in parsed.problems)
    assert any("30 Feb 2025" in problem for problem in parsed.problems)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (letter(html=None, plain="https://n.example/only-a-link\n"), "no text in the mail"),
        (letter(html="<img src='cid:1'>", plain=None), "no text in the mail"),
    ],
)
def test_a_mail_without_text_says_so(read: Read, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        read("a.eml", data)


def test_a_mail_is_known_by_its_fields_and_notes_that_begin_like_one_stay_text(read: Read) -> None:
    assert read("saved.txt", letter()).format == "mail"
    assert read("a.eml", "The port closed.").format == "text"
    assert read("a.txt", "Subject: the port\nFrom: Ann\n\nIt closed on Monday.").format == "text"
