"""PDF files: clean text of good ones, a reason and a remedy for the others."""

from __future__ import annotations

import io
import pickle
import re

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.geometry import unpack
from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.layout.printed import Print, line_of
from ingest.parsers.pdf.parser import PdfParser
from rag.errors import ParseError
from tests.files.documents import blank, both, encrypted, labelled, lines, pdf_of, picture, rotated, rows, turned
from tests.files.pdf import chosen, commented, embedded, field, mapped, photo, read_differently, ticked, xfa

PROSE = (
    "The Skerry radar sensor hangs above the water and",
    "measures the distance to the surface without ever",
    "touching it. Small waves are averaged out.",
)
JOINED = " ".join(PROSE)


def parse(data: bytes, name: str = "a.pdf") -> ParsedFile:
    return PdfParser().parse(data, name)


def text_of(data: bytes) -> str:
    return parse(data).pages[0].text


def quoted_words(parsed: ParsedFile, quote: str) -> list[tuple[float, float, float, float]]:
    """The boxes of the words of a quote on the first page."""
    start = parsed.pages[0].text.index(quote)
    words = unpack(parsed.pages[0].geometry or "").words
    inside = [word for word in words if start <= word.start and word.end <= start + len(quote)]
    return [(word.left, word.top, word.right, word.bottom) for word in inside]


def test_wrapped_lines_become_paragraphs():
    """Lines of one paragraph are joined; a gap or a short line ends it."""
    page = both(lines("1 Measuring", top=530), lines(*PROSE), lines(*PROSE, top=440))
    assert text_of(pdf_of(page)) == f"1 Measuring\n\n{JOINED}\n\n{JOINED}"


def test_list_items_keep_their_lines():
    """An item starts a line, its wrapped words are joined to it."""
    items = ("• Do not open the logger lid during heavy rain unless", "a tent covers the mast.", "• Do not run.")
    expected = "• Do not open the logger lid during heavy rain unless a tent covers the mast.\n• Do not run."
    assert text_of(pdf_of(lines(*items))) == expected


def test_rows_of_a_table_keep_their_lines():
    """Each row is one line with its cells in order, set apart, even where rows are as wide as paragraphs."""
    table = rows(("Net sales", "$ 82,959", "$ 81,434"), ("Services", "19,604", "17,486"), ("Total", "(10)", "243"))
    expected = "Net sales | $ 82,959 | $ 81,434\nServices | 19,604 | 17,486\nTotal | (10) | 243"
    assert text_of(pdf_of(both(lines(*PROSE), table))) == f"{JOINED}\n\n{expected}"


def test_columns_are_read_one_after_the_other():
    """A paragraph goes on at the top of the next column."""
    left = lines("A vented cable carries the", "air pressure to the back of", "the sensing diaphragm, so")
    right = lines("that changes in the weather", "do not appear as changes.", x=230)
    expected = (
        "A vented cable carries the air pressure to the back of the sensing diaphragm, so "
        "that changes in the weather do not appear as changes."
    )
    assert text_of(pdf_of(both(left, right))) == expected


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_reads_like_the_upright_one(degrees: int):
    """A page drawn sideways and turned upright by its rotation has the same text."""
    draw = both(lines(*PROSE), rows(("Asleep", "0.09", "mA"), ("Sending", "210", "mA")))
    assert text_of(rotated(pdf_of(turned(draw, degrees)), degrees)) == text_of(pdf_of(draw))


def test_running_headers_and_footers_are_read_once_and_named():
    """The same line modulo digits at the edge of most pages is no part of the text of others than the first."""
    bodies = ["North of the weir.", "East of the weir.", "South of the weir.", "West of the weir."]
    pages = [
        both(lines("TB-M-0403 River Gauge", top=570), lines(body), lines(f"Page {n}", top=30))
        for n, body in enumerate(bodies, start=1)
    ]
    parsed = parse(pdf_of(*pages))
    assert [page.text for page in parsed.pages] == [f"{bodies[0]}\n\nTB-M-0403 River Gauge", *bodies[1:]]
    [note] = parsed.receipt.notes
    assert "Page #" in note
    assert "River Gauge" in note


def test_text_that_was_laid_under_a_scan_is_of_one_size():
    """OCR sets each line as high as its letters are: a paragraph goes on all the same."""

    def draw(canvas: Canvas) -> None:
        photo(canvas)
        for number, (size, text) in enumerate(zip((12.0, 10.4, 11.6), PROSE, strict=False)):
            words = canvas.beginText(50, 500 - 14 * number)
            words.setFont("Helvetica", size, leading=14)
            words.setTextRenderMode(3)
            words.setHorizScale(100 * 11 / size)
            words.textLine(text)
            canvas.drawText(words)

    parsed = parse(pdf_of(draw))
    assert parsed.pages[0].text == JOINED
    assert parsed.doubts[1].reason == "text that is not drawn"


def test_repeated_lines_that_are_all_the_text_stay():
    """Pages that hold nothing else are not emptied."""
    parsed = parse(pdf_of(*[lines("Background")] * 4))
    assert [page.text for page in parsed.pages] == ["Background"] * 4


