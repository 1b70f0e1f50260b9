"""Trains the extractive reader: `python -m qa.reader.train --data DIR` (needs torch and transformers).

all-MiniLM-L6-v2 with a span head, on groups of one question with several passages. The loss is the mean of two
cross-entropies over start and end positions: per passage with the null position [CLS] (Devlin et al. 2019), and over
all passages of the question at once with one shared null (shared normalisation, Clark and Gardner 2018).
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import random
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel

from index.model_files import DEFAULT_MODEL, resolve_model
from qa.reader.training.examples import Example, ExampleConfig, groups
from qa.reader.training.questions import file_sha256, read_questions

CONFIG = Path(__file__).parent / "training" / "config.toml"
POOL = 1500
"""Groups whose passages are sorted by length together."""
ROUND_TO = 16
MAX_QUESTION_TOKENS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One passage as token ids."""

    ids: list[int]
    first: int
    """First token of the passage; the tokens before it are the question and the header."""
    start: int
    end: int
    """Token positions of the answer, 0 (the null position) when there is none."""


class SpanReader(torch.nn.Module):
    """The encoder and a linear layer: start and end logits, masked to the passage and the null position."""

    def __init__(self, model: Path) -> None:
        super().__init__()
        # No dropout: with few passes over the data it costs a third of the speed and brings nothing back.
        self.encoder = AutoModel.from_pretrained(
            model,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 2)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Logits, shape (batch, tokens, 2)."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        logits: Tensor = self.head(hidden)
        return logits


def group_loss(logits: Tensor, allowed: Tensor, targets: Tensor, group: Tensor, shared_weight: float) -> Tensor:
    """Mean of both losses over start and end.

    Args:
        logits: (batch, tokens, 2), float32.
        allowed: (batch, tokens), true where an answer may lie; the null position 0 is not.
        targets: (batch, 2), token positions, 0 for none.
        group: (batch,), number of the question from 0.
        shared_weight: Of the shared normalisation; the rest is per passage.
    """
    count = int(group.max()) + 1
    null = logits[:, :1]
    relative = (logits - null).masked_fill(~allowed.unsqueeze(-1), -1e9)
    mass = torch.logsumexp(relative, dim=1)
    """(batch, 2): of all answers of a passage, against its null."""
    at = torch.gather(logits - null, 1, targets.unsqueeze(1)).squeeze(1)
    zero = torch.zeros_like(mass)
    per_passage = torch.logaddexp(mass, zero) - at
    top = torch.full((count, 2), -1e9).scatter_reduce(0, group.unsqueeze(-1).expand(-1, 2), mass, "amax")
    top = torch.maximum(top, torch.zeros_like(top)).detach()
    summed = torch.exp(-top).index_add(0, group, torch.exp(mass - top[group]))
    gold = torch.zeros((count, 2)).index_add(0, group, at)
    shared = torch.log(summed) + top - gold
    return (1 - shared_weight) * per_passage.mean() + shared_weight * shared.mean()


