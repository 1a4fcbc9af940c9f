"""What stands beside the text of a Word file: headers, notes, comments, text boxes, charts; and where its pages end."""

from __future__ import annotations

import pytest

from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError
from tests.files.documents import members_of, zip_of
from tests.files.word import field, par, root_of, row, run, table, tag, word_of
from tests.ingest.parsers.word.test_words import parse, text_of

BREAK = '<w:r><w:br w:type="page"/></w:r>'
SEEN = "<w:r><w:lastRenderedPageBreak/></w:r>"
SEEN_CELL = tag("w:tc", par(SEEN, "Cap"))


def section(*content: str) -> str:
    return f"<w:sectPr>{''.join(content)}</w:sectPr>"


def test_headers_and_footers_are_read_once_for_each_section():
    """A header that a later section repeats is not told again; the first page's counts where the section has one."""
    headers = {
        "h1.xml": root_of("w:hdr", par("Contract KX-4471")),
        "h2.xml": root_of("w:hdr", par("Cover page", properties='<w:pStyle w:val="Heading1"/>')),
        "f1.xml": root_of("w:ftr", par("Page ", field("PAGE", "1"), " of ", field("NUMPAGES", "3"))),
        "f2.xml": root_of("w:ftr", par("Valid from 1 March 2026, page ", field("PAGE", "1"))),
    }
    links = '<w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId3"/>'
    first = section(links, '<w:headerReference w:type="first" r:id="rId2"/><w:titlePg/>')
    second = section(
        '<w:headerReference w:type="default" r:id="rId1"/><w:headerReference w:type="first" r:id="rId2"/>'
        '<w:footerReference w:type="default" r:id="rId4"/><w:type w:val="continuous"/>'
    )
    body = par("One.") + par("Two.", properties=first) + par("Three.") + second
    text = text_of(
        body, headers, rId1="header:h1.xml", rId2="header:h2.xml", rId3="footer:f1.xml", rId4="footer:f2.xml"
    )
    assert text == "Contract KX-4471\n\nCover page\n\nOne.\n\nTwo.\n\nThree.\n\nValid from 1 March 2026, page #"


def test_a_section_has_the_headers_of_the_section_before():
    """Also one for its first page that the section before names and does not show; what is struck counts once."""
    first = '<w:headerReference w:type="default" r:id="rId1"/><w:headerReference w:type="first" r:id="rId2"/>'
    struck = run(" draft", "<w:strike/>")
    headers = {"h1.xml": root_of("w:hdr", par("Tides", struck)), "h2.xml": root_of("w:hdr", par("Annex to the permit"))}
    body = par("Words.", properties=section(first)) + par("More.") + section("<w:titlePg/>")
    parsed = parse(body, headers, rId1="header:h1.xml", rId2="header:h2.xml")
    text = "\n\n".join(page.text for page in parsed.pages)
    assert text == "Tides\n\nWords.\n\nAnnex to the permit\n\nMore."
    assert parsed.receipt.skipped == ("1 struck passage(s): “draft”",)


def test_a_header_that_is_damaged_costs_only_itself():
    body = par("Words.") + section('<w:headerReference w:type="default" r:id="rId1"/>')
    parsed = parse(body, {"h1.xml": "<w:hdr"}, rId1="header:h1.xml")
    assert parsed.pages[0].text == "Words."
    assert parsed.receipt.skipped == ("word/h1.xml: damaged, not read",)


FOOTNOTES = root_of(
    "w:footnotes",
    '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    f'<w:footnote w:id="2">{par("<w:r><w:footnoteRef/></w:r>", " Free for students.")}</w:footnote>'
    f'<w:footnote w:id="3">{par("<w:r><w:footnoteRef/></w:r>", " Since 2020.")}</w:footnote>',
)
ENDNOTES = root_of("w:endnotes", f'<w:endnote w:id="2">{par("See the statute.")}</w:endnote>')


def reference(kind: str, identity: int) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{identity}"/></w:r>'


def test_notes_are_set_apart_and_follow_their_paragraph():
    """A mark never joins the number before it; notes of a table come after it; endnotes have their own numbers."""
    body = par("A copy costs 25", reference("footnote", 2), " euros.", reference("endnote", 2))
    body += table(
        row("Room", "Price"),
        row("Hall", tag("w:tc", par("40", reference("footnote", 3)))),
    )
    body += par("End.")
    text = text_of(
        body,
        {"footnotes.xml": FOOTNOTES, "endnotes.xml": ENDNOTES},
        rId1="footnotes:footnotes.xml",
        rId2="endnotes:endnotes.xml",
    )
    assert text == (
        "A copy costs 25 [1] euros. [i]\n\n[1] Free for students.\n\n[i] See the statute.\n\n"
        "| Room | Price |\n| --- | --- |\n| Hall | 40 [2] |\n\n[2] Since 2020.\n\nEnd."
    )


