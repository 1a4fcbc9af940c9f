"""CSV, EPUB, mail, JSON and source code; tables of web pages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.common.tables import TableWriter
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError
from tests.files.documents import book, members_of, message, pdf_of, picture, slides, zip_of


def parse(data: bytes | str, name: str) -> ParsedFile:
    return default_registry().parse(data.encode() if isinstance(data, str) else data, name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_a_table(delimiter: str):
    """The delimiter is found; quoted cells may hold it and line breaks; short rows are filled up."""
    rows = ["name,amount,note", 'Ann,3,"a\nb"', "Ben,4", "", "Cy,5,x,extra"]
    parsed = parse("\n".join(row.replace(",", delimiter) for row in rows), "a.csv")
    assert parsed.pages[0].text == (
        "| name | amount | note |  |\n| --- | --- | --- | --- |\n| Ann | 3 | a b |  |\n| Ben | 4 |  |  |\n"
        "| Cy | 5 | x | extra |"
    )
    assert parsed.receipt.tables == 1


def test_csv_without_a_header_gets_an_empty_one():
    """A first row with numbers in it is data."""
    assert parse("1,2\n3,4\n", "a.csv").pages[0].text == "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"


CRATES = "| Crate | Weight |\n| --- | --- |\n| A | 12 |\n| B | 9 |"
PEOPLE = "| Name | Town | Age |\n| --- | --- | --- |\n| Ada | Sarn | 40 |\n| Bo | Orlo | 31 |"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Crate,Weight\nA,12\nB,9\n\nName,Town,Age\nAda,Sarn,40\nBo,Orlo,31\n", f"{CRATES}\n\n{PEOPLE}"),
        ("Crate,Weight,\nA,12,\nB,9,\n,,\nName,Town,Age\nAda,Sarn,40\nBo,Orlo,31\n", None),
        (
            "Crate,Weight\nA,12\nB,9\n\nStaff\n\nName,Town,Age\nAda,Sarn,40\nBo,Orlo,31\n",
            f"{CRATES}\n\nStaff\n\n{PEOPLE}",
        ),
        ("Crate,Weight\nA,12\nB,9\n\nCrate,Weight\nC,3\n", f"{CRATES}\n\n| Crate | Weight |\n| --- | --- |\n| C | 3 |"),
    ],
)
def test_after_an_empty_line_a_new_header_begins_a_new_table(text: str, read: str | None) -> None:
    """However wide the first is; the receipt counts them, and no row is told under another table's header."""
    parsed = parse(text, "a.csv")
    assert parsed.receipt.tables == 2
    if read is not None:
        assert parsed.pages[0].text == read
    assert sum(line.startswith("| ---") for line in parsed.pages[0].text.splitlines()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Name,Town\nAda,Sarn\n\nBo,Orlo\nCy,Sarn\n",
        "Name,Age\nAda,40\n\nBo,31\nCy,29\n",
        "Name,Town,Age\nAda,Sarn,40\n\nBo,Orlo,\nCy,Sarn,29\n",
        "Report: stock on hand\n\nName,Age\nAda,40\nBo,31\n",
    ],
)
def test_an_empty_line_alone_begins_no_new_table(text: str) -> None:
    """Rows may be set apart in groups."""
    assert parse(text, "a.csv").receipt.tables == 1


def test_a_long_csv_goes_on_on_further_pages():
    """Each page but the first knows the header of its rows."""
    parsed = parse("id,words\n" + "".join(f"r{row},{'word ' * 20}\n" for row in range(5000)), "a.csv")
    assert len(parsed.pages) > 2
    assert {table.header for table in parsed.tables} == {"| id | words |"}
    assert [table.page for table in parsed.tables] == [page.number for page in parsed.pages[1:]]
    assert sum(page.text.count("\n| r") + page.text.startswith("| r") for page in parsed.pages) == 5000


