"""Figures of tables as reports outside of financial statements print them: units, years and sections in many places."""

from __future__ import annotations

import pytest

from tests.statements import verdict_of_code

BEER = """# Alder Brewery annual report 2024

| 000 hectolitres | 2024 | 2023 | 2022 |
| --- | --- | --- | --- |
| Cask ale | 96.4 | 101.2 | 108.9 |
| Keg and lager | 148.7 | 150.3 | 149.1 |
| **Total volume** | 439.7 | 454.0 | 466.3 |

| Pubs |  | 2024 | 2023 | Change |
| --- | --- | --- | --- | --- |
| Food | £m | 112.6 | 103.3 | 9.0% |
| Covers served | 000 | 6,842 | 6,518 | 5.0% |

## Sales in 2024

| Like-for-like sales growth, % | Q1 | Q2 | Q3 | 2024 full year |
| --- | --- | --- | --- | --- |
| Drink | 7.4 | 5.1 | 3.8 | 5.7 |
| Food | 10.2 | 7.9 | 6.5 | 7.7 |

| £m | Pubs | Brewing & Brands | Group |
| --- | --- | --- | --- |
| **52 weeks ended 28 September 2024** |  |  |  |
| Revenue from external customers | 298.4 | 118.3 | 416.7 |
| Operating profit | 41.2 | 9.1 | 50.3 |
| **52 weeks ended 30 September 2023** |  |  |  |
| Revenue from external customers | 276.9 | 121.6 | 398.5 |
| Operating profit | 36.1 | 10.4 | 46.5 |
"""
CITY = """# Statistical yearbook of Sarn 2023

### Table 4.2 Water supply, in 1,000 m³

| | 2019 | 2020 | 2023 |
| --- | --- | --- | --- |
| Households | 9,642 | 10,018 | 9,588 |
| Own use and network losses | 1,134 | 1,162 | 986 |

### Table 2.1 Dwellings

| 31 Dec | Dwellings, total | Completed in year | Demolished or converted |
| --- | --- | --- | --- |
| 2022 | 115,348 | 1,034 | 63 |
| 2023 | 115,986 | 687 | 49 |

### Table 5.1 Students by faculty

| Faculty | WS 2019/20 | WS 2022/23 | WS 2023/24 |
| --- | --- | --- | --- |
| Humanities 1) | 4,612 | 4,120 | 4,013 |
| Law | 2,318 | 2,274 | 2,251 |
"""
WORKS = """# Ostwald Machines annual report 2024

| EUR million | Q1 | Q2 | Q3 |
| --- | --- | --- | --- |
| Order intake 2024 | 302.4 | 276.1 | 258.3 |
| Order intake 2023 | 341.2 | 327.6 | 291.4 |

| EUR million | 2024 | 2023 |
| --- | --- | --- |
| **Order intake** | | |
| Machine Tools | 571.2 | 648.3 |
| Service & Parts | 258.7 | 248.3 |
| **Revenue** | | |
| Machine Tools | 622.5 | 619.9 |
| Service & Parts | 257.2 | 244.5 |

| EUR thousand | 31 Dec 2024 | in % of total | 31 Dec 2023 | in % of total |
| --- | --- | --- | --- | --- |
| Inventories | 284,612 | 22.5 | 316,458 | 24.5 |

|  | Year to June | Year to June |
| --- | --- | --- |
|  | 2023 | 2024 |
| Staff costs (EUR thousand) | 76,420 | 95,380 |

| DKK thousand | 2023/24 | 2022/23 |
| --- | --- | --- |
| Investments | 452,700 | 318,400 |

|  | Fiscal 2024 |  |  | Fiscal 2023 |  |  |
| --- | --- | --- | --- | --- | --- | --- |
| Spare parts sold online | $ | 512,745 |  | $ | 448,210 |  |
"""


@pytest.mark.parametrize(
    "sentence",
    [
        "Total volume fell from 466.3 thousand hectolitres in 2022 to 454.0 thousand hectolitres in 2023.",
        "Pubs served 6,518 thousand covers in 2023.",
        "Like-for-like food sales grew by 6.5% in the third quarter of 2024.",
        "The operating profit of Pubs was £41.2m in 2024 and £36.1m in 2023.",
        "The operating margin of Brewing & Brands was 7.7% in 2024 "
        "(operating profit £9.1m / revenue from external customers £118.3m).",
        "Keg and lager rose from 149.1 thousand hectolitres in 2022 to 150.3 thousand hectolitres in 2023 and fell to "
        "148.7 thousand hectolitres in 2024.",
    ],
)
def test_figures_of_a_brewery(sentence: str) -> None:
    """Thousands as `000`, units in a column, growth in a caption, segments as columns, sections of a year."""
    assert verdict_of_code(sentence, BEER, question="How did Alder Brewery do?").supported


