from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.store import Store
from qa.errors import DraftError
from qa.report.citekey import citekey
from qa.report.drafts import read_draft
from qa.report.verify import Verifier
from qa.report.verify_annotate import annotated, reference, write_copy
from qa.report.verify_changes import Kind, changes_in
from qa.report.verify_report import Checked, Label, Report
from qa.report.verify_sources import Sources
from tests.conftest import SEEDS
from tests.kept import sync_quickly

JAPAN = "045939ebd956"
DART = "25fc4a345c24"
TROOPS = (
    "The United States has about 54,000 troops in Japan, and roughly half of them are based on the southern island of "
    "Okinawa."
)


def report_on(sources: Sources, text: str, quoted_before: Sequence[str] = ()) -> Report:
    return Verifier(sources, lambda _: quoted_before).check(read_draft("d.md", text.encode(), suffix=".md"))


def check(sources: Sources, quotation: str, *, cited: str = "", quoted_before: Sequence[str] = ()) -> Checked:
    (checked,) = report_on(sources, f"It says “{quotation}”{cited} there.", quoted_before).checked
    return checked


def key_of(sources: Sources, article_id: str) -> str:
    found = sources.text(article_id)
    assert found is not None
    return citekey(found.article.title, found.article.date, found.article.text_sha256)


@pytest.mark.parametrize(
    "quotation",
    [
        TROOPS,
        "the United States has about 54,000 troops in Japan,",
        "The United States\u00a0has about\n54,000 troops in Japan",
        "The port of Yokosuka, south of the capital, is home … and to the aircraft carrier George Washington.",
        "[It] is home to the Seventh Fleet and to the [warship] George Washington",
        "Hegseth met Defense Minister [Gen] Nakatani for talks",
        "the AMRAAM air–to–air missiles jointly".replace("the ", ""),
        "… producing AMRAAM air-to-air missiles jointly. … It was his first trip to Asia",
        "[t]he ministers agreed to speed up work",
        "The ministers agreed to speed up work on producing AMRAAM air-to-air missiles jointly. A day earlier Hegseth",
    ],
)
def test_what_typesetters_and_editors_may_change_stays_verbatim(sources: Sources, quotation: str) -> None:
    checked = check(sources, quotation)
    assert checked.label is Label.VERBATIM
    assert checked.places[0].source.article.id == JAPAN


@pytest.mark.parametrize(
    ("quotation", "kind", "source", "draft"),
    [
        ("The United States has about 55,000 troops in Japan", Kind.NUMBER, "54,000", "55,000"),
        ("with a staff of about 420, to lead its land, sea and air forces", Kind.NUMBER, "240", "420"),
        ("Neither of them was not a threat to Earth before the test", Kind.NEGATION, "", "not"),
        ("Hegseth met Defence Minister Gen Nakatani for talks", Kind.NAME, "Defense", "Defence"),
        ("Hegseth met Defense Minister Gen Nakamura for talks", Kind.NAME, "Nakatani", "Nakamura"),
        ("Japan has been renewing its own structure as well", Kind.WORD, "changing", "renewing"),
        ("Japan has changing its own structure as well", Kind.WORD, "been", ""),
        ("Japan has been changing Its own structure as well", Kind.CASE, "its", "Its"),
        ("to lead its land, sea, and air forces together", Kind.PUNCTUATION, "", ","),
    ],
)
def test_a_change_is_named_word_by_word(sources: Sources, quotation: str, kind: Kind, source: str, draft: str) -> None:
    checked = check(sources, quotation)
    assert checked.label is Label.ALTERED
    (change,) = changes_in(checked.diff)
    assert (change.kind, change.source, change.draft) == (kind, source, draft)


def test_words_in_another_order_are_altered(sources: Sources) -> None:
    checked = check(sources, "sea, land and air forces together")
    assert checked.label is Label.ALTERED
    assert {change.kind for change in changes_in(checked.diff)} == {Kind.ORDER}


def test_parts_in_another_order_are_altered(sources: Sources) -> None:
    checked = check(sources, "It was his first trip to Asia … The ministers agreed to speed up work")
    assert checked.label is Label.ALTERED
    assert checked.note == "its parts stand in another order"


