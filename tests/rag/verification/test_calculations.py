"""Numbers that a drafted sentence works out, and numbers that stand on the page around the hit."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.evidence.stated_facts import claim_of, ground_of, missing_numbers
from rag.types import Hit
from rag.verification.model_file import load_model
from rag.verification.verifier import OF_CELLS, CheckedVerifier
from tests.fakes.core import hit

SALES = "Net sales were 14,082 in the year 2021."
INCOME = "Operating income was 2,112 in the year 2021."
PAGE = f"{SALES} {INCOME}"
MARGIN = "Operating income by net sales was 2,112 / 14,082 = 15.0%."


def verifier() -> CheckedVerifier:
    return CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=0.0)


def pool_of(text: str) -> EvidencePool:
    return EvidenceFinder().pool([hit(text)])


def test_a_calculation_is_quoted_by_its_operands() -> None:
    """The sentence is shown as it was drafted, with the formula."""
    verdict = verifier().verify(MARGIN, pool_of(PAGE))
    assert verdict.supported, verdict
    assert verdict.text == MARGIN
    assert verdict.formulas == ("2,112 / 14,082",)
    assert "14,082" in " ".join(each.quote for each in verdict.evidence)
    assert "2,112" in " ".join(each.quote for each in verdict.evidence)


@pytest.mark.parametrize("sentence", [MARGIN.replace("15.0", "15.2"), MARGIN.replace("14,082", "14,080")])
def test_a_wrong_result_or_a_made_up_operand_is_barred(sentence: str) -> None:
    """However right the rest is."""
    assert verifier().verify(sentence, pool_of(PAGE)).fault == "number"


def test_a_result_may_be_said_again_after_it_was_worked_out() -> None:
    """And only then; its quotes are those of the operands."""
    again = "So operating income was 15.0% of net sales in the year 2021."
    assert not verifier().verify(again.replace("15.0", "15.3"), pool_of(PAGE), before=[MARGIN]).supported
    verdict = verifier().verify(again, pool_of(PAGE), before=[MARGIN])
    assert verdict.supported, verdict
    assert verdict.formulas == ("2,112 / 14,082",)


def test_what_the_hit_lacks_is_looked_for_on_the_page_around_it() -> None:
    """Once, and only when something is missing."""
    pool, asked = pool_of(SALES), []

    def page() -> EvidencePool:
        asked.append(1)
        return pool_of(PAGE)

    pool.surroundings = page
    assert verifier().verify("Net sales were 14,082.", pool).supported
    assert not asked
    assert verifier().verify("Operating income was 2,112.", pool).supported
    assert not verifier().verify("Operating income was 2,113.", pool).supported
    assert asked == [1]


def test_what_neither_hit_nor_page_states_is_searched_for_in_the_same_documents() -> None:
    """By the claim itself and its numbers, those that are printed too; the search alone proves nothing."""
    pool, asked = pool_of(SALES), []
    elsewhere = pool_of(PAGE)

    def search(claim: str, numbers: Collection[str]) -> tuple[Hit, ...]:
        asked.append((claim, set(numbers)))
        return elsewhere.hits

    pool.search = search
    assert verifier().verify("Net sales were 14,082.", pool).supported
    assert not asked
    assert verifier().verify(MARGIN, pool).formulas == ("2,112 / 14,082",)
    assert not verifier().verify("Operating income was 2,113.", pool).supported
    assert asked == [(MARGIN, {"2112", "14082", "15"}), ("Operating income was 2,113.", {"2113"})]


def missing(claim: str, row: str, place: str = "") -> tuple[str, ...]:
    return missing_numbers(claim_of(claim), [ground_of(row, place)])


def test_an_amount_in_brackets_is_spent_where_its_row_says_so() -> None:
    """Of any other row it is a loss."""
    place = "Cash flows (in millions) | 2020"
    assert not missing(
        "Capital expenditure was $460.8 million.", "| Purchases of land and buildings | (460.8) |", place
    )
    assert missing("The net income was $460.8 million.", "| Net income | (460.8) |", place)
    assert missing("Purchases rose by $460.8 million.", "| Purchases of land | (460.8) |", place)


def test_a_year_and_an_amount_make_no_range() -> None:
    """`from 5 million in 2022 to 6 million` tells two amounts."""
    row = "| Debt | 5 | 6 |"
    assert not missing("Debt went from 5 million in 2022 to 6 million in 2023.", row, "(in millions) | 2022 | 2023")


def test_percentages_differ_by_percentage_points() -> None:
    """Not by percent."""
    page = "The tax rate was 20.2% in 2021 and 22.9% in 2022."
    sentence = "The tax rate increased by 2.7 percentage points from 20.2% in 2021 to 22.9% in 2022."
    verdict = verifier().verify(sentence, pool_of(page))
    assert verdict.supported, verdict
    assert verdict.formulas == ("22.9% - 20.2%",)


BALANCE = """Balance sheet (in millions)
| | 2021 | 2020 |
| --- | --- | --- |
| Inventories | $ 8,738 | $ 5,132 |
| Cost of sales | 12,000 | 11,000 |
"""


@pytest.mark.parametrize(("term", "released"), [("DIO", True), ("Days of inventory", True), ("Verizon", False)])
def test_what_is_worked_out_may_have_a_name_that_the_question_explains(term: str, released: bool) -> None:
    """A name of a company is not explained by being asked for."""
    before = [
        "Inventories were $8,738 million in 2021 and $5,132 million in 2020.",
        "Cost of sales was $12,000 million in 2021.",
    ]
    pool = pool_of(BALANCE)
    pool.question = "What is Verizon's days of inventory outstanding (DIO)? DIO is defined as 365 * inventory / cost."
    sentence = f"{term} = 365 * ((8,738 + 5,132) / 2) / 12,000 = 210.9"
    assert verifier().verify(sentence, pool, before=before).supported is released


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("DIO = 182 * ($8,738 + $5,132) / 2 / $12,000 = **105.2 days**", True),
        ("DIO was roughly 105 days (182 × ($8,738 + $5,132) / 2 / $12,000).", True),
        (r"\[ \text{DIO} = 182 \times \frac{(8{,}738 + 5{,}132) / 2}{12{,}000} \approx 105.2 \]", True),
        ("**Step 3:** DIO = 182 · ((8,738 + 5,132) / 2) / 12,000 ≈ 105", True),
        ("3. DIO = 182 * ((8,738 + 5,132) / 2) / 12,000\n= 105.2", True),
        ("DIO = 182 * ($8,738 + $5,132) / 2 / $12,000 = **106.2 days**", False),
        ("DIO was roughly 104 days (182 × ($8,738 + $5,132) / 2 / $12,000).", False),
        (r"\[ \text{DIO} = 182 \times \frac{(8{,}738 + 5{,}132) / 2}{11{,}000} \approx 114.7 \]", False),
        ("DIO = 183 * ($8,738 + $5,132) / 2 / $12,000 = **105.8 days**", False),
        ("DIO = 182 * ($8,738 billion + $5,132 billion) / 2 / $12,000 billion = 105.2 days", False),
    ],
)
def test_a_calculation_is_released_in_any_notation(sentence: str, released: bool) -> None:
    """As it was drafted; a wrong result, another year's operand, another factor or scale is not."""
    before = [
        "Inventories were $8,738 million in 2021 and $5,132 million in 2020.",
        "Cost of sales was $12,000 million in 2021.",
    ]
    pool = pool_of(BALANCE)
    pool.question = "What is days of inventory outstanding (DIO)? DIO is defined as 182 * average inventory / cost."
    verdict = CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=OF_CELLS).verify(
        sentence, pool, before=before
    )
    assert verdict.supported is released, verdict
    assert verdict.text == sentence


def test_the_scale_of_operands_told_before_is_that_of_their_table() -> None:
    """Where what they come to has none; an amount keeps the one it is told with."""
    before = ["In 2021, inventories by cost of sales were $8,738 / $12,000"]
    pool = pool_of(BALANCE)
    pool.question = "What is inventories by cost of sales in 2021?"
    assert verifier().verify("= 0.728", pool, before=before).supported
    assert not verifier().verify("= 0.738", pool, before=before).supported
    before = ["In 2021, inventories and cost of sales were $8,738 + $12,000"]
    assert verifier().verify("= $20,738 million", pool, before=before).supported
    for other in ("= $20,738 billion", "= $20,738", "= €20,738 million"):
        assert not verifier().verify(other, pool, before=before).supported