def test_pages_without_text_are_listed():
    """The receipt names empty pages; their numbers stay."""
    parsed = parse(pdf_of(lines(*PROSE), blank, picture, lines("The end of it.")))
    assert parsed.receipt.empty_pages == (2, 3)
    assert [page.number for page in parsed.pages] == [1, 2, 3, 4]
    assert parsed.receipt.characters == sum(len(page.text) for page in parsed.pages)


def test_title_and_page_labels_are_read():
    """The title is the file's own, or its name where that is none; labels are those printed on the pages."""
    assert parse(pdf_of(lines("Text"), title="River gauge")).title == "River gauge"
    assert parse(pdf_of(lines("Text"), title="0000320193-22-000070"), "report_q3.pdf").title == "report q3"
    assert parse(pdf_of(lines("Text")), "report_q3.pdf").title == "report q3"
    labels = [page.label for page in parse(labelled(pdf_of(*[lines("Text")] * 3))).pages]
    assert labels == ["i", "ii", "1"]


def test_a_password_is_asked_for():
    """A file that needs a password fails and says so; one that only restricts its owner is read."""
    data = pdf_of(lines(*PROSE))
    with pytest.raises(ParseError, match=r"locked\.pdf.*password.*without one"):
        parse(encrypted(data, "secret"), "locked.pdf")
    parsed = parse(encrypted(data, ""))
    assert parsed.pages[0].text == JOINED
    assert "encrypted, opens without a password" in parsed.receipt.notes


def test_pages_that_only_show_something_are_scans():
    """Pages with a picture or a drawing and no text are left to OCR; blank ones and those with text are not."""
    assert parse(pdf_of(picture, blank, lines(*PROSE), picture)).scans == (1, 4)
    assert parse(pdf_of(picture, picture)).scans == (1, 2)


def test_a_few_letters_on_a_picture_of_the_page_are_a_scan_too():
    """A scanner's stamp is not the text of the page; a page of text beside a picture is no scan."""
    assert parse(pdf_of(both(photo, lines("Scan 7")))).scans == (1,)
    parsed = parse(pdf_of(both(photo, lines(*PROSE))))
    assert parsed.scans == ()
    assert parsed.receipt.skipped == ("page 1: words in the picture(s) beside the text are not read",)


def test_a_file_that_shows_nothing_fails():
    """Neither text nor pictures: there is nothing to ingest."""
    with pytest.raises(ParseError, match=r"a\.pdf.*2 page\(s\) and neither text nor pictures"):
        parse(pdf_of(blank, blank))


def test_too_many_pages_are_refused():
    """The error names the limit's setting."""
    with pytest.raises(ParseError, match=r"3 pages.*FOOTNOTE_MAX_PAGES=2"):
        PdfParser(max_pages=2).parse(pdf_of(*[lines("Text")] * 3), "a.pdf")


def test_form_values_and_comments_are_text():
    """What a reader sees in fields and notes follows the page's text; fields without a value are counted."""
    parsed = parse(pdf_of(both(lines(*PROSE), field("Station", "Sarn Ford"), field("Gauge", ""))))
    assert parsed.pages[0].text == f"{JOINED}\n\nStation: Sarn Ford"
    assert parsed.receipt.skipped == ("1 form field(s) without a value",)
    noted = parse(commented(pdf_of(lines(*PROSE)), "Check the datum"))
    assert noted.pages[0].text == f"{JOINED}\n\nCheck the datum"
    assert quoted_words(noted, "Check the datum") == [(100.0, 100.0, 200.0, 120.0)]


def test_ticks_and_choices_are_text():
    """By the words printed beside a box, and by what an option is called; boxes that are not ticked are counted."""
    beside = both(lines("Married", x=70, top=233), lines("Owner", x=70, top=253))
    parsed = parse(pdf_of(both(lines(*PROSE), beside, ticked("f1[0].b2[0]", True), ticked("b3", False, y=250))))
    assert parsed.pages[0].text.endswith("\n\nMarried: yes")
    assert parsed.receipt.skipped == ("1 box(es) of forms not ticked",)
    listed = parse(pdf_of(both(lines(*PROSE), chosen("Colour", "b", ("r", "Red"), ("b", "Blue")))))
    assert listed.pages[0].text.endswith("Colour: Blue")


def test_a_field_is_called_by_the_words_beside_it():
    """They end at its left, on its height; a field without any has its own name."""
    named = both(lines("Annual rent:", x=10, top=206, size=6), field("f1[0].Text7[0]", "4,200"))
    assert parse(pdf_of(both(lines(*PROSE), named))).pages[0].text.endswith("Annual rent: 4,200")
    assert parse(pdf_of(both(lines(*PROSE), field("f1[0].Text7[0]", "4,200")))).pages[0].text.endswith("Text7: 4,200")