def test_comments_tell_who_said_what_of_which_words():
    """Replies follow; what was marked as done says so; a comment that no word refers to comes
    last. A raised digit stays raised."""

    def comment(identity: int, author: str, text: str) -> str:
        up = run("2", '<w:vertAlign w:val="superscript"/>')
        said = f'<w:p w14:paraId="0{identity}">{run(text)}{up}</w:p>'
        return f'<w:comment w:id="{identity}" w:author="{author}" w:date="2026-02-01T10:00:00Z">{said}</w:comment>'

    parts = {
        "comments.xml": root_of(
            "w:comments",
            comment(0, "Ann", "Raise it to 15,000") + comment(1, "Ben", "Done") + comment(2, "Eve", "Lost"),
        ),
        "commentsExtended.xml": root_of("w15:commentsEx", '<w15:commentEx w15:paraId="01" w15:done="1"/>'),
    }
    marks = "".join(f'<w:r><w:commentReference w:id="{identity}"/></w:r>' for identity in (0, 1))
    body = par(
        "The budget is ", '<w:commentRangeStart w:id="0"/>', "12,000 euros", '<w:commentRangeEnd w:id="0"/>', marks, "."
    )
    text = text_of(body, parts, rId1="comments:comments.xml", rId2="commentsExtended:commentsExtended.xml")
    assert text == (
        "The budget is 12,000 euros.\n\nComment (Ann, 2026-02-01, on “12,000 euros”): Raise it to 15,000²\n\n"
        "Comment (Ben, 2026-02-01, resolved): Done²\n\nComment (Eve, 2026-02-01): Lost²"
    )


def drawing(content: str) -> str:
    return tag("w:drawing", tag("wp:inline", tag("a:graphic", tag("a:graphicData", content))))


def test_text_boxes_follow_the_paragraph_that_they_hang_on():
    """Once, although a file holds them for old programs too; boxes within boxes are read."""

    def old_box(words: str) -> str:
        return tag("w:pict", tag("v:shape", tag("v:textbox", words)))

    inner = tag("w:txbxContent", par("Inner box."))
    boxed = tag("w:txbxContent", par("Outer box.", tag("w:r", old_box(inner))))
    new = tag("mc:Choice", drawing(tag("wps:wsp", tag("wps:txbx", boxed))))
    both = tag("mc:AlternateContent", new, tag("mc:Fallback", old_box(boxed)))
    body = par("Text", tag("w:r", both), " goes on.") + par("Next.")
    assert text_of(body) == "Text goes on.\n\nOuter box.\n\nInner box.\n\nNext."


def numbers(name: str, kind: str, values: list[str], code: str = "General") -> str:
    points = "".join(f'<c:pt idx="{index}"><c:v>{text}</c:v></c:pt>' for index, text in enumerate(values) if text)
    form = f"<c:formatCode>{code}</c:formatCode>" if kind == "num" else ""
    return f"<c:{name}><c:{kind}Ref><c:{kind}Cache>{form}{points}</c:{kind}Cache></c:{kind}Ref></c:{name}>"


CHART = root_of(
    "c:chartSpace",
    "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Load by quarter</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    f"<c:plotArea><c:barChart><c:ser>{numbers('tx', 'str', ['North'])}{numbers('cat', 'str', ['Q1', 'Q2'])}"
    f"{numbers('val', 'num', ['0.5', ''], '0%')}</c:ser></c:barChart></c:plotArea></c:chart>",
)
DIAGRAM = root_of(
    "dgm:dataModel",
    "<dgm:ptLst>"
    '<dgm:pt modelId="0" type="doc"/>'
    '<dgm:pt modelId="2"><dgm:t><a:p><a:r><a:t>Then build</a:t></a:r></a:p></dgm:t></dgm:pt>'
    '<dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>First plan</a:t></a:r></a:p></dgm:t></dgm:pt>'
    '</dgm:ptLst><dgm:cxnLst><dgm:cxn srcId="0" destId="1" srcOrd="0"/>'
    '<dgm:cxn srcId="0" destId="2" srcOrd="1"/></dgm:cxnLst>',
)


