"""Calculations whose operands are cells of tables, told apart by code from all others."""

from __future__ import annotations

import pytest

from eval.data import hits_of
from rag.evidence import EvidenceFinder
from rag.types import Verdict
from rag.verification.model_file import load_model
from rag.verification.verifier import OF_CELLS, CheckedVerifier
from tests.rag.evidence.test_cell_claims import STATEMENT

QUESTION = "What was the gross margin of Harbour Foods in 2022?"


def verdict_on(sentence: str, *before: str, question: str = QUESTION) -> Verdict:
    pool = EvidenceFinder().pool(hits_of(STATEMENT))
    pool.question = question
    return CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=OF_CELLS).verify(
        sentence, pool, before=before
    )


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2022.", ()),
        (
            "Average net sales of 2022 and 2021 were ($14,544 million + $12,861 million) / 2 = $13,702.5 million.",
            (),
        ),
        (
            "The gross margin is $2,820 million / $14,544 million = 19.4%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $2,820 million in 2022."),
        ),
        ("The gross margin of 2022 is $2,820 million / $14,544 million = 19.4%.", ()),
    ],
)
def test_a_calculation_with_named_cells_is_released(sentence: str, before: tuple[str, ...]) -> None:
    """With its formula and the rows of its operands as quotes; they may be named in the sentences before."""
    verdict = verdict_on(sentence, *before)
    assert verdict.supported, verdict
    assert verdict.formulas
    assert any("14,544" in each.quote for each in verdict.evidence)


@pytest.mark.parametrize(
    ("sentence", "before", "why"),
    [
        ("The current ratio is $2,820 million / $14,544 million = 19.4%.", (), "that is worked out from other lines"),
        (
            "The gross margin is $2,732 million / $14,544 million = 18.8%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $2,732 million in 2022."),
            "that is the other year's",
        ),
        (
            "The gross margin is $805 million / $14,544 million = 5.5%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $805 million in 2022."),
            "that is another row's",
        ),
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2021.", (), "that is the other year's"),
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2022, a scandal.", (), "it says more"),
        ("Gross profit by net sales was $2,820 / $14,544 million = 21.4% in 2022.", (), "it is wrong"),
    ],
)
def test_any_other_calculation_is_not(sentence: str, before: tuple[str, ...], why: str) -> None:
    """However right its arithmetic is."""
    assert not verdict_on(sentence, *before).supported, why


def test_a_calculation_may_be_told_before_its_result() -> None:
    """In two sentences, as on two lines; a wrong result is none of it."""
    asked = "How many days of sales did cost of sales come to in 2022?"
    shown = "Days in 2022 = 365 * $11,724 million cost of sales / $14,544 million net sales."
    formula = "Cost of sales by net sales in 2022 is 365 * $11,724 million / $14,544 million."
    assert not verdict_on("The days come to 294.2.", question=asked).supported
    assert verdict_on(formula, question=asked).supported
    assert verdict_on("The days come to 294.2.", formula, question=asked).formulas == (
        "365 * $11,724 million / $14,544 million",
    )
    assert not verdict_on("The days come to 295.2.", formula, question=asked).formulas
    assert not verdict_on(shown, question=asked).formulas