def test_the_placeholder_of_an_xfa_form_is_no_content(caplog: pytest.LogCaptureFixture):
    """The error says what it is and what to do, and no library writes about it to the terminal."""
    with pytest.raises(ParseError, match=r"form\.pdf: an XFA form.*print it to a PDF"):
        parse(xfa(pdf_of(lines("Please wait...", "If this message is not replaced, upgrade your reader."))), "form.pdf")
    assert caplog.records == []


def test_letters_that_are_set_apart_are_words():
    """A heading in spaced letters is read as it is meant; single letters among words stay."""
    data = pdf_of(
        both(lines("T A B L E   O F   C O N T E N T S", top=560), lines("It has vitamins A B C and D in it."))
    )
    assert text_of(data) == "TABLE OF CONTENTS\n\nIt has vitamins A B C and D in it."


def test_letters_that_stand_close_among_those_set_apart_are_of_their_words():
    """Some pairs of capitals have no gap between them; a list of short codes is no word."""
    assert text_of(pdf_of(lines("A N N UA L    R E P O RT"))) == "ANNUAL REPORT"
    assert text_of(pdf_of(lines("UK US EU FR DE A B"))) == "UK US EU FR DE A B"


def test_a_character_of_two_code_units_is_read():
    """As emoji are, and rare letters of Chinese names."""
    data = mapped(pdf_of(embedded("The rating is x of 5.")), lambda one: "\U0001f600" if one == "x" else one)
    assert text_of(data) == "The rating is \U0001f600 of 5."


def test_letters_of_a_formula_stay_apart():
    """They are as far from each other as those of a heading, and are no word."""
    assert text_of(pdf_of(lines("n = p q r s + t"))) == "n = p q r s + t"


def test_the_receipt_names_the_readers():
    """Versions of both readers; a table count."""
    receipt = parse(pdf_of(rows(("Asleep", "0.09", "mA"), ("Sending", "210", "mA")))).receipt
    assert set(receipt.versions) == {"pypdfium2", "pypdf"}
    assert receipt.tables == 1


def test_pages_on_which_the_readers_disagree_are_named():
    """Text under a wrong map of letters is read differently by the two readers: the page is listed with a note."""
    garbled = read_differently(pdf_of(lines(*PROSE)))
    receipt = parse(garbled).receipt
    assert receipt.disagreements == (1,)
    assert any("page 1" in note and "readers agree" in note for note in receipt.notes)


def test_a_page_tree_that_runs_in_a_circle_ends():
    """A cycle among the pages is an error or read once, never a hang."""
    data = pdf_of(lines(*PROSE))
    kids = re.search(rb"/Kids \[ (\d+) 0 R \]", data)
    pages = re.search(rb"/Pages (\d+) 0 R", data)
    assert kids
    assert pages
    circle = data.replace(kids[0], b"/Kids [ " + pages[1].rjust(len(kids[1])) + b" 0 R ]")
    with pytest.raises(ParseError, match=r"a\.pdf"):
        parse(circle)


def test_what_a_parser_returns_can_be_pickled():
    """Files are read in a child process."""
    parsed = parse(pdf_of(both(lines("1 Measuring", top=530, size=20), rows(("A", "1", "2"), ("B", "3", "4")))))
    assert pickle.loads(pickle.dumps(parsed)) == parsed


def test_letters_read_from_the_right_are_in_logical_order():
    """A line of Hebrew, drawn letter by letter from the left, reads as it is spoken; figures keep their order."""
    words = [Print("גשם", 50, 10, 80, 20), Print("12", 85, 10, 95, 20), Print("מדד", 100, 10, 130, 20)]
    assert line_of(words, 10).text == "מדד 12 גשם"


@pytest.mark.parametrize("keep", [9, 60, 200])
def test_a_damaged_file_says_so(keep: int):
    """A file cut short fails with a reason."""
    with pytest.raises(ParseError, match="damaged"):
        parse(pdf_of(lines(*PROSE))[:keep])


def test_a_file_only_one_reader_understands_is_read():
    """What the second reader cannot do is a note, not a failure."""
    data = pdf_of(lines(*PROSE)).replace(b"/Type /Catalog", b"/Type /Catalox", 1)
    assert parse(data).pages[0].text == JOINED


def test_a_pdf_without_a_title_takes_what_its_first_page_prints_largest() -> None:
    """With the file's name, so that two reports of one company stay apart."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, invariant=1)
    canvas.setTitle("")
    canvas.setFont("Helvetica", 24)
    canvas.drawString(72, 760, "Tarnbeck Hydrometry")
    canvas.setFont("Helvetica", 10)
    for line in range(6):
        canvas.drawString(72, 700 - 14 * line, f"Line {line} tells of the level of the river.")
    canvas.save()
    assert PdfParser().parse(drawn.getvalue(), "2025_Q3.pdf").title == "Tarnbeck Hydrometry (2025 Q3)"


@pytest.mark.parametrize("title", ["(anonymous)", "untitled", "[Unknown]"])
def test_a_title_that_says_that_there_is_none_is_none(title: str) -> None:
    """Programs write it where they know no title."""
    assert PdfParser().parse(pdf_of(lines("Words"), title=title), "berths.pdf").title == "berths"
