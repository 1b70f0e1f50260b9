from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.report.quotations import Block, find_quotations
from qa.report.quotations_parts import Gap, parts
from qa.report.quotations_tokens import tokens

WORDS = "one two three four five"


def quoted(*texts: str, block_quote: bool = False) -> list[str]:
    return [q.text for q in find_quotations(blocks(*texts, block_quote=block_quote)).quotations]


def blocks(*texts: str, block_quote: bool = False) -> list[Block]:
    found, start = [], 0
    for text in texts:
        found.append(Block(text=text, start=start, quoted=block_quote))
        start += len(text) + 2
    return found


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "„”", "«»", "»«", "‘’", "‚‘", "''", "””", "「」", "‹›", "»»"])
def test_the_marks_of_many_languages_are_known(marks: str) -> None:
    assert quoted(f"He said: {marks[0]}{WORDS}{marks[1]}, and left.") == [WORDS]
    assert quoted(f"{marks[0]}{WORDS}{marks[1]}") == [WORDS]


def test_french_marks_have_spaces_inside() -> None:
    assert quoted(f"Il a dit «\u00a0{WORDS}\u00a0» hier, et « {WORDS} » aussi") == [
        f"\u00a0{WORDS}\u00a0",
        f" {WORDS} ",
    ]


def test_two_quotations_in_one_paragraph_are_two() -> None:
    assert quoted(f'"{WORDS}" and "{WORDS} six"') == [WORDS, f"{WORDS} six"]


def test_apostrophes_open_and_close_nothing() -> None:
    assert quoted("It's the soldiers' arms, don't you think, in '90s' style and rock 'n' roll") == []
    assert quoted("‘we don’t know the soldiers’ names by now’ he said") == ["we don’t know the soldiers’ names by now"]
    assert quoted("'we don't know the soldiers' names by now' he said") == ["we don't know the soldiers' names by now"]
    assert quoted("‘these are the soldiers’ and ‘those are the other ones’") == [
        "these are the soldiers",
        "those are the other ones",
    ]


def test_a_quotation_in_a_quotation_is_found_too() -> None:
    outer, inner = "He said ‘we will all go home’ and went", "we will all go home"
    assert quoted(f"“{outer}”") == [outer, inner]
    assert quoted("\"He said 'we will all go home' and went\"") == [outer.replace("‘", "'").replace("’", "'"), inner]


def test_inches_are_no_quotation_marks() -> None:
    found = find_quotations(blocks('A 19" screen and a 6\'2" man, "one two three four"'))
    assert [q.text for q in found.quotations] == ["one two three four"]
    assert found.unbalanced == ()


def test_fewer_than_four_words_are_counted_and_left_out() -> None:
    found = find_quotations(blocks('the "so-called" and "very big deal", "one [two] three four"'))
    assert found.quotations == ()
    assert found.short == 3


def test_a_mark_without_its_counterpart_is_reported_and_harms_no_other_paragraph() -> None:
    texts = ['He said "one two three four.', f"“{WORDS}”", "and a closing one” here"]
    found = find_quotations(blocks(*texts))
    assert [q.text for q in found.quotations] == [WORDS]
    assert found.unbalanced == (8, len(texts[0]) + 2 + len(texts[1]) + 2 + texts[2].index("”"))


@pytest.mark.parametrize(
    ("text", "usual", "readings"),
    [
        ('"In May he said "we will all go"', ["we will all go"], ['In May he said "we will all go']),
        ('"We will all go," he said in May."', ["We will all go,"], ['We will all go," he said in May.']),
        ('“He said "we will go.”', [], ['He said "we will go.'] * 2),
        ("‘The Knicks’ Jalen scored 30 points’", [], ["The Knicks’ Jalen scored 30 points"]),
        ('"One ("two three four five")', ["two three four five"], ['One ("two three four five']),
    ],
)
def test_a_mark_without_its_counterpart_may_be_read_as_a_real_one(
    text: str, usual: list[str], readings: list[str]
) -> None:
    found = find_quotations(blocks(text))
    assert [q.text for q in found.quotations] == usual
    assert [q.text for q in found.readings] == readings


def test_apostrophes_do_not_keep_a_lone_mark_from_being_read() -> None:
    found = find_quotations(blocks("the soldiers' arms, " * 30 + '"In May he said "we will all go"'))
    assert [q.text for q in found.readings] == ['In May he said "we will all go']


def test_a_paragraph_full_of_lone_marks_has_few_other_readings() -> None:
    assert len(find_quotations(blocks('"one two three four ' * 1_000 + '"')).readings) < 200


def test_a_quotation_of_several_paragraphs_opens_each_of_them() -> None:
    found = find_quotations(blocks("“One two three four.", "“Five six seven eight.”"))
    assert [q.text for q in found.quotations] == ["One two three four.", "Five six seven eight."]
    assert found.unbalanced == ()


def test_a_block_quote_is_a_quotation_without_its_attribution_and_citation() -> None:
    text = f"{WORDS}. [@port-deal-20250330-b6f72f]\n— The Times"
    assert quoted(text, block_quote=True) == [f"{WORDS}."]
    assert quoted(f"“{WORDS}”", block_quote=True) == [f"“{WORDS}”"], "marks around all of it are not a second quotation"


def test_ellipses_and_insertions_split_a_quotation() -> None:
    found = parts("The port [of Odesa] closed … on Monday, [t]he mayor […] said. . . . Then the minister[s] went")
    assert [" ".join(part.tokens.words) for part in found] == [
        "The port",
        "closed",
        "on Monday",
        "the mayor",
        "said",
        "Then the",
        "went",
    ]
    assert [part.gap for part in found] == [
        Gap.NONE,
        Gap.INSERTION,
        Gap.ELLIPSIS,
        Gap.NONE,
        Gap.ELLIPSIS,
        Gap.ELLIPSIS,
        Gap.INSERTION,
    ]


@given(st.text(alphabet="\"'“”‘’„«»‹›‚ abc.\n[]…\0-(", max_size=60))
def test_any_text_has_quotations_that_lie_within_it(text: str) -> None:
    found = find_quotations([Block(text=text, start=7)])
    for quotation in found.quotations:
        assert 7 <= quotation.start < quotation.end <= 7 + len(text)
        assert quotation.text == text[quotation.start - 7 : quotation.end - 7].replace("\0", "")
    assert all(7 <= offset < 7 + len(text) for offset in found.unbalanced)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-5 degrees, .5 percent (−3.5)", ["-5", "degrees", ",", ".5", "percent", "(", "-3.5", ")"]),
        ("5–10 people, 2019-20 and . . . 54,000", "5 - 10 people , 2019 - 20 and … 54,000".split()),
        ("5th '90s 7-year v2.0 $5", "5th 90s 7 - year v2 . 0 $ 5".split()),
        ("米軍は54,000人。", ["米", "軍", "は", "54,000", "人", "。"]),
    ],
)
def test_a_number_has_its_sign_and_its_point_and_characters_without_blanks_stand_alone(
    text: str, words: list[str]
) -> None:
    assert list(tokens(text).words) == words