def test_charts_and_diagrams_are_read():
    """A chart is the table of its numbers, as it shows them; a diagram its texts in order; pictures are counted."""
    chart, diagram = drawing('<c:chart r:id="rId1"/>'), drawing('<dgm:relIds r:dm="rId2"/>')
    body = par("Before", tag("w:r", chart, diagram)) + par(tag("w:r", drawing("<pic:pic/>"), "<w:object/>"))
    body += par("After")
    parsed = parse(
        body,
        {"charts/chart1.xml": CHART, "diagrams/data1.xml": DIAGRAM},
        rId1="chart:charts/chart1.xml",
        rId2="diagramData:diagrams/data1.xml",
    )
    assert parsed.pages[0].text == (
        "Before\n\nLoad by quarter\n\n|  | North |\n| --- | --- |\n| Q1 | 50% |\n| Q2 |  |\n\n"
        "First plan\n\nThen build\n\nAfter"
    )
    assert parsed.receipt.skipped == ("1 picture(s)", "1 embedded object(s), such as a spreadsheet or a file")


def test_a_file_of_pictures_says_what_to_do():
    """OCR reads pictures in a PDF, not in a Word file."""
    with pytest.raises(ParseError, match=r"no text, only 1 picture\(s\). Save it as PDF"):
        parse(par(tag("w:r", drawing("<pic:pic/>"))))


def test_descriptions_of_pictures_are_read():
    """What a person wrote, not what a program did; the picture itself is counted."""

    def picture(description: str) -> str:
        return tag("w:drawing", tag("wp:inline", f'<wp:docPr descr="{description}"/>', tag("a:graphic", "<pic:pic/>")))

    pictures = map(picture, ("Map of the harbour", "IMG_1.jpg", "A dog. Description automatically generated"))
    parsed = parse(par("Text", tag("w:r", *pictures)))
    assert parsed.pages[0].text == "Text\n\nMap of the harbour"
    assert parsed.receipt.skipped == ("3 picture(s)",)


def test_pages_end_at_the_breaks_of_the_file():
    """Those of the author and those that Word saw when it saved; one that both name is one."""
    body = par("One.", BREAK) + par(SEEN, "Two ", SEEN, "and on.") + par(BREAK, SEEN, "Four.")
    body += par("Five.", properties="<w:pageBreakBefore/>")
    parsed = parse(body)
    assert [(page.number, page.text) for page in parsed.pages] == [
        (1, "One."),
        (2, "Two and on."),
        (3, ""),
        (4, "Four."),
        (5, "Five."),
    ]


def test_pages_without_breaks_are_said():
    """Most programs count their pages and do not note where they end."""
    members = members_of(word_of(par("One.", BREAK) + par("Two.")))
    uri = "http://schemas.openxmlformats.org/officeDocument/2006/"
    members["docProps/app.xml"] = f'<Properties xmlns="{uri}extended-properties"><Pages>7</Pages></Properties>'.encode()
    listing = members["_rels/.rels"].decode()
    more = f'<Relationship Id="rId9" Type="{uri}relationships/extended-properties" Target="docProps/app.xml"/>'
    members["_rels/.rels"] = listing.replace("</Relationships>", f"{more}</Relationships>").encode()
    assert default_registry().parse(zip_of(members), "a.docx").receipt.notes == (
        "has 7 printed pages and notes breaks for 2: numbers of pages are those of the breaks",
    )


def test_a_section_begins_a_page_unless_it_goes_on():
    body = par("One.", properties=section()) + par("Two.", properties=section('<w:type w:val="nextPage"/>'))
    parsed = parse(body + par("Still two.") + section('<w:type w:val="continuous"/>'))
    assert [page.text for page in parsed.pages] == ["One.", "Two.\n\nStill two."]


def test_a_table_that_goes_on_keeps_its_header():
    """No row is lost or repeated; on the further page its columns are known."""
    rows = (
        row("Part", "Price"),
        row("Pump", "7"),
        row(SEEN_CELL, "9"),
        row("Seal", "2"),
    )
    parsed = parse(table(*rows) + par("End."))
    assert [page.text for page in parsed.pages] == [
        "| Part | Price |\n| --- | --- |\n| Pump | 7 |",
        "| Cap | 9 |\n| Seal | 2 |\n\nEnd.",
    ]
    (known,) = parsed.tables
    assert (known.page, known.header) == (2, "| Part | Price |")
    assert parsed.pages[1].text[known.start : known.end] == "| Cap | 9 |\n| Seal | 2 |"