def test_an_insertion_stands_for_a_few_words_of_one_sentence_only(sources: Sources) -> None:
    assert check(sources, "Its headquarters is at [a base] in the western suburbs of Tokyo").label is Label.VERBATIM
    far = "The ministers agreed to speed up [their] trip to Asia as secretary"
    assert check(sources, far).label is not Label.VERBATIM


def test_sentences_run_together_are_stitched(sources: Sources) -> None:
    one = "Its headquarters is at Yokota Air Base in the western suburbs of Tokyo"
    two = "Hegseth met Defense Minister Gen Nakatani for talks"
    assert check(sources, f"{one}. {two}").label is Label.STITCHED
    assert check(sources, f"{one} and {two}").label is Label.STITCHED
    assert check(sources, f"{one} … {two}").label is Label.VERBATIM


def test_parts_of_two_articles_are_stitched_though_an_ellipsis_stands_between(sources: Sources) -> None:
    text = "Its headquarters is at Yokota Air Base … Neither of them was a threat to Earth before the test"
    assert check(sources, text).label is Label.STITCHED


def test_what_no_article_says_is_not_found(sources: Sources) -> None:
    for text in ("He said that nobody had ever seen such a thing", "the end of the first part of the book"):
        assert check(sources, text).label is Label.NOT_FOUND


def test_words_of_another_article_than_the_one_cited_are_misattributed(sources: Sources) -> None:
    assert check(sources, TROOPS, cited=f" [@{key_of(sources, JAPAN)}]").label is Label.VERBATIM
    assert check(sources, TROOPS, cited=f" (AP, {JAPAN}:5)").label is Label.VERBATIM
    wrong = check(sources, TROOPS, cited=f" [@{key_of(sources, DART)}]")
    assert wrong.label is Label.MISATTRIBUTED
    assert reference(wrong) == f"{JAPAN}:5"
    unknown = check(sources, TROOPS, cited=" [@no-such-article-20250101-abcdef]")
    assert unknown.label is Label.MISATTRIBUTED
    assert unknown.note == "no-such-article-20250101-abcdef is not in the index"


def test_the_title_of_a_source_in_its_note_is_no_quotation(sources: Sources) -> None:
    title = "US Defense Secretary Pete Hegseth said in Tokyo on Sunday That Washington Had…,"
    text = f"“{TROOPS}”[^1]\n\n[^1]: “{title}” {JAPAN}:5\n"
    report = report_on(sources, text)
    assert [item.label for item in report.checked] == [Label.VERBATIM]
    assert report.titles == 1


