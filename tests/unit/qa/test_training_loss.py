from __future__ import annotations

import math
import random

import pytest
import torch
from tokenizers import Tokenizer

from qa.reader.shipped import WEIGHTS
from qa.reader.train import Row, batches, group_loss, rows_of, tensors
from qa.reader.training.examples import Example


def loss(logits: list[list[float]], targets: list[int], groups: list[int], *, shared: float) -> float:
    """One logit a token for start and end alike; token 0 is the null position."""
    values = torch.tensor(logits).unsqueeze(-1).expand(-1, -1, 2)
    allowed = torch.ones(len(logits), len(logits[0]), dtype=torch.bool)
    allowed[:, 0] = False
    both = torch.tensor([[t, t] for t in targets])
    return group_loss(values, allowed, both, torch.tensor(groups), shared).item()


def test_per_passage_it_is_the_cross_entropy_over_the_passage_and_the_null_position() -> None:
    logits = [0.5, 2.0, 1.0]
    expected = -math.log(math.exp(2.0) / sum(math.exp(x) for x in logits))
    assert loss([logits], [1], [0], shared=0.0) == pytest.approx(expected, abs=1e-5)


def test_shared_it_is_one_softmax_over_all_passages_of_a_question_with_one_null() -> None:
    # Against each passage's own null: 1.5 and 0.5, -1.0 and 0.0; the null itself counts once, as 0.
    gold, other = [0.5, 2.0, 1.0], [1.0, 0.0, 1.0]
    expected = -math.log(math.exp(1.5) / (math.exp(1.5) + math.exp(0.5) + math.exp(-1.0) + math.exp(0.0) + 1.0))
    assert loss([gold, other], [1, 0], [0, 0], shared=1.0) == pytest.approx(expected, abs=1e-5)


def test_shared_a_question_that_nothing_answers_wants_the_null() -> None:
    expected = -math.log(1.0 / (math.exp(1.5) + math.exp(0.5) + 1.0))
    assert loss([[0.5, 2.0, 1.0]], [0], [0], shared=1.0) == pytest.approx(expected, abs=1e-5)


def test_tokens_of_the_question_are_no_answers() -> None:
    logits = torch.tensor([[0.0, 9.0, 1.0]]).unsqueeze(-1).expand(-1, -1, 2)
    allowed = torch.tensor([[False, False, True]])
    found = group_loss(logits, allowed, torch.tensor([[2, 2]]), torch.tensor([0]), 0.5).item()
    assert found == pytest.approx(math.log(1 + math.exp(-1.0)), abs=1e-5)


def test_questions_count_alike_however_many_passages_they_have() -> None:
    gold, other = [0.0, 1.0], [0.0, -50.0]
    alone = loss([gold], [1], [0], shared=1.0)
    assert loss([gold, other, other, gold], [1, 0, 0, 1], [0, 0, 0, 1], shared=1.0) == pytest.approx(alone, abs=1e-5)


def row(length: int) -> Row:
    return Row(ids=[101, *range(1000, 1000 + length - 2), 102], first=3, start=4, end=5)


def test_batches_keep_groups_together_and_within_their_tokens() -> None:
    pool = [[row(20 + n % 7)] * (1 + n % 3) for n in range(40)]
    made = batches(pool, 640, random.Random(0))
    assert sum(len(batch) for batch in made) == 40
    for batch in made:
        data = tensors(batch, 640)
        assert data["ids"].numel() <= 640
        assert len(data["targets"]) == sum(map(len, batch)) <= len(data["ids"])


def test_batches_of_one_length_have_one_shape() -> None:
    few, many = tensors([[row(30)]], 640), tensors([[row(25)] * 9, [row(32)] * 3], 640)
    assert few["ids"].shape == many["ids"].shape == (20, 32)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def test_a_passage_that_is_too_long_is_cut_around_its_answer(tokenizer: Tokenizer) -> None:
    text = "rain " * 300 + "Okinawa" + " sun" * 300
    example = Example(question="where", header="", passage=text, start=1500, end=1507)
    (found,) = rows_of(tokenizer, [example], 128)
    assert len(found.ids) == 128
    assert tokenizer.decode(found.ids[found.start : found.end + 1]) == "okinawa"
