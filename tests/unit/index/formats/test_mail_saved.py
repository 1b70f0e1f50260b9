"""Letters as mail programs save them (`tests/data/formats`), whole."""

from __future__ import annotations

from pathlib import Path

from tests.unit.index.formats.conftest import Read, quotes

SAVED = Path(__file__).parents[3] / "data" / "formats"


def test_a_newsletter_with_tracked_links_in_two_columns_gives_the_letter(read: Read) -> None:
    parsed = read("quay-letter.eml", (SAVED / "quay-letter.eml").read_bytes())
    (found,) = parsed.articles
    article = found.article
    assert parsed.problems == ()
    assert article.title == "🚢 A week without a port — and who pays"
    assert article.date == "2025-03-30T07:05:00+09:00"
    assert (article.author, article.outlet, article.url) == ("Maj Lindström", "The Quay Letter", None)
    assert quotes(found) == [
        "## A week without a port",
        "Good morning from Vell,",
        "The port will close on Monday for seven days, and nobody has yet said who pays.",
        "The operator puts its losses at 3.5 million crowns a day (its letter to the town).",
        "I spoke to Harbour Master Jo Berg on the quay.",
        "“You can hear it crack at night,” she said.",
        "## What moves",
        "- Ferries go from the north quay.",
        "- Freight is sent to Port Ness.",
        "## What does not",
        "- The night boat, until 8 April.",
        "Until next Sunday, Maj",
    ]


def test_a_press_release_in_an_old_encoding_keeps_its_list_and_loses_its_signature(read: Read) -> None:
    (found,) = read("press-release.eml", (SAVED / "press-release.eml").read_bytes()).articles
    article = found.article
    assert article.title == "Press release 17/2025: Old bridge of Kirkholm closes to lorries"
    assert (article.date, article.outlet) == ("2025-03-03T16:30:00+01:00", "Vell County Press Office")
    assert quotes(found) == [
        "FOR IMMEDIATE RELEASE",
        "The council of Kirkholm voted on Monday to close the old bridge to lorries from 1 May.",
        "Inspectors had found cracks in two of its five pillars; repairs will cost 14 million crowns, said the mayor, "
        "Åsa Nørby.",
        '"The bridge is safe for cars," she said.',
        '"For lorries it is not."',
        "Questions and answers:",
        "- When does it close?",
        "On 1 May at 6 a.m.",
        "- Where do lorries go?",
        "Through Ost, until the bridge is repaired, which takes two years.",
        "Contact: Bo Ek, +47 555 0123, press@county.example",
    ]
