"""Raised and lowered characters as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common import lowered, raised


@pytest.mark.parametrize(
    ("before", "run", "after", "written"),
    [
        ("3 × 10", "6", " cycles", "⁶"),
        ("10", "-3", "", "⁻³"),
        ("10", "−3", "", "⁻³"),
        ("1,200 m", "2", ",", "²"),
        ("x", "n+1", "", "ⁿ⁺¹"),
        ("", "14", "C", "¹⁴"),
        ("Ca", "2+", "", "²⁺"),
        ("A", "T", "", "ᵀ"),
        ("25", "1", " euros", "¹"),
        ("25", "1,2", " euros", "¹,²"),
        ("25", "a", " euros", "ᵃ"),
        ("25", "(1)", " euros", "⁽¹⁾"),
        ("the fee", "1", "", "¹"),
        ("", "1", " Plus postage", "¹"),
        ("25 ", " 1 ", "euros", " ¹ "),
    ],
)
def test_digits_signs_and_letters_are_raised(before: str, run: str, after: str, written: str):
    """Exponents, units, isotopes and marks of footnotes become raised characters; the space around them stays."""
    assert raised(run, before, after) == written


@pytest.mark.parametrize(
    ("before", "run", "after", "written"),
    [
        ("the 1", "st", "", "st"),
        ("on the 22", "ND", "", "ND"),
        ("le 2", "e", " étage", "e"),
        ("XX", "e", " siècle", "e"),
        ("M", "me", " Blanc", "me"),
        ("20", "o", "C", "°"),
        ("20", "°", "C", "°"),
        ("Acme", "TM", "", "™"),
        ("Acme", "®", "", "®"),
        ("25", "*", " euros", "*"),
        ("25", "†", " euros", "†"),
        ("25", "①", " euros", "①"),
        ("25", "²", " euros", "²"),
        ("25", "[1]", " euros", " [1]"),
        ("the fee ", "[1]", "", "[1]"),
        ("25", "", "", ""),
    ],
)
def test_what_people_write_on_the_line_stays(before: str, run: str, after: str, written: str):
    """Ordinals, shortened words, degrees, trademarks and marks are themselves; marks in brackets are set apart."""
    assert raised(run, before, after) == written


@pytest.mark.parametrize(
    ("before", "run", "written"),
    [
        ("10", "0.5", "^(0.5)"),
        ("2", "1/2", "^(1/2)"),
        ("x", "1/2", "^(1/2)"),
        ("25", "note", "^(note)"),
        ("e", "2πi", "^(2πi)"),
        ("25", "٣", "^(٣)"),
        ("the pump", "new", " new"),
        ("the pump ", "see note 3", "see note 3"),
    ],
)
def test_what_has_no_raised_form_is_set_apart(before: str, run: str, written: str):
    """An exponent stands in brackets after a caret; words beside words are words."""
    assert raised(run, before) == written


@pytest.mark.parametrize(
    ("before", "run", "written"),
    [
        ("H", "2", "₂"),
        ("log", "10", "₁₀"),
        ("SO", "4", "₄"),
        ("x", "i+1", "ᵢ₊₁"),
        ("V", "max", "_max"),
        ("V", "CC", "_CC"),
        ("x", "1,2", "_(1,2)"),
        ("Q", "π", "_π"),
        ("see ", "below", "below"),
        ("", "", ""),
    ],
)
def test_indices_are_lowered(before: str, run: str, written: str):
    """Digits, signs and single letters become lowered characters; names of an index follow an underscore."""
    assert lowered(run, before) == written


@given(number=st.from_regex(r"[1-9][0-9]{0,4}(?:[.,][0-9]{1,3})?", fullmatch=True), run=st.text(max_size=8))
def test_a_number_never_grows(number: str, run: str):
    """Whatever is raised or lowered after a number, no digit, point or comma with a digit after it joins it."""
    for written in (raised(run, number), lowered(run, number)):
        assert not written[:1].isdecimal()
        assert not (written[:1] in "+-.," and written[1:2].isdecimal())


@given(run=st.text(st.sampled_from("0123456789+-()abn *†"), max_size=8), before=st.sampled_from(["25", "the fee", ""]))
def test_nothing_raised_is_lost(run: str, before: str):
    """Every character of a run is in what is written, raised or as it was."""
    written = raised(run, before)
    assert len(written) >= len(run)
