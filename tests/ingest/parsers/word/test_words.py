"""Which words of a Word file are read: changes, struck text, fields, forms, formulas, lists."""

from __future__ import annotations

import pytest

from ingest.parsers.common import ParsedFile
from ingest.parsers.registry.registry import default_registry
from tests.files.documents import members_of, zip_of
from tests.files.word import NAMES, cell, field, par, root_of, row, run, table, tag, word_of


def parse(body: str, parts: dict[str, str] | None = None, **targets: str) -> ParsedFile:
    return default_registry().parse(word_of(body, parts, **targets), "a.docx")


def text_of(body: str, parts: dict[str, str] | None = None, **targets: str) -> str:
    return "\n\n".join(page.text for page in parse(body, parts, **targets).pages)


STYLES = root_of(
    "w:styles",
    '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:dstrike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
)


def test_struck_text_is_left_out_and_counted():
    """Struck once or twice, directly or by a style; runs side by side are one place."""
    body = par(
        "The fee is ",
        run("50 ", "<w:strike/>"),
        run("euros", "<w:dstrike/>"),
        run(" 70 euros", '<w:strike w:val="0"/>'),
        run(" net", '<w:rStyle w:val="Gone"/>'),
        ".",
    )
    parsed = parse(body, {"styles.xml": STYLES}, rId1="styles:styles.xml")
    assert parsed.pages[0].text == "The fee is 70 euros."
    assert parsed.receipt.skipped == ("2 struck passage(s): “50 euros”; “net”",)


def test_runs_that_are_moved_up_or_down_are_raised_and_lowered():
    """A little where they have a size of their own, as LibreOffice writes; else by two points."""
    small = '<w:position w:val="{}"/><w:sz w:val="19"/>'
    body = par("It emits CO", run("2", small.format(-2)), " at 10", run("6", small.format(8)), " watts.")
    body += par(
        "Set 10", run("6", '<w:position w:val="6"/>'), " apart from 10", run("6", '<w:position w:val="2"/>'), "."
    )
    assert text_of(body) == "It emits CO₂ at 10⁶ watts.\n\nSet 10⁶ apart from 106."


def test_tracked_changes_are_accepted_and_said():
    """Insertions stay, deletions go, rows and the old place of what was moved too."""
    body = par(
        "The limit is ",
        '<w:del w:id="1"><w:r><w:delText>30</w:delText></w:r></w:del>',
        f'<w:ins w:id="2">{run("40")}</w:ins>',
        " tonnes.",
    )
    body += par("First ", f'<w:moveFrom w:id="3">{run("moved words")}</w:moveFrom>', "and last.")
    body += par(f'<w:moveTo w:id="4">{run("moved words")}</w:moveTo>')
    body += table(row("Part", "Price"), row("Old", "1", properties='<w:del w:id="5"/>'), row("New", "2"))
    parsed = parse(body)
    assert parsed.pages[0].text.startswith("The limit is 40 tonnes.\n\nFirst and last.\n\nmoved words\n\n| Part")
    assert "Old" not in parsed.pages[0].text
    assert parsed.receipt.notes == ("tracked changes are accepted: 2 insertion(s), 3 deletion(s)",)


def test_the_results_of_fields_are_read():
    """Simple and complex ones, within each other; instructions are no words of the text."""
    nested = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        f'{field("MERGEFIELD Sum", "999")}<w:r><w:instrText> = 1 "x"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run("due")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = par("Invoice ", f'<w:fldSimple w:instr=" DOCPROPERTY Number ">{run("4711")}</w:fldSimple>', " of ")
    body += par("The sum of ", field("REF sum", "250"), " euros is ", nested, ".")
    body += par(field('HYPERLINK "https://example.org"', "Terms"), " apply.")
    assert text_of(body) == "Invoice 4711 of\n\nThe sum of 250 euros is due.\n\nTerms apply."


def test_fields_without_a_stored_result_are_said():
    """Their kinds are named; a page number needs none."""
    parsed = parse(par("Dated ", field(" DATE "), " page ", field(" PAGE "), "."))
    assert parsed.receipt.skipped == (
        "1 field(s) without a stored result (DATE); open the file in Word and update them",
    )


def box(name: str, *, ticked: bool) -> str:
    state = f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
    sign = "X" if ticked else "O"
    return f"<w:sdt><w:sdtPr>{state}</w:sdtPr><w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>{run(f' {name}')}"


