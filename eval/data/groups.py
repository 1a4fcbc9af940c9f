"""Groups of labelled claims that share a context or a claim, which no split may divide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from eval.data.groundedness import LabelledClaim
from eval.data.splits import in_first_half
from rag.text import tokens
from rag.types import sha256_of


def groups_of(rows: Sequence[LabelledClaim]) -> list[str]:
    """The name of each row's group: rows that share a context or a claim, directly or through others, have one.

    Texts count as the same where their words do, whatever their case, spaces and punctuation. A group is named by the
    first of its texts in the order of their digests, so that a name does not depend on the order of the rows.
    """
    if not rows:
        return []
    keys = [(_key("context", row.context), _key("claim", row.claim)) for row in rows]
    names = sorted({key for pair in keys for key in pair})
    places = {name: place for place, name in enumerate(names)}
    edges = np.array([(places[context], places[claim]) for context, claim in keys])
    graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(names), len(names)))
    _, components = connected_components(graph, directed=False)
    first: dict[int, str] = {}
    for name, component in zip(names, components, strict=True):
        first.setdefault(int(component), name)
    return [first[int(components[places[context]])] for context, _ in keys]


def held_out_of(sets: Iterable[Sequence[LabelledClaim]]) -> frozenset[LabelledClaim]:
    """The held-out rows of all data sets, on which nothing may be fitted: half of the groups."""
    rows = [row for each in sets for row in each]
    return frozenset(row for row, group in zip(rows, groups_of(rows), strict=True) if not in_first_half(group))


def _key(kind: str, text: str) -> str:
    return sha256_of(f"{kind} {' '.join(tokens(text))}".encode())