def rows_of(tokenizer: Tokenizer, examples: Sequence[Example], max_tokens: int) -> list[Row]:
    """Token ids and answer positions; a passage that is too long is cut around its answer."""
    fronts = tokenizer.encode_batch([e.question for e in examples], add_special_tokens=False)
    headers = tokenizer.encode_batch([e.header for e in examples], add_special_tokens=False)
    passages = tokenizer.encode_batch([e.passage for e in examples], add_special_tokens=False)
    cls, sep = (int(tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]"))
    rows = []
    for example, front, header, passage in zip(examples, fronts, headers, passages, strict=True):
        start, end = _token_span(passage.offsets, example.start, example.end)
        before = [cls, *front.ids[:MAX_QUESTION_TOKENS], sep, *header.ids[:32]]
        room = max_tokens - len(before) - 1
        first = 0 if end < room else max(0, min(start - room // 3, len(passage.ids) - room))
        ids = [*before, *passage.ids[first : first + room], sep]
        answered = start >= 0 and end - first < room
        rows.append(
            Row(
                ids=ids,
                first=len(before),
                start=len(before) + start - first if answered else 0,
                end=len(before) + end - first if answered else 0,
            )
        )
    return rows


def _token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    if start < 0:
        return -1, -1
    inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
    return (inside[0], inside[-1]) if inside else (-1, -1)


Batch = list[list[Row]]


def batches(pool: list[list[Row]], batch_tokens: int, rng: random.Random) -> list[Batch]:
    """Groups of like length together, at most `batch_tokens` with padding (a single larger group goes alone)."""
    pool = sorted(pool, key=lambda group: max(len(row.ids) for row in group))
    made: list[Batch] = []
    current: Batch = []
    rows = longest = 0
    for group in pool:
        length = -(-max(len(row.ids) for row in group) // ROUND_TO) * ROUND_TO
        if current and (rows + len(group)) * max(longest, length) > batch_tokens:
            made.append(current)
            current, rows, longest = [], 0, 0
        current.append(group)
        rows += len(group)
        longest = max(longest, length)
    if current:
        made.append(current)
    rng.shuffle(made)
    return made


def tensors(batch: Batch, batch_tokens: int) -> dict[str, Tensor]:
    """A batch, padded in length, and in rows so that each length has one shape: a third faster than many shapes.

    Rows beyond those of `targets` are padding.
    """
    rows = [row for group in batch for row in group]
    length = -(-max(len(row.ids) for row in rows) // ROUND_TO) * ROUND_TO
    ids = torch.zeros((max(len(rows), batch_tokens // length), length), dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    mask[:, 0] = 1
    allowed = torch.zeros((len(rows), length), dtype=torch.bool)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        mask[i, : len(row.ids)] = 1
        separator = row.ids.index(row.ids[-1])
        types[i, separator + 1 : len(row.ids)] = 1
        allowed[i, row.first : len(row.ids) - 1] = True
    return {
        "ids": ids,
        "mask": mask,
        "types": types,
        "allowed": allowed,
        "targets": torch.tensor([[row.start, row.end] for row in rows]),
        "group": torch.tensor([g for g, group in enumerate(batch) for _ in group]),
    }


def load_groups(config: dict[str, Any], data: Path) -> Iterator[tuple[Example, ...]]:
    """The groups of a run."""
    by_source = {source: read_questions(data / f"{source}.jsonl.gz") for source in config["data"]}
    shares: dict[str, Any] = config["examples"]
    listed: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in shares.items()}
    settings = ExampleConfig(**listed)
    return groups(by_source, config["data"], settings, seed=config["seed"])


def all_batches(config: dict[str, Any], data: Path, tokenizer: Tokenizer) -> list[Batch]:
    """Every batch of a run, in order."""
    rng = random.Random(config["seed"])
    made: list[Batch] = []
    pool: list[tuple[Example, ...]] = []

    def flush() -> None:
        rows = rows_of(tokenizer, [e for group in pool for e in group], config["examples"]["max_tokens"])
        at = iter(rows)
        made.extend(batches([[next(at) for _ in group] for group in pool], config["optimiser"]["batch_tokens"], rng))
        pool.clear()

    for group in load_groups(config, data):
        pool.append(group)
        if len(pool) == POOL:
            flush()
    if pool:
        flush()
    return made


@dataclass(slots=True)
class Run:
    """What training holds: all of it goes into a checkpoint."""

    model: SpanReader
    average: dict[str, Tensor]
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    step: int = 0

    def save(self, path: Path) -> None:
        """Write a checkpoint, never half of one."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.step,
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step = state["step"]


def start_run(config: dict[str, Any], model: Path, steps: int, device: str, weights: Path | None = None) -> Run:
    """A model with its optimiser; `weights` are those of an earlier run."""
    torch.manual_seed(config["seed"])
    settings = config["optimiser"]
    reader = SpanReader(model).to(device)
    if weights is not None:
        reader.load_state_dict(torch.load(weights, weights_only=True))
    decayed = [p for p in reader.encoder.parameters() if p.dim() > 1]
    others = [p for p in reader.encoder.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "lr": settings["learning_rate"], "weight_decay": settings["weight_decay"]},
            {"params": others, "lr": settings["learning_rate"], "weight_decay": 0.0},
            {"params": list(reader.head.parameters()), "lr": settings["head_learning_rate"], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.98),
        fused=True,
    )
    warm = max(1, int(settings["warmup"] * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    average = {name: value.detach().clone() for name, value in reader.state_dict().items()}
    return Run(reader, average, optimiser, schedule)


def train_step(run: Run, batch: Batch, config: dict[str, Any], device: str) -> float:
    """One step; returns the loss."""
    settings = config["optimiser"]
    data = {name: value.to(device) for name, value in tensors(batch, settings["batch_tokens"]).items()}
    bf16 = device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    with torch.autocast(device, torch.bfloat16, enabled=bf16):
        logits = run.model(data["ids"], data["mask"], data["types"])[: len(data["targets"])]
    loss = group_loss(logits.float(), data["allowed"], data["targets"], data["group"], settings["shared_weight"])
    loss.backward()  # type: ignore[no-untyped-call]  # torch
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), settings["clip"])
    run.optimiser.step()
    run.schedule.step()
    run.optimiser.zero_grad(set_to_none=True)
    run.step += 1
    decay = min(settings["average"], run.step / (run.step + 10))
    with torch.no_grad():
        for name, value in run.model.state_dict().items():
            if value.dtype.is_floating_point:
                run.average[name].lerp_(value, 1 - decay)
    return loss.item()


def keep_memory() -> None:
    """Glibc gives every large tensor back to the system and faults it in again; keeping it is a fifth faster."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for parameter, value in ((-4, 0), (-1, 2**31 - 1), (-2, 2**29)):  # M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD
            mallopt(parameter, value)


def main() -> None:
    """Train, with a checkpoint now and then; a second call goes on where the first one stopped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--output", type=Path, default=Path("reader-run"), help="folder for checkpoints and the result")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--start", type=Path, help="weights.pt of an earlier run to start from, with a new schedule")
    parser.add_argument("--steps", type=int, help="stop after so many (to try it out)")
    options = parser.parse_args()
    keep_memory()
    config = tomllib.loads(options.config.read_text(encoding="utf-8"))
    options.output.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = resolve_model(DEFAULT_MODEL, cache_dir=options.output).folder
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    plan = all_batches(config, options.data, tokenizer)
    gc.freeze()  # the plan is some hundred thousand lists; looking through them costs time and finds nothing
    plan = plan[: options.steps or config["optimiser"]["steps"]]
    run = start_run(config, model, len(plan), device, weights=options.start)
    checkpoint = options.output / "checkpoint.pt"
    if checkpoint.exists():
        run.load(checkpoint)
    hashes = {source: file_sha256(options.data / f"{source}.jsonl.gz") for source in config["data"]}
    start = None if options.start is None else file_sha256(options.start)
    about = {"config": config, "data": hashes, "steps": len(plan), "start": start}
    (options.output / "run.json").write_text(json.dumps(about, indent=1))
    train(run, plan, config, device, checkpoint)
    run.save(checkpoint)
    torch.save(run.average, options.output / "weights.pt")


def train(run: Run, plan: Sequence[Batch], config: dict[str, Any], device: str, checkpoint: Path) -> None:
    """The steps that are left."""
    run.model.train()
    started_s, tokens, smooth = time.monotonic(), 0, None
    first = run.step
    for batch in plan[first:]:
        loss = train_step(run, batch, config, device)
        smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
        tokens += sum(len(row.ids) for group in batch for row in group)
        if run.step % 20 == 0:
            spent_s = time.monotonic() - started_s
            left_s = spent_s / (run.step - first) * (len(plan) - run.step)
            print(  # noqa: T201  # a training run's progress
                f"step {run.step:,}/{len(plan):,}  loss {smooth:.3f}  {tokens / spent_s:,.0f} tokens/s  "
                f"{left_s / 60:.0f} min left",
                file=sys.stderr,
            )
        if run.step % config["optimiser"]["checkpoint_steps"] == 0:
            run.save(checkpoint)


if __name__ == "__main__":
    main()
