"""What is set for the eye is read as plain text: LaTeX and emphasis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import plain_notation


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\[ \text{D} = 92 \times \frac{1,804.5}{15{,}452} \approx 10.75 \]", "D = 92 × (1,804.5 / 15,452) ≈ 10.75"),
        (r"It is \( \frac{104{,}427 + 37\,420}{85,691} \).", "It is ((104,427 + 37,420) / 85,691) ."),
        (r"$$\left( \frac{\$19{,}358}{\$38,819} \right) \cdot 100 = 50\%$$", "( ($19,358 / $38,819) ) × 100 = 50%"),
        (r"so $\frac{\$5}{\$10} = 0.5$ and $5 million or $6.", "so ($5 / $10) = 0.5 and $5 million or $6."),
        (r"\begin{align*} D &= \dfrac{8}{2} \\ &\approx \boxed{4} \end{align*}", "D = (8 / 2) \n ≈ 4"),
        (r"\frac{\frac{8}{2}}{4} = 1", "(((8 / 2)) / 4) = 1"),
        ("It is $1 / $2 = **0.5**, *about* half.", "It is $1 / $2 = 0.5, about half."),
        ("**$100** + `$300` = ***$400***.", "$100 + $300 = $400."),
        ("`12 / 4 = 3`", "12 / 4 = 3"),
    ],
)  # fmt: skip
def test_formulas_and_emphasis_are_plain(text: str, plain: str) -> None:
    """Fractions keep their parts together, currencies stay."""
    assert plain_notation(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        r"It is \frac{1}{2}\cancel{\text{ not}}.",
        r"It is \frac{1}2.",
        r"It is \frac{1}{2.",
        r"C:\temp\new has {braces} in it.",
        "It was $5 million in 2021 and $6 million in 2022.",
        "Mix 2*3*4 or 2 * 3 * 4 or 2**3**4, with __init__ and `min_age`.",
        "\\text{" * 40 + "a" + "}" * 40,
    ],
)
def test_what_is_not_known_stays(text: str) -> None:
    """Nothing is left out of a formula that says more, nor of what is no formula."""
    assert plain_notation(text) == text


@given(st.text(alphabet="\\{}$[]()fractex timsd&%,1 2*`\n", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    """And no figure is made up or lost."""
    assert [each for each in plain_notation(text) if each.isdigit()] == [each for each in text if each.isdigit()]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("It cost EUR 815.2 million.", "It cost €815.2 million."),
        ("It cost 815.2 million EUR in 2022.", "It cost €815.2 million in 2022."),
        ("EUR (2.5) million and USD 5", "€(2.5) million and US$5"),
        ("EUR 5 GBP 6", "€5 £6"),
        ("Paid in EUR, 5 times", "Paid in EUR, 5 times"),
        (r"\( (a / b)^{1/2} \)", "(a / b)^(1/2)"),
    ],
)
def test_currencies_have_signs_and_exponents_brackets(text: str, signs: str) -> None:
    """As calculations are read; a code without an amount stays."""
    assert plain_notation(text) == signs
