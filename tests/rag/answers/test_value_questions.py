"""A question for a value in a table gets its cell, or none: never another period's, never another row's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answers.extractive import NOT_WHOLE, OTHER_PERIODS, Extract, ExtractiveAnswerer
from rag.answers.notes import OPEN_TABLE
from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import DocumentTexts
from rag.types import Chunk
from tests.fakes.core import HashEmbedder, hit

COVER = "QUARTERLY REPORT\n\nFor the quarterly period ended June 25, 2022\n\nArden Instruments Inc."
INCOME = """CONSOLIDATED STATEMENTS OF OPERATIONS

(In millions, except number of shares and per share amounts)
Three Months Ended | Nine Months Ended
June 25, | June 26, | June 25, | June 26,
2022 | 2021 | 2022 | 2021
Net sales:
Products | $ 63,355 | $ 63,948 | $ 245,241 | $ 232,309
Services | 19,604 | 17,486 | 58,941 | 50,148
Total net sales | 82,959 | 81,434 | 304,182 | 282,457
Cost of sales:
Products | 41,485 | 40,899 | 155,084 | 149,476
Total cost of sales | 47,074 | 46,179 | 171,495 | 164,795
Gross margin | 35,885 | 35,255 | 132,687 | 117,662
Other income, net | (10) | 243 | (97) | 796
Net income | $ 19,442 | $ 21,744 | $ 79,082 | $ 74,129
Earnings per share:
Diluted | $ 1.20 | $ 1.30 | $ 4.82 | $ 4.38"""
BALANCE = """CONSOLIDATED BALANCE SHEETS

(In millions)
June 25, | September 25,
2022 | 2021
Current assets:
Inventories | $ 5,433 | $ 6,580
Total current assets | 112,292 | 134,836
Total assets | $ 336,309 | $ 351,002"""
REVENUE = """Net sales disaggregated by products were as follows (in millions):

Three Months Ended | Nine Months Ended
June 25, | June 26, | June 25, | June 26,
2022 | 2021 | 2022 | 2021
Gauges ® (1) | $ 40,665 | $ 39,570 | $ 162,863 | $ 153,105

In the third quarter of 2022 gauges sold well. The third quarter of 2022 was wet."""
TEXT = "Gross margin rose during the third quarter of 2022, and net income fell."
PAGES = (COVER, INCOME, BALANCE, REVENUE, TEXT)


def extract(question: str, pages: tuple[str, ...] = PAGES, filename: str = "report.pdf") -> Extract:
    """The answer where only the last page is among the hits."""
    chunks = [replace(hit(text, filename).chunk, page=at) for at, text in enumerate(pages, 1)]
    pool = EvidenceFinder(HashEmbedder()).pool([replace(hit(pages[-1], filename), chunk=chunks[-1])])

    def read(_chunk: Chunk, number: int) -> Chunk | None:
        return chunks[number - 1] if 1 <= number <= len(chunks) else None

    pool.documents = DocumentTexts(opening=lambda _chunk: pages[0], page=read)
    return ExtractiveAnswerer(threshold=0.3).answer([question], pool)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "What was Arden's net income in the third quarter of 2022?",
            "Net income, Three Months Ended June 25, 2022: $19,442 million",
        ),
        (
            "What was the gross margin in the nine months ended June 26, 2021?",
            "Gross margin, Nine Months Ended June 26, 2021: 117,662 million",
        ),
        (
            "What are total assets?",
            "Total assets, June 25, 2022: $336,309 million; September 25, 2021: $351,002 million",
        ),
        (
            "What were inventories on September 25, 2021?",
            "Current assets: Inventories, September 25, 2021: $6,580 million",
        ),
        (
            "What were diluted earnings per share in Q3 2022?",
            "Earnings per share: Diluted, Three Months Ended June 25, 2022: $1.20",
        ),
        (
            "What were net sales of services in the three months ended June 26, 2021?",
            "Net sales: Services, Three Months Ended June 26, 2021: 17,486 million",
        ),
    ],
)
def test_the_cell_is_told_wherever_it_stands(question: str, answer: str) -> None:
    """Of the row that the question names, of its period, with its unit; retrieval need not have found its page."""
    assert [verdict.text for verdict in extract(question).verdicts] == [answer]


def test_what_a_figure_is_of_may_stand_over_its_table() -> None:
    """Then that is told and quoted, too."""
    (verdict,) = extract("What were net sales of gauges in the third quarter of 2021?").verdicts
    assert verdict.text == (
        "Gauges, Three Months Ended June 26, 2021: $39,570 million "
        "(“Net sales disaggregated by products were as follows (in millions)”)"
    )
    assert all(PAGES[each.page - 1][each.start : each.end] == each.quote for each in verdict.evidence)
    assert verdict.evidence[-1].quote.startswith("Net sales disaggregated")


@pytest.mark.parametrize(
    "question",
    [
        "What was Arden's net income in the second quarter of 2022?",
        "What was Arden's net income in the third quarter of 2020?",
        "What was Arden's net income in 2022?",
        "What were total assets on December 31, 2022?",
    ],
)
def test_another_periods_figure_is_no_answer(question: str) -> None:
    """That the table tells other periods is said."""
    found = extract(question)
    assert (found.verdicts, found.reason) == ((), OTHER_PERIODS)


@pytest.mark.parametrize(
    "question",
    [
        "What was Arden's adjusted net income in the third quarter of 2022?",
        "What was Borden's net income in the third quarter of 2022?",
        "What was the cost of services in the third quarter of 2022?",
    ],
)
def test_another_rows_figure_is_no_answer(question: str) -> None:
    """A row of the question's words and fewer, another company's, another section's."""
    assert not any("Three Months" in verdict.text for verdict in extract(question).verdicts)


