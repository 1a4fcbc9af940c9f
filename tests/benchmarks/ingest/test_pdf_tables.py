"""Rows that are read as they were written."""

from __future__ import annotations

import pytest

from benchmarks.ingest.pdf_tables import TABLES, drawn, rows_found, rows_of_footnote


def test_a_row_counts_when_its_cells_are_whole_and_in_order():
    """Empty cells do not count, and a merged one may be repeated."""
    written = (("Room", "Season"), ("Single", "Summer"), ("", "Winter"))
    assert rows_found([["Room", "Season"], ["Single", "Summer"], ["Single", "Winter"]], written) == len(written)
    assert rows_found([["Room", "Season"], ["Single", "Summer"], ["", "Winter"]], written) == len(written)
    assert rows_found([["Season", "Room"], ["Single", "Sum", "mer"]], written) == 0


@pytest.mark.parametrize("kind", ["wrapped cells, set in the middle", "level rules alone", "over two pages"])
def test_made_tables_are_read(kind: str):
    """Every row of them."""
    rows, style = TABLES[kind]
    assert rows_found(rows_of_footnote(drawn(rows, style)), rows) == len(rows)