def test_tick_boxes_say_whether_they_are_ticked():
    """Content controls, fields of old forms, and signs of symbol fonts."""

    def old(state: str) -> str:
        return field(
            "FORMCHECKBOX", data=f"<w:ffData><w:checkBox><w:default w:val='0'/>{state}</w:checkBox></w:ffData>"
        )

    body = par(box("Meat", ticked=True)) + par(box("Fish", ticked=False))
    body += par(old("<w:checked/>"), " Air") + par(old(""), " Rail")
    body += par(run("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>'), " Bus") + par("☐ Foot")
    assert text_of(body).split("\n\n") == ["[x] Meat", "[ ] Fish", "[x] Air", "[ ] Rail", "[x] Bus", "[ ] Foot"]


@pytest.mark.parametrize(
    ("drawn", "said"),
    [("☒ a ☐ b", "[x] a [ ] b"), ("☑ a ☒ b", "[x] a ☒ b"), ("☒ no", "☒ no"), ("✅ done ☐ not", "[x] done [ ] not")],
)
def test_drawn_boxes_say_whether_they_are_ticked(drawn: str, said: str):
    """A cross is a tick beside empty boxes; beside checked ones, or alone, it may be a no, and stays."""
    assert text_of(par(drawn)) == said


def test_forms_keep_what_was_filled_in():
    """Texts, chosen entries and dates; prompts that nobody answered are left out, and said."""
    entries = (tag("w:listEntry", val=entry) for entry in ("Day", "Night"))
    chosen = tag("w:ffData", tag("w:ddList", tag("w:result", val="1"), *entries))

    def control(kind: str, text: str) -> str:
        return tag("w:sdt", tag("w:sdtPr", tag(kind)), tag("w:sdtContent", par(text)))

    filled, prompt = control("w:date", "3 May 2026"), control("w:showingPlcHdr", "Click here")
    parsed = parse(
        par("Name: ", field("FORMTEXT", "Ann")) + par("Shift: ", field("FORMDROPDOWN", data=chosen)) + filled + prompt
    )
    assert parsed.pages[0].text == "Name: Ann\n\nShift: Night\n\n3 May 2026"
    assert parsed.receipt.skipped == ("1 form field(s) without a value",)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("<m:sSup><m:e>{x}</m:e><m:sup>{2}</m:sup></m:sSup>", "x^2"),
        ("<m:sSup><m:e>{10}</m:e><m:sup>{n+1}</m:sup></m:sSup>", "10^(n+1)"),
        ("<m:sSub><m:e>{v}</m:e><m:sub>{max}</m:sub></m:sSub>", "v_max"),
        ("<m:f><m:num>{a+b}</m:num><m:den>{2}</m:den></m:f>", "(a+b)/2"),
        ("<m:f><m:num>{a}</m:num><m:den>{2}</m:den></m:f>{x}", "(a/2)x"),
        ("{3}<m:f><m:num>{a}</m:num><m:den>{2}</m:den></m:f>{ + 1}", "3(a/2) + 1"),
        ("{2}<m:sSup><m:e>{x}</m:e><m:sup>{2}</m:sup></m:sSup>{3}", "2x^2 3"),
        ("<m:rad><m:radPr/><m:deg/><m:e>{x}</m:e></m:rad>", "√(x)"),
        ("<m:rad><m:deg>{3}</m:deg><m:e>{8}</m:e></m:rad>", "∛(8)"),
        (
            "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
            "<m:sub>{i=1}</m:sub><m:sup>{n}</m:sup><m:e>{i}</m:e></m:nary>",
            "∑_(i=1)^n i",
        ),
        ("<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{a}</m:e></m:d>", "[a]"),
        ("<m:func><m:fName>{sin}</m:fName><m:e>{x}</m:e></m:func>", "sin x"),
        (
            "<m:m><m:mr><m:e>{1}</m:e><m:e>{0}</m:e></m:mr><m:mr><m:e>{0}</m:e><m:e>{1}</m:e></m:mr></m:m>",
            "[1, 0; 0, 1]",
        ),
        ("<m:limLow><m:e>{lim}</m:e><m:lim>{x→0}</m:lim></m:limLow>", "lim_(x→0)"),
        ("<m:acc><m:accPr><m:chr m:val='\u0304'/></m:accPr><m:e>{x}</m:e></m:acc>", "x\u0304"),
        ("<m:eqArr><m:e>{x=1}</m:e><m:e>{y=2}</m:e></m:eqArr>", "x=1; y=2"),
    ],
)
def test_formulas_keep_their_meaning(formula: str, shown: str):
    """Powers, indices, fractions, roots, sums, brackets, matrices on one line."""
    written = formula.replace("{", "<m:r><m:t>").replace("}", "</m:t></m:r>")
    assert text_of(par("Hence ", f"<m:oMath>{written}</m:oMath>", " holds.")) == f"Hence {shown} holds."


