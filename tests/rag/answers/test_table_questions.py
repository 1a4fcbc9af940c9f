"""Questions about many rows of a table are answered over all of them, or not at all."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.extractive import NO_SUCH_ROW, NOT_COMPUTED, Extract, ExtractiveAnswerer
from rag.answers.table_questions import kind_of
from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import DocumentTexts
from rag.types import Chunk
from tests.fakes.core import HashEmbedder, hit

HEADER = "| Date | Supplier | Amount | Purpose |\n| --- | --- | --- | --- |"
ROWS = [
    ("2024-01-02", "Norrland Timber", "218.00", "repair"),
    ("2024-01-05", "Pelham Glass", "46.50", "deposit"),
    ("2024-02-07", "Norrland Timber", "538.25", "refund"),
    ("2024-03-11", "Pelham Glass", "1,337.00", "repair"),
    ("2024-03-12", "Norrland Timber", "83.00", "invoice"),
]


def page_of(rows: Sequence[Sequence[str]], header: str = HEADER) -> str:
    return "\n".join([header, *(f"| {' | '.join(row)} |" for row in rows)])


def extract(question: str, page: str, *, shown: int = 2, filename: str = "orders.csv") -> Extract:
    """The answer where only the header and the first `shown` rows are among the hits."""
    part = "\n".join(page.split("\n")[: 2 + shown])
    pool = EvidenceFinder(HashEmbedder()).pool([hit(part, filename)])
    whole = replace(hit(page, filename).chunk, sha256=pool.hits[0].chunk.sha256)

    def read(_chunk: Chunk, number: int) -> Chunk | None:
        return whole if number == 1 else None

    pool.documents = DocumentTexts(opening=lambda _chunk: "", page=read)
    return ExtractiveAnswerer(threshold=0.3).answer([question], pool)


def told(question: str, page: str) -> list[str]:
    return [verdict.text for verdict in extract(question, page).verdicts]


def test_all_rows_are_listed_also_those_that_were_not_found() -> None:
    """Each with its headings, and its own row as the quote."""
    found = extract("List all orders from Norrland Timber.", page_of(ROWS))
    assert [verdict.text for verdict in found.verdicts] == [
        "- Date: 2024-01-02, Supplier: Norrland Timber, Amount: 218.00, Purpose: repair",
        "- Date: 2024-02-07, Supplier: Norrland Timber, Amount: 538.25, Purpose: refund",
        "- Date: 2024-03-12, Supplier: Norrland Timber, Amount: 83.00, Purpose: invoice",
    ]
    assert found.verdicts[0].evidence[0].quote == "| 2024-01-02 | Norrland Timber | 218.00 | repair |"


def test_more_rows_than_can_be_told_are_counted() -> None:
    """Nobody takes a part of a list for all of it."""
    rows = [(f"2024-01-{day:02}", "Norrland Timber", f"{day}.00", "repair") for day in range(1, 32)]
    found = extract("List all orders from Norrland Timber.", page_of(rows))
    assert len(found.verdicts) == 30
    assert found.notes[0].startswith("1 more")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many orders were made from Norrland Timber?", "There are 3 rows with supplier Norrland Timber."),
        (
            "What is the total amount of all orders from Norrland Timber?",
            "The 3 rows with supplier Norrland Timber add up to 839.25 (amount).",
        ),
        (
            "What is the average amount of the orders from Pelham Glass?",
            "The average amount of the 2 rows with supplier Pelham Glass is 691.75.",
        ),
        (
            "Which was the largest order from Norrland Timber?",
            "The largest amount with supplier Norrland Timber is 538.25 (Date: 2024-02-07, Supplier: Norrland Timber, "
            "Amount: 538.25, Purpose: refund), of 3 rows.",
        ),
    ],
)
def test_counts_sums_and_extremes_are_of_all_rows(question: str, answer: str) -> None:
    """Whichever of them were found."""
    assert told(question, page_of(ROWS)) == [answer]


def test_a_computed_sum_shows_its_operands() -> None:
    """The formula, and a footnote on every row."""
    (verdict,) = extract("What is the total amount of all orders from Pelham Glass?", page_of(ROWS)).verdicts
    assert verdict.formulas == ("46.50 + 1,337.00",)
    assert len(verdict.evidence) == 2


@pytest.mark.parametrize(
    "question",
    [
        "How many unpaid orders were made from Norrland Timber?",
        "What is the total amount of orders above 100 kg from Norrland Timber?",
        "How many orders were not from Norrland Timber?",
        "How many orders were from Norrland Timber except in January?",
        "How many orders from Norrland Timber came before the repair?",
        "What is the total weight of all orders from Norrland Timber?",
    ],
)
def test_a_question_that_asks_for_more_than_the_table_tells_is_not_computed(question: str) -> None:
    """Rather no answer than one to another question."""
    found = extract(question, page_of(ROWS))
    assert (found.verdicts, found.reason) == ((), NOT_COMPUTED)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "What is the total amount of orders above 100 from Norrland Timber?",
            "The 2 rows with supplier Norrland Timber and with amount above 100 add up to 756.25 (amount).",
        ),
        ("How many orders had an amount of at least 218?", "There are 3 rows with amount of at least 218."),
        ("How many orders were below 83?", "There is 1 row with amount below 83."),
        ("How many orders of 83 or less were there?", "There are 2 rows with amount 83 or less."),
        (
            "How many orders were between 80 and 600?",
            "There are 3 rows with amount between 80 and 600.",
        ),
        ("How many orders were made in March?", "There are 2 rows with date in March."),
        ("How many orders were made in January 2024?", "There are 2 rows with date in January 2024."),
        ("How many orders were made in 2023?", ""),
        ("How many orders were made after 2024-01-05?", "There are 3 rows with date after 2024-01-05."),
        ("How many orders were made before March 2024?", "There are 3 rows with date before March 2024."),
        (
            "What is the total amount of orders for Norrland Timber in March?",
            "The 1 row with supplier Norrland Timber and with date in March adds up to 83.00 (amount).",
        ),
        (
            "How many orders were from Norrland Timber or Pelham Glass?",
            "There are 5 rows with supplier Norrland Timber or Pelham Glass.",
        ),
    ],
)
def test_conditions_choose_the_rows(question: str, answer: str) -> None:
    """Bounds of numbers, dates, several cells; where no row meets them, that is said."""
    found = extract(question, page_of(ROWS))
    assert [verdict.text for verdict in found.verdicts] == ([answer] if answer else [])
    assert found.reason == (None if answer else NO_SUCH_ROW)


def test_a_table_ends_at_an_empty_line() -> None:
    """What stands under another header is not counted with it."""
    page = f"{page_of(ROWS)}\n\n| Town | Bridges |\n| --- | --- |\n| Sarn | 3 |\n| Orlo | 5 |"
    assert told("How many bridges are there in all towns?", page) == []
    assert extract("How many bridges are there in all towns?", page, shown=9).verdicts[0].text == (
        "The 2 rows add up to 8 (bridges)."
    )
    assert told("How many orders were made from Pelham Glass?", page) == [
        "There are 2 rows with supplier Pelham Glass."
    ]


def test_a_bound_that_may_be_of_two_columns_is_not_understood() -> None:
    """Unless the question names one of them, or its unit tells."""
    rows = [("A7", "12 kg", "3"), ("B2", "40 kg", "7"), ("C5", "55 kg", "9")]
    page = page_of(rows, "| Crate | Weight | Bottles |\n| --- | --- | --- |")
    assert extract("How many crates are above 5?", page).reason == NOT_COMPUTED
    assert told("How many crates have more than 5 bottles?", page) == ["There are 2 rows with bottles more than 5."]
    assert told("List all crates above 20 kg.", page)[0] == "- Crate: B2, Weight: 40 kg, Bottles: 7"


def test_amounts_in_different_units_are_not_added() -> None:
    """Euros and dollars have no sum."""
    rows = [(*row[:2], f"{'€' if at else '$'}{row[2]}", row[3]) for at, row in enumerate(ROWS)]
    found = extract("What is the total amount of all orders from Norrland Timber?", page_of(rows))
    assert found.reason == NOT_COMPUTED


def test_a_sum_has_the_unit_of_its_terms() -> None:
    """A currency before it, any other unit after it."""
    dollars = [(*row[:2], f"${row[2]}", row[3]) for row in ROWS]
    kilos = [(*row[:2], f"{row[2]} kg", row[3]) for row in ROWS]
    question = "What is the total amount of all orders from Norrland Timber?"
    assert told(question, page_of(dollars)) == ["The 3 rows with supplier Norrland Timber add up to $839.25 (amount)."]
    assert told(question, page_of(kilos)) == ["The 3 rows with supplier Norrland Timber add up to 839.25 kg (amount)."]


def test_rows_that_sum_up_others_are_not_counted_again() -> None:
    """A total at the end of a table is no row of its own."""
    rows = [*(("Sarn", "3"), ("Orlo", "5")), ("Total", "8")]
    page = page_of(rows, "| Town | Bridges |\n| --- | --- |")
    assert told("How many bridges are there in all towns?", page) == ["The 2 rows add up to 8 (bridges)."]


LOANS = page_of(
    [
        (str(at), ("Lia Sand", "Max Tor")[at % 2], f"Book {at}", str(days))
        for at, days in enumerate((8, 31, 15, 2, 22, 9), 31)
    ],
    "| Loan | Member | Title | Days |\n| --- | --- | --- | --- |",
)
FINES = page_of(
    [(("Elm Road", "Bay Street")[at % 2], f"AB{at}", f"€{20 + at}") for at in range(6)],
    "| Street | Plate | Fine |\n| --- | --- | --- |",
)


@pytest.mark.parametrize(
    ("question", "page", "answer"),
    [
        ("How many loans does Lia Sand have?", LOANS, "There are 3 rows with member Lia Sand."),
        ("How many loans are there?", LOANS, "There are 6 rows."),
        ("What is the total number of loans?", LOANS, "There are 6 rows."),
        ("How many days did Lia Sand have?", LOANS, "The 3 rows with member Lia Sand add up to 42 (days)."),
        ("How many fines were there in Elm Road?", FINES, "There are 3 rows with street Elm Road."),
        ("What is the total of the fines in Elm Road?", FINES, "The 3 rows with street Elm Road add up to €66 (fine)."),
    ],
)
def test_how_many_counts_rows_unless_a_column_counts_the_thing(question: str, page: str, answer: str) -> None:
    """Neither identifiers nor amounts of money are a number of things."""
    found = extract(question, page, filename="fines.html" if page == FINES else "loans.md")
    assert [verdict.text for verdict in found.verdicts] == [answer]


@pytest.mark.parametrize(
    ("question", "header"),
    [
        ("How many members are there?", "| Loan | Member | Days |"),
        ("How many loans are there?", "| Day | Member | Loan |"),
        ("How many loans are there?", "| Loan no. | Member | Days |"),
        ("How many loans does Lia Sand make?", "| Branch | Member | Count |"),
    ],
)
def test_how_many_is_refused_where_rows_may_not_be_the_things(question: str, header: str) -> None:
    """Names and identifiers that repeat are fewer than the rows; one thing in a heading may be a number of it,
    and a count one of anything.
    """
    rows = [("7", "Lia Sand", "8"), ("9", "Lia Sand", "3"), ("7", "Max Tor", "3")]
    found = extract(question, page_of(rows, f"{header}\n| --- | --- | --- |"), filename="loans.csv")
    assert (found.verdicts, found.reason) == ((), NOT_COMPUTED)


@pytest.mark.parametrize("heading", ["Loan", "id", "Loan no.", "Loan_ID", "loanId", "Member number", "#", "Code"])
@given(start=st.integers(1, 5000))
def test_identifiers_are_never_worked_with(heading: str, start: int) -> None:
    """No extreme, sum or average is of them; that of the amounts beside them is."""
    rows = [(str(start + at), "Lia Sand", f"{days}") for at, days in enumerate((8, 31, 15))]
    page = page_of(rows, f"| {heading} | Member | Days |\n| --- | --- | --- |")
    (longest,) = extract("What is the longest loan of Lia Sand?", page, filename="loans.csv").verdicts
    assert longest.text.startswith("The largest days with member Lia Sand is 31 (")
    (average,) = extract("What is the average loan of Lia Sand?", page, filename="loans.csv").verdicts
    assert average.text == "The average days of the 3 rows with member Lia Sand is 18.00."


def test_years_are_not_added() -> None:
    """The largest is of the amounts."""
    rows = [("Red", "2024", "51"), ("Red", "2023", "62")]
    page = page_of(rows, "| Team | Year | Points |\n| --- | --- | --- |")
    assert told("What is the total of Red?", page) == ["The 2 rows with team Red add up to 113 (points)."]


def test_one_fact_of_one_row_is_asked_as_ever() -> None:
    """The row with its headings; of several columns those that are asked for."""
    page = page_of([("Net sales", "11,303", "11,503")], "| Item | 2020 | 2019 |\n| --- | --- | --- |")
    assert told("What were net sales in 2019?", page) == ["Net sales, 2019: 11,503"]


@pytest.mark.parametrize("question", ["Where is the depot?", "How much is a room?", "Which is the depot of Sarn?"])
def test_questions_for_one_fact_are_not_about_many_rows(question: str) -> None:
    assert kind_of(question) is None


@given(st.lists(st.decimals(Decimal("0.01"), Decimal("99999"), places=2), min_size=2, max_size=12), st.integers())
def test_sums_are_exact(amounts: list[Decimal], seed: int) -> None:
    """Whatever the order of the rows."""
    random.Random(seed).shuffle(amounts)
    rows = [(f"{day}", "Norrland Timber", f"{amount:,}", "repair") for day, amount in enumerate(amounts)]
    (text,) = told("What is the total amount of all orders from Norrland Timber?", page_of(rows))
    assert f"add up to {sum(amounts):,} (amount)." in text


STOCK = "| Tree | Plot | Count | Price |\n| --- | --- | --- | --- |\n| Ash | A | 40 | 3.50 |\n| Yew | A | 25 | 2.00 |\n"
STOCK += "| Elm | B | 60 | 1.50 |\n| Total | | 125 | |"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Total count of all trees", "The 3 rows add up to 125 (count)."),
        ("What is the total of column Count?", "The 3 rows add up to 125 (count)."),
        ("What is the total count of trees in plot A?", "The 2 rows with plot A add up to 65 (count)."),
        ("How many rows with plot A are there?", "There are 2 rows with plot A."),
    ],
)
def test_a_column_of_counts_is_added_up_where_it_is_named(question: str, answer: str) -> None:
    """Over all rows but that of the total; and rows are counted where they are asked for."""
    assert [each.text for each in extract(question, STOCK, filename="trees.md").verdicts] == [answer]


def test_a_column_that_is_not_there_is_not_replaced_by_another() -> None:
    """Though it is the only one of amounts."""
    page = page_of([("Ash", "4"), ("Yew", "6")], "| Tree | Height |\n| --- | --- |")
    assert extract("What is the total of column Count?", page, filename="trees.csv").verdicts == ()
    assert extract("What is the total of column Weight?", page, filename="trees.csv").verdicts == ()


SHELVES = page_of(
    [("S-1", "Oak board", "40", "yes"), ("S-2", "Oak beam", "0", "no"), ("S-3", "Pine board", "75", "no")],
    "| Code | Timber | Boards | Dried |\n| --- | --- | --- | --- |",
)


@pytest.mark.parametrize("question", ["Which timbers are dried?", "What is the total of boards of oak?"])
def test_rows_are_not_told_in_place_of_what_is_selected_or_summed_up(question: str) -> None:
    """A column without a value selects no rows, and rows beside each other are no sum."""
    found = extract(question, SHELVES, shown=3, filename="timbers.csv")
    assert (found.verdicts, found.reason) == ((), NOT_COMPUTED)


def test_the_most_of_a_thing_is_the_largest_of_its_column() -> None:
    """A count of boards is no size of a board."""
    (most,) = extract("Which timber has the most boards?", SHELVES, filename="timbers.csv").verdicts
    (fewest,) = extract("Which timber has the fewest boards?", SHELVES, filename="timbers.csv").verdicts
    assert "Pine board" in most.text
    assert "Oak beam" in fewest.text
    smallest = extract("Who made the smallest board?", SHELVES, filename="timbers.csv")
    assert not any(verdict.formulas for verdict in smallest.verdicts)


def test_a_title_that_names_a_thing_makes_no_rows_of_it() -> None:
    """The opening hours of a museum of barrels are no barrels; a list of barrels has them."""
    hours = page_of([("Summer", "10-18"), ("Winter", "11-16")], "| Season | Hours |\n| --- | --- |")
    table = hit(hours, "visit.html")
    titled = replace(table, chunk=replace(table.chunk, title="Museum of Barrels"))
    pool = EvidenceFinder(HashEmbedder()).pool([titled])
    pool.documents = DocumentTexts(opening=lambda _chunk: "", page=lambda _chunk, _number: titled.chunk)
    found = ExtractiveAnswerer(threshold=0.4).answer(["How many barrels does the museum own?"], pool)
    assert not any(verdict.formulas for verdict in found.verdicts)
