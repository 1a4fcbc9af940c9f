"""Calculations are read in the notations that language models use, and a wrong digit is wrong in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.arithmetic.written_calculations import given_constants, worked_before, written
from rag.text import plain_notation

_NAMES = ("revenue", "cost of sales", "short-term investments", "Receivables, net", "other current assets")


@dataclass(frozen=True)
class Sum:
    """A calculation as its parts: numbers over a number, a mean, or a difference; and what it comes to."""

    over: tuple[Decimal, ...]
    under: Decimal | None
    result: Decimal
    step: Decimal
    percent: bool = False

    def is_right(self) -> bool:
        total = sum(self.over)
        value = total if self.under is None else total / self.under
        return abs(value * (100 if self.percent else 1) - self.result) <= self.step / 2

    def told(self) -> str:
        return f"{self.result:,f}{'%' if self.percent else ''}"


@st.composite
def sums(draw: st.DrawFn, *, parts: int | None = None) -> Sum:
    """A right calculation of amounts with at least three digits, told with up to two decimal places."""
    amounts = st.integers(101, 99999).map(Decimal)
    count = draw(st.integers(1, 3)) if parts is None else parts
    over = tuple(draw(st.lists(amounts, min_size=count, max_size=count)))
    under = draw(amounts) if count == 1 else draw(st.none() | amounts)
    percent = under is not None and draw(st.booleans())
    step = Decimal(1).scaleb(-draw(st.sampled_from([1, 2]))) if under is not None else Decimal(1)
    value = sum(over) / (under or 1) * (100 if percent else 1)
    result = Decimal(value).quantize(step)
    assume(result >= 1)
    return Sum(over, under, result, step, percent)


def _number(number: Decimal, scale: str = "") -> str:
    return f"${number:,f}{scale}"


def _plain(worked: Sum, scale: str = "", sign: str = "/") -> str:
    over = " + ".join(_number(each, scale) for each in worked.over)
    over = f"({over})" if len(worked.over) > 1 and worked.under is not None else over
    return over if worked.under is None else f"{over} {sign} {_number(worked.under, scale)}"


def _end(worked: Sum, scale: str = "") -> str:
    return f"${worked.told()}{scale}" if worked.under is None else worked.told()


def _latex(worked: Sum) -> str:
    def number(each: Decimal) -> str:
        return rf"\${each:,f}".replace(",", "{,}")

    over = " + ".join(map(number, worked.over))
    told = _end(worked).replace("$", r"\$").replace("%", r"\%").replace(",", "{,}")
    body = over if worked.under is None else rf"\frac{{{over}}}{{{number(worked.under)}}}"
    return rf"\[ \text{{The ratio}} = \left( {body} \right) \approx {told} \]"


def _named(worked: Sum) -> str:
    named = " + ".join(f"{_NAMES[at]} {_number(each)}" for at, each in enumerate(worked.over))
    named = f"({named})" if len(worked.over) > 1 and worked.under is not None else named
    under = "" if worked.under is None else f" / net sales {_number(worked.under)}"
    return f"{named}{under} = {_end(worked)}"


def _named_after(worked: Sum) -> str:
    named = " + ".join(f"{_number(each)} ({_NAMES[at]})" for at, each in enumerate(worked.over))
    named = f"({named})" if len(worked.over) > 1 and worked.under is not None else named
    under = "" if worked.under is None else f" / {_number(worked.under)} (net sales)"
    return f"{named}{under} = {_end(worked)}"


NOTATIONS = {
    "plain": lambda each: f"It is {_plain(each)} = {_end(each)}.",
    "about": lambda each: f"It is {_plain(each)} ≈ {_end(each)}.",
    "in words": lambda each: f"{_plain(each, sign='divided by')} is about {_end(each)}.",
    "scaled": lambda each: f"It is {_plain(each, ' million')} = {_end(each, ' million')}.",
    "emphasis": lambda each: f"It is {_plain(each)} = **{_end(each)}**.",
    "all in emphasis": lambda each: f"**{_plain(each)} = {_end(each)}**",
    "code": lambda each: f"`{_plain(each)} = {_end(each)}`",
    "in brackets": lambda each: f"It was about {_end(each)} ({_plain(each)}), which is high.",
    "in brackets after words": lambda each: f"It was {_end(each)} of net sales at June 30, 2022 ({_plain(each)}).",
    "in brackets after a year": lambda each: f"It was {_end(each)} in Q3 2021 ({_plain(each)}).",
    "named": _named,
    "named after": _named_after,
    "on lines": lambda each: f"Ratio = (one + other) / sales\n= {_plain(each)}\n= {_end(each)}",
    "on lines with names": lambda each: f"Ratio = {_plain(each)}\nRatio = {_end(each)}",
    "LaTeX": _latex,
    "or": lambda each: f"That is {_plain(each)}, or {_end(each)}.",
}


@pytest.mark.parametrize("notation", NOTATIONS)
@given(worked=sums())
def test_a_right_calculation_gives_way_to_its_operands(notation: str, worked: Sum) -> None:
    """Whatever it is written in; each operand is still to be quoted, the result is not."""
    text = plain_notation(NOTATIONS[notation](worked))
    found = written(text)
    assert found.formulas, text
    for operand in (*worked.over, worked.under):
        assert operand is None or f"{operand:,f}" in found.text
    if worked.result not in (*worked.over, worked.under):
        assert worked.told() not in found.text.replace(f"{worked.told()},", "").split()


@pytest.mark.parametrize("notation", NOTATIONS)
@given(worked=sums(), place=st.integers(0, 9), digit=st.integers(1, 9))
def test_a_changed_digit_of_the_result_is_not_taken(notation: str, worked: Sum, place: int, digit: int) -> None:
    """Not even where it is the last one."""
    figures = [at for at, each in enumerate(str(worked.result)) if each.isdigit()]
    at = figures[place % len(figures)]
    said = str(worked.result)
    wrong = Decimal(f"{said[:at]}{(int(said[at]) + digit) % 10}{said[at + 1 :]}")
    changed = Sum(worked.over, worked.under, wrong, worked.step, worked.percent)
    assume(wrong != worked.result and not changed.is_right() and len(str(wrong)) == len(said))
    assume(said != "2021")  # the year that a notation has
    text = plain_notation(NOTATIONS[notation](changed))
    assert written(text).formulas == (), text


@given(worked=sums(), scale=st.sampled_from([" thousand", " billion"]))
def test_another_scale_than_that_of_the_operands_is_not_taken(worked: Sum, scale: str) -> None:
    """Whether it follows or stands before."""
    told = f"${worked.told()}{scale}" if worked.under is None else f"{worked.result:,f}{scale}"
    for text in (f"It is {_plain(worked, ' million')} = {told}.", f"It is {told} ({_plain(worked, ' million')})."):
        assert written(text).formulas == (), text


@given(worked=sums(parts=2))
def test_a_result_in_another_currency_or_with_another_sign_is_not_taken(worked: Sum) -> None:
    """Whether it follows or stands before; a ratio of amounts is no amount."""
    ratio = () if worked.under is None else (f"${worked.result:,f}",)
    for told in (f"€{worked.result:,f}", f"-{_end(worked)}", *ratio):
        for text in (f"It is {_plain(worked)} = {told}.", f"It is {told} of it ({_plain(worked)})."):
            assert written(text).formulas == (), text


@pytest.mark.parametrize(
    "text",
    [
        "It was 56.0%, up from 42.6% ($10,746 / $19,192).",
        "More than $754 million ($401 million + $353 million) was spent.",
        "It was $754 ($401 million + $353 million).",
        "It was $754 in 2022 ($401 million + $353 million).",
        "It is $500 / $300 = $1.67.",
        "It is 21% × $500 million = $106 million.",
        "It is 21% × $500 million = $10,500 million.",
        "It is 21% × 40% = 840%.",
        "It is $300 / $400 = 0.75 × 100 = 0.75.",
        "It is 5 kg + 300 g = 305 kg.",
        "It is EUR 100 + USD 200 = EUR 300.",
        "It is 100 EUR + 200 USD = 300 EUR.",
        "It is $5 per share + $3 per unit = $8.",
        "It is –$300 / $400 = 0.75.",
        "It is 3 less than 5 (300 + 200).",
        "Sales rose 5% in 2022 ($110 - $105).",
        "It was 5 in Q3 ($401 + $353).",
        r"It is \(\frac{300}{200}\cancel{\text{ not}} = 1.5\).",
        "The gain is 49.9% - 14.2% = 35.7 basis points.",
        "The gain is $49.9 - $14.2 = 35.7 percentage points.",
    ],
)
def test_what_stands_before_brackets_has_to_be_their_result(text: str) -> None:
    """The nearest number, with its unit, and not what it is said to pass; LaTeX that is not known is not read."""
    assert written(plain_notation(text)).formulas == ()


@pytest.mark.parametrize(
    ("text", "remains"),
    [
        ("The change is 49.9% - 14.2% = 35.7 percentage points.", "The change is 49.9%, 14.2%."),
        ("The change is 14.2% - 15.1% = -90 basis points.", "The change is 14.2%, 15.1%."),
        ("It is $500M less taxes $200M = $300 million.", "It is $500M, $200M, taxes."),
        ("It is –$300 / US$400 = –0.75.", "It is $300, US$400."),
        ("Growth = $117 / $120 − 1 = −2.5%", "Growth = ; $117, $120"),
        ("Tax = 21% · $500 million = $105 million", "Tax = 21%, $500 million"),
        ("Margin = 6,535 ⁄ 15,338 = 0.4261 × 100 = 42.6%", "Margin = 6,535, 15,338"),
        ("As much as $4.0 billion ($1.25 billion + $2.75 billion).", "As much as ; $1.25 billion, $2.75 billion."),
        ("Margin = $21 million / sales $84 million = 25%", "Margin = $21 million, $84 million, sales"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_result_is_not_said_of_its_operands(text: str, remains: str) -> None:
    """`About`, `as much as`; what the operands are called stays."""
    assert written(text).text == remains


@given(days=st.sampled_from([84, 90, 91, 92, 181, 182, 273]), worked=sums(parts=1))
def test_a_factor_that_the_question_gives_is_no_fact(days: int, worked: Sum) -> None:
    """And makes days; without it in the question, it has to be quoted, and makes none."""
    assert worked.under is not None
    result = (worked.over[0] / worked.under * days).quantize(Decimal("0.1"))
    text = f"DPO = {days} × {_plain(worked)} = {result} days"
    constants = given_constants(f"What is DPO, defined as {days} * average payables / cost of sales of 2023?")
    assert constants == {Decimal(days)}
    assert written(text, (), constants).text == f"DPO = {_number(worked.over[0])}, {_number(worked.under)}"
    assert written(text).text == text
    formula = f"DPO = {days} * average payables / cost"
    assert written(formula, (), constants).text == "DPO = average payables / cost"
    assert written(formula).text == formula


def test_an_operand_may_repeat_a_result_without_its_scale() -> None:
    """Where that does not lend it another one."""
    before = worked_before(("The mean is ($883 million + $959 million) / 2 = $921 million.",))
    assert written("DPO = 365 * 921 / 8,803 = 38.2", before).text == ("DPO = $883 million, $959 million, 8,803")
    fall = worked_before(("It is $300 million - $700 million = -$400 million.",))
    assert "$400" not in written("It is –$400 million / $700 million = –57%", fall).text
    assert "$400" in written("It is $400 million / $700 million = 57%", fall).text
    assert "921 billion" in written("It is 921 + 500 = $1,421 billion", before).text
