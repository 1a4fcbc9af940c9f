"""Labelled claims as the verifier sees them, and which of them teach, weigh and judge it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from eval.data import ClaimPair, LabelledClaim, hash_number, hits_of
from eval.metrics import Overlap
from rag.evidence import EvidenceFinder, EvidencePool
from rag.types import FloatArray
from rag.verification import encoder_input, encoder_scores, features_of

_HALVES, _FOLDS = 2, 5


class Part(Enum):
    """What a row is for.

    `TEACH` the encoder, and weigh encoders that never saw its data set; `WEIGH` those and the one that ships; `JUDGE`
    the result, and nothing else.
    """

    TEACH = "teach"
    WEIGH = "weigh"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled claim as measured, floors included; `measured` gains what the encoder says once there is one."""

    dataset: str
    part: Part
    supported: bool
    claim: str
    window: str
    measured: Mapping[str, float]

    @property
    def pair(self) -> ClaimPair:
        """What the encoder learns from."""
        return ClaimPair(self.claim, self.window, float(self.supported), self.dataset)


def part_of(context: str) -> Part:
    """By a hash of the context: the same on every machine, and no context in two parts."""
    number = hash_number(context)
    if number % _HALVES:
        return Part.JUDGE
    return Part.WEIGH if number // _HALVES % _FOLDS == 0 else Part.TEACH


def is_judging(context: str) -> bool:
    """Whether rows of this context judge, so that nothing may be fitted on it."""
    return part_of(context) is Part.JUDGE


def samples_of(
    rows: Sequence[LabelledClaim], finder: EvidenceFinder, *, told: Callable[[int], None] = lambda _done: None
) -> list[Sample]:
    """Every row measured against the pool of its context; contexts without a sentence are left out."""
    found: list[Sample] = []
    context, pool, overlap = "", EvidencePool([]), Overlap(EvidencePool([]))
    for done, row in enumerate(sorted(rows, key=lambda row: row.context)):
        if row.context != context:
            context, pool = row.context, finder.pool(hits_of(row.context))
            overlap = Overlap(pool)
        if len(pool):
            support = finder.support(row.claim, pool)
            measured = {**features_of(row.claim, support, pool), **overlap.of(row.claim)}
            claim, window = encoder_input(row.claim, support, pool)
            found.append(Sample(row.dataset, part_of(context), row.supported, claim, window, measured))
        told(done)
    return found


def with_encoder(samples: Sequence[Sample], logits: FloatArray) -> list[Sample]:
    """The samples with the encoder's logits, shape (n, 2), among their measures."""
    return [
        replace(sample, measured={**sample.measured, **encoder_scores(each)})
        for sample, each in zip(samples, logits, strict=True)
    ]


def weights_of(groups: Sequence[tuple[str, bool]]) -> list[float]:
    """Weights by which every data set, and in it every label, counts the same; their mean is 1."""
    sizes = {group: groups.count(group) for group in set(groups)}
    weights = [1 / sizes[group] for group in groups]
    total = sum(weights)
    return [weight * len(groups) / total for weight in weights]
