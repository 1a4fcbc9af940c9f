"""Text documents of LibreOffice: what they show is read, and what is left out is in the receipt."""

from __future__ import annotations

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.opendocument.odt import OdtParser
from rag.errors import ParseError
from tests.files.opendocument import flat, opendocument, paragraph, part, text_style

NUMBERED = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-suffix=")" style:num-format="1" text:display-levels="2"/>'
    '</text:list-style><text:list-style style:name="L2">'
    '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
)


def parse(body: str, **more: str) -> ParsedFile:
    return OdtParser().parse(opendocument("text", body, **more), "a.odt")


def text_of(body: str, **more: str) -> str:
    return parse(body, **more).pages[0].text


def items(style: str, *blocks: str, more: str = "") -> str:
    inner = "".join(f"<text:list-item>{block}</text:list-item>" for block in blocks)
    return f'<text:list text:style-name="{style}" {more}>{inner}</text:list>'


def test_headings_paragraphs_and_the_title_are_read():
    """Headings by their level; spaces, tabs and line breaks as they are shown."""
    body = '<text:h text:outline-level="1">Ferries</text:h><text:h text:outline-level="2">Times</text:h>' + paragraph(
        'The ferry<text:s text:c="2"/>leaves<text:tab/>at <text:span>six</text:span>.<text:line-break/>Daily.'
    )
    parsed = parse(body, title="Harbour")
    assert parsed.pages[0].text == "# Ferries\n\n## Times\n\nThe ferry leaves at six.\nDaily."
    assert parsed.title == "Harbour"
    assert parse(body).title == "Ferries"


def test_items_show_their_numbers():
    """Those of deeper levels with the numbers above them; bullets have none; a list may go on after a paragraph."""
    nested = items("", paragraph("Rope"), paragraph("Hook"))
    body = items("L1", paragraph("Gloves"), paragraph("Tools") + nested) + paragraph("And:")
    body += items("L1", paragraph("Water"), more='text:continue-numbering="true"') + items("L2", paragraph("Maps"))
    assert text_of(body, automatic=NUMBERED).split("\n") == [
        "1. Gloves", "2. Tools", "  2.1) Rope", "  2.2) Hook", "", "And:", "", "3. Water", "", "- Maps",
    ]  # fmt: skip


def test_headings_show_the_numbers_of_the_outline():
    """As the styles say."""
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    heads = [(1, "Ferries"), (2, "Times"), (2, "Prices"), (1, "Cranes"), (2, "Loads")]
    body = "".join(f'<text:h text:outline-level="{level}">{text}</text:h>' for level, text in heads)
    assert [line for line in text_of(body, styles=outline).split("\n") if line] == [
        "# 1. Ferries", "## 1.1 Times", "## 1.2 Prices", "# 2. Cranes", "## 2.1 Loads",
    ]  # fmt: skip


def test_merged_cells_stand_in_all_that_they_cover():
    """Headings over headings are one."""
    row = "<table:table-row>{}</table:table-row>".format
    cell = "<table:table-cell{}>{}</table:table-cell>".format
    covered = "<table:covered-table-cell/>"
    head = row(
        cell(' table:number-rows-spanned="2"', paragraph("Room"))
        + cell(' table:number-columns-spanned="2"', paragraph("Price"))
        + covered
    )
    head += row(covered + cell("", paragraph("2023")) + cell("", paragraph("2024")))
    rows = row(
        cell(' table:number-rows-spanned="2"', paragraph("Single"))
        + cell("", paragraph("80"))
        + cell("", paragraph("85"))
    )
    rows += row(covered + cell(' table:number-columns-repeated="2"', paragraph("90")))
    body = f"<table:table><table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"
    assert text_of(body).split("\n") == [
        "| Room | Price 2023 | Price 2024 |", "| --- | --- | --- |", "| Single | 80 | 85 |", "| Single | 90 | 90 |",
    ]  # fmt: skip


def test_struck_and_hidden_text_is_left_out_and_quoted():
    """By the style of a word, of a paragraph, or of the style that this one goes back to; hidden sections, too."""
    automatic = text_style("T1", 'style:text-line-through-style="solid"') + text_style("T2", 'text:display="none"')
    automatic += '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Old"/>'
    styles = text_style("Old", 'style:text-line-through-type="single"', family="paragraph")
    body = paragraph(
        'It is <text:span text:style-name="T1">five</text:span> six<text:span text:style-name="T2">, or so</text:span>.'
    )
    body += paragraph("It was nine.", "P1") + '<text:section text:display="none"><text:p>Draft.</text:p></text:section>'
    parsed = parse(body, automatic=automatic, styles=styles)
    assert parsed.pages[0].text == "It is six."
    assert parsed.receipt.skipped == (
        "2 struck passage(s): “five”; “It was nine.”",
        "2 hidden passage(s): “, or so”; “Draft.”",
    )


def test_raised_and_lowered_characters_keep_their_meaning():
    """Also by a percentage; a style that sets letters back is neither."""
    automatic = text_style("T1", 'style:text-position="super 58%"') + text_style("T2", 'style:text-position="-33% 58%"')
    automatic += text_style("T3", 'style:text-position="0% 100%"')
    body = paragraph(
        '10<text:span text:style-name="T1">6</text:span> H<text:span '
        'text:style-name="T2">2</text:span>O <text:span text:style-name="T3">7</text:span>'
    )
    assert text_of(body, automatic=automatic) == "10⁶ H₂O 7"


