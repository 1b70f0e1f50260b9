from __future__ import annotations

import threading
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import pytest

from index.entities import Freshness
from qa.entities import Answer, Citation, RelatedPassage, Value, Verdict
from qa.errors import ConversationNotFoundError, HistoryError
from qa.history import ConversationSummary, History
from qa.history.purge import purge, quoted_articles
from qa.history.records import TITLE_CHARS, NotAnAnswerError, decode, encode, purged, title_of
from qa.tui.services import ConversationStore
from tests.kept import answer_from, sync_quickly

PORT = " date 2025-03-30 The port of Kreel closed on Monday.\n\nIts 400 workers were sent home.\n\nShips wait outside."
STRIKE = "---\ntitle: The strike\ndate: 2025-04-02\n---\nThe strike began in March.\n\nAna Ruiz called it off in May.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kept")
    (home / "articles").mkdir()
    (home / "articles" / "port.txt").write_text(PORT, encoding="utf-8")
    (home / "articles" / "strike.md").write_text(STRIKE, encoding="utf-8")
    sync_quickly(home / ".qa", home / "articles")
    return home / ".qa"


@pytest.fixture
def port(index: Path) -> Answer:
    folder = index.parent / "articles"
    return answer_from(
        index, "How many workers were sent home?", (folder / "port.txt", 2), related=[folder / "strike.md"]
    )


@pytest.fixture
def strike(index: Path) -> Answer:
    folder = index.parent / "articles"
    return answer_from(index, "Who called off the strike?", (folder / "strike.md", 2), (folder / "port.txt", 1))


@pytest.fixture
def history(tmp_path: Path, index: Path) -> History:
    return History(tmp_path / "data" / "history.sqlite", index_folder=index)


def kept(history: History, *answers: Answer, title: str = "") -> str:
    conversation_id = history.start(title)
    for answer in answers:
        history.append(conversation_id, answer)
    return conversation_id


def titles(found: tuple[ConversationSummary, ...]) -> list[str]:
    return [summary.title for summary in found]


def test_what_was_kept_is_read_back_whole(history: History, port: Answer, strike: Answer) -> None:
    conversation_id = kept(history, port, strike)
    conversation = history.read(conversation_id)
    assert conversation is not None
    assert (conversation.id, conversation.title) == (conversation_id, port.question)
    assert [turn.answer for turn in conversation.turns] == [port, strike]
    assert [turn.question for turn in conversation.turns] == [port.question, strike.question]


def test_a_history_is_a_store_of_conversations_for_the_chat(history: History) -> None:
    store: ConversationStore = history
    assert store.list() == ()


def test_nothing_is_written_before_the_first_answer(history: History) -> None:
    conversation_id = history.start("Port")
    history.rename(conversation_id, "The port")
    assert history.list() == history.search("port") == ()
    assert history.read(conversation_id) is None
    assert history.clear() == 0
    assert not history.file.parent.exists()
    history.delete(conversation_id)
    assert not history.file.parent.exists()


def test_the_conversation_that_was_asked_last_comes_first(
    history: History, port: Answer, strike: Answer, index: Path
) -> None:
    first = kept(history, port)
    second = kept(history, strike, title="  Strikes\nand ports ")
    assert titles(history.list()) == ["Strikes and ports", port.question]
    history.append(first, replace(strike, asked_at="2025-06-02T09:00:00+02:00"))
    newest, older = history.list()
    assert (newest.id, older.id) == (first, second)
    assert newest == ConversationSummary(
        id=first,
        title=port.question,
        started_at="2025-06-01T12:00:00+02:00",
        updated_at="2025-06-02T09:00:00+02:00",
        questions=2,
        index_folder=index.as_posix(),
    )


def test_the_beginning_of_an_id_names_a_conversation(history: History, port: Answer) -> None:
    conversation_id = kept(history, port)
    assert history.summary(conversation_id[:5]).id == conversation_id
    assert history.summary(conversation_id[:5].upper()).id == conversation_id
    for wrong in ("", "zz", f"{conversation_id}0"):
        with pytest.raises(ConversationNotFoundError, match=f"no conversation '{wrong}'.*qa history lists"):
            history.summary(wrong)


