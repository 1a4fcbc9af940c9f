"""Tables that are drawn with characters, and tables in files whose names do not say that they are tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry import default_registry

ROWS = [["berth", "boat", "length"], ["7", "Sea Owl", "12"], ["9", "Tern", "8"]]
TABLE = "| berth | boat | length |\n| --- | --- | --- |\n| 7 | Sea Owl | 12 |\n| 9 | Tern | 8 |"
DRAWN = {
    "psql": (
        " berth |  boat   | length\n-------+---------+--------\n     7 | Sea Owl |     12\n     9 | Tern    |      8\n"
        "(2 rows)\n"
    ),
    "mysql": (
        "+-------+---------+--------+\n| berth | boat    | length |\n+-------+---------+--------+\n"
        "|     7 | Sea Owl |     12 |\n|     9 | Tern    |      8 |\n+-------+---------+--------+\n(2 rows)\n"
    ),
    "boxes": (
        "┌───────┬─────────┬────────┐\n│ berth │ boat    │ length │\n├───────┼─────────┼────────┤\n"
        "│ 7     │ Sea Owl │ 12     │\n│ 9     │ Tern    │ 8      │\n└───────┴─────────┴────────┘\n\n(2 rows)\n"
    ),
    "aligned": "berth  boat     length\n7      Sea Owl  12\n9      Tern     8\n\n(2 rows)\n",
    "right": "berth     boat  length\n    7  Sea Owl      12\n    9     Tern       8\n\n(2 rows)\n",
    "underlined": "berth  boat     length\n-----  -------  ------\n7      Sea Owl  12\n9      Tern     8\n\n(2 rows)\n",
}
NAMES = st.from_regex(r"[a-z]{1,8}( [a-z]{1,5})?", fullmatch=True)


def parse(text: str, name: str) -> ParsedFile:
    return default_registry().parse(text.encode(), name)


@pytest.mark.parametrize("name", ["berths.txt", "berths", "berths.csv", "berths.out"])
@pytest.mark.parametrize("kind", DRAWN)
def test_a_drawn_table_is_a_table(kind: str, name: str):
    """Its rules are left out, and what stands below it is no row."""
    assert parse(DRAWN[kind], name).pages[0].text.strip() == f"{TABLE}\n\n(2 rows)"


@pytest.mark.parametrize("name", ["berths.txt", "BERTHS", "berths.old"])
@pytest.mark.parametrize("delimiter", ",;\t|")
def test_a_table_is_told_by_its_rows(delimiter: str, name: str):
    """Whatever sets its cells apart; titles may stand over it."""
    text = "\n".join(map(delimiter.join, ROWS))
    assert parse(text, name).pages[0].text.strip() == TABLE
    titled = parse(f"Harbour of Orlo\n{text}", name).pages[0].text
    assert titled.strip() == f"Harbour of Orlo\n\n{TABLE}"


@pytest.mark.parametrize("delimiter", "$^~#")
def test_cells_may_be_apart_by_odd_signs(delimiter: str):
    """In a file that is said to be a table."""
    assert parse("\n".join(map(delimiter.join, ROWS)), "berths.csv").pages[0].text.strip() == TABLE


def test_cells_may_be_apart_by_single_blanks():
    """In a file that is said to be a table, if all rows have as many words."""
    assert "| berth | boat |" in parse("berth boat\n7 Owl\n9 Tern\n", "berths.csv").pages[0].text
    assert parse("berth boat\n7 Owl\n9 Tern\n", "berths.txt").media_type == "text/plain"


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(0, 9999)), min_size=2, max_size=6))
def test_aligned_cells_keep_their_columns(rows: list[tuple[str, str, int]]):
    """Two blanks set columns apart, however many words a cell has."""
    table = [["vessel", "port", "tons"], *([one, two, str(three)] for one, two, three in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    text = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    found = parse(text, "a.txt").pages[0].text
    assert [[cell.strip() for cell in line.strip("| ").split("|")] for line in found.strip().split("\n")] == [
        table[0], ["---"] * 3, *table[1:],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ida, the boat is here.\nYours, Sven\nOrlo, in May\n",
        "-rw-r--r-- 1 ida mill 4096 May  3 10:00 a.csv\n-rw-r--r-- 1 ida mill  120 May  4 11:30 b.txt\n"
        "drwxr-xr-x 2 ida mill 4096 Jun  1 09:15 old\n",
        "owner     ida\nharbour   Orlo\nberth     7\n",
        "The boats, the berths, the crew\nand all, that is, of them\nare here, they say, today\n",
        "2031-02-03 10:00:00|INFO|started\n2031-02-03 10:00:01|INFO|stopped\n2031-02-03 10:00:02|INFO|gone\n",
    ],
)
def test_other_lines_are_no_table(text: str):
    """Letters, listings without names of columns, names with their values, and logs stay lines."""
    parsed = parse(text, "a.txt")
    assert parsed.media_type == "text/plain"
    assert parsed.pages[0].text == text
