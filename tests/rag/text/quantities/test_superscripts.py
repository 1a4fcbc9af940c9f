"""Raised characters after numbers: exponents are read, marks of footnotes are no part of a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.text import Lent, quantities, supports


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("A copy costs 25¹ euros.", "25", "EUR"),
        ("A copy costs 25 ¹ euros.", "25", "EUR"),
        ("A copy costs 25¹,² euros.", "25", "EUR"),
        ("A copy costs 25⁽¹⁾ euros.", "25", "EUR"),
        ("A copy costs 25ᵃ euros.", "25", "EUR"),
        ("A copy costs 25* euros.", "25", "EUR"),
        ("A copy costs 25 [1] euros.", "25", "EUR"),
        ("A copy costs 25 [iv] euros.", "25", "EUR"),
        ("A copy costs 25 [*] euros.", "25", "EUR"),
        ("A copy costs $25¹.", "25", "dollar"),
        ("A copy costs 10² euros.", "10", "EUR"),
        ("Revenue was 512³ million.", "512000000", ""),
        ("It ran 3 × 10⁶ cycles.", "3000000", ""),
        ("It ran 3*10^6 cycles.", "3000000", ""),
        (r"It ran 3 \times 10^{6} cycles.", "3000000", ""),
        ("It ran 1.5e6 cycles.", "1500000", ""),
        ("It ran 10⁶ cycles.", "1000000", ""),
        ("The dust is 10⁻³ grams.", "0.001", "gram"),
        ("The gap is 5.3 × 10⁻⁴ m.", "0.00053", "meter"),
        ("It holds 2¹⁶ bytes.", "65536", "byte"),
        ("The hall has 1,200 m².", "1200", "meter**2"),
    ],
)
def test_exponents_are_read_and_marks_are_not(text: str, value: str, unit: str):
    """One number is read, with its unit, its magnitude and its power."""
    (found,) = quantities(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("claim", "evidence", "same"),
    [
        ("It ran 3,000,000 cycles.", "It ran 3 × 10⁶ cycles.", True),
        ("It ran 3 × 10^6 cycles.", "It ran 3 × 10⁶ cycles.", True),
        ("It ran 3 × 10⁵ cycles.", "It ran 3 × 10⁶ cycles.", False),
        ("It ran 106 cycles.", "It ran 10⁶ cycles.", False),
        ("A copy costs 25 euros.", "A copy costs 25¹ euros.", True),
        ("A copy costs 251 euros.", "A copy costs 25¹ euros.", False),
        ("It holds 65,536 bytes.", "It holds 2¹⁶ bytes.", True),
    ],
)
def test_a_power_is_its_value(claim: str, evidence: str, same: bool):
    """However a number is written, it supports what is as large."""
    (said,), (stated,) = quantities(claim), quantities(evidence)
    assert supports(said, stated, Lent()) is same
