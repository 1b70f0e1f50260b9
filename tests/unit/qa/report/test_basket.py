"""Baskets: what is pinned is kept whole and in order, and survives a process that is killed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.checks.finding import Level
from qa.checks import check_history
from qa.errors import BasketError, HistoryError
from qa.history import History
from qa.history.purge import purge, quoted_articles
from qa.report.basket.entities import Pin
from qa.report.basket.kept import Baskets
from qa.report.basket.order import arranged, moved, under_heading, with_heading_renamed
from tests.pins import passage


@pytest.fixture
def baskets(tmp_path: Path) -> Baskets:
    return Baskets(tmp_path / "data" / "history.sqlite")


def filled(baskets: Baskets, *headings: str) -> list[str]:
    """Pins of three sentences, each under a heading; their ids."""
    return [
        baskets.pin("main", passage(number), heading=heading).pin.id for number, heading in enumerate(headings, start=1)
    ]


def laid_out(baskets: Baskets, name: str = "main") -> list[tuple[str, str]]:
    """Heading and first word of each pin."""
    return [(pin.heading, pin.passage.citation.quote.split()[0]) for pin in baskets.read(name).pins]


def test_a_pin_is_given_back_as_it_was_pinned(baskets: Baskets) -> None:
    pinned = baskets.pin("okinawa", passage(2), note="see 2023\nand 2024", heading="Bases")
    (pin,) = baskets.read("okinawa").pins
    assert pin == pinned.pin
    assert pin.passage == passage(2)
    assert (pin.note, pin.heading) == ("see 2023\nand 2024", "Bases")
    assert [(one.name, one.pins, one.headings) for one in baskets.list()] == [("okinawa", 1, 1)]


def test_the_same_words_are_pinned_once_and_keep_their_place(baskets: Baskets) -> None:
    filled(baskets, "", "", "")
    again = baskets.pin("main", passage(2), note="lost?")
    assert (again.number, again.is_new, again.pin.note) == (2, False, "")
    assert len(baskets.read("main").pins) == 3
    assert baskets.pin("other", passage(2)).is_new


def test_a_pin_without_a_heading_goes_under_the_last_one(baskets: Baskets) -> None:
    filled(baskets, "", "Bases", "")
    assert laid_out(baskets) == [("", "The"), ("Bases", "Its"), ("Bases", "About")]


def test_pins_of_one_heading_stand_together_and_those_without_come_first(baskets: Baskets) -> None:
    first, second, third = filled(baskets, "Bases", "Costs", "Bases")
    assert laid_out(baskets) == [("Bases", "The"), ("Bases", "About"), ("Costs", "Its")]
    baskets.put_under("main", [second], "")
    assert laid_out(baskets) == [("", "Its"), ("Bases", "The"), ("Bases", "About")]
    baskets.put_under("main", [third, first], "  New\nheading ")
    assert laid_out(baskets) == [("", "Its"), ("New heading", "The"), ("New heading", "About")]


def test_a_pin_that_is_moved_comes_under_the_heading_that_rules_there(baskets: Baskets) -> None:
    first, _, third = filled(baskets, "Bases", "Bases", "Costs")
    baskets.move("main", third, 1)
    assert laid_out(baskets) == [("Bases", "About"), ("Bases", "The"), ("Bases", "Its")]
    baskets.move("main", first, 99)
    assert [quote for _, quote in laid_out(baskets)] == ["About", "Its", "The"]


def test_a_heading_gets_other_words_and_joins_one_that_has_them(baskets: Baskets) -> None:
    filled(baskets, "A", "B", "C")
    baskets.rename_heading("main", "C", "A")
    assert laid_out(baskets) == [("A", "The"), ("A", "About"), ("B", "Its")]
    with pytest.raises(BasketError, match="no heading 'C'"):
        baskets.rename_heading("main", "C", "D")


def test_order_is_a_permutation_whatever_is_done() -> None:
    chance = random.Random(7)
    pins: tuple[Pin, ...] = tuple(Pin(id=str(number), passage=passage()) for number in range(9))
    for _ in range(300):
        chosen = [pin.id for pin in chance.sample(pins, chance.randint(1, 3))]
        heading = chance.choice(["", "A", "B", "C"])
        step = chance.randrange(3)
        if step == 0:
            pins = moved(pins, chosen[0], chance.randint(-1, 10))
        elif step == 1:
            pins = under_heading(pins, chosen, heading)
        else:
            pins = with_heading_renamed(pins, "A", heading)
        assert sorted(pin.id for pin in pins) == [str(number) for number in range(9)]
        assert arranged(pins) == pins


def test_baskets_are_renamed_and_deleted_and_errors_name_what_is_missing(baskets: Baskets) -> None:
    (pin,) = filled(baskets, "")
    baskets.pin("other", passage(2))
    with pytest.raises(BasketError, match="a basket 'other' already"):
        baskets.rename("main", "other")
    with pytest.raises(BasketError, match="cannot be a basket's name"):
        baskets.rename("main", " \n ")
    baskets.rename("main", "okinawa")
    assert [one.name for one in baskets.list()] == ["okinawa", "other"]
    with pytest.raises(BasketError, match="no basket 'main'; qa basket lists them"):
        baskets.annotate("main", pin, "x")
    baskets.remove("okinawa", [pin])
    with pytest.raises(BasketError, match="has no pin"):
        baskets.annotate("okinawa", pin, "x")
    baskets.delete("okinawa")
    assert [one.name for one in baskets.list()] == ["other"]


def test_looking_makes_no_file(baskets: Baskets) -> None:
    assert baskets.list() == ()
    with pytest.raises(BasketError):
        baskets.delete("main")
    assert not baskets.file.exists()


def test_what_is_taken_out_leaves_no_byte(baskets: Baskets) -> None:
    pins = filled(baskets, "", "")
    baskets.pin("other", passage(1, text="Trains run again. All is well.", words="Trains run"), note="a note of mine")
    baskets.delete("other")
    data = baskets.file.read_bytes()
    assert b"Trains run" not in data
    assert b"a note of mine" not in data
    baskets.remove("main", pins)
    assert b"Its cranes" not in baskets.file.read_bytes()


def test_purging_an_article_reaches_the_baskets(baskets: Baskets) -> None:
    baskets.pin("main", passage(1), note="mine")
    other = passage(1, text="Trains run again. All is well.", words="Trains run")
    baskets.pin("main", other)
    bystander = replace(
        other, citation=replace(other.citation, start=1, quote="rains run again."), asked=passage().asked
    )
    baskets.pin("main", bystander)
    article = passage().citation.article_id
    assert quoted_articles(baskets.file)[article] == {"/articles/1.txt"}
    assert purge(baskets.file, [article]) == 1
    first, second, third = baskets.read("main").pins
    assert first.passage.is_purged
    assert (first.note, first.passage.asked.question if first.passage.asked else "") == ("mine", "Who closed the port?")
    assert second.passage == other
    assert third.passage.asked is not None
    assert third.passage.asked.text == "", "an answer may hold words of the article"
    assert third.passage.citation == bystander.citation
    assert b"closed on Monday" not in baskets.file.read_bytes()
    assert b"Its cranes" not in baskets.file.read_bytes(), "what stands around a quotation goes too"


def older(file: Path) -> None:
    """Make the file what the release before baskets left."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DROP TABLE pins")
        connection.execute("DROP TABLE baskets")
        connection.execute("PRAGMA user_version = 1")


