"""HTML, Word, Markdown and plain text; how a file's kind is told; the corpus that ships with the project."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunking.chunker import Chunker
from ingest.parsers.common.cleaning import split_pages
from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError
from rag.types import Chunk, Document
from tests import ROOT
from tests.fakes.ingestion import count_words
from tests.files.documents import lines, members_of, pdf_of, png, word_file, zip_of

EXAMPLES = ROOT / "examples"
GOLDEN = [json.loads(line) for line in (EXAMPLES / "golden.jsonl").read_text(encoding="utf-8").splitlines()]

HTML = b"""<!doctype html><html><head><title>Support</title><style>p {}</style></head><body>
<header>Tarnbeck</header><nav><a href="/">Home</a></nav><form>Search <input></form><aside>Advert</aside>
<main><h1>Support</h1><p>Read the <a href="https://x.example/y">manual</a>
<b>before</b> sample_interval_s * 2.<img src="a.png" alt="A picture"></p>
<table><tr><th>Wire</th><th>Signal</th></tr><tr><td>Red</td><td>12 V</td></tr></table>
<ul><li>One</li><li>Two</li></ul><pre><code>a = 1
# b</code></pre><script>x()</script></main><footer>Imprint</footer></body></html>"""


def parse(data: bytes, name: str) -> ParsedFile:
    return default_registry().parse(data, name)


def chunks_of(path: Path) -> list[Chunk]:
    parsed = parse(path.read_bytes(), path.name)
    document = Document(
        "id", str(path), path.name, "0" * 64, parsed.title, parsed.media_type, parsed.pages, parsed.receipt
    )
    return Chunker(count_words, 150).chunk(document, parsed)


@pytest.fixture(scope="module")
def corpus() -> dict[str, list[str]]:
    files = sorted((EXAMPLES / "corpus").iterdir())
    return {path.name: [" ".join(chunk.text.split()) for chunk in chunks_of(path)] for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in GOLDEN if case["evidence"]], ids=lambda case: case["id"])
def test_golden_quotes_are_each_within_one_chunk(case: dict, corpus: dict[str, list[str]]):
    """Every quote that the examples' answers rest on is in one chunk of the file it is from."""
    for evidence in case["evidence"]:
        quote = " ".join(evidence["quote"].split())
        assert any(quote in text for text in corpus[evidence["filename"]]), evidence


def test_html_is_its_main_content_as_markdown():
    """Menus, forms, scripts, addresses and images go; headings, tables, lists and code stay."""
    parsed = parse(HTML, "a.html")
    assert parsed.title == "Support"
    assert parsed.markdown
    assert parsed.pages[0].text == (
        "# Support\n\nRead the manual before sample_interval_s * 2.\n\n"
        "| Wire | Signal |\n| --- | --- |\n| Red | 12 V |\n\n- One\n- Two\n\n```\na = 1\n# b\n```"
    )


def test_html_that_is_one_form_is_read():
    """Some sites wrap a whole page in a form: then it is the content."""
    text = parse(b"<html><body><form><p>All of the words are in here.</p></form></body></html>", "a.html").pages[0].text
    assert text == "All of the words are in here."


def test_html_names_its_encoding():
    """The encoding that the page declares is used."""
    data = '<html><head><meta charset="iso-8859-1"></head><body><p>Grüße</p></body></html>'.encode("latin-1")
    assert parse(data, "a.html").pages[0].text == "Grüße"


def test_html_nested_without_end_fails_with_a_reason():
    """Thousands of nested elements are refused, not a crash."""
    with pytest.raises(ParseError, match="nested too deeply"):
        parse(b"<html>" + b"<div>" * 5000 + b"x", "a.html")


def test_word_file_is_markdown():
    """Title and headings, lists and tables are kept; bold words are plain words."""
    parsed = parse(word_file(), "a.docx")
    assert parsed.title == "Field guide"
    assert parsed.pages[0].text == (
        "# Field guide\n\n# Tools\n\nTake the torque wrench & gloves.\n\n- Rope\n\n"
        "| Check | Limit |\n| --- | --- |\n| Humidity | 60 percent |"
    )


@pytest.mark.slow
def test_a_word_file_cannot_hide_its_text():
    """Instructions to the converter that a file brings are not followed; pictures are counted."""
    document = docx.Document(io.BytesIO(word_file()))
    document.add_picture(io.BytesIO(png()))
    out = io.BytesIO()
    document.save(out)
    data = zip_of({**members_of(out.getvalue()), "mammoth/style-map": "p => !"})
    parsed = parse(data, "a.docx")
    assert "torque wrench" in parsed.pages[0].text
    assert parsed.receipt.skipped == ("1 picture(s)",)
    assert parsed.receipt.tables == 1