def test_a_quotation_says_in_how_many_articles_its_words_stand(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name in "ab":
        (articles / f"{name}.txt").write_text(f"The port of Odesa closed on Monday at noon. Copy {name}.")
    sync_quickly(tmp_path / ".qa", articles)
    checked = check(Sources(Store.open(tmp_path / ".qa")), "The port of Odesa closed on Monday")
    assert checked.label is Label.VERBATIM
    assert len(checked.copies) == 1


def changed_file(tmp_path: Path) -> tuple[Path, Path]:
    articles = tmp_path / "articles"
    articles.mkdir()
    file = articles / "japan.txt"
    shutil.copy(SEEDS / "us-forces-in-japan.txt", file)
    sync_quickly(tmp_path / ".qa", articles)
    file.write_text(file.read_text(encoding="utf-8").replace("54,000", "60,000"), encoding="utf-8")
    return articles, tmp_path / ".qa"


def test_what_the_file_no_longer_says_is_stale(tmp_path: Path) -> None:
    _, index = changed_file(tmp_path)
    sources = Sources(Store.open(index))
    assert check(sources, TROOPS).label is Label.STALE
    assert check(sources, TROOPS, cited=f" [@{key_of(sources, JAPAN)}]").label is Label.STALE
    other = "The port of Yokosuka, south of the capital, is home to the Seventh Fleet"
    assert check(sources, other).label is Label.VERBATIM, "these words still stand in the changed file"


def test_what_an_earlier_version_said_is_stale_where_it_was_kept(tmp_path: Path) -> None:
    articles, index = changed_file(tmp_path)
    old = Sources(Store.open(index))
    cited = f" [@{key_of(old, JAPAN)}]"
    sync_quickly(index, articles)
    sources = Sources(Store.open(index))
    assert check(sources, TROOPS, cited=cited, quoted_before=[TROOPS]).label is Label.STALE
    assert check(sources, TROOPS, cited=cited).label is Label.ALTERED, "nothing tells that the version cited said so"
    other = "The port of Yokosuka, south of the capital, is home to the Seventh Fleet"
    assert check(sources, other, cited=cited).label is Label.VERBATIM, "the article's new version still says so"


def test_the_copy_has_a_label_behind_each_quotation_and_is_otherwise_the_draft(sources: Sources) -> None:
    text = f"So “{TROOPS}” and **“one two three four”**[^x], “short”\r\n"
    draft = read_draft("d.md", text.encode(), suffix=".md")
    copy = annotated(draft, Verifier(sources).check(draft))
    assert copy == (f"So “{TROOPS}” ⟦verbatim: {JAPAN}:5⟧ and **“one two three four”** ⟦not found⟧[^x], “short”\r\n")


def test_a_copy_replaces_no_file(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("mine")
    with pytest.raises(DraftError, match="exists and is left as it is"):
        write_copy(tmp_path / "there.md", "text")
    assert (tmp_path / "there.md").read_text() == "mine"
    with pytest.raises(DraftError, match="cannot be written"):
        write_copy(tmp_path / "no folder" / "copy.md", "text")
    write_copy(tmp_path / "new.md", "a\r\nb")
    assert (tmp_path / "new.md").read_bytes() == b"a\r\nb"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.md", "there.md"]


def test_brackets_of_the_article_itself_are_compared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "As of 2010[update], there were 400 ships in the port.[citation needed] It is open."
    )
    sync_quickly(tmp_path / ".qa", tmp_path / "a.txt")
    sources = Sources(Store.open(tmp_path / ".qa"))
    assert (
        check(sources, "As of 2010[update], there were 400 ships in the port.[citation needed] It").label == "verbatim"
    )
    assert check(sources, "As of 2011[update], there were 400 ships in the port").label == "altered"
    assert check(sources, "As of 2010[revised], there were 400 ships in the port").label == "altered"


HOSTILE = {
    "marks that never close": '“‘"«' * 50_000,
    "apostrophes": "the soldiers' arms " * 20_000,
    "open brackets": "> " + "(" * 100_000 + "\n",
    "one word": "“" + "a" * 300_000 + "”",
    "ellipses": "“one two three four" + " … and so" * 5_000 + "”",
    "back ticks": " ".join("`" * n for n in range(1, 600)),
    "a very long quotation": "> " + "the port of Odesa closed on Monday " * 20_000,
    "nested lists": "".join(f"{'  ' * n}- “one two three four”\n" for n in range(300)),
    "dashes": "“one two three four " + "- " * 50_000 + "”",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_draft_takes_for_ever(sources: Sources, text: str) -> None:
    report = report_on(sources, text)
    assert sum(report.counts.values()) == len(report.checked)


def test_a_stray_mark_hides_no_changed_number(sources: Sources) -> None:
    report = report_on(
        sources,
        'It has "about 55,000 troops in Japan, and "roughly half of them are based on the southern" there.',
    )
    assert [(item.label, [c.kind for c in changes_in(item.diff)]) for item in report.checked] == [
        (Label.ALTERED, [Kind.NUMBER]),
        (Label.VERBATIM, []),
    ]
    assert report.unbalanced == ()
    stray = report_on(sources, 'A 3" pipe", it says: "The United States has about 54,000 troops in Japan" today.')
    assert [item.label for item in stray.checked] == [Label.VERBATIM]
    assert stray.unbalanced == (1,)


def test_a_changed_word_of_a_number_is_a_changed_number(sources: Sources) -> None:
    text = "It works about 1.5 billion kilometres from Earth, around a point called L2"
    assert [c.kind for c in changes_in(check(sources, text).diff)] == [Kind.NUMBER]