def test_a_history_of_the_format_before_is_read_and_goes_on(baskets: Baskets) -> None:
    from tests.unit.qa.test_history_file import ANSWER

    history = History(baskets.file)
    history.append(history.start(), ANSWER)
    older(baskets.file)
    data = baskets.file.read_bytes()
    assert [one.title for one in history.list()] == [ANSWER.question]
    assert baskets.list() == ()
    assert check_history(baskets.file).level is Level.OK
    assert baskets.file.read_bytes() == data, "reading writes nothing"
    baskets.pin("main", passage())
    assert len(baskets.read("main").pins) == 1
    assert [one.title for one in history.list()] == [ANSWER.question]


def test_a_pin_that_is_no_pin_is_named(baskets: Baskets) -> None:
    filled(baskets, "")
    with closing(sqlite3.connect(baskets.file, isolation_level=None)) as connection:
        connection.execute("UPDATE pins SET record = '{}'")
    with pytest.raises(HistoryError, match=r"is damaged \(a record is no quotation"):
        baskets.read("main")
    assert check_history(baskets.file).level is Level.FAULT


WRITER = """
import sys
from pathlib import Path
from qa.report.basket.kept import Baskets
from tests.pins import passage
file, begin = Path(sys.argv[1]), int(sys.argv[2])
baskets = Baskets(file)
for number in range(begin, begin + 1000):
    text = f"Sentence {number} stands here. " + "Padding. " * 200
    done = baskets.pin("main", passage(1, text=text, words=f"Sentence {number} "), heading=f"H{number % 3}")
    print(number, done.pin.id, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_no_pin_that_was_confirmed_is_lost_or_torn_when_writers_are_killed(baskets: Baskets) -> None:
    chance, confirmed, begin = random.Random(3), dict[str, int](), 0
    for _ in range(12):
        command = [sys.executable, "-c", WRITER, str(baskets.file), str(begin)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _, line in zip(range(chance.randint(1, 12)), process.stdout, strict=False):
                number, pin_id = line.split()
                confirmed[pin_id] = int(number)
            process.send_signal(signal.SIGKILL)
            for line in process.stdout:
                if line.endswith("\n"):
                    number, pin_id = line.split()
                    confirmed[pin_id] = int(number)
        begin += 1000
        pins = baskets.read("main").pins
        kept = {pin.id: pin for pin in pins}
        assert confirmed.keys() <= kept.keys()
        for pin_id, sentence in confirmed.items():
            assert kept[pin_id].passage.citation.quote == f"Sentence {sentence} stands here."
            assert kept[pin_id].heading == f"H{sentence % 3}"
        assert arranged(pins) == pins
        with closing(sqlite3.connect(baskets.file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(confirmed) >= 12


def test_a_history_left_in_the_middle_of_a_change_can_be_read(baskets: Baskets, tmp_path: Path) -> None:
    """What a process that was killed had half written is taken back by whoever comes next, also to read."""
    filled(baskets, "")
    script = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.execute(\"UPDATE pins SET note = 'half'\")\n"
        "connection.executemany('INSERT INTO pins (id, basket, position, heading, note, record) "
        "VALUES (?, 1, 9, \\'\\', \\'\\', ?)', [(str(n), 'x' * 5000) for n in range(200)])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(baskets.file)], check=False)
    assert baskets.file.with_name("history.sqlite-journal").exists(), "the change was cut short"
    (pin,) = baskets.read("main").pins
    assert pin.note == ""
    assert History(baskets.file).list() == ()
