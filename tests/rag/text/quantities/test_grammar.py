"""Quantities of a grammar that the product does not know: how many false sentences are caught, and true ones let by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from rag.evidence.stated_facts import claim_of, ground_of, missing_numbers
from tests.rag.text.quantities.grammar import DEVELOPED, FALSE, HELD_OUT, TRUE, Maker, Pair, cells, pairs

EXAMPLES = 60
LEAST = 0.95


def is_barred(pair: Pair) -> bool:
    return bool(missing_numbers(claim_of(pair.sentence), [ground_of(pair.quote, pair.place)]))


def share_barred(makers: Sequence[Maker], templates: Sequence[str]) -> tuple[float, Counter[str]]:
    """The share of the pairs of all kinds whose sentence is barred, and how many of which kind are not as wanted."""
    barred, let = Counter[str](), Counter[str]()

    for maker in makers:

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
        @given(pairs(maker, templates))
        def judge(pair: Pair) -> None:
            (barred if is_barred(pair) else let)[pair.kind] += 1

        judge()
    total = barred.total() + let.total()
    return barred.total() / total, let if makers is FALSE else barred


@pytest.mark.slow
@pytest.mark.parametrize("templates", [DEVELOPED, HELD_OUT], ids=["developed", "held out"])
def test_false_quantities_are_caught(templates: Sequence[str]) -> None:
    """Another unit, sign, bound, end, order, scale, currency or rounding."""
    share, missed = share_barred(FALSE, templates)
    assert share >= LEAST, missed


@pytest.mark.slow
@pytest.mark.parametrize("templates", [DEVELOPED, HELD_OUT], ids=["developed", "held out"])
def test_true_quantities_are_let_through(templates: Sequence[str]) -> None:
    """The same said in another way: converted, rounded, in words, with another mark."""
    share, wrongly = share_barred(TRUE, templates)
    assert share <= 1 - LEAST, wrongly


@settings(deadline=None)
@given(cells())
def test_a_cell_is_read_in_the_scale_over_it(found: tuple[Pair, Pair]) -> None:
    """`82,959` under `in millions` is 82,959 million and not 82,959; in brackets it is a loss."""
    true, false = found
    assert not is_barred(true)
    assert is_barred(false)
