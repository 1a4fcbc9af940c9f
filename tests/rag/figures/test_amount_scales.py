"""Amounts that are told without their scale."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.arithmetic.written_calculations import written
from rag.evidence.rows import Row
from rag.figures.amount_scales import with_operand_scales, with_scales, with_table_scales

SCALES = st.sampled_from(["thousand", "million", "billion"])
AMOUNTS = st.integers(100, 99_999).map("{:,}".format)


@given(AMOUNTS, SCALES)
def test_an_amount_told_before_keeps_its_scale(amount: str, scale: str) -> None:
    """In the same sentence and in later ones."""
    before = f"Sales were ${amount} {scale}."
    assert with_scales(f"Of ${amount}, half is tax.", [before]) == f"Of ${amount} {scale}, half is tax."
    assert with_scales(f"{before} That is ${amount}.") == f"{before} That is ${amount} {scale}."


@given(AMOUNTS, SCALES)
def test_other_amounts_stay_as_they_are(amount: str, scale: str) -> None:
    """Of another currency, with other digits, a percentage, told with two scales, or told in full."""
    before = f"Sales were ${amount} {scale}."
    for text in (f"It is €{amount}.", f"It is ${amount}7.", f"It is ${amount} trillion.", f"It is {amount}."):
        assert with_scales(text, [before]) == text
    assert with_scales(f"It is ${amount}.", [before, f"Costs were ${amount} trillion."]) == f"It is ${amount}."


def test_few_digits_tell_no_amount() -> None:
    """`$12` may be a price."""
    assert with_scales("A cup costs $12.", ["Sales were $12 million."]) == "A cup costs $12."


def test_a_calculation_in_one_scale_names_it_once() -> None:
    """Its operands are quoted in that scale; a count and a constant have none."""
    worked = written("The average was ($1,100 + $1,300) / 2 = $1,200 million.")
    assert worked.text == "The average was $1,100 million, $1,300 million."
    assert written("A share of $300 / $1,200 million = 25%.").text == "A share of $300 million, $1,200 million."
    assert written("The rest was 1,300 - 100 = 1,200 million.").results[0].has_scale


def test_scales_are_lent_to_no_wrong_calculation() -> None:
    """Nor where two scales are told."""
    for text in ("($1,100 + $1,300) / 2 = $1,250 million", "$1,100 + $1,300 million = $2.5 billion"):
        assert written(text).results == ()


def row(label: str, *values: str) -> Row:
    return Row(label, values, tuple(str(2021 - at) for at in range(len(values))), over="")


@given(AMOUNTS, AMOUNTS, SCALES)
def test_an_amount_gets_the_scale_of_its_table(amount: str, other: str, scale: str) -> None:
    """Of the row that states it; an amount that no row states has none, unless it is what comes of those with one."""
    rows = [(row("Inventories", f"$ {amount}"), f"(in {scale}s)")]
    assert with_table_scales(f"They were ${amount}.", rows) == f"They were ${amount} {scale}."
    assert with_table_scales(f"They were ${amount} trillion.", rows) == f"They were ${amount} trillion."
    if other != amount:
        assert with_table_scales(f"They were ${other}.", rows) == f"They were ${other}."
        assert with_table_scales(f"2 x ${amount} = ${other}.", rows) == f"2 x ${amount} {scale} = ${other} {scale}."


@given(AMOUNTS)
def test_a_scale_is_set_as_the_amount_is(amount: str) -> None:
    """In LaTeX as text; an amount with the letter of a scale has one."""
    rows = [(row("Inventories", f"$ {amount}"), "(in millions)")]
    latex = amount.replace(",", "{,}")
    set_so = rf"\(\frac{{\${latex}\text{{ million}}}}{{2}}\)"
    assert with_table_scales(rf"\(\frac{{\${latex}}}{{2}}\)", rows) == set_so
    assert with_table_scales(set_so, rows) == set_so
    assert with_table_scales(f"It is ${amount}M or ${amount} bn.", rows) == f"It is ${amount}M or ${amount} bn."


@given(AMOUNTS)
def test_an_amount_of_two_scales_gets_none(amount: str) -> None:
    """Nor one that is a count or a figure per share in another row."""
    inventories = (row("Inventories", f"$ {amount}"), "(in millions)")
    for rival in ((row("Cash", amount), "(in thousands)"), (row("Number of stores", amount), "(in millions)")):
        assert with_table_scales(f"It was ${amount}.", [inventories, rival]) == f"It was ${amount}."


@given(AMOUNTS, st.sampled_from(["thousand", "million"]))
def test_operands_of_a_ratio_get_the_scale_of_their_table(amount: str, scale: str) -> None:
    """Unless the claim shows an amount without its own, or they are in tables of several scales."""
    rows = [(row("Stock", amount), f"(in {scale}s)")]
    mixed = [*rows, (row("Debt", "987,654,321"), "(in billions)")]
    assert with_operand_scales(f"It is ${amount}", "It is 1.5", rows) == f"It is ${amount} {scale}"
    for claim, given_rows in (("It is $77", rows), ("It is 1.5", mixed)):
        text = f"It is ${amount}, $987,654,321"
        assert with_operand_scales(text, claim, given_rows) == text