def test_figures_of_several_documents_are_told_apart() -> None:
    """By the name of the file."""
    pages = {"a.pdf": BALANCE, "b.pdf": BALANCE.replace("6", "7")}
    hits = [hit(text, name) for name, text in pages.items()]
    whole = {each.chunk.document_id: each.chunk for each in hits}
    pool = EvidenceFinder(HashEmbedder()).pool(hits)
    pool.documents = DocumentTexts(lambda _: "", lambda of, number: whole[of.document_id] if number == 1 else None)
    told = ExtractiveAnswerer(threshold=0.3).answer(["What are total assets?"], pool).verdicts
    assert [verdict.text.rpartition(" ")[2] for verdict in told] == ["(a.pdf)", "(b.pdf)"]


def test_a_table_that_is_wholly_of_one_year_answers_for_it() -> None:
    """Its caption says the year, and its columns say none."""
    page = "Table 2. Causes of repair visits in 2025\n\nCause | Visits | Share (%)\nVandalism | 33 | 8\nAge | 12 | 3"
    asked = "How many visits were for vandalism in {}?"
    assert extract(asked.format(2025), (page,)).verdicts[0].text.startswith("Vandalism, Visits: 33")
    assert extract(asked.format(2024), (page,)).reason == OTHER_PERIODS


@pytest.mark.parametrize(
    "question", ["What is the total amount of Norrland Timber?", "What is the average amount of Pelham Glass?"]
)
def test_one_row_is_no_answer_to_a_question_about_many(question: str) -> None:
    """Where it is not known where a table ends, nothing is worked out, and that is said."""
    page = "Payee | Amount\nNorrland Timber | 218\nNorrland Timber | 538\nPelham Glass | 12"
    found = extract(question, (page,))
    assert (found.verdicts, found.reason) == ((), NOT_WHOLE)
    assert extract("What is the amount of Pelham Glass?", (page,)).verdicts[0].text == "Pelham Glass, Amount: 12"


def test_a_list_of_rows_of_an_open_table_says_that_there_may_be_more() -> None:
    """The rows that were found are told, and nobody takes them for all; one fact is told without a word."""
    page = "Payee | Amount\nNorrland Timber | 218\nNorrland Timber | 538\nPelham Glass | 12"
    for question in ("List all payments to Norrland Timber.", "How many payments went to Norrland Timber?"):
        assert OPEN_TABLE in extract(question, (page,)).notes
    assert extract("What is the amount of Pelham Glass?", (page,)).notes == ()


def test_a_row_is_named_by_its_number_and_the_name_of_its_column() -> None:
    """Step 1 is the row 1 under `Step`, and no other number of the question."""
    page = (
        "Gasket change\n\n| Step | Instruction | Torque |\n| --- | --- | --- |\n"
        "| 1 | Loosen the bolts. | 12 Nm |\n| 2 | Replace the gasket. | 18 Nm |"
    )
    (verdict,) = extract("What torque is needed for step 1?", (page,)).verdicts
    assert verdict.text == "Step 1, Torque: 12 Nm"
    assert not extract("What torque is needed for step 3?", (page,)).verdicts


def table(*rows: str) -> tuple[str]:
    """A page that is one table; the first row is its header."""
    rule = "| " + " | ".join("---" for _ in rows[0].split("|")) + " |"
    return ("\n".join([f"| {rows[0]} |", rule, *(f"| {row} |" for row in rows[1:])]),)