@given(
    rows=st.lists(st.lists(st.text("ab|\n é", max_size=8), min_size=2, max_size=2), max_size=20),
    limit=st.integers(1, 200),
)
def test_table_pages_lose_nothing(rows: list[list[str]], limit: int):
    """Whatever the length of a page, every row is written once and in order, and tables point at rows."""
    writer = TableWriter(limit)
    writer.begin(["x", "y"])
    for row in rows:
        writer.add(row)
    pages, tables = writer.pages()
    whole = TableWriter(10**6)
    whole.begin(["x", "y"])
    for row in rows:
        whole.add(row)
    assert "".join(page.text.replace("\n", "") for page in pages) == whole.pages()[0][0].text.replace("\n", "")
    assert all(0 == table.start < table.end <= len(pages[table.page - 1].text) for table in tables)


def test_a_book_is_read_in_its_order():
    """Chapters are pages in the order of the spine; what is no text is skipped."""
    parsed = parse(book(), "valley.epub")
    assert parsed.title == "The valley"
    assert parsed.metadata == {"author": "A. Writer", "language": "en"}
    assert [page.text for page in parsed.pages] == ["# One\n\nWords of One.", "# Two\n\nWords of Two."]
    assert parsed.receipt.skipped == ("map: not a text",)


def test_books_mean_what_their_pages_show():
    """Raised digits and struck words are read as in a web page; notes beside the text are content."""
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><p>It costs 25'
        '<a epub:type="noteref" href="#n">1</a> euros, <s>30</s> or 10<sup>6</sup> cents.</p>'
        '<aside epub:type="footnote" id="n"><p>With postage.</p></aside></body></html>'
    )
    parts = members_of(book())
    name = next(name for name in parts if b"Words of One" in parts[name])
    parsed = parse(zip_of({**parts, name: chapter.encode()}), "valley.epub")
    assert parsed.pages[0].text == "It costs 25¹ euros, or 10⁶ cents.\n\nWith postage."
    assert any("1 struck passage(s): “30”" in what for what in parsed.receipt.skipped)


def test_books_are_read_as_their_style_sheets_show_them():
    """Programs that make books raise and strike words by classes of a sheet beside the chapters."""
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>It costs '
        '25<span class="c1">1</span> euros, <span class="c2">30</span> or 10<span class="c3">6</span> cents for '
        'CO<span class="c4">2</span>, <span class="c5">12</span> m.</p></body></html>'
    )
    sheet = (
        "/* a note {} */ .c1 { vertical-align: super } .c2 { text-decoration: line-through }\n"
        ".c3 { font-size: 0.8em; position: relative; top: -0.33em; vertical-align: baseline }\n"
        ".c4 { font-size: 70%; vertical-align: -20% } .c5 { vertical-align: 2px }"
    )
    parts = members_of(book())
    name = next(name for name in parts if b"Words of One" in parts[name])
    package = parts["OEBPS/book.opf"].replace(
        b"<manifest>", b'<manifest><item id="s" href="css/s%201.css" media-type="text/css"/>'
    )
    changed = {**parts, name: chapter.encode(), "OEBPS/book.opf": package, "OEBPS/css/s 1.css": sheet.encode()}
    parsed = parse(zip_of(changed), "valley.epub")
    assert parsed.pages[0].text == "It costs 25¹ euros, or 10⁶ cents for CO₂, 12 m."


