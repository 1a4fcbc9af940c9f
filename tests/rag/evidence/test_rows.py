"""Rows of tables: each value is read under the heading of its column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import calculations, claim_of, missing_numbers, premise
from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.evidence.rows import Row, row_at
from rag.text import content_stems
from rag.types import Chunk, Hit, document_id_of, sha256_of

PRINTED = """Consolidated Statements of Income
Year ended May 31,
(In millions, except per share data) | 2019 | 2018 | 2017
Revenues
Net sales | $ 39,117 | $ 36,397 | $ 34,350
Current ratio | 2.1:1 | 2.0:1 | 1.9:1
Other (income) expense, net | (78) | 66 | (196)"""
MARKDOWN = """| Pump | Grease | Interval |
| --- | --- | --- |
| A | NLGI 2 | 6 weeks |
| B | NLGI 3 | 8 weeks |"""


def chunk(text: str, context: str = "") -> Chunk:
    """A chunk that is a whole page."""
    return Chunk(
        document_id=document_id_of("t"),
        sha256=sha256_of(text.encode()),
        filename="t.pdf",
        page=1,
        start=0,
        end=len(text),
        text=text,
        context=context,
    )


def row(text: str, begins: str, context: str = "") -> Row | None:
    """The row of a text that begins so."""
    start = text.index(begins)
    end = text.find("\n", start)
    return row_at(chunk(text, context), start, len(text) if end < 0 else end)


def pool(text: str, context: str = "") -> EvidencePool:
    """The pool of one chunk."""
    return EvidenceFinder().pool([Hit(chunk(text, context), {})])


def test_a_printed_row_is_read_under_its_years_with_what_stands_over_the_table() -> None:
    """The unit over the names of the rows and the section are said of the whole row, the years of one value each."""
    found = row(PRINTED, "Net sales")
    assert found is not None
    assert found.spoken == "Net sales, 2019: $ 39,117; 2018: $ 36,397; 2017: $ 34,350"
    assert "In millions" in found.over
    assert "Year ended May 31" in found.over
    assert found.over.endswith("Revenues")


@pytest.mark.parametrize(("begins", "values"), [("Current ratio", "2.1:1"), ("Other", "(78)")])
def test_ratios_and_amounts_in_brackets_are_values(begins: str, values: str) -> None:
    """They stand under their headings as other figures do."""
    found = row(PRINTED, begins)
    assert found is not None
    assert found.headings[0] == "2019"
    assert found.values[0] == values


def test_a_table_of_words_with_a_rule_under_its_header_is_read_too() -> None:
    """The first cell names the row; every other stands under its heading."""
    found = row(MARKDOWN, "| B")
    assert found is not None
    assert found.spoken == "B, Grease: NLGI 3; Interval: 8 weeks"


@pytest.mark.parametrize("begins", ["Consolidated", "Year ended", "(In millions", "Revenues"])
def test_what_heads_a_table_is_no_row(begins: str) -> None:
    """A header names values and has none."""
    assert row(PRINTED, begins) is None


def test_a_chunk_that_was_cut_from_its_header_has_it_from_its_context() -> None:
    """The context holds what the chunker kept of the header."""
    found = row("Net sales | 82,959 | 81,434", "Net", "(In millions) | June 25, 2022 | June 26, 2021")
    assert found is not None
    assert found.spoken == "Net sales, June 25, 2022: 82,959; June 26, 2021: 81,434"
    assert found.over == "(In millions)"


def test_headings_that_span_columns_stand_over_each_of_them() -> None:
    """`Three months` over two years, `Nine months` over the same two again."""
    header = "| | Three months ended | Nine months ended |\n| | 2022 | 2021 | 2022 | 2021 |\n"
    found = row(header + "| --- | --- | --- | --- | --- |\n| Net sales | 1 | 2 | 3 | 4 |", "| Net")
    assert found is not None
    assert found.headings[0] == "Three months ended 2022"
    assert found.headings[3] == "Nine months ended 2021"


def test_where_the_columns_do_not_match_no_heading_is_guessed() -> None:
    """Three headings over four values: none is given to any."""
    text = "Years ended December 31, | 2022 | 2021 | 2020\nInterest | $ 5,643 | $ 5,326 | $ 317 | $ 60"
    found = row(text, "Interest")
    assert found is not None
    assert found.headings == ("", "", "", "")


def test_a_last_heading_of_the_change_stands_over_all_that_is_left() -> None:
    """The change in money and in percent have one heading."""
    text = "Years ended December 31, | 2022 | 2021 | 2022 vs. 2021\nInterest | $ 5,643 | $ 5,326 | $ 317 | 6.0 %"
    found = row(text, "Interest")
    assert found is not None
    assert found.headings == ("2022", "2021", "2022 vs. 2021", "2022 vs. 2021")


def test_headings_of_changes_stand_over_percentages() -> None:
    """And the years over the amounts, where they are fewer than the columns."""
    text = (
        "Three Months Ended | Percentage | Nine Months Ended | Percentage\n"
        "(In millions) | March 31, | Change | March 31, | Change\n"
        "2023 | 2022 | 2023 | 2022\n"
        "Revenue | $ 52 | $ 49 | 7% | $ 155 | $ 146 | (6)%"
    )
    found = row(text, "Revenue")
    assert found is not None
    assert found.headings == (
        "Three Months Ended March 31, 2023",
        "Three Months Ended March 31, 2022",
        "Percentage Change",
        "Nine Months Ended March 31, 2023",
        "Nine Months Ended March 31, 2022",
        "Percentage Change",
    )


def test_a_dash_is_a_cell_and_a_currency_sign_is_none() -> None:
    """The values stand under their own headings."""
    text = "In Millions | 2020 | 2019 | 2018\nHedges | — | $ | 4 | $ 5\nOther | $ 3 | — | 2"
    hedges, other = row(text, "Hedges"), row(text, "Other")
    assert hedges is not None
    assert other is not None
    assert (hedges.label, hedges.values, hedges.headings) == ("Hedges", ("—", "$ 4", "$ 5"), ("2020", "2019", "2018"))
    assert hedges.is_empty(0)
    assert other.is_empty(1)


def test_a_table_goes_on_below_the_heading_of_a_section() -> None:
    """Empty lines stand around it; the caption of another section lends it no year."""
    text = (
        "(in millions) | 2020 | 2019\nSales | 100 | 90\n\nFinancial position\n\nTotal assets | 50 | 40\n\n"
        "The assets are described in the notes.\n\nOther | 7 | 6"
    )
    assets, other = row(text, "Total assets"), row(text, "Other")
    assert assets is not None
    assert other is not None
    assert assets.headings == ("2020", "2019")
    assert assets.section == "Financial position"
    assert other.headings == ("", "")


@pytest.mark.parametrize(
    ("line", "scale"),
    [("(in millions)", "million"), ("*(in thousands, except shares)*", "thousand"), ("Paid (in millions) as due.", "")],
)
def test_a_line_of_its_own_over_a_table_declares_its_scale(line: str, scale: str) -> None:
    """In brackets, with an empty line between; within a sentence it may be of anything."""
    sales = row(f"## Sales\n\n{line}\n\n| | 2022 | 2021 |\n| --- | --- | --- |\n| Sales | $ 14 | $ 12 |", "| Sales")
    assert sales is not None
    assert sales.scales("") == (scale, scale)


def test_a_row_of_years_begins_a_new_table() -> None:
    """Two tables in one block of lines have each its own columns."""
    text = "Year | 2022 | 2021 | 2020\nCosts | 3 | 2 | 1\nBalance sheet\nAt June 30, | 2022 | 2021\nTaxes | 8 | 9"
    taxes = row(text, "Taxes")
    assert taxes is not None
    assert taxes.headings == ("2022", "2021")


@given(st.text(alphabet="ab1 |-:.\n(),$%", max_size=80), st.text(alphabet="a|1\n", max_size=20))
def test_any_text_is_read_without_an_error_and_values_have_one_heading_each(text: str, context: str) -> None:
    """Whatever stands in a chunk, a row that is read has as many headings as values."""
    for begins in range(0, len(text), 7):
        found = row_at(chunk(text, context), begins, len(text))
        assert found is None or len(found.headings) == len(found.values)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Net sales were $39,117 million in 2019.", ()),
        ("Net sales were $39,117 million in fiscal 2018.", ("$39,117 million",)),
        ("Net sales rose from $36,397 million to $39,117 million in 2019.", ()),
        ("In FY2017 net sales were $34,350 million.", ()),
        ("In FY2017 net sales were $36,397 million.", ("$36,397 million",)),
        ("Net sales were $39,117 thousand in 2019.", ("$39,117 thousand",)),
    ],
)
def test_a_value_is_of_the_year_over_it_and_has_the_scale_of_its_table(claim: str, missing: tuple[str, ...]) -> None:
    """A figure of one column is not told of another; who compares two columns states both."""
    of = pool(PRINTED)
    index = next(at for at, each in enumerate(of.candidates) if each.text.startswith("Net sales"))
    assert missing_numbers(claim_of(claim), [of.ground(index)]) == missing


def test_a_row_covers_a_sentence_that_says_it_in_words() -> None:
    """The heading and what stands over the table count as words of the row, and its quote is the row alone."""
    of = pool(PRINTED)
    index = next(at for at, each in enumerate(of.candidates) if each.text.startswith("Net sales"))
    wanted = content_stems("Net sales were $39,117 million in the year ended May 31, 2019.")
    assert set(wanted) <= of.content[index]
    assert [each.quote for each in of.quotes([index])] == ["Net sales | $ 39,117 | $ 36,397 | $ 34,350"]


def test_a_model_reads_a_row_with_its_headings() -> None:
    """What a reader is given has the units and the years beside the values."""
    of = pool(PRINTED)
    index = next(at for at, each in enumerate(of.candidates) if each.text.startswith("Net sales"))
    window = premise([index], of)
    assert "In millions" in window
    assert "2018: $ 36,397" in window


def test_growth_between_two_columns_is_recomputed() -> None:
    """The years over the values give their order in time."""
    of = pool(PRINTED)
    index = next(at for at, each in enumerate(of.candidates) if each.text.startswith("Net sales"))
    sentence = "Net sales grew 7.5% in 2019."
    found = calculations(sentence, claim_of(sentence), [of.reading(index)], [of.ground(index)])
    assert [each.formula for each in found] == ["($39,117 - $36,397) / $36,397"]


STATEMENT = """(in thousands)

| Years ended December 31, | | 2022 | | 2021 |
| --- | --- | --- | --- | --- |
| Net sales | $ | 1,984 | $ | 1,824 |
| Costs |  | 1,299 |  | 1,204 |
| Result | $ | 685 | $ | (20 | ) |
"""
TWO_LEVELS = """| Segment | Revenue | | EBITDA | |
| --- | --- | --- | --- | --- |
| (EUR million) | 2024 | 2023 | 2024 | 2023 |
| Tankers | 318 | 334 | 148 | 139 |
"""


def test_signs_in_cells_of_their_own_shift_no_heading() -> None:
    """Only the first and the last rows of a statement have them."""
    for begins in ("| Net sales", "| Costs"):
        found = row(STATEMENT, begins)
        assert found is not None
        told = dict(zip(found.headings, found.values, strict=True))
        assert told["2022"].lstrip("$ ") in ("1,984", "1,299")


def test_a_second_row_of_headings_may_stand_below_the_rule() -> None:
    """Each heading over several columns holds for all of them."""
    found = row(TWO_LEVELS, "| Tankers")
    assert found is not None
    assert found.headings == ("Revenue 2024", "Revenue 2023", "EBITDA 2024", "EBITDA 2023")
    assert "EUR million" in found.over
