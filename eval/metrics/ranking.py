"""Ranking metrics, by ir-measures. A query without results counts as 0."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

with warnings.catch_warnings():  # ir-measures imports pkg_resources in some versions
    warnings.simplefilter("ignore")
    import ir_measures
    from ir_measures import RR, R, nDCG

MEASURES = {
    "ndcg@10": nDCG @ 10,
    "recall@100": R @ 100,
    "mrr@10": RR @ 10,
    "pass@5": R @ 5,
    "pass@10": R @ 10,
    "pass@20": R @ 20,
}


def ranking_metrics(qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Means over all judged queries, in percent.

    `pass@k` is the share of a query's relevant documents among the first k (Anthropic, Contextual Retrieval, 2024),
    which is recall@k.
    """
    sums = dict.fromkeys(MEASURES, 0.0)
    names = {measure: name for name, measure in MEASURES.items()}
    for found in ir_measures.iter_calc(list(names), qrels, run):
        sums[names[found.measure]] += found.value
    return {name: round(100 * total / len(qrels), 2) for name, total in sums.items()}
