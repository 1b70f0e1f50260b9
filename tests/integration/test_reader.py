"""The reader that ships and readers that are named: real files, real runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.reader.named import prepare_reader
from qa.reader.shipped import WEIGHTS, check_files, load_calibration, load_reader
from tests.conftest import RunQa
from tests.unit.qa.passages import retrieved

NEWS = (
    "The port of Hamburg closed on Monday. Its 400 workers were sent home. "
    '"We had no choice," said Ana Ruiz, who runs it. Ships wait outside until Friday.'
)


def copy_of_the_reader(folder: Path) -> Path:
    shutil.copytree(WEIGHTS, folder)
    return folder


def test_the_shipped_files_are_the_ones_expected() -> None:
    assert check_files() == []


def test_the_shipped_reader_finds_numbers_names_and_dates() -> None:
    reader, passage = load_reader(), retrieved(NEWS, rank=1, title="Port closed")
    for question, words in {
        "How many workers were sent home?": "400",
        "Who runs the port?": "Ana Ruiz",
        "When did the port close?": "Monday",
    }.items():
        best = reader.read(question, [passage])[0]
        assert words in NEWS[best.start : best.end]
        assert best.score > 0


def test_a_passage_that_says_nothing_of_it_scores_below_one_that_does() -> None:
    reader = load_reader()
    other = retrieved("The harvest was good. Farmers were pleased with the rain in May.", rank=2, title="Harvest")
    spans = reader.read("How many workers were sent home?", [other, retrieved(NEWS, rank=1)])
    best = {span.article_id: span.score for span in reversed(spans)}
    assert best[retrieved(NEWS, rank=1).article.id] > best[other.article.id] + 2


def test_an_altered_file_and_a_missing_one_are_named(tmp_path: Path) -> None:
    folder = copy_of_the_reader(tmp_path / "reader")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    (folder / "model.onnx").unlink()
    altered, missing = sorted(check_files(folder), key=lambda fault: "model.onnx" in fault)
    assert "tokenizer.json has SHA-256" in altered
    assert "model.onnx cannot be read" in missing


def test_missing_weights_are_an_error_that_says_how_to_get_them(tmp_path: Path) -> None:
    folder = copy_of_the_reader(tmp_path / "reader")
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx is missing .* pip install"):
        load_reader(folder).read("Who?", [retrieved(NEWS, rank=1)])


def test_a_damaged_calibration_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = copy_of_the_reader(tmp_path / "reader")
    (folder / "calibration.json").write_text('{"weights": {}}', encoding="utf-8")
    with pytest.raises(ModelError, match=r"calibration\.json"):
        load_calibration(folder)


def test_a_reader_without_a_calibration_is_taken_for_the_shipped_one(tmp_path: Path) -> None:
    folder = copy_of_the_reader(tmp_path / "reader")
    (folder / "calibration.json").unlink()
    assert load_calibration(folder) == load_calibration()


def test_an_exported_folder_is_used_as_it_is(tmp_path: Path) -> None:
    folder = copy_of_the_reader(tmp_path / "reader")
    assert prepare_reader(str(folder), cache_dir=tmp_path / "cache", report=pytest.fail) == folder


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question-answering model as Hugging Face saves one, untrained."""
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    from index.encode import resolve_model

    folder = tmp_path_factory.mktemp("tiny")
    packaged = resolve_model(None, cache_dir=folder / "cache").folder
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertForQuestionAnswering(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(packaged).save_pretrained(folder)
    return folder


def test_a_named_model_is_exported_once_and_then_asked(
    tiny_model: Path, run_qa: RunQa, seeds_index: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    folder = prepare_reader(str(tiny_model), cache_dir=tmp_path, report=said.append)
    assert prepare_reader(str(tiny_model), cache_dir=tmp_path, report=said.append) == folder
    assert len(said) == 1
    assert "Exporting the reader" in said[0]
    done = run_qa("--index", str(seeds_index), "ask", "--json", "--no-history", "Who won?", QA_READER=str(folder))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["models"]["reader"] == str(tiny_model)


def test_a_model_that_answers_no_questions_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "no-such-thing"}', encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be used as a reader"):
        prepare_reader(str(tmp_path), cache_dir=tmp_path / "cache", report=lambda _: None)
