"""Cells are found by the size of their figures, in every scale and up to the rounding of the number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.data import hits_of
from rag.evidence import EvidenceFinder, EvidencePool
from rag.text import quantities

TABLE = (
    "| in millions | 2022 | 2021 |\n| --- | --- | --- |\n| Sales | $ 22,352 | $ 20,364 |\n| Margin | 42.3% | 41.3% |"
)


def pool_of(text: str) -> EvidencePool:
    return EvidenceFinder().pool(hits_of(text))


def found(number: str, text: str = TABLE) -> list[tuple[str, int]]:
    pool = pool_of(text)
    rows = [(pool.row(index), column) for index, column in pool.cells.of(quantities(number)[0])]
    return [(row.label, column) for row, column in rows if row is not None]


def test_a_rounded_amount_finds_its_cell() -> None:
    """Whatever the scale that it is told in."""
    assert found("$22.4 billion") == [("Sales", 0)]
    assert found("20,364") == [("Sales", 1)]
    assert found("42.3%") == [("Margin", 0)]


def test_another_amount_finds_none() -> None:
    """Not one that would round to another figure."""
    assert found("$22.5 billion") == []
    assert found("$22.4") == []


@given(st.integers(1_000, 999_999), st.integers(0, 3))
def test_a_figure_is_found_however_it_is_rounded(figure: int, digits: int) -> None:
    """To thousands, hundreds or tens, as a number with fewer digits in a larger scale."""
    table = f"| in millions | 2022 | 2021 |\n| --- | --- | --- |\n| Sales | {figure:,} | 7 |"
    told = f"${figure / 1000:.{digits}f} billion"
    assert ("Sales", 0) in found(told, table)


def test_rows_that_print_a_number_are_told_from_those_that_round_to_it() -> None:
    """Only the former have its digits."""
    pool = pool_of(TABLE)
    assert len(pool.cells.printing(quantities("$22,352 million"))) == 1
    assert pool.cells.printing(quantities("$22.4 billion")) == ()
