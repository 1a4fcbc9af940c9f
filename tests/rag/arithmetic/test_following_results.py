"""Percentage points in words follow from percentages that were told before, or are taken for nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.arithmetic.written_calculations import Written, worked_before, written

EARLIER = ("In 2021 the margin was $121 million / $400 million = 30.3%.", "In 2020 it was 26.3% of sales.")


def after(*before: str, text: str) -> Written:
    return written(text, worked_before(before), before=before)


@pytest.mark.parametrize(
    ("before", "text", "remains", "formula"),
    [
        (EARLIER, "It improved by 4 percentage points.", "It improved by $121 million, $400 million, 26.3%.", 0),
        (EARLIER, "The change is 4.0 percentage points.", "The change is $121 million, $400 million, 26.3%.", 0),
        (EARLIER, "They differ by 400 basis points.", "They differ by $121 million, $400 million, 26.3%.", 0),
        ((), "It is 50.4% in 2023, from 34.2%, up 16.2 pp.", "It is 50.4% in 2023, from 34.2%, up ; 50.4%, 34.2%.", 1),
        (("Q1 2023: 34.2%", "Q2 2023: 50.4%"), "That is a gain of 16.2 pp.", "That is a gain of 50.4%, 34.2%.", 1),
        (("June 30, 2023: 34.2%", "March 31, 2023: 50.4%"), "Change: -16.2 ppts.", "Change: 50.4%, 34.2%.", 1),
    ],
)  # fmt: skip
def test_a_difference_gives_way_to_what_it_follows_from(
    before: tuple[str, ...], text: str, remains: str, formula: int
) -> None:
    """To percentages that the document has to state, or to the operands of one that was worked out."""
    found = after(*before, text=text)
    assert found.text == remains
    assert found.formulas == (("30.3% - 26.3%", "50.4% - 34.2%")[formula],)


@pytest.mark.parametrize(
    ("before", "text", "why"),
    [
        (EARLIER, "So it declined by about 4 percentage points.", "it rose"),
        (EARLIER, "The change is -4.0 percentage points.", "it rose"),
        (EARLIER, "So it improved by about 5 percentage points.", "that is another number"),
        (EARLIER, "It has 4 percentage points.", "nobody says what of"),
        (EARLIER, "It rose, then fell by 4 percentage points.", "which of them?"),
        (("It was 30.3%.", "It was 26.3%."), "It rose by 4.0 percentage points.", "nobody knows which is the later"),
        (("In 2021 it was 30.3%, 26.3%, 22.3%.",), "They differ by 4.0 percentage points.", "two pairs do"),
        ((), "It fell from 34.2% in 2022 to 50.4% in 2023, down 16.2 percentage points.", "it rose"),
        ((), "In 2022 it was 34.2% and in 2023 50.4%, down 16.2 percentage points.", "it rose"),
        (EARLIER, "It rose by more than 4.0 percentage points.", "no more than that"),
    ],
)
def test_any_other_number_of_points_stays(before: tuple[str, ...], text: str, why: str) -> None:
    """Whatever it is next to."""
    assert "points" in after(*before, text=text).text, why


SUM = ("Severance and impairment were $754 million ($401 million + $353 million).",)


@pytest.mark.parametrize(
    ("before", "text", "formula"),
    [
        (SUM, "They are 92% of the total of $816 million.", "($401 million + $353 million) / $816 million"),
        (
            ("All charges were $816 million.",),
            "Two made up $754 million ($401 million + $353 million), or about 92% of all charges.",
            "($401 million + $353 million) / $816 million",
        ),
        (SUM, "These two are 75.4 percent of $1.0 billion.", "($401 million + $353 million) / $1.0 billion"),
        (SUM, "They are 93% of the total of $816 million.", ""),
        (SUM, "They are 92% of the total of €816 million.", ""),
        (SUM, "They are 92% of the total of $816 thousand.", ""),
        (SUM, "They are 92% higher than $816 million.", ""),
        (SUM, "They are less than 92% of the total of $816 million.", ""),
        ((*SUM, "Revenue was $816 million."), "They are 92% of the total.", ""),
        (
            (*SUM, "The total was $816 million."),
            "They are 92% of the total.",
            "($401 million + $353 million) / $816 million",
        ),
        ((*SUM, "The total was $816 million, then $821 million."), "They are 92% of the total.", ""),
    ],
)
def test_a_share_of_what_was_worked_out_follows(before: tuple[str, ...], text: str, formula: str) -> None:
    """Of one amount only, of the same currency and scale; the operands and the whole have to be quoted."""
    found = after(*before, text=text)
    assert (formula in found.formulas) is bool(formula)
    assert ("$353 million, $" in found.text) is bool(formula)


@pytest.mark.parametrize(
    ("text", "remains"),
    [
        ("These two cost $754 ($401 + $353).", "These cost $401, $353."),
        ("These three cost $754 ($401 + $353).", "These three cost $401, $353."),
        ("Step 2 – the sum is $401 + $353 = $754.", "the sum is $401, $353."),
        ("Step 2 – the sum is $754.", "Step 2 – the sum is $754."),
    ],
)
def test_the_number_of_operands_and_of_the_step_is_no_fact(text: str, remains: str) -> None:
    """Of a calculation that is right."""
    assert written(text).text == remains


tenths = st.decimals("0.1", "99.9", places=1)


@given(tenths, tenths, st.booleans(), st.booleans())
def test_only_the_difference_in_its_direction_is_taken(old: Decimal, new: Decimal, rises: bool, earlier: bool) -> None:
    """Whether the percentages are in the sentence or before it."""
    assume(abs(new - old) >= 1)
    word = "increase" if rises else "decrease"
    levels = f"The rate was {new}% in 2023, compared with {old}% in 2022"
    gap = abs(new - old)
    for points, right in ((gap, (new > old) is rises), (gap + Decimal("0.1"), False), (gap * 10, False)):
        end = f"a {word} of {points} percentage points."
        found = after(f"{levels}.", text=f"That is {end}") if earlier else after(text=f"{levels}, {end}")
        assert bool(found.formulas) is right
        assert ("points" not in found.text) is right
