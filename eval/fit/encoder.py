"""Fine-tune the support encoder; called by `eval.fit.verifier`, which chooses the pairs.

Plain supervised training: AdamW, linear warm-up and decay, binary cross-entropy on soft labels, batches of like length.
Same pairs, seed and machine: same weights.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from rag.models.embedding_local import best_dtype
from rag.types import FloatArray
from rag.verification.encoder import Encoder, padded
from rag.verification.pairs import HEADS, PairTokenizer

_WARM_UP = 0.06
_LARGEST_GRADIENT = 1.0
_POOLED_BATCHES = 50  # batches are cut from so many at a time, sorted by length
_DECAY = 0.01
_NEW, _RATE_OF_NEW = ("head.", "bert.embeddings.token_type_embeddings."), 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast."""

    epochs: int
    rate: float
    batch: int = 32
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Lessons:
    """(claim, window) pairs, what each head should say of them (0..1), and how much that counts: shapes (n, 2)."""

    pairs: Sequence[tuple[str, str]]
    wanted: FloatArray
    weights: FloatArray


def joined(first: Lessons, second: Lessons) -> Lessons:
    """Both, the first ones first."""
    columns = (np.concatenate(each) for each in ((first.wanted, second.wanted), (first.weights, second.weights)))
    return Lessons([*first.pairs, *second.pairs], *columns)


Told = Callable[[int, int, float], None]


def train(
    encoder: Encoder,
    tokenizer: PairTokenizer,
    lessons: Lessons,
    recipe: Recipe,
    *,
    device: str = "cpu",
    told: Told = lambda _done, _steps, _loss: None,
) -> None:
    """Train in place; `told` hears of every hundredth step."""
    torch.manual_seed(recipe.seed)
    encoder.to(device).train()
    rows = tokenizer.rows(lessons.pairs)
    order = list(_batches([len(ids) for ids, _ in rows], recipe))
    free = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(_groups(encoder, recipe.rate), weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _slope(step, len(order)))
    recent = torch.zeros((), device=device)
    for step, chosen in enumerate(order, 1):
        batch = {name: tensor.to(device) for name, tensor in padded([rows[i] for i in chosen], tokenizer.pad).items()}
        wanted, weight = (torch.tensor(each[chosen]).to(device) for each in (lessons.wanted, lessons.weights))
        with _autocast(device):
            logits = encoder(batch)
        loss = (binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none") * weight).sum() / len(chosen)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(free, _LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        recent += (loss.detach() - recent) / min(step, 100)
        if step % 100 == 0 or step == len(order):
            told(step, len(order), float(recent))
    encoder.eval()


def scores(
    encoder: Encoder,
    tokenizer: PairTokenizer,
    pairs: Sequence[tuple[str, str]],
    *,
    device: str = "cpu",
    batch: int = 64,
) -> FloatArray:
    """The logits of (claim, window) pairs, shape (n, HEADS): support, and that nothing was altered."""
    encoder.to(device).eval()
    rows = tokenizer.rows(pairs)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    found = np.zeros((len(rows), HEADS), dtype=np.float32)
    with torch.inference_mode(), _autocast(device):
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            inputs = {
                name: tensor.to(device) for name, tensor in padded([rows[i] for i in chosen], tokenizer.pad).items()
            }
            found[chosen] = encoder(inputs).float().cpu().numpy()
    return found


def _batches(lengths: Sequence[int], recipe: Recipe) -> Iterator[list[int]]:
    """Indexes of each batch, for all epochs: shuffled, then sorted by length within a pool of batches."""
    chance = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        order = list(range(len(lengths)))
        chance.shuffle(order)
        pool = recipe.batch * _POOLED_BATCHES
        batches: list[list[int]] = []
        for start in range(0, len(order), pool):
            near = sorted(order[start : start + pool], key=lambda i: lengths[i])
            batches.extend(near[i : i + recipe.batch] for i in range(0, len(near), recipe.batch))
        chance.shuffle(batches)
        yield from batches


def _groups(encoder: Encoder, rate: float) -> list[dict[str, Any]]:
    """What is new, the head and the marks of shared tokens, learns faster than what was trained before."""
    free = [(name, parameter) for name, parameter in encoder.named_parameters() if parameter.requires_grad]
    new = [parameter for name, parameter in free if name.startswith(_NEW)]
    old = [parameter for name, parameter in free if not name.startswith(_NEW)]
    return [{"params": old, "lr": rate}, {"params": new, "lr": _RATE_OF_NEW * rate}]


def _slope(step: int, steps: int) -> float:
    warm = max(1, round(_WARM_UP * steps))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))


def _autocast(device: str) -> Any:
    return torch.autocast(device, dtype=torch.bfloat16) if best_dtype(device) is torch.bfloat16 else nullcontext()
