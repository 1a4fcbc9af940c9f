"""Amounts that are the sum of amounts told beside or before them give way to these; no other amount does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.data import hits_of
from rag.arithmetic.written_calculations import Written, worked_before, written
from rag.evidence import EvidenceFinder
from rag.figures import is_misnamed
from tests.statements import STATEMENT

ITEMS = ("- Cash: $30 million", "- Securities: $15 million", "- Receivables: $25 million")
LOANS = ("They owe $567 million of commercial paper and $5.0 billion of a term loan.",)


def after(*before: str, text: str) -> Written:
    return written(text, worked_before(before), before=before)


@pytest.mark.parametrize(
    ("before", "text", "formula"),
    [
        ((), "Leases of $5.0 billion, rents of $21.9 billion, $26.9 billion in total.", "$5.0 billion + $21.9 billion"),
        (ITEMS, "- Total: $70 million", "$30 million + $15 million + $25 million"),
        (ITEMS, "The last two together are $40 million.", "$15 million + $25 million"),
        (LOANS, "In total this is about $5.6 billion.", "$567 million + $5.0 billion"),
    ],
)  # fmt: skip
def test_a_sum_gives_way_to_its_parts(before: tuple[str, ...], text: str, formula: str) -> None:
    """Beside it, in the items right before it, or in the nearest sentence with several."""
    found = after(*before, text=text)
    assert found.formulas == (formula,)
    assert all(part in found.text for part in formula.split(" + "))


@pytest.mark.parametrize(
    ("before", "text", "why"),
    [
        ((), "Sales were $70 million in May (up from $30 million).", "one part is no sum"),
        (
            (),
            "Assets were $70 million in total (cash of $30 million, bills of $40 million).",
            "nobody knows all assets",
        ),
        ((), "Cash of $30 million, bills of $40 million, $71 million in total.", "that is another sum"),
        ((), "Cash of $30 million, bills of $40 million, 70 million in total.", "of what currency?"),
        (ITEMS, "They are $70 million.", "nobody speaks of a total"),
        (ITEMS, "Cash and receivables are $55 million together.", "these are not all of the items before it"),
        (LOANS, "In total this is more than $5.6 billion.", "it is no more than that"),
    ],
)
def test_any_other_amount_stays(before: tuple[str, ...], text: str, why: str) -> None:
    """As a number that the document has to state."""
    assert after(*before, text=text).formulas == (), why


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("The margin was 20% in 2022 ($3 million of profit on sales of $15 million).", ("$3 million / $15 million",)),
        ("The margin was 21% in 2022 ($3 million of profit on sales of $15 million).", ()),
        ("The margin was 20% in 2022 ($15 million of sales, $3 million of profit).", ()),
        ("The margin was 20% in 2022 ($3 million vs. $15 million).", ()),
        ("The margin was 20% in 2022 ($3 of profit on sales of $15 million).", ()),
    ],
)
def test_a_share_may_have_its_part_and_its_whole_in_brackets(text: str, formula: tuple[str, ...]) -> None:
    """In this order; two amounts of two times are none."""
    assert written(text).formulas == formula


@given(parts=st.lists(st.integers(1, 10**6), min_size=2, max_size=6), off=st.integers(-(10**5), 10**5))
def test_only_the_exact_sum_of_parts_is_taken(parts: list[int], off: int) -> None:
    """However many they are."""
    told = " and ".join(f"${each:,} million" for each in parts)
    found = written(f"They owe {told}, ${max(sum(parts) + off, 0):,} million in total.")
    assert bool(found.formulas) == (off == 0)


@pytest.mark.parametrize(
    ("told", "is_misnamed_so"),
    [
        ("Gross margin was 19.4% in 2022 ($2,820 million of gross profit on net sales of $14,544 million).", False),
        ("Gross margin was 19.4% in 2022 (gross profit $2,820 million, net sales $14,544 million).", False),
        ("Gross margin was 19.4% in 2022 (net sales $2,820 million, gross profit $14,544 million).", True),
        ("It was 19.4% of cost of sales ($2,820 million of gross profit on net sales of $14,544 million).", True),
    ],
)
def test_the_amounts_of_a_share_are_called_what_their_rows_are(told: str, is_misnamed_so: bool) -> None:
    """And its whole is what it is said to be of."""
    pool = EvidenceFinder().pool(hits_of(STATEMENT))
    assert is_misnamed(written(told).called, pool) == is_misnamed_so
