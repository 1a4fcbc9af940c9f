"""Sentences that are false of a table, though each of their figures stands in it."""

from __future__ import annotations

import pytest

from tests.rag.figures.test_tables_of_reports import BEER, CITY, WORKS
from tests.statements import verdict_of_code

TOWNS = """# Statistical yearbook of Sarn

| Year | Births | Deaths |
| --- | --- | --- |
| **Sarn** | | |
| 2022 | 512 | 460 |
| 2023 | 530 | 455 |
| **Tolm** | | |
| 2022 | 712 | 660 |
| 2023 | 733 | 651 |
"""
GROUP = """# Nordhus annual report

### Group

| Year | Sales (EUR million) | Employees |
| --- | --- | --- |
| 2022 | 512 | 4,600 |
| 2023 | 530 | 4,550 |

### Subsidiary Birka

| Year | Sales (EUR million) | Employees |
| --- | --- | --- |
| 2022 | 71 | 660 |
| 2023 | 73 | 651 |
"""
BUDGET = """# Nordhus report

| EUR million | 2024 | Budget | 2023 | Budget |
| --- | --- | --- | --- | --- |
| Net sales | 120 | 131 | 110 | 115 |

| EUR thousand | in % | 2024 | in % | 2023 |
| --- | --- | --- | --- | --- |
| Inventories | 22.5 | 284,612 | 24.5 | 316,458 |
"""
RATES = """# Health report

| Infections per 100 000 inhabitants | 2024 | 2023 |
| --- | --- | --- |
| Measles | 45.2 | 40.1 |

### Cars owned in 1,000 households surveyed

| | 2024 | 2023 |
| --- | --- | --- |
| Passenger cars | 612 | 598 |
"""
GROWTH = """# Nordhus report

| Growth and profitability, % | 2024 | 2023 |
| --- | --- | --- |
| Operating margin | 7.7 | 8.2 |
| Sales of growth markets, % of total | 22.5 | 24.0 |
| Organic sales growth, % | 3.1 | 5.2 |
"""
BONDS = """# Nordhus report 2024

| EUR million | Carrying amount | Fair value |
| --- | --- | --- |
| **Bonds due 2027** | | |
| Principal | 500 | 480 |
| **Bonds due 2029** | | |
| Principal | 700 | 690 |
"""
SERIES = """# Nordhus report

| EUR million | 2024 | 2023 | 2022 | 2021 |
| --- | --- | --- | --- | --- |
| Keg and lager | 148.7 | 150.3 | 149.1 | 145.0 |
| Sales | 50 | 40 | 45 | 38 |
"""
ORDERS = """# Nordhus annual report 2024

| EUR million | Q1 | Q2 | Q3 |
| --- | --- | --- | --- |
| Orders deliverable in 2026 | 12 | 13 | 14 |

| | North | South |
| --- | --- | --- |
| | 1950 | 2010 |
| Ships | 71 | 82 |
"""


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TOWNS, "Births in Sarn were 733 in 2023."),
        (TOWNS, "Births in Sarn rose from 512 in 2022 to 733 in 2023."),
        (TOWNS, "Births in Sarn rose by 221 (2023 733 - 2022 512)."),
        (GROUP, "The sales of the Group were EUR 73 million in 2023."),
        (GROUP, "Sales of Birka were EUR 530 million in 2023."),
        (GROUP, "Sales fell from EUR 512 million in 2022 to EUR 73 million in 2023."),
        (GROUP, "Employees were 651 in 2023."),
        (BUDGET, "Net sales were EUR 131 million in 2024."),
        (BUDGET, "Net sales grew by EUR 21 million (2024 EUR 131 million - 2023 EUR 110 million)."),
        (BUDGET, "Inventories were 24.5% of the total in 2024."),
        (RATES, "There were 45,200 measles infections in 2024."),
        (RATES, "Measles infections were 45.2 thousand in 2024."),
        (RATES, "Passenger cars were 612 thousand in 2024."),
        (GROWTH, "Operating margin grew by 7.7% in 2024."),
        (GROWTH, "Sales of growth markets rose by 22.5% in 2024."),
        (GROWTH, "Organic sales growth rose to 3.1% in 2024."),
        (BEER, "Like-for-like food sales growth rose to 6.5% in the third quarter of 2024."),
        (
            BEER,
            "Revenue from external customers of Pubs was £276.9m in 2024 and operating profit was £41.2m in 2023.",
        ),
        (BEER, "Operating profit of Pubs was £36.1m."),
        (BONDS, "The carrying amount of the principal was EUR 700 million."),
        (BONDS, "The carrying amount of principal rose from EUR 500 million in 2027 to EUR 700 million in 2029."),
        (CITY, "115,986 dwellings were demolished in 2023."),
        (CITY, "The number of completed dwellings demolished was 687 in 2023."),
        (
            SERIES,
            "Keg and lager fell to EUR 149.1 million in 2022, rose to EUR 150.3 million in 2023 and fell to EUR 148.7 "
            "million in 2024.",
        ),
        (SERIES, "Sales rose from EUR 38 million in 2021 to EUR 45 million in 2022 and EUR 50 million in 2024."),
        (SERIES, "Sales were EUR 40 million in 2023 after EUR 50 million in 2024."),
        (ORDERS, "Orders deliverable were EUR 12 million in Q1 2026."),
        (ORDERS, "The ships in the North rose from 71 in 1950 to 82 in 2010."),
        (WORKS, "Order intake was EUR 341.2 million in Q1."),
        (
            WORKS,
            "Investments rose by DKK 134,300 thousand in 2022/23 (2023/24 DKK 452,700 thousand - 2022/23 DKK 318,400 "
            "thousand).",
        ),
        (WORKS, "Investments were DKK 452,700 thousand in 2023."),
    ],
)
def test_a_figure_of_something_else_is_withheld(table: str, sentence: str) -> None:
    """Of another town, table, budget, section, quarter or year; a rate as a count; a level as a growth."""
    verdict = verdict_of_code(sentence, table, question="How was 2024?")
    assert not verdict.supported
    assert verdict.with_scales is None


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TOWNS, "Births in Sarn rose from 512 in 2022 to 530 in 2023."),
        (GROUP, "Sales of the subsidiary Birka were EUR 73 million in 2023."),
        (BUDGET, "Net sales were EUR 120 million in 2024."),
        (
            SERIES,
            "Sales rose from EUR 38 million in 2021 to EUR 45 million in 2022 and fell to EUR 40 million in 2023.",
        ),
        (SERIES, "Sales were EUR 50 million in 2024 after EUR 40 million in 2023."),
    ],
)
def test_a_figure_of_just_that_is_released(table: str, sentence: str) -> None:
    assert verdict_of_code(sentence, table, question="How was 2024?").supported
