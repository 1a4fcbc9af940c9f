"""Labelled claims with their features, each in the training or in the held-out split."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from eval.data import LabelledClaim, hits_of
from eval.metrics import Overlap
from rag.evidence import EvidenceFinder, EvidencePool
from rag.verification import features_of


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled claim as measured, floors included; nothing is fitted on one that is `held_out`."""

    dataset: str
    held_out: bool
    supported: bool
    claim: str
    measured: Mapping[str, float]

    @property
    def family(self) -> str:
        """What is left out together with its data set: `begin_cmu` and `begin_tc` were made by one hand."""
        return self.dataset.partition("_")[0]


def samples_of(
    rows: Sequence[LabelledClaim], finder: EvidenceFinder, held_out: Collection[LabelledClaim] = ()
) -> list[Sample]:
    """Every row measured against the pool of its context; contexts without a sentence are left out."""
    found: list[Sample] = []
    context, pool, overlap = "", EvidencePool([]), Overlap(EvidencePool([]))
    for row in sorted(rows, key=lambda row: row.context):
        if row.context != context:
            context, pool = row.context, finder.pool(hits_of(row.context))
            overlap = Overlap(pool)
        if len(pool):
            measured = {**features_of(row.claim, finder.support(row.claim, pool), pool), **overlap.of(row.claim)}
            found.append(Sample(row.dataset, row in held_out, row.supported, row.claim, measured))
    return found


def weights_of(groups: Sequence[tuple[str, bool]]) -> list[float]:
    """Weights by which every data set, and in it every label, counts the same; their mean is 1."""
    sizes = {group: groups.count(group) for group in set(groups)}
    weights = [1 / sizes[group] for group in groups]
    total = sum(weights)
    return [weight * len(groups) / total for weight in weights]
