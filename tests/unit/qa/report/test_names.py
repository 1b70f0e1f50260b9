from __future__ import annotations

import pytest

from qa.report.names import Name, parse_authors

DOE, ROE = Name(family="Doe", given="Jane"), Name(family="Roe", given="John Q.")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (None, ()),
        ("  ", ()),
        ("Jane Doe", (DOE,)),
        ("By Jane Doe", (DOE,)),
        ("Doe, Jane", (DOE,)),
        ("Jane Doe, John Q. Roe", (DOE, ROE)),
        ("Jane Doe and John Q. Roe", (DOE, ROE)),
        ("Jane Doe, John Q. Roe, and Ana Ruiz", (DOE, ROE, Name(family="Ruiz", given="Ana"))),
        ("Doe, Jane; Roe, John Q.", (DOE, ROE)),
        ("Ursula von der Leyen", (Name(family="Leyen", given="Ursula", particle="von der"),)),
        ("Martin Luther King Jr.", (Name(family="King", given="Martin Luther", suffix="Jr."),)),
        ("Martin Luther King, Jr.", (Name(family="King", given="Martin Luther", suffix="Jr."),)),
        ("Reuters", (Name(family="Reuters"),)),
        ("Reuters, AP", (Name(family="Reuters"), Name(family="AP"))),
        ("Associated Press", (Name(family="Associated Press"),)),
        ("Department of Health and Human Services", (Name(family="Department of Health and Human Services"),)),
        ("Madonna", (Name(family="Madonna"),)),
        (", ,", ()),
        ("李明", (Name(family="李明"),)),
    ],
)
def test_author_lines_are_taken_apart(line: str | None, names: tuple[Name, ...]) -> None:
    assert parse_authors(line) == names
