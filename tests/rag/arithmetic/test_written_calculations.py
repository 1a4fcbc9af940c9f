"""Calculations that a text writes out are done again; what is right gives way to its operands."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.arithmetic.written_calculations import worked_before, written


@pytest.mark.parametrize(
    ("text", "remains"),
    [
        ("EBITDA = $21,957 million + $10,678 million = $32,635 million.", "EBITDA = $21,957 million, $10,678 million."),
        ("The margin is (2,112 / 14,082) * 100 = 15.0%", "The margin is 2,112, 14,082"),
        ("The margin is 2,112 / 14,082 = 15.0%", "The margin is 2,112, 14,082"),
        ("Ratio ≈ $5,121.3 million ÷ $7,491.5 million ≈ 0.684", "Ratio ≈ ; $5,121.3 million, $7,491.5 million"),
        ("NWC = $19 million - $13 million\nNWC = $6 million", "NWC = $19 million, $13 million"),
        ("CCC = 52.7 days + 36.3 days − 92.8 days = -3.8 days", "CCC = 52.7 days, 36.3 days, 92.8 days"),
        ("The mean is (15.0% + 4.5% + 11.4%) / 3 = 10.3%", "The mean is 15.0%, 4.5%, 11.4%"),
        ("Debt fell by $2,544 m ($49,781 m - $47,237 m).", "Debt fell by ; $49,781 m, $47,237 m."),
        ("The margin is income / sales * 100", "The margin is income / sales"),
        ("Margin = (30,966 / 485,873) x 100% = 6.37%", "Margin = 30,966, 485,873"),
        ("D = 365 * stock / cost\nD = 365 * $1.60 / $11.10\nD = 52.6 days", "D = stock / cost\nD = $1.60, $11.10"),
        ("Rounded to two decimal places, it is high.", " it is high."),
        ("The sum is 2 + 3 = $5.", "The sum is $2, $3."),
        ("Mean = (2021 + 2022) / 2 = ($3 million + $5 million) / 2 = $4 million", "Mean = $3 million, $5 million"),
        ("Stock = (Stock 2022 + Stock 2021) / 2 = ($3 + $5) / 2 = $4", "Stock = $3, $5, Stock, Stock"),
        ("The change is 2022 - 2021 = $5 - $3", "The change is $5, $3"),
        ("Sales (2021-2022) = $3 million + $5 million = $8 million", "Sales (2021-2022) = $3 million, $5 million"),
        ("Mean = (start + end) / 2\n= ($3 + $5) / 2\n= $4", "Mean = (start + end)\n= $3, $5"),
        ("Mean = (start + end) / 3\n= ($3 + $5) / 2\n= $4", "Mean = (start + end) / 3\n= $3, $5"),
        ("Mean = (Stock FY2021 + Stock FY2022) / 2 = ($3 + $5) / 2 = $4", "Mean = $3, $5, Stock, Stock"),
        ("Step 1: Total = $300 million + $400 million", "Total = $300 million, $400 million"),
        ("Mean = (2021 - 2022) / 2 = ($3 + $5) / 2 = $4", "Mean = (2021 - 2022) / 2 = ($3 + $5) / 2 = $4"),
        ("The sum is 2 + 3 = 5 million.", "The sum is 2 million, 3 million."),
    ],
)  # fmt: skip
def test_a_right_result_gives_way_to_its_operands(text: str, remains: str) -> None:
    """With scales, brackets, percentages, and the name of the result on a line between."""
    assert written(text).text == remains


@pytest.mark.parametrize(
    "text",
    [
        "The sum is 2 + 2 = 5.",
        "The margin is (2,112 / 14,082) = 15.2%.",
        "Growth was 5% (110 - 105).",
        "Sales rose from 10 (2019) to 12 (2020).",
        "Income = $21,957 million",
        "Call 555-1234 or 555-9876.",
        "1 / 0 = 3",
        "Sales were 2 million + 3 million = 5 billion.",
        "Sales were 2 million + 3 million = 5.",
        "It cost $2 + $3 = €5.",
        "It took 2 days + 3 days = 5 years.",
        "It is 6 / 3 = 2 million.",
        "It is 22.9% - 20.2% = 2.7.",
        "Mix 3 x 100 ml of water.",
        "The room is 5 x 360 cm.",
        "It shows values to two decimal places.",
    ],
)
def test_what_is_wrong_or_no_calculation_stays(text: str) -> None:
    """Its numbers have to be quoted like any other; so do those of another currency, unit or scale."""
    assert written(text).text == text
    assert written(text).formulas == ()


@pytest.mark.parametrize(
    ("worked", "said"),
    [
        ("It is 2,112 / 14,082 = 15.0%", "It took 15 days."),
        ("It is 2,112 / 14,082 = 15.0%", "It is 15.0 now."),
        ("The rest is 7.2 - 2 = 5.2", "The change was -5.2."),
        ("The loss is 2 - 7.2 = -5.2", "The change was 5.2."),
        ("It is 3 / 4 = 0.75", "So 1 person died."),
        ("The rest is 7 - 2 = 5", "There were 5 people."),
        ("It is $2 million + $3 million = $5 million", "It is $5 billion."),
        ("It is $2 million + $3 million = $5 million", "It is €5 million."),
    ],
)
def test_another_number_of_the_same_digits_is_not_said_again(worked: str, said: str) -> None:
    """It differs in sign, kind or scale, or has too few digits to tell."""
    assert written(said, worked_before((worked,))).text == said


def test_a_result_may_be_worked_with_and_said_again() -> None:
    """It rests on the operands that it came from, and its formula is told."""
    before = worked_before(("EBITDA = $21,957 million + $10,678 million = $32,635 million",))
    margin = written("Margin = ($32,635 million / $510,329 million) * 100 = 6.4%", before)
    assert margin.text == "Margin = $21,957 million, $10,678 million, $510,329 million"
    again = written("So it was 6.4%.", [*before, *margin.results])
    assert again.text == "So it was $21,957 million, $10,678 million, $510,329 million."
    assert again.formulas == ("($32,635 million / $510,329 million) * 100",)
    assert written("So it was 6.5%.", [*before, *margin.results]).formulas == ()


numbers = st.decimals(min_value=1, max_value=9999, places=1)


@given(numbers, numbers, st.sampled_from("+-*/"), st.sampled_from([0, 1, 2]), st.decimals("0.6", "50", places=1))
def test_only_what_a_result_rounds_to_is_taken(
    one: Decimal, other: Decimal, operator: str, places: int, off: Decimal
) -> None:
    """To the digits it is given with; a number a digit away is another one."""
    value = {"+": one + other, "-": one - other, "*": one * other, "/": one / other}[operator]
    step = Decimal(1).scaleb(-places)
    right, wrong = value.quantize(step), (value + off * step).quantize(step) + step
    assert written(f"It is {one} {operator} {other} = {right}").formulas
    assert not written(f"It is {one} {operator} {other} = {wrong}").formulas


@given(st.text(alphabet="0123456789+-*/()= %.\n$aM", max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    """And what is no calculation is not touched, but for the constants of a formula."""
    found = written(text)
    assert found.formulas or found.results or len(found.text) <= len(text)
    assert bool([each for each in found.results if each.unfinished is None]) <= bool(found.formulas)


def test_an_expression_without_a_result_has_it_told_later() -> None:
    """Its constants need no quote, its other numbers do; a size, a range, a date or a share of two is none."""
    shown = written("Days payable = 365 * $1,200 million / $8,000 million")
    assert shown.text == "Days payable = $1,200 million, $8,000 million"
    assert not shown.formulas
    steps = written("Ratio = ($3,000 + $1,000) / $5,000\n= $4,000 / $5,000")
    assert steps.text == "Ratio = $3,000, $1,000, $5,000"
    assert not steps.formulas
    assert written("= 0.8", steps.results).formulas == ("($3,000 + $1,000) / $5,000",)
    assert not written("Ratio = ($3,000 + $1,000) / $5,000 = $4,100 / $5,000").results
    later = written("Days payable = 54.75", shown.results)
    assert later.text == "Days payable = $1,200 million, $8,000 million"
    assert later.formulas == ("365 * $1,200 million / $8,000 million",)
    assert not written("Days payable = 55.75", shown.results).formulas
    for text in ("Boxes of 3 x 100 x 20 cm.", "Read pages 10-12.", "Due on 01/02/2024.", "It is open 24/7."):
        assert written(text).results == ()


@pytest.mark.parametrize(
    ("text", "remains"),
    [
        ("Growth was 9.5% a year ((sales 2022 $120 / sales 2020 $100)^(1/2) - 1).",
         "Growth was  a year ; $120, $100, sales 2022, sales 2020."),
        ("Sales fell 4% (sales 2022 $96 / sales 2021 $100 - 1).", "Sales fell  ; $96, $100, sales 2022, sales 2021."),
        ("Income covered interest 3.0 times (income $100 + costs $50 = $150 / interest $50).",
         "Income covered interest $100, $50, $50, income, costs, interest."),
        ("Debt of $300 is due (2023 $50 + 2024 $50 + 2025 $200).", "Debt of  is due $50, $50, $200."),
        ("About 17,268 patients at level 3 came in time (level 3 visits 23,720 × share seen 72.8%).",
         "About  patients at level 3 came in time 23,720, 72.8%, level 3 visits, share seen."),
        ("Leaks fell by 7.4% from 2022/23 ((2022/23 leaks 84.9 litres - 2023/24 leaks 78.6 litres) / 2022/23 leaks "
         "84.9 litres).",
         "Leaks fell by  from 2022/23 84.9 litres, 78.6 litres, 84.9 litres, 2022/23 leaks, 2023/24 leaks, "
         "2022/23 leaks."),
        ("There were 174.1 bursts per 1,000 km (bursts 431 / length 2,476 km × 1,000 km).",
         "There were  bursts per 1,000 km 431, 2,476 km, bursts, length."),
    ],
)  # fmt: skip
def test_a_formula_may_name_its_operands(text: str, remains: str) -> None:
    """With years, numbers of things and units among the names, roots, and steps that go on with their result."""
    assert written(text).text == remains


def test_no_root_is_taken_of_money_or_of_what_is_below_zero() -> None:
    """Nor is anything raised to a high power: nobody writes growth so."""
    for text in ("It is 3 = ($9)^(1/2).", "It is 2 = (1 - 5)^(1/2).", "It is 1 = (2 / 2)^400."):
        assert written(text).text == text
