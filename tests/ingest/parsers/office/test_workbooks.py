"""Workbooks: merged cells, what is hidden, comments, drawings, values as they are shown, and what is damaged."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font

from ingest.parsers.common import ParsedFile
from ingest.parsers.ooxml import format_number
from ingest.parsers.registry.registry import default_registry
from ingest.parsers.sheets import shown_moment
from tests.files.documents import members_of, workbook, zip_of

SHEET = "xl/worksheets/sheet1.xml"


def parse(data: bytes) -> ParsedFile:
    return default_registry().parse(data, "a.xlsx")


class Book:
    """A workbook in the making, with one sheet."""

    def __init__(self, *rows: list[Any]) -> None:
        self.file = openpyxl.Workbook()
        self.sheet: Any = self.file.active
        self.sheet.title = "S"
        for row in rows:
            self.sheet.append(row)

    def data(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def parsed(self) -> ParsedFile:
        return parse(self.data())

    def text(self) -> str:
        return self.parsed().pages[0].text.removeprefix("# S\n\n")


def changed(data: bytes, before: str, after: str, part: str = SHEET) -> bytes:
    """The file with other XML in a part."""
    members = members_of(data)
    assert before.encode() in members[part]
    members[part] = members[part].replace(before.encode(), after.encode())
    return zip_of(members)


def test_merged_cells_hold_for_all_that_they_cover():
    """Headings over headings are one; a label stands in every row of its own; a title over the width stands once."""
    book = Book(
        ["Rates of the year", None, None],
        ["Room", "Price", None],
        [None, "Summer", "Winter"],
        ["Single", 80, 60],
        [None, 90, 70],
    )
    for area in ("A1:C1", "A2:A3", "B2:C2", "A4:A5"):
        book.sheet.merge_cells(area)
    assert book.text() == (
        "Rates of the year\n\n"
        "| Room | Price Summer | Price Winter |\n| --- | --- | --- |\n| Single | 80 | 60 |\n| Single | 90 | 70 |"
    )


def test_a_label_stands_beside_a_single_cell():
    book = Book(["Region", "City"], ["North", "Oslo"], [None, "Bergen"])
    book.sheet.merge_cells("A2:A3")
    assert book.text().endswith("| North | Oslo |\n| North | Bergen |")


def test_what_a_merged_cell_hides_is_not_read():
    """Cells below another may still hold old values, which no program shows; rows of theirs alone stay empty."""
    book = Book(["Part", "Price"], ["Pump", 7], [None, 99], [None, None], ["Seal", 2])
    book.sheet.merge_cells("D1:D1")
    data = changed(
        book.data(), "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A2:B4"/></mergeCells>'
    )
    assert parse(data).pages[0].text.endswith("| Part | Price |\n| --- | --- |\n| Pump |  |\n| Seal | 2 |")


def test_years_name_columns():
    """Years and dates in the first row are headings, when what is below them is of another kind."""
    assert Book(["Part", datetime.date(2026, 3, 1)], ["Bolt", 4]).text().startswith("| Part | 2026-03-01 |\n| ---")
    assert Book(["Start", datetime.date(2026, 3, 1)], ["End", datetime.date(2026, 4, 1)]).text().startswith("|  |  |")
    assert Book(["Region", 2024, 2025], ["North", 3, 4]).text().startswith("| Region | 2024 | 2025 |\n| ---")
    assert Book(["Founded", 1998], ["Closed", 2004]).text().startswith("|  |  |\n| --- | --- |\n| Founded | 1998 |")


def test_tables_beside_each_other_are_two():
    """When each has its names; a column that is empty for looks alone parts nothing."""
    book = Book(
        ["Part", "Price", None, "Name", "Age"], ["Pump", 7, None, "Ann", 40], ["Seal", 2], [None] * 3 + ["Ben", 50]
    )
    assert book.text() == (
        "| Part | Price |\n| --- | --- |\n| Pump | 7 |\n| Seal | 2 |\n\n"
        "| Name | Age |\n| --- | --- |\n| Ann | 40 |\n| Ben | 50 |"
    )
    assert Book(["Part", None, "Price"], ["Pump", None, 7]).text() == "| Part | Price |\n| --- | --- |\n| Pump | 7 |"


def test_what_is_hidden_is_read_and_said():
    """Rows, columns and sheets, also those that only programs can show; hidden columns beyond the cells are no news."""
    book = Book(["Part", "Price", "Cost"], ["Pump", 7, 5], ["Seal", 2, 1])
    book.sheet.column_dimensions["C"].hidden = True
    book.sheet.column_dimensions["H"].hidden = True
    book.sheet.row_dimensions[3].hidden = True
    other = book.file.create_sheet("Deep")
    other["A1"], other.sheet_state = "secret", "veryHidden"
    parsed = book.parsed()
    assert "| Seal | 2 | 1 |" in parsed.pages[0].text
    assert parsed.receipt.notes == ("sheet S: hidden 1 row(s) and column(s) C, read too", "sheet Deep is hidden")


def test_comments_are_read_after_the_rows():
    """With their author, the cell, and what its row begins with."""
    book = Book(["Part", "Price"], ["Bolt", 2])
    book.sheet["A2"].comment = Comment("Order 88-A instead", "Eve")
    book.sheet["B2"].comment = Comment("Eve:\nnet", "Eve")
    assert book.text().split("\n\n")[1:] == [
        "Comment (Eve, on A2 “Bolt”): Order 88-A instead",
        "Comment (Eve, on B2 “2” in row “Bolt”): net",
    ]


def test_threads_of_comments_are_read_once():
    """Newer programs keep a copy for older ones, which is left out."""
    book = Book(["Part"], ["Bolt"])
    book.sheet["A2"].comment = Comment("[Threaded comment] Your version of Excel …", "tc=1")
    members = members_of(book.data())
    uri = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = (
        f'<ThreadedComments xmlns="{uri}">'
        '<threadedComment ref="A2" dT="2026-03-01T08:00:00" personId="p" id="1" done="1"><text>Replaced?</text>'
        '</threadedComment><threadedComment ref="A2" dT="2026-03-02T08:00:00" personId="q" id="2" parentId="1">'
        "<text>Yes</text></threadedComment></ThreadedComments>"
    )
    people = (
        f'<personList xmlns="{uri}"><person displayName="Ann" id="p"/><person displayName="Ben" id="q"/></personList>'
    )
    members |= {"xl/threadedComments/t.xml": thread.encode(), "xl/persons/person.xml": people.encode()}
    link(members, "xl/worksheets/_rels/sheet1.xml.rels", "threadedComment", "/xl/threadedComments/t.xml")
    link(members, "xl/_rels/workbook.xml.rels", "person", "persons/person.xml")
    assert parse(zip_of(members)).pages[0].text.split("\n\n")[3:] == [
        "Comment (Ann, 2026-03-01, resolved, on A2 “Bolt”): Replaced?",
        "Comment (Ben, 2026-03-02, resolved, on A2 “Bolt”): Yes",
    ]


def link(members: dict[str, bytes], listing: str, kind: str, target: str) -> None:
    """Let a part refer to a further one."""
    uri = f"http://schemas.microsoft.com/office/2017/10/relationships/{kind}"
    entry = f'<Relationship Id="rId99" Type="{uri}" Target="{target}"/></Relationships>'
    members[listing] = members[listing].replace(b"</Relationships>", entry.encode())


def test_raised_and_struck_words():
    """Of parts of a cell and of whole cells; struck words are left out and told."""
    up, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    book = Book(["Load", "Price"])
    book.sheet["A2"] = CellRichText(["3 × 10", TextBlock(up, "6"), " cycles"])
    book.sheet["B2"] = CellRichText([TextBlock(struck, "50"), " 70 euros"])
    book.sheet["A3"], book.sheet["B3"] = "old", 9
    book.sheet["A3"].font = Font(strike=True)
    parsed = book.parsed()
    assert parsed.pages[0].text.endswith("| 3 × 10⁶ cycles | 70 euros |\n|  | 9 |")
    assert parsed.receipt.skipped == ("sheet S: 2 struck passage(s): “50”; “old”",)


def test_charts_and_printed_headers():
    """A chart of cells is named, its numbers are theirs; words printed on every page are read once; a chart sheet is a
    page."""
    book = Book(["Quarter", "Sales"], ["Q1", 5], ["Q2", 7])
    chart = BarChart()
    chart.title = "Sales by quarter"
    chart.add_data(Reference(book.sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.sheet.add_chart(chart, "E1")
    book.sheet.oddHeader.center.text = "Contract KX-4471 &D"
    book.sheet.oddFooter.center.text = "Page &P of &N"
    alone = BarChart()
    alone.title = "Alone"
    alone.add_data(Reference(book.sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.file.create_chartsheet("Picture").add_chart(alone)
    parsed = book.parsed()
    assert parsed.pages[0].text == (
        "# S\n\nContract KX-4471\n\n| Quarter | Sales |\n| --- | --- |\n| Q1 | 5 |\n| Q2 | 7 |\n\n"
        "Chart: Sales by quarter"
    )
    assert parsed.pages[1].text.startswith("# Picture\n\nAlone")
    assert parsed.receipt.skipped == ()


DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r>'
    "<a:t>Mind the step</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:pic/></xdr:wsDr>"
)
FORM = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape><v:textbox>'
    '<div>Meat</div></v:textbox><x:ClientData ObjectType="Checkbox"><x:Checked>1</x:Checked></x:ClientData></v:shape>'
    '<v:shape><v:textbox><div>Fish</div></v:textbox><x:ClientData ObjectType="Checkbox"/></v:shape></xml>'
)


def test_text_boxes_and_tick_boxes_are_read():
    """Pictures are counted."""
    members = members_of(Book(["Menu"]).data())
    members |= {"xl/drawings/drawing1.xml": DRAWING.encode(), "xl/drawings/vml1.vml": FORM.encode()}
    listing = "xl/worksheets/_rels/sheet1.xml.rels"
    uri = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entries = "".join(
        f'<Relationship Id="{kind}" Type="{uri}/{kind}" Target="../drawings/{name}"/>'
        for kind, name in (("drawing", "drawing1.xml"), ("vmlDrawing", "vml1.vml"))
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    members[listing] = f'<Relationships xmlns="{package}">{entries}</Relationships>'.encode()
    parsed = parse(zip_of(members))
    assert parsed.pages[0].text == "# S\n\nMenu\n\nMind the step\n\n[x] Meat\n\n[ ] Fish"
    assert parsed.receipt.skipped == ("sheet S: 1 picture(s)",)


def test_errors_in_cells_are_said():
    book = Book(["Sum"], ["#DIV/0!"], ["#DIV/0!"])
    assert book.parsed().receipt.notes == ("sheet S: cells show errors (#DIV/0! 2 time(s))",)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("12,5", "12,5"),
        ("1E+400", "1E+400"),
        ("NaN", "NaN"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_odd_numbers_neither_crash_nor_change(written: str, shown: str):
    """What is no number is shown as it is written; a whole number keeps all of its digits."""
    data = changed(Book(["Part", "Number"], ["Bolt", 4711]).data(), "<v>4711</v>", f"<v>{written}</v>")
    assert parse(data).pages[0].text.endswith(f"| Bolt | {shown} |")


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 60), st.sampled_from(["0", "#,##0", "000"]))
def test_any_number_has_a_text_under_any_format(value: float, decimals: int, whole: str):
    """However many digits the format asks for; digits before the decimal point are never changed."""
    shown = format_number(value, f"{whole}.{'0' * decimals}" if decimals else whole)
    assert shown
    if decimals > 20 and abs(value) < 1e15:
        assert float(shown.replace(",", "")) == pytest.approx(value, abs=1e-20)


@pytest.mark.parametrize(
    ("moment", "code", "shown"),
    [
        (datetime.datetime(2026, 3, 1), "dd.mm.yyyy", "2026-03-01"),
        (datetime.datetime(2026, 3, 1), "mmm yyyy", "2026-03"),
        (datetime.datetime(2026, 3, 1), "yyyy", "2026"),
        (datetime.datetime(2026, 3, 1, 14, 30), "d/m/yy h:mm", "2026-03-01 14:30"),
        (datetime.datetime(2026, 3, 1, 14, 30), "h:mm AM/PM", "14:30"),
        (datetime.datetime(2026, 3, 1, 14, 30), '"at" [$-407]dddd', "2026-03-01"),
        (datetime.datetime(2026, 3, 1, 14, 30, 5), "General", "2026-03-01 14:30:05"),
        (datetime.time(9, 5), "h:mm", "09:05"),
        (datetime.time(9, 5, 7), "mm:ss", "09:05:07"),
        (datetime.timedelta(hours=26, minutes=3), "[h]:mm", "26:03"),
        (datetime.timedelta(hours=-1), "[h]:mm", "-1:00"),
    ],
)
def test_moments_show_what_their_format_shows(moment: Any, code: str, shown: str):
    """No day where the sheet shows only the month, no date where it shows only the time."""
    assert shown_moment(moment, code) == shown


def test_a_damaged_sheet_costs_only_itself():
    """What came before the damage is read, and so are the other sheets; the receipt names the sheet."""
    data = workbook()
    members = members_of(data)
    content = members[SHEET]
    members[SHEET] = content[: content.index(b"Valve") if b"Valve" in content else content.index(b'r="7"')]
    parsed = parse(zip_of(members))
    assert "Pump" in parsed.pages[0].text
    assert parsed.pages[1].text == "# Old\n\nKept for the record"
    assert any(loss.startswith("sheet Prices 2026: damaged") for loss in parsed.receipt.skipped)


def test_results_of_programs_that_do_not_calculate_are_no_values():
    """They store 0 for every formula and ask for a calculation; other stored values are read, and said to be old."""
    book = Book(["Part", "Sum"], ["Bolt", "=1+1"], ["Nut", "=2+2"])
    data = changed(book.data(), "<f>1+1</f><v></v>", "<f>1+1</f><v>0</v>")
    parsed = parse(changed(data, "<f>2+2</f><v></v>", "<f>2+2</f><v>4</v>"))
    assert parsed.pages[0].text.endswith("| Bolt |  |\n| Nut | 4 |")
    assert "1 formula(s) without a stored value (B2)" in parsed.receipt.skipped[0]
    assert parsed.receipt.notes == (
        "sheet S: its formulas are to be calculated when it is opened; stored values may be old",
    )


def test_what_says_nothing_of_cells_costs_nothing():
    """A colour, a property or a named range that the library refuses, a part that is listed and missing: values keep
    their formats, struck words stay out."""
    book = Book(["Part", "Share"], ["old", 0.125])
    book.sheet["A2"].font, book.sheet["B2"].number_format = Font(strike=True), "0.0%"
    data = changed(book.data(), "<fills", "<fills><fill/></fills><fills", "xl/styles.xml")
    data = changed(
        data, "</Types>", '<Override PartName="/xl/gone.xml" ContentType="x"/></Types>', "[Content_Types].xml"
    )
    data = changed(data, "</sheets>", "</sheets><definedNames><definedName/></definedNames>", "xl/workbook.xml")
    assert parse(data).pages[0].text.endswith("| Part | Share |\n| --- | --- |\n|  | 12.5% |")


def test_formats_that_are_damaged_are_said():
    """Values are read without them: a date is a number then."""
    members = members_of(Book(["Since"], [datetime.date(2026, 3, 1)]).data())
    members["xl/styles.xml"] = b"<broken"
    parsed = parse(zip_of(members))
    assert parsed.pages[0].text.endswith("46082")
    assert parsed.receipt.skipped == ("the formats of cells, so that dates are shown as numbers",)


def test_a_sheet_that_is_missing_is_said():
    book = Book(["Part"])
    book.file.create_sheet("Gone")["A1"] = "words"
    members = members_of(book.data())
    del members["xl/worksheets/sheet2.xml"]
    assert parse(zip_of(members)).receipt.skipped == ("sheet Gone: missing from the file",)


def test_strict_workbooks_are_read():
    """Files in the strict form of the format have other namespaces."""
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/"
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
        )
        for name, part in members_of(Book(["Part", "Price"], ["Bolt", 2]).data()).items()
    }
    assert parse(zip_of(strict)).pages[0].text.endswith("| Bolt | 2 |")
