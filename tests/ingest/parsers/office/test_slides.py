"""Slides: the order of their shapes, their words, tables, charts, comments, and what is damaged."""

from __future__ import annotations

import io
from typing import Any

import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry.registry import default_registry
from ingest.parsers.slides import Box, in_reading_order
from rag.errors import ParseError
from tests.files.documents import members_of, slides, zip_of

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"


class Deck:
    """A presentation in the making: one slide, and what is put on it."""

    def __init__(self) -> None:
        self.file: Any = pptx.Presentation()
        self.slide: Any = self.file.slides.add_slide(self.file.slide_layouts[6])

    def box(self, text: str, left: float, top: float, *, width: float = 2, at: Any = None) -> Any:
        shapes = self.slide.shapes if at is None else at.shapes
        shape = shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(0.5))
        shape.text_frame.text = text
        return shape

    def data(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def parsed(self) -> ParsedFile:
        return parse(self.data())

    def text(self) -> str:
        return self.parsed().pages[0].text


def parse(data: bytes) -> ParsedFile:
    return default_registry().parse(data, "a.pptx")


def test_shapes_are_read_from_top_to_bottom():
    """Whatever the order in which they were drawn; a group is read where it lies, in its own order."""
    deck = Deck()
    deck.box("Step 3", 1, 5)
    group = deck.slide.shapes.add_group_shape()
    deck.box("Step 2b", 1, 3.5, at=group)
    deck.box("Step 2a", 1, 3, at=group)
    deck.box("Step 1", 1, 1)
    assert deck.text().split("\n\n") == ["Step 1", "Step 2a", "Step 2b", "Step 3"]


def test_columns_are_read_one_after_the_other():
    """Texts under their headings, where the gap between the columns is the wider one."""
    deck = Deck()
    for text, left, top in (("Costs", 0.5, 1), ("Gains", 5, 1), ("Rent", 0.5, 1.6), ("Sales", 5, 1.6)):
        deck.box(text, left, top, width=3.5)
    assert deck.text().split("\n\n") == ["Costs", "Rent", "Gains", "Sales"]


def test_labels_are_read_with_what_stands_beside_them():
    """Row by row, where the gap between the rows is the wider one."""
    deck = Deck()
    for text, left, top in (("Budget", 1, 1), ("Staff", 1, 3), ("5,000", 3.1, 1), ("12", 3.1, 3)):
        deck.box(text, left, top)
    assert deck.text().split("\n\n") == ["Budget", "5,000", "Staff", "12"]


def test_two_columns_of_texts_are_read_one_after_the_other():
    """Paragraphs that stand beside each other, however far from those below them."""
    deck = Deck()
    left, right = ([f"The {side} text says this in part {n}." for n in "abc"] for side in ("left", "right"))
    for number, texts in enumerate(zip(right, left, strict=True)):
        for text, x in zip(texts, (5.1, 0.5), strict=True):
            deck.box(text, x, 1 + 1.5 * number, width=4.4)
    assert deck.text().split("\n\n") == [*left, *right]


def test_cards_are_read_one_by_one():
    """The heading of each with what stands under it."""
    deck = Deck()
    for text, x, y in (("D", 5, 4), ("A", 0.5, 1.5), ("B", 5, 1.5), ("C", 0.5, 4)):
        deck.box(f"{text} head", x, y, width=4)
        deck.box(f"{text} body", x, y + 0.5, width=4)
    assert deck.text().split("\n\n") == [f"{one} {part}" for one in "ABCD" for part in ("head", "body")]


def test_turned_shapes_are_read_where_they_are_seen():
    """A label along the side, and a group that stands on its head."""
    deck = Deck()
    deck.box("main", 1.5, 2, width=6)
    deck.box("rest", 1.5, 4, width=6)
    deck.box("side", -1.2, 3.2, width=4).rotation = 270
    group = deck.slide.shapes.add_group_shape()
    deck.box("below", 1, 5.5, at=group)
    deck.box("above", 1, 6.5, at=group)
    group.rotation = 180
    assert deck.text().split("\n\n") == ["side", "main", "rest", "above", "below"]


def test_a_group_that_others_reach_into_is_read_shape_by_shape():
    """However deep: its parts stand between the others."""
    deck = Deck()
    outer = deck.slide.shapes.add_group_shape()
    inner = outer.shapes.add_group_shape()
    deck.box("first", 1, 1, width=6, at=inner)
    deck.box("third", 1, 4, width=6, at=inner)
    deck.box("second", 1, 2.5, width=6)
    assert deck.text().split("\n\n") == ["first", "second", "third"]


BOXES = st.lists(
    st.builds(Box, *(st.floats(-1e6, 1e6, allow_nan=False) for _ in "xy"), *(st.floats(0, 1e5) for _ in "wh")),
    max_size=12,
)


@given(BOXES)
def test_no_shape_is_lost_or_repeated(boxes: list[Box]):
    ordered = in_reading_order(list(range(len(boxes))), lambda number: boxes[number])
    assert sorted(ordered) == list(range(len(boxes)))


def test_raised_and_struck_runs():
    """A raised digit stays raised; struck words are left out and told."""
    deck = Deck()
    paragraph = deck.box("", 1, 1).text_frame.paragraphs[0]
    for text, name, value in (
        ("10", "", ""),
        ("6", "baseline", "30000"),
        (" l ", "", ""),
        ("old", "strike", "sngStrike"),
    ):
        run = paragraph.add_run()
        run.text = text
        if name:
            run._r.get_or_add_rPr().set(name, value)
    parsed = deck.parsed()
    assert parsed.pages[0].text == "10⁶ l"
    assert parsed.receipt.skipped == ("slide 1: 1 struck passage(s): “old”",)


def test_numbered_points_keep_their_numbers():
    """Numbers go on within a level and restart below another."""
    deck = Deck()
    frame = deck.box("Open", 1, 1).text_frame
    for text, level in (("left", 1), ("right", 1), ("Close", 0), ("left", 1)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    for paragraph in frame.paragraphs:
        kind = "alphaLcParenR" if paragraph.level else "arabicPeriod"
        etree.SubElement(paragraph._p.get_or_add_pPr(), f"{{{A}}}buAutoNum", type=kind)
    assert deck.text() == "1. Open\n  a) left\n  b) right\n2. Close\n  a) left"


def test_formulas_are_read():
    """PowerPoint keeps them beside a picture for old programs."""
    deck = Deck()
    deck.box("E = FORMULA", 1, 1)
    members = members_of(deck.data())
    math = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" Requires="a14"><a14:m>'
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:sSup><m:e><m:r><m:t>c</m:t></m:r>'
        "</m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></a14:m></mc:Choice></mc:AlternateContent>"
    )
    name = "ppt/slides/slide1.xml"
    members[name] = members[name].replace(b"FORMULA</a:t></a:r>", b"</a:t></a:r>" + math.encode())
    assert parse(zip_of(members)).pages[0].text == "E = c^2"


def test_merged_cells_hold_for_all_that_they_cover():
    """Headings over headings are one; a row's label stands in every row."""
    deck = Deck()
    table = deck.slide.shapes.add_table(4, 3, 0, 0, Inches(6), Inches(2)).table
    texts = (("Room", "Price", ""), ("", "Summer", "Winter"), ("Single", "80", "60"), ("", "90", "70"))
    for row, cells in enumerate(texts):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 0).merge(table.cell(3, 0))
    assert deck.text() == (
        "| Room | Price Summer | Price Winter |\n| --- | --- | --- |\n| Single | 80 | 60 |\n| Single | 90 | 70 |"
    )