def test_a_copy_protected_book_says_so():
    """Encrypted chapters are an error; obfuscated fonts are none."""
    encryption = '<e:encryption xmlns:e="urn:e"><e:EncryptionMethod Algorithm="{}"/></e:encryption>'
    with pytest.raises(ParseError, match="DRM"):
        parse(book(encryption=encryption.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")), "a.epub")
    assert parse(book(encryption=encryption.format("http://www.idpf.org/2008/embedding")), "a.epub").pages


def test_a_message_is_its_headers_and_text():
    """The plain text is preferred to the HTML one; headers are text and metadata."""
    parsed = parse(message().as_bytes(), "a.eml")
    assert parsed.title == "Grüße vom Fluss"
    assert [page.text for page in parsed.pages] == [
        "# Grüße vom Fluss\n\nFrom: Ann <ann@tarnbeck.example>\nTo: ben@tarnbeck.example\n"
        "Date: Mon, 02 Mar 2026 10:00:00 +0100\n\nThe gauge reads 3 m.\n\nAnn"
    ]
    assert parsed.metadata["date"] == "2026-03-02T10:00:00+01:00"
    assert parsed.metadata["from"] == "Ann <ann@tarnbeck.example>"


def test_a_message_without_plain_text_is_read_as_html():
    """The character set that it names may be wrong."""
    data = b"From: a@b.example\nContent-Type: text/html; charset=none-such\n\n<p>Gr\xfc\xdfe aus <b>K\xf6ln</b></p>"
    assert "Grüße aus Köln" in parse(data, "a.eml").pages[0].text


def test_attachments_are_further_pages():
    """Each under its name; what cannot be read is named with the reason."""
    data = message(("t.csv", b"a,b\nx,y\n"), ("plan.pptx", slides()), ("x.bin", b"\x00" * 99)).as_bytes()
    parsed = parse(data, "a.eml")
    assert [page.label for page in parsed.pages] == [None, "t.csv", "plan.pptx", "plan.pptx", "plan.pptx"]
    assert parsed.pages[1].text == "# t.csv\n\n| a | b |\n| --- | --- |\n| x | y |"
    assert parsed.pages[2].text.startswith("# plan.pptx\n\n# Plan\n\n- Survey")
    assert any("x.bin: this kind of file is not supported" in what for what in parsed.receipt.skipped)
    assert any("plan.pptx: slide 1: 1 picture(s)" in what for what in parsed.receipt.skipped)
    assert {"python-pptx", "beautifulsoup4"} <= parsed.receipt.versions.keys()


def test_a_scan_in_a_message_is_named():
    """An attached PDF without text is not lost in silence."""
    receipt = parse(message(("scan.pdf", pdf_of(picture))).as_bytes(), "a.eml").receipt
    assert any("scan.pdf" in what for what in receipt.skipped)


def test_messages_in_messages_are_read_to_a_depth():
    """Forwarded messages are pages too; a chain of them ends with a note."""
    inner = message(subject="Level 0")
    for level in range(1, 9):
        outer = message(subject=f"Level {level}")
        outer.add_attachment(inner)
        inner = outer
    parsed = parse(inner.as_bytes(), "a.eml")
    titles = [line for page in parsed.pages for line in page.text.split("\n") if line.startswith("# Level")]
    assert titles == [f"# Level {level}" for level in (8, 7, 6, 5)]
    assert "nested too deeply inside other files" in parsed.receipt.skipped[0]


def test_json_is_readable_text():
    """Short values are lines, nested ones stand under headings, long texts are paragraphs of their own."""
    value = {
        "name": "Pump",
        "specs": {"flow": 12.5, "tags": ["a", "b"], "wet": True},
        "note": "Words. " * 40,
        "parts": [{"id": 1, "size": {"mm": 3}}, {"id": 2, "note": "x"}],
    }
    parsed = parse(json.dumps(value), "a.json")
    assert parsed.pages[0].text == (
        f"name: Pump\n\nnote:\n\n{('Words. ' * 40).strip()}\n\n# specs\n\nflow: 12.5\ntags: a, b\nwet: true\n\n"
        "# parts\n\nid: 1\nsize.mm: 3\n\nid: 2\nnote: x"
    )


def test_json_lines_that_are_broken_are_named():
    """The other lines are records; a long one is a section under its title."""
    lines = ['{"id": 1, "text": "short"}', '{"id": 2,', json.dumps({"title": "Flood", "text": "Long words. " * 200})]
    parsed = parse("\n".join(lines), "a.jsonl")
    assert parsed.media_type == "application/x-ndjson"
    assert parsed.pages[0].text.startswith("id: 1\ntext: short\n\n# Flood\n\ntitle: Flood\n\ntext:\n\nLong words.")
    assert len(parsed.receipt.skipped) == 1
    assert parsed.receipt.skipped[0].startswith("line 2 is not JSON")
    assert parse(lines[0] + "\n" + lines[0], "a.json").media_type == "application/x-ndjson"


@pytest.mark.parametrize("data", ["{broken", "[" * 100_000, '{"a": 1}{'])
def test_json_that_is_none_says_so(data: str):
    """A broken file and one nested without end are failures with a reason."""
    with pytest.raises(ParseError, match="JSON"):
        parse(data, "a.json")


@pytest.mark.parametrize(
    ("name", "text", "headings"),
    [
        (
            "a.py",
            "class A(B):\n    def f(self):\n        pass\n\n    async def g(self): ...\n\ndef top():\n    pass\n",
            [(1, "class A"), (2, "def f"), (2, "def g"), (1, "def top")],
        ),
        (
            "a.go",
            "type S struct {\n}\n\nfunc (s *S) Run(x int) error {\n}\n",
            [(1, "type S struct"), (1, "func (s *S) Run")],
        ),
        (
            "a.rs",
            "impl<T> Foo for Bar<T> {\n    pub fn x(&self) -> u8 {\n",
            [(1, "impl<T> Foo for Bar<T>"), (2, "fn x")],
        ),
        ("a.ts", "export class A {\n}\nexport const f = async (x) => {\n}\n", [(1, "class A"), (1, "const f")]),
        (
            "A.java",
            "public class A {\n    public void run(String a) throws E {\n        if (a) {\n        return new B() {\n",
            [(1, "class A"), (2, "run")],
        ),
        ("a.c", "static int main(int argc,\n    char **v)\n{\n  if (x) {\n  }\n  f(x);\n}\n", [(1, "main")]),
        ("a.sql", "create table if not exists a.b (x int);\n", [(1, "table a.b")]),
        ("a.toml", "[tool.x]\ny = 1\n", [(1, "tool.x")]),
        ("a.sh", "run() {\n  echo x\n}\n", [(1, "run")]),
    ],
)
def test_definitions_in_code_are_headings(name: str, text: str, headings: list[tuple[int, str]]):
    """The text stays as it is; a heading stands where its definition begins."""
    parsed = parse(text, name)
    assert parsed.pages[0].text == text
    assert not parsed.markdown
    assert parsed.title == name
    assert [(heading.level, heading.title) for heading in parsed.headings] == headings
    for heading in parsed.headings:
        assert heading.title.split()[-1].split("(")[0] in text[heading.start :].split("\n", 1)[0]


def test_html_without_end_tags_is_read():
    """Paragraphs, cells and rows may be left open, however many they are."""
    rows = "".join(f"<tr><td>Part {row}<td>{row}" for row in range(500))
    parsed = parse(f"<html><body><p>One<p>Two<table><tr><th>Part<th>Price{rows}</table></body></html>", "a.html")
    text = parsed.pages[0].text
    assert text.startswith("One\n\nTwo\n\n| Part | Price |\n| --- | --- |\n| Part 0 | 0 |\n| Part 1 | 1 |\n")
    assert text.endswith("| Part 499 | 499 |")


def test_html_tables_are_regular():
    """Layout tables are unwrapped, tables in cells become text, cells that reach down stand in every row, pipes are
    escaped."""
    cells = "<tr><td rowspan=2>Pump|A</td><td>1</td></tr><tr><td>2</td></tr>"
    inner = "<table><tr><td>x</td><td>y</td></tr></table>"
    page = (
        "<html><body><table><tr><td><h1>Prices</h1></td><td><p>All in EUR.</p></td></tr></table>"
        f"<table><tr><th>Part</th><th>Price</th></tr>{cells}<tr><td>Seal</td><td>each {inner}</td></tr></table></body>"
    )
    parsed = parse(page, "a.html")
    assert parsed.pages[0].text == (
        "# Prices\n\nAll in EUR.\n\n| Part | Price |\n| --- | --- |\n| Pump\\|A | 1 |\n"
        "| Pump\\|A | 2 |\n| Seal | each x, y |"
    )
    assert parsed.receipt.tables == 1
