"""Tables of PDFs: a figure can be traced to its row and its column."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.layout.levels import Piece, apart_at_line_ends
from ingest.parsers.layout.printed import Print
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of, rows

LEFT, COLUMNS = 50, (300, 380, 460, 540)
STATEMENT = (
    ("Net sales", "$", "82,959", "$", "81,434", "$", "304,182", "$", "282,457"),
    ("Cost of sales", "", "(47,074)", "", "(46,179)", "", "(171,495)", "", "(164,795)"),
    ("Share of services", "", "24 %", "", "21 %", "", "19 %", "", "18 %"),
)


def parse(*pages: Draw) -> ParsedFile:
    return PdfParser().parse(pdf_of(*pages), "a.pdf")


def statement(top: float = 400, body: tuple[tuple[str, ...], ...] = STATEMENT) -> Draw:
    """Rows as in a financial report: the currency at the left of its column, the figure at the right."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, (label, *cells) in enumerate(body):
            y = top - 13 * number
            canvas.drawString(LEFT, y, label)
            for column, right in enumerate(COLUMNS):
                canvas.drawString(right - 55, y, cells[2 * column])
                canvas.drawRightString(right, y, cells[2 * column + 1])

    return draw


def over(*cells: tuple[float, str], top: float) -> Draw:
    """Header cells, each around its middle."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 10)
        for middle, text in cells:
            canvas.drawCentredString(middle, top, text)

    return draw


HEADER = both(
    over((315, "Three Months Ended"), (475, "Nine Months Ended"), top=440),
    over((275, "June 25,"), (355, "June 26,"), (435, "June 25,"), (515, "June 26,"), top=427),
    over((275, "2022"), (355, "2021"), (435, "2022"), (515, "2021"), top=414),
)
NAMES = (
    "Three Months Ended June 25, 2022 | Three Months Ended June 26, 2021 | "
    "Nine Months Ended June 25, 2022 | Nine Months Ended June 26, 2021"
)


def test_a_table_names_each_column_by_all_the_header_cells_over_it():
    """Header lines are joined by column; a title over two columns names both; title and unit stand in front."""
    page = both(lines("STATEMENTS OF OPERATIONS", x=230, top=470), lines("(In millions)", x=280, top=454, size=10))
    parsed = parse(both(page, HEADER, statement()))
    [table] = parsed.tables
    text = parsed.pages[0].text
    assert table.header == f"STATEMENTS OF OPERATIONS\n(In millions) | {NAMES}"
    assert text[table.body : table.end] == (
        "Net sales | $ 82,959 | $ 81,434 | $ 304,182 | $ 282,457\n"
        "Cost of sales | (47,074) | (46,179) | (171,495) | (164,795)\n"
        "Share of services | 24 % | 21 % | 19 % | 18 %"
    )
    assert text[table.start : table.body].count("Months Ended") == 2
    assert parsed.receipt.tables == 1


def test_a_table_goes_on_at_the_top_of_the_next_page_under_its_header():
    """Rows without a header whose columns stand where those of the page before do take over its header."""
    parsed = parse(both(HEADER, statement()), both(statement(top=560), lines("Refer to the notes.", top=300)))
    first, second = parsed.tables
    assert second.header == first.header
    assert second.start == second.body


def test_a_table_elsewhere_inherits_nothing():
    """A table with other columns, or not at the top of the page, has no header when none is printed."""
    other = rows(("Asleep", "0.09"), ("Sending", "210"), top=560)
    below = both(lines("The sensor was read twice in the year.", top=560), statement())
    for second in (other, below):
        assert "Months" not in parse(both(HEADER, statement()), second).tables[1].header


def test_a_label_of_two_lines_is_one_label():
    """The row is one line with the whole label."""
    body = (("Net change in unrealized gains, net of tax of", "", "", "", "", "", "", "", ""), *STATEMENT[1:])
    body = (*body[:1], ("$39 and $76", "", "(537)", "", "(2,142)", "", "(752)", "", "(4,661)"), *body[1:])
    text = parse(both(HEADER, statement(body=body))).pages[0].text
    assert "Net change in unrealized gains, net of tax of $39 and $76 | (537) | (2,142) | (752) | (4,661)\n" in text


def test_years_down_the_side_are_labels():
    """A year in a header names a column; at the left of figures it is a row."""
    parsed = parse(rows(("2023", "$ 81,273"), ("2024", "$ 9,100"), ("2025", "$ 700")))
    [table] = parsed.tables
    assert (table.start, table.header) == (table.body, "")
    assert parsed.pages[0].text.startswith("2023 | $ 81,273\n2024 | $ 9,100")


def test_marks_drawn_after_everything_else_stay_with_their_words():
    """Small raised marks go behind the word they stand at, not to the end of the page."""

    def mark(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 6)
        canvas.drawString(LEFT + 46, 404, "(1)")

    text = parse(both(HEADER, statement(), lines("The end of the page.", top=200), mark)).pages[0].text
    assert "Net sales (1) | $ 82,959" in text


def test_a_single_line_with_a_wide_gap_is_no_table():
    """Two columns of one line, such as a heading with its number apart, are one line of text."""
    heading = rows(("Item 2.", "Management's discussion"), top=400)
    parsed = parse(both(heading, lines("Sales rose in the year.", top=300)))
    assert parsed.tables == ()
    assert parsed.pages[0].text.startswith("Item 2. Management's discussion")


def test_prose_in_two_columns_written_across_the_page_is_read_column_by_column():
    """Lines of two columns that a program wrote side by side are no rows of a table."""
    left = (
        "A vented cable carries the",
        "air pressure to the back of",
        "the sensing diaphragm and",
        "keeps it from harm.",
    )
    right = (
        "The second column tells of",
        "the reference gauge and of",
        "its keeper, who reads it",
        "each morning at seven.",
    )
    across: list[Draw] = []
    for number, (a, b) in enumerate(zip(left, right, strict=True)):
        across += [lines(a, top=500 - 14 * number), lines(b, x=260, top=500 - 14 * number)]
    assert parse(both(*across)).pages[0].text == f"{' '.join(left)}\n\n{' '.join(right)}"


def test_a_row_of_years_below_a_bold_header_is_part_of_it():
    """Its unit at the left is not set in bold; marks of footnotes make a year no figure."""

    def years(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(LEFT, 414, "(Dollars in millions)")
        canvas.setFont("Helvetica-Bold", 10)
        for right, year in zip(COLUMNS, ("2022", "2021", "2020 (1)", "2019"), strict=True):
            canvas.drawRightString(right, 414, year)

    [table] = parse(both(over((395, "YEAR ENDED MAY 31,"), top=427), years, statement(body=STATEMENT[1:]))).tables
    assert [name[-4:] for name in table.header.split(" | ")[1:]] == ["2022", "2021", " (1)", "2019"]


def test_sums_that_stand_near_each_other_are_columns():
    """The first row of figures is none of the header, however narrow the gaps between its columns."""

    def row(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for right, sign, figure in ((300, 250, "948,642"), (360, 306, "960,506"), (420, 366, "978,397")):
            canvas.drawString(sign, 400, "$")
            canvas.drawRightString(right, 400, figure)
        canvas.drawString(LEFT, 400, "Loans retained")

    body = (("Loans held", "", "11,898", "", "7,873", "", "9,165"), ("Total", "", "11,312", "", "1,013", "", "9,706"))

    def rest(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, (label, _, *cells) in enumerate(body):
            canvas.drawString(LEFT, 387 - 13 * number, label)
            for right, cell in zip((300, 360, 420), cells[::2], strict=True):
                canvas.drawRightString(right, 387 - 13 * number, cell)

    names = over((285, "2021"), (345, "2020"), (405, "2019"), top=414)
    parsed = parse(both(names, row, rest))
    [table] = parsed.tables
    assert table.header == "2021 | 2020 | 2019"
    assert parsed.pages[0].text[table.body :].startswith("Loans retained | $ 948,642 | $ 960,506 | $ 978,397\n")


def test_euros_behind_their_figures_are_of_them():
    """As those before one; they are no column."""
    text = (
        parse(rows(("Ferry", "87.50 €", "9 €"), ("Crane", "66.50 €", "8 €"), ("Pier", "9.00 €", "7 €"))).pages[0].text
    )
    assert text == "Ferry | 87.50 € | 9 €\nCrane | 66.50 € | 8 €\nPier | 9.00 € | 7 €"
    text = (
        parse(rows(("Ferry", "€ 87.50", "€ 9"), ("Crane", "€ 66.50", "€ 8"), ("Pier", "€ 9.00", "€ 7"))).pages[0].text
    )
    assert text == "Ferry | € 87.50 | € 9\nCrane | € 66.50 | € 8\nPier | € 9.00 | € 7"


@pytest.mark.parametrize("figure", ["(109,846)", "40,665", "3 %"])
def test_a_dollar_is_of_the_figure_after_it(figure: str):
    """Whatever stands before it in its row, as far from the one as from the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, label in enumerate(("Vested", "Canceled", "Left")):
            canvas.drawString(LEFT, 400 - 13 * number, label)
            canvas.drawRightString(300, 400 - 13 * number, figure)
            canvas.drawString(306, 400 - 13 * number, "$")
            canvas.drawRightString(360, 400 - 13 * number, f"70.9{number}")

    assert f"Vested | {figure} | $ 70.90" in parse(draw).pages[0].text


