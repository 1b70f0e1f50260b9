from __future__ import annotations

from decimal import Decimal

import pytest

from qa.numbers import numbers_in, with_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("54,000", 54_000),
        ("54 000", 54_000),
        ("54\u202f000", 54_000),
        ("fifty-four thousand", 54_000),
        ("54 thousand", 54_000),
        ("54k", 54_000),
        ("1.2 million", 1_200_000),
        ("$1.2bn", 1_200_000_000),
        ("half a million", 500_000),
        ("a hundred", 100),
        ("two hundred and fifty", 250),
        ("three million two hundred thousand and five", 3_200_005),
        ("two dozen", 24),
        ("2.05", Decimal("2.05")),
    ],
)
def test_a_number_has_one_value_however_it_is_written(text: str, value: int | Decimal) -> None:
    assert numbers_in(f"It was {text} then.") == (Decimal(value),)


def test_every_number_of_a_text_is_found_in_order() -> None:
    assert numbers_in("From 12 to twenty-one, then 1,340 kilometres") == (Decimal(12), Decimal(21), Decimal(1340))


@pytest.mark.parametrize("text", ["no one came", "one of them", "hundreds of people", "B52 and F-16s1", "v1.2.3x"])
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert Decimal(1) not in numbers_in(text)


def test_a_text_with_its_numbers_in_digits_is_equal_for_equal_amounts() -> None:
    assert with_numbers("fifty-four thousand troops") == with_numbers("54,000 troops") == "54000 troops"
