"""Cited passages for tests, a plain one and a hostile one."""

from __future__ import annotations

from dataclasses import replace

from qa.report.cited import CitedPassage, Locator, Source
from qa.report.names import Name

__all__ = ["HOSTILE", "PLAIN", "UNDATED"]

PLAIN = CitedPassage(
    source=Source(
        key="port-deal-signed-20250330-b6f72f",
        article_id="b6f72ffad4e7",
        text_sha256="b6f72ffad4e7" + "0" * 52,
        title="Port deal signed",
        authors=(Name(family="Leyen", given="Ursula", particle="von der"), Name(family="Associated Press")),
        outlet="The Harbour Times",
        issued=(2025, 3, 30),
        url="https://example.org/ports/deal-1?x=1&y=2",
        accessed=(2025, 4, 2),
    ),
    first_sentence=7,
    last_sentence=9,
    start=10,
    end=45,
    quote="“We will stay,” she said.\n\nThey did.",
    locator=Locator(label="paragraph", first=3, last=4),
    prefix="On Monday ",
    suffix=" It rained.",
    link="https://example.org/ports/deal-1?x=1&y=2#:~:text=We%20will%20stay",
)
UNDATED = replace(
    PLAIN,
    source=Source(
        key="ports-nd-0459aa", article_id="0459aa000000", text_sha256="0459aa" + "0" * 58, title="Ports", language="de"
    ),
    first_sentence=1,
    last_sentence=1,
    quote="Ships wait.",
    locator=None,
    prefix="",
    suffix="",
    link=None,
)
_ACTIVE = "\x1b[31m *a* _b_ `c` [d](e) <b>f</b> {g} $h$ ~i~ ^j^ \\k & &amp; 5% #l @m \u202eevil -- ... | n"
HOSTILE = replace(
    PLAIN,
    source=replace(
        PLAIN.source,
        key="hostile-nd-0459bb",
        article_id="0459bb000000",
        text_sha256="0459bb" + "0" * 58,
        title=f"1. {_ACTIVE}\nER  - \nTY  - BOOK",
        authors=(Name(family="Robert'); DROP and {x}", given="- \\input{y}"), Name(family="# {z} %")),
        outlet=_ACTIVE,
        url='https://example.org/"><script>alert(1)</script>{}\\',
    ),
    quote=f"{_ACTIVE}\n\n[^1]: not a note\n# not a heading",
)
