"""Slides and workbooks: what is read of them, and how numbers are shown."""

from __future__ import annotations

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.ooxml import format_number
from ingest.parsers.registry.registry import default_registry
from tests.files.documents import long_workbook, members_of, slides, workbook, zip_of


def parse(data: bytes, name: str) -> ParsedFile:
    return default_registry().parse(data, name)


def test_a_slide_is_a_page():
    """Title, list with its levels, table and speaker's notes; charts are tables; words in groups are read."""
    parsed = parse(slides(), "plan.pptx")
    assert parsed.title == "Plan"
    assert parsed.markdown
    assert [page.text for page in parsed.pages] == [
        "# Plan\n\n- Survey the site\n  - in March\n\n"
        "| Part | A\\|B |\n| --- | --- |\n| Pump | two lines |\n\n## Notes\n\nMention the budget.",
        "|  | Sales |\n| --- | --- |\n| Q1 | 1.5 |\n| Q2 |  |\n\nWords in a group",
        "",
    ]


def test_a_deck_says_what_is_not_in_its_pages():
    """Pictures without text are skipped, hidden slides noted, empty ones listed, tables and charts counted."""
    receipt = parse(slides(), "plan.pptx").receipt
    assert receipt.skipped == ("slide 1: 1 picture(s) without text",)
    assert receipt.notes == ("slide 2 is hidden",)
    assert receipt.empty_pages == (3,)
    assert receipt.tables == 2
    assert receipt.versions.keys() == {"python-pptx", "lxml"}


def test_a_sheet_is_a_page():
    """Its name is the heading, lines of one cell are paragraphs, the rest is a table that a gap does not end."""
    parsed = parse(workbook(), "prices.xlsx")
    assert parsed.markdown
    assert [page.label for page in parsed.pages] == ["Prices 2026", "Old"]
    assert parsed.pages[0].text == (
        "# Prices 2026\n\nPrice list\n\n"
        "| Part | Price | Since | Share |\n| --- | --- | --- | --- |\n"
        "| Pump | 1,234.50 EUR | 2026-03-01 | 12.5% |\n"
        "| Valve \\| old | 3 | 2026-03-01 14:30:00 | TRUE |\n"
        "| Seal | 7 |  |  |\n\nfar away"
    )
    assert parsed.pages[1].text == "# Old\n\nKept for the record"
    assert parsed.receipt.tables == 1


def test_formulas_that_were_never_calculated_are_named():
    """A workbook that a program wrote has formulas without values: the receipt says where."""
    receipt = parse(workbook(), "prices.xlsx").receipt
    assert receipt.notes == ("sheet Old is hidden",)
    assert len(receipt.skipped) == 1
    assert "1 formula(s) without a stored value (D7)" in receipt.skipped[0]


def test_a_long_sheet_goes_on_on_further_pages():
    """No row is repeated or lost; a further page knows the header of its table."""
    parsed = parse(long_workbook(2500), "log.xlsx")
    text = "\n".join(page.text for page in parsed.pages)
    assert len(parsed.pages) == 2
    assert all(text.count(f"| minute {row} |") == 1 for row in (0, 1, 1200, 2499))
    assert [(table.page, table.header) for table in parsed.tables] == [(2, "| Time | Station |")]
    table = parsed.tables[0]
    assert parsed.pages[1].text[table.start : table.end] == parsed.pages[1].text


def test_a_sheet_that_lies_about_its_size_is_read():
    """The size that a sheet claims is not believed."""
    members = members_of(workbook())
    name = "xl/worksheets/sheet2.xml"
    members[name] = members[name].replace(b'<dimension ref="C3:C3"', b'<dimension ref="A1:XFD1048576"')
    assert b"XFD1048576" in members[name]
    assert parse(zip_of(members), "a.xlsx").pages[1].text == "# Old\n\nKept for the record"


def test_macros_are_noted():
    """A workbook with macros is read without them."""
    data = zip_of({**members_of(workbook()), "xl/vbaProject.bin": b"\x00"})
    notes = parse(data, "a.xlsm").receipt.notes
    assert notes[0] == "holds macros (xl/vbaProject.bin), which are not read and never run"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (12, "@", "12"),
        (0.125, "0%", "13%"),
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (-12.5, '"$"#,##0.00_);("$"#,##0.00)', "-$12.50"),
        (12.5, "[$€-407] #,##0.00", "€12.50"),
        (12.5, '"EUR" 0.00', "EUR 12.50"),
        (20, '0 "mm"', "20 mm"),
        (7, "00000", "00007"),
        (71234567, "000-00-0000", "071-23-4567"),
        (5551234, r"000\-0000", "555-1234"),
        (42, '"No. "000\\ 000', "No. 000 042"),
        (123456789012, "00-0000", "12345678-9012"),
        (2075551234, "(###) ###-####", "(207) 555-1234"),
        (12.5, "00-00", "12.5"),
        (10**400, "000-000", str(10**400)),
        (3, '"Stück ca. "0', "Stück ca. 3"),
        (3, '"Stücke"0', "Stücke 3"),
        (1234.5, '_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-', "1,234.50 €"),
        (-1234.5, "_($* #,##0.00_);_($* (#,##0.00)", "-$1,234.50"),
        (0.5, "# ?/?", "0.5"),
        (5.5, "0.0##", "5.5"),
        (-0.001, "0.00", "0.00"),
        (12345, "0.00E+00", "12345"),
        (1234567, '#,##0,"k"', "1234567"),
        (float("inf"), "0.00", "inf"),
        (1e20, "0.00", "100000000000000000000.00"),
        (1e22, "0.00", "1e+22"),
        (12345678901234567, "0", "12345678901234567"),
        (12345678901234567890, "#,##0", "12,345,678,901,234,567,890"),
    ],
)
def test_numbers_are_shown_as_in_the_sheet(value: float, code: str, shown: str):
    """Decimals, thousands, leading zeros, per cent and units; what is not understood is shown plain and in full."""
    assert format_number(value, code) == shown