def test_a_damaged_word_file_says_so():
    """A Word file cut short, or with broken XML, is a failure with a remedy."""
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    for data in (word_file()[:3000], broken.getvalue()):
        with pytest.raises(ParseError, match=r"damaged.*save it again"):
            parse(data, "a.docx")


def test_hard_wrapped_text_is_joined():
    """Full lines go on; rows, items, short lines and blank lines stay."""
    text = (
        "SUMMARY\n\nDuring the flood of 9 and 10 June 2025 a number of stations\nin the valley stopped sending data. "
        "The outage lasted almost\nsix hours.\n\n9 June   First station misses its hourly message for the day.\n"
        "10 June  Last station falls silent.\n- one item\n- another item\n"
    )
    assert parse(text.encode(), "a.txt").pages[0].text == (
        "SUMMARY\n\nDuring the flood of 9 and 10 June 2025 a number of stations in the valley stopped sending data. "
        "The outage lasted almost six hours.\n\n9 June   First station misses its hourly message for the day.\n"
        "10 June  Last station falls silent.\n- one item\n- another item\n"
    )


def test_records_of_a_log_keep_their_lines():
    """Though they are about as long as each other."""
    text = "".join(f"2026-03-01 10:00:0{second} INFO worker-{second} job 100{second} ended ok\n" for second in range(8))
    assert parse(text.encode(), "a.log").pages[0].text == text


def test_form_feeds_split_pages():
    """A form feed starts a page."""
    parsed = parse(b"one\ftwo\f\fthree", "a.txt")
    assert [page.text for page in parsed.pages] == ["one", "two", "", "three"]
    assert parsed.receipt.empty_pages == (3,)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("Grüße aus Köln, schöne Straße".encode(), None),
        ("\ufeffGrüße aus Köln, schöne Straße".encode(), None),
        ("Grüße aus Köln, schöne Straße".encode("utf-16"), "utf-16"),
        (("Grüße aus Köln, schöne Straße. " * 20).encode("cp1252"), "decoded as"),
        (b"Gr\xc3\xbc\xc3\x9fe aus K\xc3\xb6ln, \x00sch\xc3\xb6ne Stra\xc3\x9fe", "NUL"),
        ("Grüße aus Köln, schöne Straße. ".encode() * 100 + b"\xff", "1 bytes are not UTF-8"),
    ],
)
def test_text_is_decoded(data: bytes, note: str | None):
    """UTF-8 first, then what the bytes look like; the receipt says when it was a guess."""
    parsed = parse(data, "a.txt")
    assert parsed.pages[0].text.startswith("Grüße aus Köln, schöne Straße")
    assert "".join(parsed.receipt.notes).find(note or "") >= 0
    assert bool(parsed.receipt.notes) == (note is not None)


def test_what_a_file_is_wins_over_its_name():
    """A PDF, a Word file and a web page are told by their bytes, the rest by extension."""
    assert parse(pdf_of(lines("Words")), "a.txt").media_type == "application/pdf"
    assert parse(word_file(), "a.pdf").media_type.endswith("document")
    assert parse(b"\n<!DOCTYPE html><p>Words", "a.txt").media_type == "text/html"
    assert parse(b"<p>Words", "a.htm").media_type == "text/html"
    assert parse(b"Words", "a.TXT").media_type == "text/plain"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", "empty file"),
        (b"words", "a.pdf", "not what its name says"),
        (b"\x00\x01words", "a.xyz", "PDF, DOCX, PPTX.*source code and plain text"),
        (bytes(range(256)) * 10, "a.txt", "not supported"),
        (b"PK\x03\x04 and rubbish", "a.docx", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "a.md", "image is damaged"),
        (b"   \n", "a.html", "no text"),
        (b"---\ntitle: x\n---\n", "a.md", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, name: str, reason: str):
    """The message names the file and the reason."""
    with pytest.raises(ParseError, match=reason) as caught:
        parse(data, name)
    assert name in str(caught.value)


@given(text=st.text(alphabet=st.sampled_from("a \n#é"), max_size=300), limit=st.integers(1, 50))
def test_long_texts_are_split_into_pages_without_loss(text: str, limit: int):
    """The pages joined are the text, none is longer than the limit, numbers count from 1."""
    pages = split_pages(text, limit)
    assert "".join(page.text for page in pages) == text
    assert all(len(page.text) <= limit for page in pages)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))


def test_pages_break_at_paragraphs():
    """A long text is cut between paragraphs, before a heading where there is one."""
    assert [page.text for page in split_pages("aaaa\n\nbbbb\n\ncccc", 12)] == ["aaaa\n\nbbbb\n\n", "cccc"]
    assert [page.text for page in split_pages("aaaa\n\n# b\n\ncc", 10)] == ["aaaa\n\n", "# b\n\ncc"]
