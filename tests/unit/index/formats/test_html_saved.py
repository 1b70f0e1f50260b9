"""Pages as browsers save them (`tests/data/formats`), whole: what is taken for the article, and what is not."""

from __future__ import annotations

from pathlib import Path

from tests.unit.index.formats.conftest import Read, quotes

SAVED = Path(__file__).parents[3] / "data" / "formats"


def test_a_page_of_a_newspaper_with_banners_boxes_and_comments_gives_its_article(read: Read) -> None:
    (found,) = read("ledger-port.html", (SAVED / "ledger-port.html").read_bytes()).articles
    article = found.article
    assert article.title == "Port of Vell to close for a week as divers repair storm-hit quay"
    assert article.date == "2025-03-30T18:45:00+01:00", "of the article's own data, where the page's fields disagree"
    assert (article.author, article.outlet) == ("Ann Lowe, Tomas Ek", "The Daily Ledger")
    assert article.url == "https://ledger.example.com/business/2025/03/30/port-of-vell-closes"
    assert quotes(found) == [
        "The port of Vell, the country’s second largest, will close on Monday for seven days while divers repair a "
        "quay that was damaged in a storm, its operator said on Sunday.",
        "Some 400 workers are to be sent home with full pay, and ships that are due this week will be sent to Port "
        "Ness, 60 km to the north.",
        "“We have no choice,” said Harbour Master Jo Berg.",
        "“The quay is moving by two centimetres a day.”",
        "The east quay, built in 1911, was hit by the storm of 12 January.",
        "An inspection on Friday found three cracks, the longest of them 14 metres.",
        "## What it costs",
        "Operators expect losses of 3.5m crowns a day.",
        "The chamber of commerce put the damage to the town at 20m crowns, as much as in 2011, when the port was shut "
        "for nine days.",
        "The quay is moving by two centimetres a day",
        "Three things change for travellers:",
        "- Ferries to the islands go from the north quay.",
        "- The night boat to Ness is cancelled until 8 April.",
        "- Tickets that were bought for it are refunded.",
        "Repairs will cost 14m crowns and are paid for by the state, the transport ministry said.",
        "This article was amended on 2 April 2025.",
        "An earlier version said that the quay was built in 1921.",
    ]


def test_a_post_of_a_blog_keeps_headings_nested_lists_and_its_table(read: Read) -> None:
    (found,) = read("harbour-notes.html", (SAVED / "harbour-notes.html").read_bytes()).articles
    article = found.article
    assert article.title == "Twelve bridges, one winter: what the inspectors found"
    assert article.date == "2025-02-14T09:30:00+01:00", "of publication, not of the update"
    assert (article.author, article.outlet) == ("Bo Ek", "Harbour Notes")
    assert article.url == "https://notes.example.org/2025/02/twelve-bridges/"
    assert quotes(found) == [
        "The county looked at all of its twelve bridges this winter.",
        "I read the report, all 212 pages of it, so that you need not.",
        "## The short version",
        "- Nine of the bridges are sound.",
        "- Two need paint, and soon:",
        "- the mill bridge at Ost,",
        "- the footbridge in Aa.",
        "- One, the old bridge of Kirkholm, must close to lorries.",
        "## The numbers",
        "Bridge | Built | Repairs (crowns)",
        "Kirkholm, old bridge | 1911 | 14,000,000",
        "Ost, mill bridge | 1954 | 320,000",
        "Aa, footbridge | 1988 | 41,000",
        "The old bridge carries 2,300 lorries a day.",
        "“We did not expect cracks in the second pillar,” says Ida Holm, who led the inspection.",
        "“In the fourth, yes.”",
        "A bridge is like a promise.",
        "You only notice it when it breaks.",
        "Ida Holm",
        "What happens next is for the council to say.",
        "It meets on Monday, and the public may listen.",
        "The whole report is on the county’s pages; the pictures of the cracks begin on page 88.",
    ]
    assert "\n  - the mill bridge at Ost,\n" in article.text, "nested lists are seen as such"


def test_a_page_of_the_nineties_without_a_paragraph_in_it_is_read_without_its_frame(read: Read) -> None:
    parsed = read("evening-post.htm", (SAVED / "evening-post.htm").read_bytes())
    (found,) = parsed.articles
    article = found.article
    assert parsed.encoding == "windows-1252"
    assert article.title == "Vell Evening Post: Lighthouse keeper, 91, remembers the great storm"
    assert (article.date, article.author) == ("1999-11-05", "Zoë Krüger")
    assert quotes(found)[1:] == [
        "VELL - Émile Sørensen was born in the lighthouse of Cape Norr, and he kept its lamp for 41 years.",
        '"The sea came up to the second floor," he says of the night of 1 February 1953.',
        '"My mother put us children on the stairs and counted the waves."',
        "The storm took 17 fishing boats and 62 men.",
        "In the café by the harbour their names are still on the wall, and every year on that day the bells of St. "
        "Olav ring 62 times.",
        "The lamp was switched off in 1994, when the cape got an automatic beacon.",
        'The keeper moved to the town, but he goes back every Sunday, "to see that the stairs are swept".',
        "The parish wants to turn the tower into a museum.",
        "It would need £ 40,000, of which a third has been promised by the county.",
    ]
    assert quotes(found)[0].startswith("Lighthouse keeper, 91,"), "a headline that is not marked as one"