SALES = table("Region | Quarter | Sales", "North | Q1 | 100", "North | Q3 | 130", "South | Q3 | 240")
WELLS = table("Well | Month | Litres", "Anka | May | 31", "Anka | June | 44", "Bora | June | 55")
TEAMS = table("Team | Year | Points", "Red | 2023 | 51", "Red | 2024 | 62", "Blue | 2024 | 73")
HIVES = table("Hive | Date | Honey", "Hive 1 | 2024-05-01 | 12", "Hive 1 | 2024-06-01 | 17", "Hive 2 | 2024-06-01 | 21")
RENTS = table("Boat | Month | Rent", "Otter | June 2024 | 310", "Otter | July 2024 | 420")
RAIN = table("Month | Litres | Days", "June | 31 | 4", "July | 44 | 5")
QUARTERS = table("City | Q1 | Q2", "Oslo | 11 | 12", "Riga | 21 | 22")
YEARS = table("Region | Quarter | 2023 | 2024", "North | Q2 | 31 | 41", "North | Q3 | 32 | 42")
FRUIT = table("Region | Fruit | Quarter | Sales", "North | Apples | Q3 | 130", "North | Pears | Q3 | 77")


@pytest.mark.parametrize(
    ("question", "page", "answers"),
    [
        ("What were the sales of the North region in Q3?", SALES, ["North, Quarter: Q3; Sales: 130"]),
        ("How many litres did Anka give in June?", WELLS, ["Anka, Month: June; Litres: 44"]),
        ("What were the points of Red in 2024?", TEAMS, ["Red, Year: 2024; Points: 62"]),
        ("How much honey did hive 1 give in June 2024?", HIVES, ["Hive 1, Date: 2024-06-01; Honey: 17"]),
        ("What was the rent of the Otter in July?", RENTS, ["Otter, Month: July 2024; Rent: 420"]),
        ("What were the litres in July?", RAIN, ["July, Litres: 44"]),
        ("What was Q2 of Oslo?", QUARTERS, ["Oslo, Q2: 12"]),
        ("What were the sales of North in Q3 2024?", YEARS, ["North, Quarter: Q3; 2024: 42"]),
        (
            "What were the sales of North in Q3?",
            FRUIT,
            ["North, Fruit: Apples; Quarter: Q3; Sales: 130", "North, Fruit: Pears; Quarter: Q3; Sales: 77"],
        ),
        ("What were the sales of pears in North in Q3?", FRUIT, ["North, Fruit: Pears; Quarter: Q3; Sales: 77"]),
        ("What are the points of Red?", TEAMS, ["Red, Year: 2023; Points: 51", "Red, Year: 2024; Points: 62"]),
    ],
)
def test_a_period_may_stand_in_a_cell_of_the_row(question: str, page: tuple[str], answers: list[str]) -> None:
    """Or in a heading alone; what tells rows of one label apart is told with them."""
    assert [verdict.text for verdict in extract(question, page, "sales.md").verdicts] == answers


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("What were the sales of North in Q4?", SALES),
        ("What were the sales of North in Q3 2024?", SALES),
        ("How many litres did Bora give in May?", WELLS),
        ("What were the points of Blue in 2023?", TEAMS),
        ("What was the honey of hive 2 in May 2024?", HIVES),
        ("What was Q4 of Oslo?", QUARTERS),
        ("What were the sales of North in 2024?", YEARS),
    ],
)
def test_the_row_of_another_period_is_no_answer(question: str, page: tuple[str]) -> None:
    """Nor one of which nobody knows the year, nor a quarter of the year asked for."""
    found = extract(question, page, "sales.md")
    assert (found.verdicts, found.reason) == ((), OTHER_PERIODS)


def test_a_row_without_a_year_is_of_the_year_that_its_file_says() -> None:
    """Of no other; a year that the row itself tells goes before."""
    question = "What were the sales of North in Q3 {}?"
    assert extract(question.format(2024), SALES, "sales-2024.csv").verdicts[0].text == "North, Quarter: Q3; Sales: 130"
    assert extract(question.format(2023), SALES, "sales-2024.csv").reason == OTHER_PERIODS
    assert extract("What were the points of Blue in 2023?", TEAMS, "points-2023.csv").reason == OTHER_PERIODS


def test_a_date_of_something_else_is_not_the_period_of_a_row() -> None:
    """Ann was born then; her salary is of no year that the table tells."""
    page = table("Name | Born | Salary", "Ann | 1990-01-01 | 5000", "Bob | 1991-01-01 | 6000")
    assert extract("What was the salary of Ann in 1990?", page).reason == OTHER_PERIODS
    assert extract("What is the salary of Ann?", page).verdicts[0].text == "Ann, Salary: 5000"


def test_a_sentence_about_a_measure_is_no_caption() -> None:
    """What it says of one thing does not say what the figures of the table below are of."""
    page = (
        "Lyra lifts 50 tonnes\n\n| Crane | 2022 | 2023 |\n| --- | --- | --- |\n| Vega | 12 | 14 |\n\n"
        "Vega lifts 45 tonnes."
    )
    told = " ".join(verdict.text for verdict in extract("How much does Vega lift?", (page,)).verdicts)
    assert "12" not in told
    assert "Lyra" not in told
