from __future__ import annotations

import pytest

from index.errors import UnreadableFileError
from tests.unit.index.formats.conftest import Read, quotes

NEWS = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Port of Vell shuts for a week | The Daily Ledger</title>
<meta property="og:title" content="Port of Vell shuts for a week">
<meta property="og:site_name" content="The Daily Ledger">
<meta property="article:published_time" content="2025-03-30T10:15:00+09:00">
<meta property="article:modified_time" content="2025-04-02T08:00:00+09:00">
<link rel="canonical" href="https://ledger.example.com/2025/03/30/port-shuts">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Port of Vell shuts for a week", "datePublished": "2025-03-30T10:15:00+09:00",
 "author": {"@type": "Person", "name": "Ann Lowe"}, "publisher": {"@type": "Organization", "name": "The Daily Ledger"}}
</script><style>p { color: red }</style></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<p>Subscribe now for 1 a week</p></header>
<main><article><h1>Port of Vell shuts for a week</h1><p class="byline">By Ann Lowe</p>
<p>The port of Vell, the country’s second largest, will close on Monday for seven days, its operator said on Sunday.</p>
<p>Some 400 workers are to be sent home with full pay while divers repair the east quay,
   which was damaged by a storm on 12 January&nbsp;2019.</p>
<div class="ad-slot advertisement"><p>Advertisement</p></div>
<h2>What it costs</h2>
<p>Operators expect losses of $3.5 million a day. “We have no choice,” said Harbour Master Jo Berg.
 “The quay is <em>mov&shy;ing</em>.”</p>
<ul><li>Ferries go from the north quay.</li><li>Freight is sent to <a href="/ness">Port Ness</a>.</li></ul>
<aside class="related"><h3>Read more</h3><ul><li><a href="/x">Ten ports you must see</a></li></ul></aside>
<p>The last closure, in 2011, lasted for nine days and cost the city some $20 million, says the chamber of commerce.</p>
</article></main>
<section id="comments" class="comments"><p>User123: great article, thanks a lot for this</p></section>
<footer><p>© 2025 The Daily Ledger. All rights reserved.</p><a href="/privacy">Privacy policy</a></footer>
<div id="cookie-banner"><p>We use cookies to improve your experience.</p><button>Accept</button></div>
</body></html>"""

BLOG = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">
<title>Café culture on the quay – Harbour Notes</title>
<meta name="author" content="Bo Ek"><meta name="dc.date.issued" content="30 March 2025">
<meta property="og:site_name" content="Harbour Notes"></head>
<body><table><tr><td width=150><a href=a>About</a><br><a href=b>Archive</a><br><a href=c>Links</a></td><td>
<h1>Café culture on the quay</h1>
<p>The Café Océan reopened on Saturday after eleven years, and half of the town came to see it. Its owner, Zoë Krüger,
poured the first cup herself.</p>
<p>“I was a waitress here in 1998,” she said. “Now I own the place.” The old counter, made of ship’s timber, is still
where it was.</p>
<p>The house was built in 1912 for the pilots of the port, and it has been a warehouse, a cinema and a bank.</p>
</td></tr></table></body></html>"""

AWKWARD = """<?xml version="1.0" encoding="utf-8"?>
<!-- saved from url=(0030)https://wire.example.net/story -->
<html><head><title>Live: storm hits the coast</title><meta name="date" content="2025-02-30">
<meta property="og:site_name" content="Wire">
<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": broken}</script></head>
<body><div class=nav><a href=1>World<a href=2>Business<a href=3>Tech</div>
<div class="article-body"><p>Published: 1 May 2001 is what the sign on the old lighthouse says, and it stood for years.
<p>The storm reached the coast at noon on Thursday, and by evening 12,000 homes had no power<br>in three counties.
<p>Winds of 150 km/h were measured at Cape Ness, the weather service said, the strongest since records began in 1951.
<p>a < b && c > d is not markup, and an unclosed <b>bold runs on. The mayor, Ana Ruiz, told people to stay indoors.
<p>Trains are not running, and the bridge is closed to lorries until further notice, according to the road authority.
</div></body>"""