def test_a_line_over_the_width_of_a_table_stands_above_it():
    """And a table whose first row is marked as none of headings, and holds amounts, has no column names."""
    deck = Deck()
    table = deck.slide.shapes.add_table(3, 2, 0, 0, Inches(6), Inches(2)).table
    for row, cells in enumerate((("Rates of 2026", ""), ("Single", "80"), ("Double", "120"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.first_row = False
    assert deck.text() == "Rates of 2026\n\n|  |  |\n| --- | --- |\n| Single | 80 |\n| Double | 120 |"


def test_charts_of_points_are_read():
    """A chart without categories is a table of its points."""
    deck = Deck()
    data = XyChartData()
    series = data.add_series("Load")
    series.add_data_point(1.5, 20)
    series.add_data_point(3, 45)
    deck.slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Inches(3), Inches(3), data)
    assert deck.text() == "|  | Load |\n| --- | --- |\n| 1.5 | 20 |\n| 3 | 45 |"


def test_what_stands_on_every_slide_is_told_once():
    """Footers, and words of the layout and the master; the slide's number is no content."""
    deck = Deck()
    layout = deck.file.slide_layouts[6]
    for at, text in ((layout, "Draft"), (layout.slide_master, "ACME Ltd")):
        printed = deck.box(text, 1, 1)._element
        at.shapes._spTree.append(printed)
    for slide in (deck.slide, deck.file.slides.add_slide(layout)):
        deck.slide = slide
        deck.box(f"Words {deck.file.slides.index(slide)}", 1, 1)
        for kind, text in (("ftr", "Valid until May"), ("sldNum", "7")):
            properties = deck.box(text, 1, 6)._element.nvSpPr.find(f"{{{P}}}nvPr")
            etree.SubElement(properties, f"{{{P}}}ph", type=kind, idx="11")
    assert [page.text for page in deck.parsed().pages] == ["Words 0\n\nValid until May\n\nDraft\n\nACME Ltd", "Words 1"]


def commented(comments: str, authors: str, kind: str) -> str:
    """The text of a slide with a part of comments, and one of their authors."""
    deck = Deck()
    deck.box("Plan", 1, 1)
    members = members_of(deck.data())
    members |= {"ppt/comments/comment1.xml": comments.encode(), "ppt/authors.xml": authors.encode()}
    link(members, "ppt/slides/_rels/slide1.xml.rels", "comments", "../comments/comment1.xml")
    link(members, "ppt/_rels/presentation.xml.rels", kind, "authors.xml")
    return parse(zip_of(members)).pages[0].text


def test_comments_are_read():
    """With their author and date."""
    said = (
        f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0" dt="2026-03-01T08:00:00"><p:text>Sure?</p:text></p:cm>'
        '<p:cm authorId="1" dt="2026-03-02T08:00:00"><p:text>Yes</p:text></p:cm></p:cmLst>'
    )
    authors = (
        f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="Ann"/><p:cmAuthor id="1" name="Ben"/></p:cmAuthorLst>'
    )
    text = commented(said, authors, "commentAuthors")
    assert text == "Plan\n\nComment (Ann, 2026-03-01): Sure?\n\nComment (Ben, 2026-03-02): Yes"


def test_comments_of_newer_files_are_read():
    """Replies come after what they reply to, which may be resolved."""

    def body(text: str) -> str:
        return f'<txBody xmlns:a="{A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></txBody>'

    uri = "http://schemas.microsoft.com/office/powerpoint/2018/8/main"
    reply = f'<replyLst><reply authorId="1" created="2026-03-02T08:00:00">{body("Yes")}</reply></replyLst>'
    first = f'<cm authorId="0" created="2026-03-01T08:00:00" status="resolved">{reply}{body("Sure?")}</cm>'
    authors = f'<authorLst xmlns="{uri}"><author id="0" name="Ann"/><author id="1" name="Ben"/></authorLst>'
    text = commented(f'<cmLst xmlns="{uri}">{first}</cmLst>', authors, "authors")
    assert text == "Plan\n\nComment (Ann, 2026-03-01, resolved): Sure?\n\nComment (Ben, 2026-03-02): Yes"


def link(members: dict[str, bytes], listing: str, kind: str, target: str) -> None:
    """Let a part refer to a further one."""
    uri = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    entry = f'<Relationship Id="rId99" Type="{uri}" Target="{target}"/></Relationships>'
    members[listing] = members[listing].replace(b"</Relationships>", entry.encode())
    types = members["[Content_Types].xml"]
    if b'Extension="xml"' not in types:
        members["[Content_Types].xml"] = types.replace(
            b"</Types>", b'<Default Extension="xml" ContentType="text/xml"/></Types>'
        )


DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    f'xmlns:a="{A}"><dgm:ptLst><dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt>'
    '<dgm:pt modelId="2"><dgm:t><a:p><a:r><a:t>Survey</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>'
    '<dgm:cxnLst><dgm:cxn srcId="1" destId="2" srcOrd="0"/></dgm:cxnLst></dgm:dataModel>'
)


def test_diagrams_are_lists():
    """The texts of a diagram, indented by their level."""
    deck = Deck()
    deck.slide.shapes.add_table(1, 1, 0, 0, Inches(1), Inches(1))
    members = members_of(deck.data())
    name = "ppt/slides/slide1.xml"
    before, _, rest = members[name].partition(b"<a:graphicData")
    frame = (
        b'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds '
        b'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:dm="rId99"/></a:graphicData>'
    )
    members[name] = before + frame + rest.partition(b"</a:graphicData>")[2]
    members["ppt/diagrams/data1.xml"] = DIAGRAM.encode()
    link(members, "ppt/slides/_rels/slide1.xml.rels", "diagramData", "../diagrams/data1.xml")
    assert parse(zip_of(members)).pages[0].text == "- Plan\n  - Survey"


def test_a_damaged_slide_costs_only_itself():
    """Broken XML, and a part of which the bytes are damaged; the receipt names the slide."""
    members = members_of(slides())
    members["ppt/slides/slide1.xml"] = members["ppt/slides/slide1.xml"][:900]
    parsed = parse(zip_of(members))
    assert [bool(page.text) for page in parsed.pages] == [False, True, False]
    assert "slide 1: damaged, not read" in parsed.receipt.skipped
    assert "Words in a group" in parsed.pages[1].text


def test_a_damaged_chart_costs_only_itself():
    members = members_of(slides())
    chart = next(name for name in members if name.startswith("ppt/charts/chart"))
    members[chart] = b"<broken"
    parsed = parse(zip_of(members))
    assert "Words in a group" in parsed.pages[1].text
    assert f"{chart}: damaged, not read" in parsed.receipt.skipped


def test_a_presentation_without_its_list_of_slides_says_so():
    members = members_of(slides())
    members["ppt/presentation.xml"] = b"<broken"
    with pytest.raises(ParseError, match="damaged"):
        parse(zip_of(members))


def test_letters_of_any_size_are_read():
    """Formatting changes no word."""
    deck = Deck()
    deck.box("small", 1, 1).text_frame.paragraphs[0].runs[0].font.size = Pt(4)
    assert deck.text() == "small"
