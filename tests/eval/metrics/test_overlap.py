"""The floors: plain shares of words and of pairs of words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.data.groundedness import hits_of
from eval.metrics.overlap import Overlap
from rag.evidence.finder import EvidenceFinder

CONTEXT = "The club owns 14 boats. Juniors train on Mondays."
WORDS = st.lists(st.sampled_from("the club owns boats juniors train lamps".split()), min_size=1).map(" ".join)


def shares(claim: str) -> dict[str, float]:
    return Overlap(EvidenceFinder().pool(hits_of(CONTEXT))).of(claim)


def test_words_and_their_pairs_are_counted() -> None:
    """A pair counts only where both stand side by side in one sentence."""
    assert shares("the club owns boats") == {"words_found": 1.0, "pairs_found": 2 / 3}
    assert shares("boats juniors") == {"words_found": 1.0, "pairs_found": 0.0}


@given(WORDS)
def test_shares_are_shares(claim: str) -> None:
    """And pairs are never found where the words are not."""
    found = shares(claim)
    assert 0 <= found["pairs_found"] <= 1
    assert 0 <= found["words_found"] <= 1
    assert found["words_found"] > 0 or found["pairs_found"] == 0