@pytest.mark.parametrize(
    "sentence",
    [
        "Cask ale was 96.4 million hectolitres in 2024.",
        "Pubs served 6,518 million covers in 2023.",
        "Like-for-like food sales grew by 6.5% in the second quarter of 2024.",
        "The operating profit of Pubs was £41.2m in 2023 and £36.1m in 2024.",
        "The operating margin of Pubs was 7.7% in 2024 "
        "(operating profit £9.1m / revenue from external customers £118.3m).",
        "The operating margin of Brewing & Brands was 7.7% in 2023 "
        "(operating profit £9.1m / revenue from external customers £118.3m).",
        "Keg and lager fell from 149.1 thousand hectolitres in 2022 to 150.3 thousand hectolitres in 2023 and rose to "
        "148.7 thousand hectolitres in 2024.",
        "Keg and lager rose from 149.1 thousand hectolitres in 2022 to 150.3 thousand hectolitres in 2023 and to "
        "148.7 thousand hectolitres in 2024.",
    ],
)
def test_no_other_figures_of_a_brewery(sentence: str) -> None:
    """Another scale, quarter, year, segment or direction."""
    assert not verdict_of_code(sentence, BEER, question="How did Alder Brewery do?").supported


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Own use and network losses rose from 1,134 thousand m³ in 2019 to 1,162 thousand m³ in 2020.", True),
        ("Own use and network losses rose from 1,134 thousand m³ in 2020 to 1,162 thousand m³ in 2023.", False),
        ("The number of completed dwellings was 687 in 2023.", True),
        ("687 dwellings were completed in 2023, after 1,034 in 2022.", True),
        ("687 dwellings were completed in 2022, after 1,034 in 2023.", False),
        ("The number of demolished dwellings was 687 in 2023.", False),
        ("Completed dwellings fell by 347 (completed in 2022 1,034 - completed in 2023 687).", True),
        (
            "From 2022 to 2023, completed dwellings rose by 347 (completed in 2022 1,034 - completed in 2023 687).",
            False,
        ),
        ("1,721 dwellings were completed (completed in 2022 1,034 + completed in 2023 687).", True),
        ("1,721 dwellings were completed (completed in 2023 1,034 + completed in 2022 687).", False),
        ("The number of students in Humanities fell from 4,612 in WS 2019/20 to 4,013 in WS 2023/24.", True),
        ("The number of students in Humanities fell from 4,612 in WS 2019/20 to 4,013 in WS 2022/23.", False),
        ("The number of students in Law fell by 2.9% (1 - WS 2023/24 2,251 / WS 2019/20 2,318).", True),
        ("The number of students in Law fell by 2.9% (1 - WS 2023/24 2,274 / WS 2019/20 2,318).", False),
    ],
)
def test_figures_of_a_yearbook(sentence: str, is_so: bool) -> None:
    """Years as rows, years that go on into the next, scales of a caption."""
    assert verdict_of_code(sentence, CITY, question="What does the yearbook say of 2023?").supported is is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Order intake was EUR 258.3 million in Q3 2024.", True),
        ("Order intake was EUR 258.3 million in Q3 2023.", False),
        ("Order intake was EUR 302.4 million in Q1 2024 and EUR 341.2 million in Q1 2023.", True),
        ("Order intake was EUR 302.4 million in Q1 2023 and EUR 341.2 million in Q1 2024.", False),
        (
            "The book-to-bill ratio of Service & Parts was 1.01 in 2024 "
            "(order intake EUR 258.7 million / revenue EUR 257.2 million).",
            True,
        ),
        (
            "The book-to-bill ratio of Machine Tools was 1.01 in 2024 "
            "(order intake EUR 258.7 million / revenue EUR 257.2 million).",
            False,
        ),
        ("Inventories were 22.5% of the total at 31 December 2024.", True),
        ("Inventories were 22.5% of the total at 31 December 2023.", False),
        ("Staff costs were EUR 95,380 thousand in 2024.", True),
        ("Staff costs were EUR 95,380 thousand in 2023.", False),
        (
            "Investments rose by DKK 134,300 thousand (2023/24 DKK 452,700 thousand - 2022/23 DKK 318,400 thousand).",
            True,
        ),
        (
            "Investments fell by DKK 134,300 thousand (2023/24 DKK 452,700 thousand - 2022/23 DKK 318,400 thousand).",
            False,
        ),
        (
            "Investments rose by DKK 134,300 thousand (2022/23 DKK 452,700 thousand - 2023/24 DKK 318,400 thousand).",
            False,
        ),
        ("Spare parts sold online were $448,210 in fiscal 2023.", True),
        ("Spare parts sold online were $448,210 in fiscal 2024.", False),
    ],
)
def test_figures_of_a_machine_builder(sentence: str, is_so: bool) -> None:
    """Years in names of rows or below a rule, percentages beside dated columns, empty cells, codes of currencies."""
    assert verdict_of_code(sentence, WORKS, question="How did Ostwald do in 2024?").supported is is_so
