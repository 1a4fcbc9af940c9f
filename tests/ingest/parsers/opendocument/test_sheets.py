"""Spreadsheets of LibreOffice: values as they are shown, and what is hidden, struck or missing is said."""

from __future__ import annotations

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.opendocument.ods import OdsParser
from tests.files.opendocument import flat, opendocument, text_style

COVERED = "<table:covered-table-cell/>"


def cell(text: str = "", more: str = "", inner: str = "") -> str:
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {more}>{inner}{shown}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    inner = "".join(one if one.startswith("<") else cell(one) for one in cells)
    return f"<table:table-row {more}>{inner}</table:table-row>"


def sheet(*rows: str, name: str = "Boats", more: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{columns}{"".join(rows)}</table:table>'


def parse(body: str, **more: str) -> ParsedFile:
    return OdsParser().parse(opendocument("spreadsheet", body, **more), "a.ods")


def lines(body: str, **more: str) -> list[str]:
    return parse(body, **more).pages[0].text.split("\n")


def test_each_sheet_is_a_page_of_tables():
    """Values as they are shown, dates in one order; an empty row parts two tables."""
    money = 'office:value-type="currency" office:value="1234.5"'
    date = 'office:value-type="date" office:date-value="2026-03-01T00:00:00"'
    body = sheet(
        row("Boat", "Cost", "Since"),
        row("Tarn", cell("€1,234.50", money), cell("01.03.26", date)),
        row(cell()),
        row("Crew"),
        row("Ida"),
    )
    parsed = parse(body + sheet(row("a", "b"), row("1", "2"), name="Two"), title="Harbour")
    assert parsed.pages[0].text == (
        "# Boats\n\n| Boat | Cost | Since |\n| --- | --- | --- |\n| Tarn | €1,234.50 | 2026-03-01 |\n\nCrew\n\nIda"
    )
    assert [page.label for page in parsed.pages] == ["Boats", "Two"]
    assert parsed.title == "Harbour"


def test_repeated_cells_and_rows_are_read_as_often_as_they_stand():
    """A million empty rows at the end are none."""
    body = sheet(
        row("Boat", "May", "June"),
        row("Tarn", cell("4", 'table:number-columns-repeated="2"'), more='table:number-rows-repeated="2"'),
        row(cell(more='table:number-columns-repeated="1024"'), more='table:number-rows-repeated="1048570"'),
    )
    assert lines(body)[2:] == ["| Boat | May | June |", "| --- | --- | --- |", "| Tarn | 4 | 4 |", "| Tarn | 4 | 4 |"]


def test_merged_cells_hold_for_all_that_they_cover():
    """Headings over headings are one."""
    wide, high = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
    body = sheet(
        row(cell("Room", high), cell("Price", wide), COVERED), row(COVERED, "2023", "2024"), row("Single", "80", "85")
    )
    assert lines(body)[2:] == ["| Room | Price 2023 | Price 2024 |", "| --- | --- | --- |", "| Single | 80 | 85 |"]


def test_what_is_hidden_is_read_and_said():
    """Sheets, rows and columns."""
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    body = sheet(
        row("a", "b"), row("1", "2", more='table:visibility="filter"'), more='table:style-name="ta1"', columns=columns
    )
    parsed = parse(body, automatic=style)
    assert "| 1 | 2 |" in parsed.pages[0].text
    assert parsed.receipt.notes == ("sheet Boats is hidden", "sheet Boats: hidden 1 row(s) and column(s) B, read too")


def test_struck_cells_and_words_are_left_out_and_quoted():
    """Raised digits stay raised."""
    automatic = text_style("ce1", 'style:text-line-through-style="solid"', family="table-cell")
    automatic += text_style("T1", 'style:text-line-through-type="single"') + text_style(
        "T2", 'style:text-position="super 58%"'
    )
    words = 'six<text:span text:style-name="T1"> or nine</text:span>, 10<text:span text:style-name="T2">6</text:span>'
    parsed = parse(
        sheet(row("Boat", "Time"), row("Tarn", words), row("Orlo", cell("gone", 'table:style-name="ce1"'))),
        automatic=automatic,
    )
    assert parsed.pages[0].text.endswith("| Tarn | six, 10⁶ |\n| Orlo |  |")
    assert parsed.receipt.skipped == ("sheet Boats: 2 struck passage(s): “or nine”; “gone”",)


def test_formulas_are_read_by_their_values():
    """One without a value, and one that shows an error, is said."""
    formula = 'table:formula="of:=1+1"'
    body = sheet(
        row("a", "b", "c"),
        row(
            cell("2", f'{formula} office:value-type="float" office:value="2"'),
            cell("", formula),
            cell("#DIV/0!", f'{formula} office:value-type="string"'),
        ),
    )
    parsed = parse(body)
    assert parsed.pages[0].text.endswith("| 2 |  | #DIV/0! |")
    assert "1 formula(s) without a stored value (B2)" in parsed.receipt.skipped[0]
    assert parsed.receipt.notes == ("sheet Boats: cells show errors (#DIV/0! 1 time(s))",)


def test_comments_boxes_and_charts_come_after_the_rows():
    """A comment with its cell; pictures are counted."""
    comment = (
        "<office:annotation><dc:creator>Ida</dc:creator><dc:date>2026-03-02</dc:date>"
        "<text:p>Check it.</text:p></office:annotation>"
    )
    shapes = (
        "<table:shapes><draw:custom-shape><text:p>Draft of May</text:p></draw:custom-shape>"
        '<draw:frame><draw:image/></draw:frame><draw:control draw:control="c1"/></table:shapes>'
        "<office:forms><form:form>"
        '<form:checkbox form:id="c1" form:label="Done" form:current-state="checked"/></form:form>'
        "</office:forms>"
    )
    parsed = parse(sheet(shapes, row("a", "b"), row(cell("1", inner=comment), "2")))
    assert parsed.pages[0].text.endswith(
        "| 1 | 2 |\n\nDraft of May\n\n[x] Done\n\nComment on A2 (Ida, 2026-03-02): Check it."
    )
    assert parsed.receipt.skipped == ("sheet Boats: 1 picture(s)",)


def test_a_file_in_one_piece_of_xml_is_read():
    """As the packed one."""
    assert (
        OdsParser()
        .parse(flat("spreadsheet", sheet(row("a", "b"), row("1", "2"))), "a.fods")
        .pages[0]
        .text.endswith("| 1 | 2 |")
    )