def test_a_beginning_that_fits_several_ids_is_an_error_that_names_them(history: History, port: Answer) -> None:
    ids = [kept(history, port) for _ in range(17)]  # sixteen digits: two of them begin alike
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    with pytest.raises(ConversationNotFoundError, match=f"'{shared}' is the beginning of .* ids: {shared}"):
        history.summary(shared)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("workers", ["port"]),  # of a question
        ("RUIZ", ["strike"]),  # of a quotation
        ("the strike", ["strike"]),  # title of a cited article
        ("kreel ruiz", ["strike"]),  # of two citations
        ("work", ["port"]),  # within another word
        ("workers strike", []),  # of two questions
        ("100%_", []),  # nothing is syntax
        ("newspapers", ["port"]),  # title that was given
        ("newspapers sent", ["port"]),
        ("", ["strike", "port"]),
    ],
)
def test_all_words_of_a_search_must_stand_in_one_question_with_its_answer(
    history: History, port: Answer, strike: Answer, query: str, found: list[str]
) -> None:
    names = {kept(history, port, title="Newspapers"): "port", kept(history, strike): "strike"}
    assert [names[summary.id] for summary in history.search(query)] == found


def test_a_search_names_the_questions_that_were_found(history: History, port: Answer, strike: Answer) -> None:
    both, single = kept(history, port, strike), kept(history, strike)
    assert [(found.conversation.id, found.number, found.answer) for found in history.search_turns("ruiz")] == [
        (single, 1, strike),
        (both, 2, strike),
    ]
    assert [summary.id for summary in history.search("ruiz")] == [single, both]
    history.rename(both, "Harbours")
    assert [found.number for found in history.search_turns("harbours")] == [1]


def test_a_search_takes_letters_for_the_same_however_they_are_composed(history: History, port: Answer) -> None:
    kept(history, replace(port, question="Was the Café in MÁLAGA closed?"))
    assert history.search(unicodedata.normalize("NFD", "café málaga"))


def test_a_renamed_conversation_is_found_by_its_new_title(history: History, port: Answer) -> None:
    conversation_id = kept(history, port)
    history.rename(conversation_id, "Dock\nlabour  ")
    assert titles(history.search("dock labour")) == ["Dock labour"]
    with pytest.raises(HistoryError, match="the title is empty"):
        history.rename(conversation_id, " \n ")
    with pytest.raises(ConversationNotFoundError, match="nowhere"):
        history.rename("nowhere", "Title")


def test_a_long_title_is_cut_at_a_word() -> None:
    title = title_of("word " * 40)
    assert title.endswith("word…")
    assert len(title) <= TITLE_CHARS
    assert len(title_of("w" * 200)) == TITLE_CHARS
    assert title_of("Exactly this.") == "Exactly this."


def test_a_deleted_conversation_leaves_no_byte(history: History, port: Answer, strike: Answer) -> None:
    for _ in range(30):
        kept(history, strike)
    conversation_id = kept(history, replace(port, question="Where is Zyxwvut?"))
    assert b"Zyxwvut" in history.file.read_bytes()
    history.delete(conversation_id)
    assert history.read(conversation_id) is None
    assert len(history.list()) == 30
    assert _bytes_beside(history, b"yxwvut") == []
    with pytest.raises(ConversationNotFoundError):
        history.delete(conversation_id)
    with pytest.raises(ConversationNotFoundError):
        history.append(conversation_id, port)


def test_clearing_leaves_an_empty_history_without_a_byte(history: History, port: Answer, strike: Answer) -> None:
    kept(history, port)
    kept(history, strike)
    assert history.clear() == 2
    assert history.list() == ()
    assert _bytes_beside(history, b"Ruiz", b"workers") == []


def test_conversations_go_when_their_last_question_is_older_than_some_days(tmp_path: Path, port: Answer) -> None:
    history = History(tmp_path / "history.sqlite", days=7)
    old = kept(history, replace(port, asked_at="2025-01-01T00:00:00+00:00"), title="old")
    resumed = kept(history, replace(port, asked_at="2025-01-02T00:00:00+00:00"), title="resumed")
    history.append(resumed, replace(port, asked_at="2025-01-08T00:00:00+02:00"))
    assert titles(history.list()) == ["resumed", "old"]
    kept(history, replace(port, asked_at="2025-01-08T00:00:01+00:00"), title="new")
    assert titles(history.list()) == ["new", "resumed"]
    with pytest.raises(ConversationNotFoundError):
        history.append(old, port)


def test_threads_share_a_history(history: History, port: Answer) -> None:
    conversation_id = history.start()

    def work() -> None:
        for _ in range(10):
            history.append(conversation_id, port)
            assert history.search("workers")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (summary,) = history.list()
    assert summary.questions == 40


@pytest.mark.parametrize(
    "text",
    [
        "\x00 \x1b[31m \u202e \U0001f30d \u2028",
        "caf\udce9.txt",  # a byte of a file name that is no UTF-8
        "\ud83d half of a pair",
        '{"key": [1, null]}',
    ],
)
def test_awkward_characters_come_back_as_they_were(history: History, port: Answer, text: str) -> None:
    (citation,) = port.citations
    place = replace(citation.place, path=text)
    answer = replace(port, question=text, citations=(replace(citation, title=text, place=place),))
    assert decode(encode(answer)) == answer
    conversation = history.read(kept(history, answer))
    assert conversation is not None
    assert conversation.turns[0].answer == answer
    assert history.search(text)