def test_notes_and_comments_come_after_their_paragraph():
    """Notes with their mark, comments with who wrote them and when."""
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Without fuel.</text:p></text:note-body></text:note>"
    )
    comment = (
        "<office:annotation><dc:creator>Ida</dc:creator><dc:date>2026-03-02T10:00:00</dc:date>"
        "<text:p>Check it.</text:p>"
        "</office:annotation>"
    )
    body = paragraph(f"The rent is 25{note} euros{comment}.") + paragraph("Next.")
    assert (
        text_of(body)
        == "The rent is 25 [1] euros.\n\n[1] Without fuel.\n\nComment (Ida, 2026-03-02): Check it.\n\nNext."
    )


def test_tracked_changes_are_accepted_and_counted():
    """What was deleted stands apart in the file, and is not read."""
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>nine</text:p></text:deletion></text:changed-region>"
        "<text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
    )
    parsed = parse(
        changes
        + paragraph(
            'It is <text:change text:change-id="a"/>'
            '<text:change-start text:change-id="b"/>six<text:change-end text:change-id="b"/>.'
        )
    )
    assert parsed.pages[0].text == "It is six."
    assert parsed.receipt.notes == ("tracked changes are accepted: 1 insertion(s), 1 deletion(s)",)


def test_pages_end_at_breaks():
    """Those of the author and those that the program noted, within a paragraph, too."""
    style = (
        '<style:style style:name="P1" style:family="paragraph">'
        '<style:paragraph-properties fo:break-before="page"/></style:style>'
    )
    body = (
        paragraph("One.")
        + paragraph("Two.", "P1")
        + "<text:soft-page-break/>"
        + paragraph("Three <text:soft-page-break/>goes on.")
        + paragraph("Four.")
    )
    assert [page.text for page in parse(body, automatic=style).pages] == ["One.", "Two.", "Three goes on.", "Four."]


def test_headers_and_footers_are_told_once():
    """One that only counts the pages is none."""
    masters = (
        '<style:master-page style:name="Standard"><style:header><text:p>Harbour rules</text:p></style:header>'
        "<style:footer><text:p>Page <text:page-number>3</text:page-number></text:p></style:footer></style:master-page>"
        '<style:master-page style:name="First"><style:header><text:p>Harbour rules</text:p>'
        "</style:header></style:master-page>"
    )
    assert text_of(paragraph("At six."), masters=masters) == "Harbour rules\n\nAt six."


def test_forms_text_boxes_formulas_and_pictures():
    """Boxes say whether they are ticked; words of boxes and descriptions are read; what has no words is counted."""
    forms = (
        '<office:forms><form:form><form:checkbox form:id="c1" form:label="Parking" form:current-state="checked"/>'
        '<form:checkbox form:id="c2" form:label="Dinner"/>'
        '<form:text form:id="t1" form:name="Owner" form:current-value="Ida"/>'
        '<form:text form:id="t2" form:name="Boat"/></form:form></office:forms>'
    )
    controls = "".join(f'<draw:control draw:control="{one}"/> ' for one in ("c1", "c2", "t1", "t2"))
    frames = (
        "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>"
        "<draw:frame><draw:image/><svg:desc>A crane</svg:desc></draw:frame><draw:frame><draw:image/></draw:frame>"
        '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    )
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation>x^2</annotation></semantics></math>'
    parsed = OdtParser().parse(
        opendocument(
            "text", forms + paragraph(controls) + paragraph(f"See {frames}."), **{"Object 1__content_xml": formula}
        ),
        "a.odt",
    )
    assert parsed.pages[0].text == "[x] Parking [ ] Dinner Owner: Ida\n\nSee x².\n\nIn a box.\n\nA crane"
    assert parsed.receipt.skipped == ("1 empty form field(s)", "1 picture(s) without text")


def test_charts_are_tables():
    """Under their title."""
    chart = (
        "<office:body><office:chart><chart:chart><chart:title><text:p>Boats</text:p></chart:title><table:table>"
        "<table:table-header-rows><table:table-row><table:table-cell/><table:table-cell><text:p>Sum</text:p></table:table-cell>"
        "</table:table-row></table:table-header-rows><table:table-rows><table:table-row><table:table-cell><text:p>May</text:p>"
        "</table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table-rows>"
        "</table:table></chart:chart></office:chart></office:body>"
    )
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    data = opendocument("text", paragraph(f"See:{frame}"), **{"Object 1__content_xml": part("document-content", chart)})
    assert OdtParser().parse(data, "a.odt").pages[0].text == "See:\n\nBoats\n\n|  | Sum |\n| --- | --- |\n| May | 12 |"


def test_a_file_in_one_piece_of_xml_is_read():
    """As the packed one."""
    automatic = text_style("T1", 'style:text-line-through-style="solid"')
    data = flat("text", paragraph('It is <text:span text:style-name="T1">five</text:span>six.'), automatic)
    assert OdtParser().parse(data, "a.fodt").pages[0].text == "It is six."


def test_a_password_and_damage_are_told():
    """With what to do."""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        "<manifest:encryption-data/></manifest:manifest>"
    )
    with pytest.raises(ParseError, match="protected by a password"):
        OdtParser().parse(opendocument("text", "", **{"META-INF__manifest_xml": manifest}), "a.odt")
    with pytest.raises(ParseError, match="damaged"):
        OdtParser().parse(flat("text", paragraph("Words"))[:-30], "a.fodt")


def test_readings_are_told_by_the_receipt():
    """Reading aids over words are no words of the sentence."""
    ruby = "<text:ruby><text:ruby-base>奈良</text:ruby-base><text:ruby-text>nara</text:ruby-text></text:ruby>"
    parsed = parse(paragraph(f"To {ruby} daily."))
    assert parsed.pages[0].text == "To 奈良 daily."
    assert parsed.receipt.skipped == ("1 reading aid(s) over words: “nara”",)
