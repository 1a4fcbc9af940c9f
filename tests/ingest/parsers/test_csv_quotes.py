"""Quotes in CSV: cells of several lines are whole, and a quote that is never closed joins no rows."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.text.csv import CsvParser
from ingest.parsers.text.csv_rows import CsvText

ROWS = ("1,pump,80", "2,valve,40", "3,hose,12", "4,filter,9", "5,gauge,31", "6,cover,7")


def parse(*lines: str, end: str = "\n") -> ParsedFile:
    return CsvParser().parse(end.join(("no,part,price", *lines)).encode(), "parts.csv")


def rows(parsed: ParsedFile) -> list[str]:
    return parsed.pages[0].text.split("\n")[2:]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "opened", ['3,"hose,12', '3,"hose,12\n4,filter,9\n5,"gauge",31', '3,hose,"12', '3,"hose,12\n4,"filter",9']
)
def test_a_quote_that_is_never_closed_joins_no_rows(opened: str, end: str):
    """Its line is named, and read with the quote; the rows after it are rows."""
    first = opened.split("\n")
    parsed = parse(*ROWS[:2], *first, *ROWS[2 + len(first) :], end=end)
    found = rows(parsed)
    assert len(found) == len(ROWS)
    assert found[2] == f"| {' | '.join(first[0].split(','))} |"
    assert found[3] == "| 4 | filter | 9 |"
    assert parsed.receipt.notes == (
        "line 4: a quote opens a cell and is not closed in its row; read as it stands, row by row",
    )


def test_a_quote_that_another_row_closes_joins_no_rows():
    """Where each line between them has all cells of a row."""
    parsed = parse('1,"pump,80', '2,valve",40', *ROWS[2:])
    assert rows(parsed)[:2] == ['| 1 | "pump | 80 |', '| 2 | valve" | 40 |']
    assert parsed.receipt.notes[0].startswith("line 2:")


def test_several_lines_are_named():
    """In a file that names its delimiter in its first line, too: all lines count."""
    text = 'sep=;\nno;part;price\n1;"pump;80\n2;valve;40\n3;"hose;12\n'
    parsed = CsvParser().parse(text.encode(), "parts.csv")
    assert rows(parsed) == ['| 1 | "pump | 80 |', "| 2 | valve | 40 |", '| 3 | "hose | 12 |']
    assert parsed.receipt.notes[0].startswith("lines 3, 5:")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('1,"pump\nwith cover",80', "| 1 | pump with cover | 80 |"),
        ('1,"Smith, John\nDoe, Jane",80', "| 1 | Smith, John Doe, Jane | 80 |"),
        ('1,"a 5"" pipe",80', '| 1 | a 5" pipe | 80 |'),
        ('1,a 5" pipe,80', '| 1 | a 5" pipe | 80 |'),
        ('1,"pump" with cover,80', "| 1 | pump with cover | 80 |"),
    ],
)
def test_cells_of_several_lines_and_quotes_within_cells_are_read(written: str, read: str):
    """Nothing is said of them."""
    parsed = parse(written, *ROWS[1:])
    assert rows(parsed) == [read, *(f"| {' | '.join(row.split(','))} |" for row in ROWS[1:])]
    assert parsed.receipt.notes == ()


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4).filter(any), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_is_written_by_the_rules_is_read_as_written(table: list[list[str]], delimiter: str):
    """Whatever stands in its cells."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(table)
    found = CsvText.of(out.getvalue(), delimiter)
    assert found.unclosed == ()
    assert list(found.rows()) == table
