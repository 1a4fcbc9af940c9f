"""How well retrieval ranks forty short texts for forty questions; each text has three near misses on its subject."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.data import load_beir
from eval.report.retrieval import evaluate_retrieval
from rag.settings import load_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDER = Path(__file__).with_name("retrieval")
FLOORS = {"bm25": 50.0, "dense": 83.5, "fused": 80.5, "reranked": 81.5}
"""nDCG@10 in percent, 1.6 to 3.5 below what is measured; the widest is for the arm that depends on the float type."""


@pytest.fixture(scope="module")
def stages() -> dict[str, dict[str, float]]:
    measured: dict[str, Any] = evaluate_retrieval(load_beir(FOLDER, "test"), load_settings(), lambda *_: None)
    return measured["stages"]


@pytest.mark.parametrize("stage", FLOORS)
def test_no_stage_ranks_worse(stages: dict[str, dict[str, float]], stage: str) -> None:
    """Neither words alone, nor vectors alone, nor what is made of both."""
    assert stages[stage]["ndcg@10"] >= FLOORS[stage]


def test_both_arms_together_lose_nothing(stages: dict[str, dict[str, float]]) -> None:
    """What answers a question is among the first ten in all but one case."""
    assert stages["reranked"]["pass@10"] >= 97.5


def test_questions_share_few_words_with_what_answers_them(stages: dict[str, dict[str, float]]) -> None:
    """Else the set would measure nothing that words alone do not find."""
    assert stages["bm25"]["ndcg@10"] < 60 < stages["dense"]["ndcg@10"]


def test_every_text_is_asked_for_once() -> None:
    """Forty of each, so that a lost one costs 2.5 points at most."""
    data = load_beir(FOLDER, "test")
    assert len(data.documents) == len(data.queries) == 40
    assert {name for judged in data.qrels.values() for name in judged} == {each.id for each in data.documents}
