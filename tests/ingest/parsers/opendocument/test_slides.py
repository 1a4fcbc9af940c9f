"""Presentations of LibreOffice: a page for each slide."""

from __future__ import annotations

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.opendocument.odp import OdpParser
from ingest.parsers.registry.registry import default_registry
from rag.errors import UnsupportedFile
from tests.files.opendocument import flat, opendocument, paragraph, text_style


def frame(text: str, *, kind: str = "", top: float = 0, left: float = 0, width: float = 5) -> str:
    words = "".join(paragraph(line) for line in text.split("\n"))
    return (
        f'<draw:frame presentation:class="{kind}" svg:x="{left}cm" svg:y="{top}cm" '
        f'svg:width="{width}cm" svg:height="1cm">'
        f"<draw:text-box>{words}</draw:text-box></draw:frame>"
    )


def slide(*parts: str, more: str = "") -> str:
    return f"<draw:page {more}>{''.join(parts)}</draw:page>"


def parse(*slides: str, **more: str) -> ParsedFile:
    return OdpParser().parse(opendocument("presentation", "".join(slides), **more), "a.odp")


def test_a_slide_is_read_as_people_read_it():
    """The title first, then from top to bottom, columns one after the other; notes and comments last."""
    notes = f"<presentation:notes>{frame('Say hello.', kind='notes')}</presentation:notes>"
    comment = "<office:annotation><dc:creator>Ida</dc:creator><text:p>Shorter.</text:p></office:annotation>"
    left = frame("A", top=3) + frame("B", top=5)
    right = frame("C", top=3, left=12) + frame("D", top=5, left=12)
    parsed = parse(slide(comment, right, left, frame("Harbour", kind="title"), frame("3", kind="page-number"), notes))
    assert parsed.pages[0].text == "# Harbour\n\nA\n\nB\n\nC\n\nD\n\n## Notes\n\nSay hello.\n\nComment (Ida): Shorter."
    assert parsed.title == "Harbour"


def test_tables_lists_and_struck_words():
    """As in texts."""
    table = (
        '<draw:frame svg:x="0cm" svg:y="4cm"><table:table><table:table-row><table:table-cell>'
        "<text:p>Boat</text:p></table:table-cell>"
        "<table:table-cell><text:p>Seats</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell>"
        "<text:p>Tarn</text:p></table:table-cell><table:table-cell><text:p>16</text:p></table:table-cell></table:table-row>"
        "</table:table></draw:frame>"
    )
    listed = (
        '<draw:frame svg:x="0cm" svg:y="1cm"><draw:text-box><text:list><text:list-item>'
        "<text:p>Rope</text:p></text:list-item>"
        '<text:list-item><text:p>Hook<text:span text:style-name="T1"> and chain</text:span></text:p>'
        "</text:list-item></text:list>"
        "</draw:text-box></draw:frame>"
    )
    parsed = parse(slide(table, listed), automatic=text_style("T1", 'style:text-line-through-style="solid"'))
    assert parsed.pages[0].text == "- Rope\n- Hook\n\n| Boat | Seats |\n| --- | --- |\n| Tarn | 16 |"
    assert parsed.receipt.skipped == ("slide 1: 1 struck passage(s): “and chain”",)
    assert parsed.receipt.tables == 1


def test_hidden_slides_are_read_and_said_and_footers_are_told_once():
    """What every slide shows stands on the first."""
    hidden = (
        '<style:style style:name="dp1" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    declared = '<presentation:footer-decl presentation:name="f">Harbour 2026</presentation:footer-decl>'
    use = 'presentation:use-footer-name="f"'
    parsed = parse(
        declared,
        slide(frame("One"), more=use),
        slide(frame("Two"), more=f'{use} draw:style-name="dp1"'),
        automatic=hidden,
    )
    assert [page.text for page in parsed.pages] == ["One\n\nHarbour 2026", "Two"]
    assert parsed.receipt.notes == ("slide 2 is hidden",)


def test_kinds_are_told_by_what_a_file_says_of_itself():
    """Whatever it is called, packed or not; other kinds of OpenDocument are refused with what to do."""
    for kind, title in (("text", "ODT"), ("presentation", "ODP")):
        body = paragraph("Words.") if kind == "text" else slide(frame("Words."))
        for data in (opendocument(kind, body), flat(kind, body)):
            parsed = default_registry().parse(data, "a.bin")
            assert parsed.pages[0].text == "Words."
            assert parsed.receipt.notes == (f"named .bin, is {title}",)
    with pytest.raises(UnsupportedFile, match=r"Export it as \.pdf"):
        default_registry().parse(opendocument("drawing", ""), "a.odg")
