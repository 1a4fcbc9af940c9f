"""Numbers as values: what is read with them, and what supports what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.stated_facts import claim_of, ground_of, in_plain_words, missing_numbers
from rag.text.quantities import Lent, quantities, supports


def barred(sentence: str, quote: str, place: str = "") -> bool:
    return bool(missing_numbers(claim_of(sentence), [ground_of(quote, place)]))


FALSE = [
    ("The box weighs 20 kg.", "The box weighs 20 pounds. The lid weighs 3 kg."),
    ("The tank holds 80 litres.", "The tank holds 80 gallons. The bottle holds 2 litres."),
    ("It is given as 5 ml per day.", "It is given as 5 mg per day. The vaccine holds 0.5 ml."),
    ("The line carries 230 amps.", "The line carries 230 volts. The fuse is rated for 16 amps."),
    ("The budget is 2.5 million euros.", "The budget is 2.5 million. The reserve is 40 thousand euros."),
    ("Growth was 1.5%.", "Growth was -1.5% in 2023. The share price fell in May."),
    ("It works from 40 to 85 °C.", "It works from -40 to +85 °C. The loss was small."),
    ("The ratio is 1:3.", "The ratio is 3:1."),
    ("It fell 5%.", "It rose 5%."),
    ("It flows at 5 l/h.", "It flows at 5 l/min."),
    ("They own 5 cars.", "They own 3 cars and 5 boats."),
    ("Net income was 1,234.", "Net income | (1,234)"),
    ("He has more than 5 dogs.", "He has 5 dogs."),
    ("The speed is 60 km.", "The speed is 60 km/h."),
    ("The run may be no shorter than 25 m.", "The run must not exceed 25 m."),
    ("The pH must be neither above 7.5 nor below 9.0.", "The pH must lie between 7.5 and 9.0."),
    ("A call costs 32 cents.", "A call costs EUR 3.20."),
    ("The margin rose by 120 percentage points.", "The margin rose by 120 basis points."),
    ("It was 3 in May.", "The ratio was 3:1 in May."),
    ("It bought a third of the shares.", "It bought a third dose of the drug, and 5 shares."),
    ("It is open 20 days a year.", "It is open 20 working days a year."),
    ("It costs 10 euros.", "It costs 10 euros or more."),
    ("It has 500,000 to 1 billion users.", "It has 500,000 to 1 million users."),
    ("Use 200 to 1 kg.", "Use 200 to 1 g."),
    ("The rent is $500 a year before tax.", "The rent is $500 a month before tax."),
    ("There is no charge up to 50 euros.", "There is no charge above 50 euros."),
    ("There is no fee if orders are at most 50 euros.", "There is no fee if orders exceed 50 euros."),
    ("The battery is not charged up to 30 degrees.", "The battery is not charged above 30 degrees."),
    ("The dose is increased by 40 mg each week.", "The dose is increased by 10 to 40 mg each week."),
    ("Salaries are 50,000 euros.", "Salaries are 50,000 euros and more."),
    ("It announced a $500 million program.", "It announced a program of less than $500 million."),
    ("It may be more than the 50 kg limit.", "The limit is 50 kg."),
    ("They get 5 days.", "They get 5 additional days."),
    ("A is the largest of the five.", "A is the largest of the four."),
    ("A fee of 20 cents.", "A fee of $0.21."),
    ("The floor of the ratio is 3.50x.", "The ratio may not exceed 3.50 to 1.00."),
]
TRUE = [
    ("It was 6,535 in 2023: 6,535.", "It was 6,535 in 2023."),
    ("That is $500 + $300.", "It is $500 and $300."),
    ("It carries up to 10 A.", "It carries 10 A maximum."),
    ("A loss of 1,234.", "Net loss | (1,234)"),
    ("Income was -1,234.", "Income | (1,234)"),
    ("Growth was -1.5%.", "It fell by 1.5%."),
    ("It is 20 °C.", "It is 68 °F."),
    ("It rose to 10%.", "It rose from 5% to 10%."),
    ("Over 90 billion was sold.", "90.1 billion was sold."),
    ("Keep it at up to 25 °C.", "Keep it below 25 °C."),
    ("It is 1.950,5 kg.", "It is 1,950.5 kg."),
    ("It makes 1 part per minute.", "It makes 60 parts per hour."),
    ("The box costs US$5 million.", "The box costs $5m."),
    ("It draws 118 mA.", "It draws 118 milliamps."),
    ("It was $65.4 million, against $65.0 million a year earlier.", "It was $65.0 million, and is $65.4 million."),
    ("It is 11% more than the $0.18 of last year.", "It grew 11% from $0.18."),
    ("The run may be no longer than 25 m.", "The run must not exceed 25 m."),
    ("Each dose is 200 mg or less.", "No single dose exceeds 200 mg."),
    ("The pH must be neither below 7.5 nor above 9.0.", "The pH must lie between 7.5 and 9.0."),
    ("It works from minus 25 °C up to 35 °C.", "It works from -25 to 35 °C."),
    ("It starts when it is colder than minus 4 °C.", "It starts below -4 °C."),
    ("Ten days of leave or more are taken at once.", "At least 10 days of leave are taken at once."),
    ("A call costs 32 cents a minute.", "A call costs EUR 0.32 per minute."),
    ("The margin rose by 120 bps.", "The margin rose by 120 basis points."),
    ("The margin rose by 1.2 percentage points.", "The margin rose by 120 basis points."),
    ("The leverage was 1.52x.", "The leverage ratio was 1.52 to 1.00."),
    ("It lies below the 3.50x ceiling.", "It is less than 3.50x."),
    ("The blink comes 3 times when it is empty.", "When it is empty, the blink comes 3 times."),
    ("Sales fell for two quarters.", "Sales fell in 2 quarters."),
    ("It has two bridges and plans a third.", "It has 2 bridges and plans a 3rd."),
    ("It will cost $60–$65 million.", "It will cost $60 million to $65 million."),
    ("No more than a fifth of the fund is cash.", "Cash is at most 20% of the fund."),
    ("It falls by one third.", "It falls by a third."),
    ("It runs for 8,000 hours.", "It runs for 8,000 operating hours."),
    ("It is turned two times a week.", "It is turned twice a week."),
    ("A page never holds more than 100 rows.", "A page holds at most 100 rows."),
    ("Version 5.1 ignores it.", "Version 5.1 and earlier ignore it."),
    ("Grade 316 is the better of the two.", "Grade 316 is better than grade 304."),
    ("It rose by $2 million to $30 million.", "It rose by $2 million and is $30 million."),
]
CELLS = [
    ("It weighs 5000 g.", "Box | 5", "Weight (kg)"),
    ("It draws 5 A.", "Box | 5", "Current (A)"),
    ("The loss was $1,234 thousand.", "Loss | (1,234)", "(in thousands, except per share data)"),
    ("Earnings were $1.52 a share.", "Earnings | 1.52", "$ (in millions), a share"),
    ("Sales were 8.7 billion.", "Sales | 8,738", "in millions of $"),
    (
        "Premiums were EUR 210.3 million.",
        "| Sweden | 214,600 | 210,300 | 86.0 % |",
        "| EUR thousand | Combined ratio |",
    ),
    ("A night costs up to EUR 240.", "| Japan | 240 | 72 |", "Amounts in EUR | Hotel limit per night | Meals"),
    ("The flow reaches 65 °C at the most.", "| Maximum flow temperature | 70 °C | 65 °C |", ""),
]


@pytest.mark.parametrize(("sentence", "quote"), FALSE)
def test_the_same_digits_may_say_something_else(sentence: str, quote: str) -> None:
    """A number has a unit, a sign, a bound, an order and a thing it is of."""
    assert barred(sentence, quote)


@pytest.mark.parametrize(("sentence", "quote"), TRUE)
def test_other_digits_may_say_the_same(sentence: str, quote: str) -> None:
    """After conversion, in brackets, rounded, as a weaker bound."""
    assert not barred(sentence, quote)


@pytest.mark.parametrize(("sentence", "quote", "place"), CELLS)
def test_headings_lend_units_and_scales(sentence: str, quote: str, place: str) -> None:
    """To the cells under them."""
    assert not barred(sentence, quote, place)
    assert barred("It weighs 5 kg.", "Box | 5", "Weight (lb)")
    assert barred("Premiums were EUR 731.2 thousand.", "Premiums | 731,200", "EUR thousand")


def test_the_reader_is_told_what_the_evidence_has() -> None:
    """In plain words, with sign and bound."""
    for sentence, quote, told in (
        ("It weighs 20 kg.", "It weighs 20 pounds.", "20 kg (20 pounds is)"),
        ("It carries 10 A.", "It carries up to 10 A.", "10 A (at most 10 A is)"),
        ("It was 5 °C.", "It was -5 °C.", "5 °C (-5 °C is)"),
        ("It weighs 20 kg.", "It is heavy.", "20 kg"),
    ):
        assert in_plain_words(claim_of(sentence), [ground_of(quote)]) == (told,)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    """`1.950` is a thousand times more in German than in English."""
    for text, language, value in (
        ("1.950 kg", "de", "1950"),
        ("1.950 kg", "en", "1.950"),
        ("1.950,5 kg", "en", "1950.5"),
        ("1 950,5 kg", "fr", "1950.5"),
        ("12,5 kg", "de", "12.5"),
        ("1,950 kg", "en", "1950"),
    ):
        assert [each.value for each in quantities(text, language)] == [Decimal(value)]


@given(st.text(max_size=80))
def test_every_quantity_supports_itself(text: str) -> None:
    """And lies in the text, in order."""
    found = quantities(text)
    assert all(supports(each, each, Lent()) for each in found)
    ends = [place for each in found for place in (each.start, each.end)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Higher charges: $(352) million", 352_000_000, "dollar"),
        ("Higher charges: $(352)", 352, "dollar"),
        ("| Mac | (29)% |", 29, "%"),
        ("| Mac | (29) % |", 29, "%"),
    ],
)
def test_brackets_of_a_loss_may_stand_between_a_number_and_its_unit(text: str, value: int, unit: str) -> None:
    found = quantities(text)[-1]
    assert (found.value, found.unit, found.sign) == (value, unit, -1)


def test_what_is_made_under_a_program_is_not_less_than_it() -> None:
    """`under $60 billion` is."""
    assert quantities("Bought under the $60 billion program")[0].bound == ""
    assert quantities("Bought for under $60 billion")[0].bound == "<"
    assert quantities("It may invest up to an additional $3 billion")[0].bound == "≤"


def test_things_that_are_counted_are_no_money() -> None:
    """`310 million shares` is not `$310 million`, which may leave its currency unsaid elsewhere."""
    bought = quantities("It repurchased 2.1 million shares for $310 million.")
    shares, money = quantities("It repurchased 310 million shares for $2.1 million.")
    assert not any(supports(each, told, Lent()) for each in (shares, money) for told in bought)
    assert supports(quantities("It spent 310 million.")[0], bought[1], Lent())


def test_a_year_before_an_amount_is_no_amount() -> None:
    """`$5 in 2022, $6 in 2021` lists amounts with their years."""
    found = quantities("Sales were $84 million in 2022, $71 million in 2021 and $58 million in 2020.")
    assert [each.unit for each in found if each.text in ("2022", "2021", "2020")] == ["", "", ""]


def test_a_plus_between_two_operands_sets_no_bound() -> None:
    """`65+` and `65 +` are at least 65."""
    assert [each.bound for each in quantities("($498 million + the rest $515 million)")] == ["", ""]
    assert [each.bound for each in quantities("Seats are free for ages 65+ and 70 +.")] == ["≥", "≥"]


def test_a_loss_may_have_its_sign_apart_from_its_brackets() -> None:
    """`$ (2,515)` is what a table prints for minus 2,515 dollars."""
    assert not barred("The result was -$2,515 thousand.", "Result | $ (2,515)", "(in thousands)")
    assert barred("The result was $2,515 thousand.", "Result | $ (2,515)", "(in thousands)")
