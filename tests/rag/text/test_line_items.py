"""Lines of financial statements have one name each, and ratios name the lines that they are worked out from."""

from __future__ import annotations

import pytest

from rag.text import abbreviations_in, lines_of_measures, with_line_items


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("COGS", "Cost of products sold"),
        ("Total net revenue", "Net sales"),
        ("net PP&E", "Property, plant and equipment"),
        ("CapEx", "Purchases of property and equipment"),
        ("Additions to property, plant and equipment", "Payments for the acquisition of property, plant and equipment"),
        ("operating cash flow", "Net cash provided by operating activities"),
        ("Income from operations", "operating profit"),
        ("R&D", "Research and development"),
        ("pre-tax income", "Income before income taxes"),
    ],
)
def test_names_of_one_line_become_one(one: str, other: str) -> None:
    """In any case, with and without abbreviation."""
    assert with_line_items(one) == with_line_items(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cost of sales", "Net sales"),
        ("Operating expenses", "Operating income"),
        ("Accounts receivable", "Accounts payable"),
        ("Proceeds from sales of property and equipment", "Purchases of property and equipment"),
        ("Net cash used in investing activities", "Net cash provided by operating activities"),
        ("Net product sales", "Net sales"),
    ],
)
def test_other_lines_keep_other_names(one: str, other: str) -> None:
    """However many words they share."""
    assert with_line_items(one) != with_line_items(other)


def test_an_abbreviation_is_known_by_its_line() -> None:
    """As the parts that a tokenizer makes of it."""
    assert {"pp", "e"} <= abbreviations_in("Property and equipment, net")
    assert not abbreviations_in("Inventories")


def test_a_ratio_names_its_lines() -> None:
    """By its abbreviation too; a text without a ratio names none."""
    assert "accounts payable" in lines_of_measures("The DPO of 2022 is 40 days.")
    assert "inventories" not in lines_of_measures("The current ratio is 1.2.").splitlines()
    assert lines_of_measures("The harbour has three cranes.") == ""
