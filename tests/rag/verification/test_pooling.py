"""Two opinions made into one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.pooling import LEAST_ASKED, decided_support, pooled_support, reader_could_decide

PROBABILITIES = st.floats(0, 1)


@given(PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_a_surer_reader_and_a_surer_verifier_never_lower_the_support(support: float, read: float, more: float) -> None:
    """And two that agree are surer than each of them."""
    assert 0 <= pooled_support(support, read) <= 1
    assert pooled_support(support, max(read, more)) >= pooled_support(support, read)
    assert pooled_support(max(support, more), read) >= pooled_support(support, read)
    if min(support, read) >= 0.5:
        assert pooled_support(support, read) >= max(support, min(read, 0.99)) - 1e-9


@given(PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_a_sentence_the_reader_is_not_asked_about_is_not_released(
    support: float, read: float, threshold: float
) -> None:
    """Neither by its own support, nor would it be by a reader, unless the words speak against it."""
    if not reader_could_decide(support, threshold):
        assert support < threshold
        assert support < LEAST_ASKED or pooled_support(support, read) < threshold


def test_an_undecided_reader_changes_nothing_and_a_sure_one_not_everything() -> None:
    """Odds multiply: 9 to 1 and 3 to 1 give 27 to 1; nothing is surer than 99 to 1."""
    assert pooled_support(0.9, 0.5) == pytest.approx(0.9)
    assert pooled_support(0.9, 0.75) == pytest.approx(27 / 28)
    assert pooled_support(0.1, 1.0) == pytest.approx(pooled_support(0.1, 0.99))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_no_of_a_reader_that_decides_is_final(support: float, read: float) -> None:
    """However many words of the evidence a sentence copies; a *yes* is pooled as ever."""
    decided = decided_support(support, read)
    assert decided <= pooled_support(support, read)
    assert decided <= read if read < 0.5 else decided == pooled_support(support, read)
