from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.report.citekey import CITEKEY, REFERENCE, citekey

SHA = "045939ebd956" + "0" * 52


@pytest.mark.parametrize(
    ("title", "date", "key"),
    [
        ("US Defense Secretary Pete Hegseth said", "2025-03-30", "us-defense-secretary-20250330-045939"),
        ("The end of the war", "2025-03", "end-war-202503-045939"),
        ("To be or not to be", "2025", "to-be-or-2025-045939"),
        ("Ångström’s Łódź café", None, "angstroms-lodz-cafe-nd-045939"),
        ("54,000 troops in Japan", "2025-03-30T08:00:00+09:00", "54000-troops-japan-20250330-045939"),
        ("東京で会談", "2025-03-30", "article-20250330-045939"),
        ("", None, "article-nd-045939"),
        ("\x1b[31mRed\x1b[0m {title} \\cite", "soon", "31mred-0m-title-nd-045939"),
        ("x" * 10_000, None, f"{'x' * 24}-nd-045939"),
    ],
)
def test_a_citekey_is_made_of_title_date_and_hash(title: str, date: str | None, key: str) -> None:
    assert citekey(title, date, SHA) == key


@given(st.text(), st.none() | st.text() | st.dates().map(str), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_every_citekey_is_ascii_and_recognised(title: str, date: str | None, sha256: str) -> None:
    key = citekey(title, date, sha256)
    assert re.fullmatch(r"[a-z0-9-]+", key)
    found = CITEKEY.search(f"said so [@{key}, p. 4].")
    assert found is not None
    assert found["key"] == key
    assert sha256.startswith(found["digits"])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("[^us-defense-secretary-20250330-045939-s7]: Doe", "7", None),
        ("“…”[^us-defense-secretary-20250330-045939-s7-9]", "7", "9"),
        ('<a href="#us-defense-secretary-20250330-045939">1</a>', None, None),
    ],
)
def test_a_label_names_the_sentences_too(text: str, first: str | None, last: str | None) -> None:
    found = CITEKEY.search(text)
    assert found is not None
    assert found["key"] == "us-defense-secretary-20250330-045939"
    assert (found["first"], found["last"]) == (first, last)


@pytest.mark.parametrize("text", ["covid-19", "mid-2025-elections", "2025-03-30", "a-b-c-d", "us-2025-04593g"])
def test_prose_is_not_taken_for_a_citekey(text: str) -> None:
    assert CITEKEY.search(text) is None


def test_a_reference_is_recognised_at_the_end_of_a_note() -> None:
    found = REFERENCE.search("Doe, “Ports,” Times, 4. 045939ebd956:7-9")
    assert found is not None
    assert (found["id"], found["first"], found["last"]) == ("045939ebd956", "7", "9")