def test_every_kind_of_value_comes_back_with_its_type(port: Answer) -> None:
    answer = replace(
        port, confidence=None, text=None, verdict=Verdict.RELATED, values=(Value(text="400", date=None, citation=1),)
    )
    again = decode(encode(answer))
    assert again == answer
    assert again.verdict is Verdict.RELATED
    assert again.citations[0].status is Freshness.SAME
    assert isinstance(again.related, tuple)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1}', "null", '{"verdict": "perhaps"}'])
def test_a_record_that_is_no_answer_is_an_error(text: str) -> None:
    with pytest.raises(NotAnAnswerError, match="no answer"):
        decode(text)


def test_the_articles_that_are_quoted_are_known_with_their_files(
    history: History, port: Answer, strike: Answer, index: Path
) -> None:
    kept(history, port, strike)
    folder = index.parent / "articles"
    assert {frozenset({Path(file) for file in files}) for files in quoted_articles(history.file).values()} == {
        frozenset({folder / "port.txt"}),
        frozenset({folder / "strike.md"}),
    }


def test_purging_an_article_deletes_its_words_everywhere_and_keeps_the_others(
    history: History, port: Answer, strike: Answer
) -> None:
    conversation_id = kept(history, port, strike)
    other = kept(history, replace(port, question="What closed?", standalone_question="What closed in Kreel?"))
    article_id = port.citations[0].article_id
    assert purge(history.file, [article_id]) == 3
    assert _bytes_beside(history, b"Kreel", b"400", b"sent home.", b"closed on") == []
    conversation = history.read(conversation_id)
    assert conversation is not None
    first, second = (turn.answer for turn in conversation.turns)
    assert (first.question, first.text, first.citations[0].quote) == (port.question, "", "")
    assert first.citations[0].title == "port.txt"
    assert (first.citations[0].start, first.citations[0].number) == (port.citations[0].start, 1)
    assert first.related == port.related
    assert second.text == strike.text
    assert second.citations == (strike.citations[0], replace(strike.citations[1], quote="", title="port.txt"))
    assert titles(history.search("ruiz")) == [port.question]
    assert history.search("kreel") == ()
    again = history.read(other)
    assert again is not None
    assert again.turns[0].answer.standalone_question == "What closed?"
    assert purge(history.file, [article_id]) == 0


def test_purging_keeps_a_title_that_is_not_made_of_the_text(port: Answer, strike: Answer) -> None:
    article_id = strike.citations[0].article_id
    left, quotations = purged(strike, {article_id}, keep_titles={article_id})
    assert (left.citations[0].title, left.citations[0].quote, quotations) == ("The strike", "", 1)
    left, quotations = purged(port, {article_id})
    assert (left.related, left.text, quotations) == ((), port.text, 1)


def test_purging_takes_values_and_prose_that_rest_on_the_article(strike: Answer) -> None:
    values = (Value(text="400", date=None, citation=2), Value(text="Ana Ruiz", date=None, citation=1))
    prose = replace(strike, text="Ana Ruiz did, after Kreel closed.", values=values)
    left, _ = purged(prose, {strike.citations[1].article_id})
    assert left.text == ""
    assert [value.text for value in left.values] == ["Ana Ruiz"]


def test_the_purge_knows_every_field_that_may_hold_an_article_s_words() -> None:
    """A new field must be looked at in `purged`, then named here."""
    of_answer = {field.name for field in fields(Answer)} - {"id", "asked_at", "question", "verdict", "confidence"}
    assert of_answer - {"index_generation", "models", "timings_ms", "where"} == {
        "standalone_question",
        "text",
        "citations",
        "related",
        "values",
    }
    metadata = {"number", "article_id", "date", "outlet", "author", "language", "url", "place", "page", "text_sha256"}
    metadata |= {"status"}
    offsets = {"first_sentence", "last_sentence", "start", "end", "answer_start", "answer_end"}
    assert {field.name for field in fields(Citation)} - metadata - offsets == {"title", "quote", "copies"}
    assert {field.name for field in fields(RelatedPassage)} >= {"title", "quote"}  # goes as a whole
    assert {field.name for field in fields(Value)} == {"text", "date", "citation"}


def _bytes_beside(history: History, *words: bytes) -> list[str]:
    """Files of the history's folder that hold one of the words."""
    return [file.name for file in history.file.parent.iterdir() if any(word in file.read_bytes() for word in words)]
