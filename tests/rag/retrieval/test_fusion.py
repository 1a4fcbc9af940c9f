"""Combining the scores of two arms."""

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse, min_max

SCORES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(-100, 100), max_size=12)
WEIGHTS = st.floats(0, 1)


@given(SCORES)
def test_min_max_keeps_order_and_fits_into_0_to_1(scores: dict[str, float]) -> None:
    """Every id stays, no order is turned round."""
    scaled = min_max(scores)
    assert scaled.keys() == scores.keys()
    assert all(0 <= score <= 1 for score in scaled.values())
    assert all(scaled[a] <= scaled[b] for a in scores for b in scores if scores[a] <= scores[b])


@given(SCORES, SCORES, WEIGHTS)
def test_fusion_has_every_id_once_in_order(first: dict[str, float], second: dict[str, float], weight: float) -> None:
    """Best first, ties by id, scores within 0..1."""
    fused = fuse(first, second, weight)
    assert fused.keys() == first.keys() | second.keys()
    assert list(fused.items()) == sorted(fused.items(), key=lambda item: (-item[1], item[0]))
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())


@given(SCORES, SCORES)
def test_a_weight_of_zero_leaves_the_first_side_alone(first: dict[str, float], second: dict[str, float]) -> None:
    """And a weight of one the second."""
    only = fuse(first, second, 0.0)
    assert {key: only[key] for key in first} == min_max(first)
    assert {key: fuse(first, second, 1.0)[key] for key in second} == min_max(second)


@given(SCORES, SCORES, WEIGHTS, st.floats(0.1, 10), st.floats(-5, 5))
def test_scales_do_not_matter(
    first: dict[str, float], second: dict[str, float], weight: float, factor: float, shift: float
) -> None:
    """BM25 may be stretched and moved without changing what is fused, up to rounding."""
    moved = {key: score * factor + shift for key, score in second.items()}
    before, after = fuse(first, second, weight), fuse(first, moved, weight)
    spread = max(second.values(), default=0) - min(second.values(), default=0)
    if spread > 1e-3:
        assert all(abs(before[key] - after[key]) < 1e-6 for key in before)
