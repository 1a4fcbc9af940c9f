"""Values stay as they are written: JSON, CSV, and files whose name tells nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError


def text_of(text: str, name: str) -> str:
    return default_registry().parse(text.encode(), name).pages[0].text


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_numbers_of_json_are_as_they_are_written(name: str):
    """Zeros at the end, exponents and long numbers; a key that stands twice has both of its values."""
    record = '{"v": 1.10, "big": 123456789012345678901234567890, "e": 1e6, "f": 2.50E-3, "l": [1.0, 2], "a": 1, "a": 2}'
    assert text_of(record, name) == (
        "v: 1.10\nbig: 123456789012345678901234567890\ne: 1e6\nf: 2.50E-3\nl: 1.0, 2\na: 1\na (2): 2"
    )


@given(
    st.recursive(
        st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
        lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
        max_leaves=8,
    )
)
def test_every_number_of_json_is_in_the_text(value: object):
    """As `json` writes it."""
    text = text_of(json.dumps({"x": 1, "value": value}), "a.json")

    def leaves(part: object) -> list[object]:
        return [leaf for inner in part.values() for leaf in leaves(inner)] if isinstance(part, dict) else [part]

    assert all(json.dumps(leaf) in text for leaf in leaves(value))


TABLE = "| Item | Shelf | Count |\n| --- | --- | --- |\n| Gloves | A1 | 040 |\n| Masks | B2 | 75 |"


@pytest.mark.parametrize(
    ("csv", "text"),
    [
        ("sep=;\nItem;Shelf;Count\nGloves;A1;040\nMasks;B2;75\n", TABLE),
        ("SEP=|\r\nItem|Shelf|Count\r\nGloves|A1|040\r\nMasks|B2|75\r\n", TABLE),
        ("Item^Shelf^Count\nGloves^A1^040\nMasks^B2^75\n", TABLE),
        ("Item~Shelf~Count\nGloves~A1~040\nMasks~B2~75\n", TABLE),
        ("Item:Shelf:Count\nGloves:A1:040\nMasks:B2:75\n", TABLE),
        ("Stock\nAs of: 2026-03-01\n\nItem,Shelf,Count\nGloves,A1,040\nMasks,B2,75\n",
         f"Stock\n\nAs of: 2026-03-01\n\n{TABLE}"),
        ("Stock\nof the shop\nItem;Shelf;Count\nGloves;A1;040\nMasks;B2;75",
         f"Stock\n\nof the shop\n\n{TABLE}"),
        ("Stock,,\nItem,Shelf,Count\nGloves,A1,040\nMasks,B2,75\n", f"Stock\n\n{TABLE}"),
        ("Stock, all of it\n\nItem,Shelf,Count\nGloves,A1,040\nMasks,B2,75\n", f"Stock, all of it\n\n{TABLE}"),
        ("Item, Shelf, Count\nGloves, \"A1\", 040\nMasks, \"B2\", 75\n", TABLE),
        ("Kunde;Umsatz\nAnn;1,5\nBen;2,25\n", "| Kunde | Umsatz |\n| --- | --- |\n| Ann | 1,5 |\n| Ben | 2,25 |"),
        ("1,5;2,5\n3,5;4,5\n", "|  |  |\n| --- | --- |\n| 1,5 | 2,5 |\n| 3,5 | 4,5 |"),
        ("Name,Note\nAnn,a; b; c\nBen,d; e; f\n",
         "| Name | Note |\n| --- | --- |\n| Ann | a; b; c |\n| Ben | d; e; f |"),
        (",2023,2024\nSales,1,2\n", "|  | 2023 | 2024 |\n| --- | --- | --- |\n| Sales | 1 | 2 |"),
        ("2023,Ann\n2024,Ben\n", "|  |  |\n| --- | --- |\n| 2023 | Ann |\n| 2024 | Ben |"),
        ("a,,c\nx,y,z\n", "| a |  | c |\n| --- | --- | --- |\n| x | y | z |"),
        ("Day\n2024-01-05\n2024-01-06\n", "| Day |\n| --- |\n| 2024-01-05 |\n| 2024-01-06 |"),
    ],
)  # fmt: skip
def test_tables_in_text_files_are_found(csv: str, text: str):
    """Delimiters that are declared, odd, or among decimal commas; lines over the table are no header; years may name
    columns; zeros before a number stay."""
    assert text_of(csv, "a.csv") == text


@given(
    rows=st.lists(
        st.lists(st.sampled_from(["Ann", "7", "a b", "1,5", "2024", ""]), min_size=3, max_size=3), max_size=9
    ),
    titles=st.lists(st.sampled_from(["Stock", "As of 2026"]), max_size=2),
)
def test_no_cell_of_a_table_is_lost(rows: list[list[str]], titles: list[str]):
    """Whatever is taken for a title or a header, every cell is in the text."""
    lines = [*titles, "Name;Count;Note", *(";".join(row) for row in rows)]
    text = text_of("\n".join(lines), "a.csv")
    for cell in ("Ann", "a b", "1,5", "Stock", "As of 2026", "Name"):
        assert text.count(cell) == sum(line.count(cell) for line in lines)


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("README", "Use port 7171.\n", "text/plain"),
        ("docs/LICENSE", "You may use it.\n", "text/plain"),
        ("Dockerfile", "FROM python:3.12\nEXPOSE 9090\n", "text/x-source"),
        ("run", "#!/bin/sh\necho 1\n", "text/x-source"),
        ("page", "<!doctype html><p>Words</p>", "text/html"),
        ("data", '{"a": 1}', "application/json"),
    ],
)
def test_a_file_without_an_extension_is_what_it_holds(name: str, text: str, media_type: str):
    """Text is text; a script and a build file are code; nothing is noted, for the name promised nothing."""
    parsed = default_registry().parse(text.encode(), name)
    assert parsed.media_type == media_type
    assert not parsed.receipt.notes


def test_bytes_without_an_extension_are_refused():
    """Only text is read without a name for its kind."""
    with pytest.raises(ParseError, match="not supported"):
        default_registry().parse(bytes(range(32)) * 9, "core")