def test_a_news_page_gives_its_article_and_none_of_its_frame(read: Read) -> None:
    parsed = read("port.html", NEWS)
    (found,) = parsed.articles
    article = found.article
    assert (parsed.format, parsed.encoding, parsed.problems) == ("html", "utf-8", ())
    assert (article.title, article.title_given) == ("Port of Vell shuts for a week", True)
    assert article.date == "2025-03-30T10:15:00+09:00"
    assert (article.author, article.outlet) == ("Ann Lowe", "The Daily Ledger")
    assert article.url == "https://ledger.example.com/2025/03/30/port-shuts"
    assert quotes(found) == [
        "The port of Vell, the country’s second largest, will close on Monday for seven days, its operator said on "
        "Sunday.",
        "Some 400 workers are to be sent home with full pay while divers repair the east quay, which was damaged by a "
        "storm on 12 January 2019.",
        "## What it costs",
        "Operators expect losses of $3.5 million a day.",
        "“We have no choice,” said Harbour Master Jo Berg.",
        "“The quay is moving.”",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
        "The last closure, in 2011, lasted for nine days and cost the city some $20 million, says the chamber of "
        "commerce.",
    ]


def test_an_old_page_laid_out_in_tables_is_decoded_as_it_says(read: Read) -> None:
    parsed = read(
        "cafe.htm", BLOG.replace("–", "-").replace("’", "'").replace("“", '"').replace("”", '"').encode("latin-1")
    )
    (found,) = parsed.articles
    assert parsed.encoding == "windows-1252"
    assert (found.article.date, found.article.author, found.article.outlet) == ("2025-03-30", "Bo Ek", "Harbour Notes")
    assert found.article.title.startswith("Café culture on the quay")
    text = found.article.text
    assert text.startswith("The Café Océan reopened on Saturday")
    assert text.endswith("a cinema and a bank.")
    assert "Archive" not in text


def test_a_broken_page_gives_its_text_and_no_date_from_it(read: Read) -> None:
    parsed = read("live.html", AWKWARD)
    (found,) = parsed.articles
    assert found.article.date is None, "neither 2025-02-30 nor the sign on the lighthouse"
    assert [problem[:26] for problem in parsed.problems] == ["'2025-02-30' is not a date"]
    assert found.article.outlet == "Wire"
    body = quotes(found)
    assert "The mayor, Ana Ruiz, told people to stay indoors." in body
    assert any(quote.endswith("12,000 homes had no power in three counties.") for quote in body)
    assert not any("Business" in quote for quote in body)


def test_the_file_s_name_dates_a_page_that_does_not_say_when_it_is_from(read: Read) -> None:
    page = NEWS.replace("article:published_time", "x").replace("datePublished", "x")
    assert read("2025-03-31 port.html", page).articles[0].article.date == "2025-03-31"
    assert read("port.html", page).articles[0].article.date is None
    assert read("2025-03-31 port.html", NEWS).articles[0].article.date == "2025-03-30T10:15:00+09:00"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta itemprop="datePublished" content="2025-03-30">', "2025-03-30"),
        ('<meta name="pubdate" content="20250330">', "2025-03-30"),
        ('<meta name="pubdate" content="Sun, 30 Mar 2025 10:15:00 +0900">', "2025-03-30T10:15:00+09:00"),
        ('<meta property="article:modified_time" content="2025-03-30">', None),
        ('<script type="application/ld+json">[{"@graph": [{"datePublished": "2025-03-30"}]}]</script>', "2025-03-30"),
        ("<script type='application/ld+json'>" + "[" * 50_000 + "</script>", None),
    ],
)
def test_the_date_is_what_the_metadata_says_was_published(read: Read, head: str, date: str | None) -> None:
    paragraphs = "".join(
        f"<p>The port closed for a week on day {n}, its operator told the press.</p>" for n in range(9)
    )
    page = f"<html><head>{head}</head><body><article>{paragraphs}</article></body></html>"
    assert read("a.html", page).articles[0].article.date == date


def test_a_page_without_an_article_says_so(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="no article in the page"):
        read("a.html", "<!doctype html><html><body><nav><a href='/'>Home</a></nav></body></html>")
    with pytest.raises(UnreadableFileError, match="a feed, which lists articles without holding them"):
        read("feed.html", '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>')


def test_text_that_is_only_named_a_page_is_read_as_text_and_a_page_named_text_as_a_page(read: Read) -> None:
    assert read("a.html", "The port closed.").format == "text"
    assert read("a.txt", NEWS).format == "html"
    assert read("saved", NEWS.encode("utf-16")).format == "html"


def test_characters_that_cannot_be_decoded_are_told(read: Read) -> None:
    data = NEWS.encode().replace(b'charset="utf-8"', b'charset="shift_jis"').replace("’".encode(), b"\x81\xff")
    (problem, *_) = read("a.html", data).problems
    assert "could not be decoded as shift_jis" in problem