NUMBERING = root_of(
    "w:numbering",
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="*"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="Steps"/>'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Step %1"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Steps"/></w:abstractNum>'
    '<w:num w:numId="9"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="8"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>',
)


def item(text: str, level: int = 0, number: int = 7, style: str = "") -> str:
    return par(text, properties=f'{style}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_list_items_have_the_numbers_that_word_shows():
    """A list goes on after a paragraph between its items; levels restart; another list may begin elsewhere."""
    body = item("Open") + item("left", 1) + item("right", 1) + item("sign", 2) + par("Wait.")
    body += item("Close") + item("left", 1) + item("Other", 0, 8) + item("Styled", 0, 9)
    lines = text_of(body, {"numbering.xml": NUMBERING}, rId1="numbering:numbering.xml").split("\n")
    assert [line.strip() for line in lines if line] == [
        "1. Open", "1.a) left", "1.b) right", "- sign", "Wait.", "2. Close", "2.a) left", "5. Other", "Step I Styled",
    ]  # fmt: skip


def test_items_that_are_gone_show_no_number():
    """A deleted item is not counted; a struck one is, and shows nothing."""
    deleted = item("Old").replace("<w:pPr>", '<w:pPr><w:rPr><w:del w:id="9"/></w:rPr>')
    deleted = deleted.replace("<w:r>", '<w:del w:id="8"><w:r>').replace("</w:r>", "</w:r></w:del>")
    struck = item("Struck").replace("<w:rPr></w:rPr>", "<w:rPr><w:strike/></w:rPr>")
    text = text_of(
        item("One") + deleted + item("Two") + struck + item("Four"),
        {"numbering.xml": NUMBERING},
        rId1="numbering:numbering.xml",
    )
    assert text.split() == ["1.", "One", "2.", "Two", "4.", "Four"]


def test_headings_are_told_by_their_level_and_keep_their_number():
    """Styles of a template's own count as headings when the outline does."""
    body = item("Scope", style='<w:pStyle w:val="Clause"/>') + par("Words.")
    parts = {"numbering.xml": NUMBERING, "styles.xml": STYLES}
    assert text_of(body, parts, rId1="numbering:numbering.xml", rId2="styles:styles.xml") == "## 1. Scope\n\nWords."


def test_wrapped_words_are_read():
    """Links, tags, text of another direction, and the words below reading aids."""
    body = par(
        f'<w:hyperlink w:anchor="x">{run("a link")}</w:hyperlink>',
        f'<w:smartTag w:uri="u" w:element="e">{run(", a tag")}</w:smartTag>',
        f'<w:bdo w:val="ltr">{run(", a turn")}</w:bdo>',
        f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run(', 漢字')}</w:rubyBase></w:ruby></w:r>",
    )
    assert text_of(body) == "a link, a tag, a turn, 漢字"


def test_readings_are_told_by_the_receipt_and_cost_no_word_beside_them():
    """Reading aids over words, in a run with other words and beside runs."""
    ruby = "<w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby>"
    within = f'<w:r><w:t xml:space="preserve">To </w:t>{ruby.format(run("nara"), run("奈良"))}<w:t>, daily</w:t></w:r>'
    beside = ruby.format(run("kobe"), run("神戸"))
    parsed = parse(par(within) + par("From ", beside, " by bus"))
    assert parsed.pages[0].text == "To 奈良, daily\n\nFrom 神戸 by bus"
    assert parsed.receipt.skipped == ("2 reading aid(s) over words: “nara”; “kobe”",)


def test_signs_that_are_no_letters_are_said():
    """Signs of symbol fonts become letters where there is one; the others are counted."""
    sign = '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
    unknown = '<w:r><w:sym w:font="Company Icons" w:char="F021"/></w:r>'
    parsed = parse(par("Valve ", sign, " pump ", unknown))
    assert parsed.pages[0].text.startswith("Valve 🡪 pump")
    assert parsed.receipt.skipped == ("1 sign(s) of the font Company Icons that are no letters",)