def test_small_figures_by_themselves_stay_where_they_are():
    """They are no marks of footnotes: nothing stands right before them."""
    prose = lines(
        "The harbour was built in stone.", "It has a school and a market.", "It closes at six.", size=12, top=400
    )
    drawn = both(lines("Boats:", top=500, size=8), lines("48", top=490, size=8), lines("Piers:", top=480, size=8))
    text = parse(both(drawn, lines("16", top=470, size=8), prose)).pages[0].text
    assert " ".join(text.split()).startswith("Boats: 48 Piers: 16 The harbour")


def test_a_section_of_a_table_has_the_names_of_its_columns():
    """The label between two parts of a table takes nothing from the second."""
    first, second = statement(), statement(top=330, body=STATEMENT[1:])
    tables = parse(both(HEADER, first, lines("Unit counts:", top=352, size=10), second)).tables
    assert all(table.header.endswith(NAMES) for table in tables)


def test_lines_that_were_run_together_are_two():
    """A label that ends at the left of the line above it begins a row of its own."""

    words = [
        Print("Millions", 120, 80, 160, 90),
        Print("Targeted", 50, 91, 90, 101),
        Print("actions", 92, 91, 120, 101),
    ]
    spans = [(0, 8), (9, 17), (18, 25)]
    first, second = apart_at_line_ends([Piece(spans, tuple(words))])
    assert [word.text for word in first.words] == ["Millions"]
    assert (second.spans, [word.text for word in second.words]) == (spans[1:], ["Targeted", "actions"])
    level = Piece(spans, tuple(word._replace(top=80, bottom=90) for word in words))
    assert apart_at_line_ends([level]) == [level]