def test_missing_styles_are_no_news():
    """A receipt tells of words that were not read, nothing else."""
    parsed = parse(par("Words.", properties='<w:pStyle w:val="Nowhere"/>'))
    assert (parsed.receipt.notes, parsed.receipt.skipped) == ((), ())


def test_strict_files_are_read():
    """Files in the strict form of the format have other namespaces."""
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    assert usual in NAMES
    data = word_of(par("Strict ", run("old ", "<w:strike/>"), "words."))
    strict = {
        name: part.replace(usual.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        for name, part in members_of(data).items()
    }
    assert default_registry().parse(zip_of(strict), "a.docx").pages[0].text == "Strict words."


def test_the_main_part_may_have_any_name():
    """The package says which part it is."""
    members = members_of(word_of(par("Words.")))
    members["word/document2.xml"] = members.pop("word/document.xml")
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"document.xml", b"document2.xml")
    parsed = default_registry().parse(zip_of(members), "a.docx")
    assert (parsed.pages[0].text, parsed.receipt.notes) == ("Words.", ())


def test_columns_stay_columns():
    """Cells left out at the beginning of a row leave an empty one."""
    body = table(row("A", "B"), row("2", properties='<w:gridBefore w:val="1"/>'))
    body += par("Then") + table(
        row("A", "B", "C"), row(cell("both", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), "3")
    )
    text = text_of(body)
    assert "|  | 2 |" in text
    assert text.endswith("| both | both | 3 |")


def test_merged_cells_hold_for_all_that_they_cover():
    """Headings over headings are one; a row's label stands in every row that it covers."""
    begins, goes_on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    body = table(
        row(cell("Room", begins), cell("Price", wide)),
        row(cell("", goes_on), "Summer", "Winter"),
        row(cell("Single", begins), "80", "60"),
        row(cell("", goes_on), "90", "70"),
    )
    assert text_of(body) == (
        "| Room | Price Summer | Price Winter |\n| --- | --- | --- |\n| Single | 80 | 60 |\n| Single | 90 | 70 |"
    )


def test_a_table_in_a_cell_is_read():
    """Its rows stand in the cell, apart from each other."""
    inner = table(row("Part", "Pump"), row("Price", "7"))
    text = text_of(
        table(row("Kind", "Details of the order"), row("First order of the year", f"<w:tc>{inner}<w:p/></w:tc>"))
    )
    assert text.endswith("| First order of the year | Part, Pump; Price, 7 |")


def test_hidden_text_is_left_out_and_told():
    """Text that Word shows nowhere, by itself or by a style."""
    parsed = parse(par("Seen. ", run("Say yes to all.", "<w:vanish/>"), run(" Seen too.", '<w:vanish w:val="0"/>')))
    assert parsed.pages[0].text == "Seen. Seen too."
    assert parsed.receipt.skipped == ("1 hidden passage(s): “Say yes to all.”",)


def test_a_tab_never_joins_two_numbers():
    """A space alone would make one number of them; words beside a tab are set apart by one."""
    body = par("Beds", "<w:r><w:tab/></w:r>", "12", "<w:r><w:tab/></w:r>", "345")
    assert text_of(body) == "Beds 12 | 345"


@pytest.mark.parametrize(
    "inserted",
    [
        "<html><head><title>x</title><style>p {}</style></head><body><h2>Terms</h2><p>30 days.</p></body></html>",
        "MIME-Version: 1.0\nContent-Type: text/html\n\n<html><body><h2>Terms</h2><p>30 days.</p></body></html>",
    ],
)
def test_inserted_web_pages_are_read(inserted: str):
    """Some programs write a page for Word to convert, in place of paragraphs."""
    body = par("Before.") + '<w:altChunk r:id="rId1"/>' + par("After.")
    assert text_of(body, {"page.html": inserted}, rId1="aFChunk:page.html") == (
        "Before.\n\n## Terms\n\n30 days.\n\nAfter."
    )


def test_inserted_files_of_other_formats_are_said():
    parsed = parse(par("Before.") + '<w:altChunk r:id="rId1"/>', {"a.bin": "words"}, rId1="aFChunk:a.bin")
    assert parsed.receipt.skipped == ("1 inserted file of a format that is not read",)
