"""Files that stand inside of PDFs are further pages of them."""

from __future__ import annotations

from ingest.chunking import Chunker
from ingest.parsers.common import ParsedFile
from ingest.parsers.registry import default_registry
from rag.types import Document
from tests.files.documents import lines, message, pdf_of
from tests.files.pdf import attached, pinned

COVER = pdf_of(lines("The harbour was dredged in May.", "The work took nineteen days."))
LEVELS = b"gauge,level\nNorholm,4.25\nSarn,3.10\n"


def parse(data: bytes, name: str = "a.pdf") -> ParsedFile:
    return default_registry().parse(data, name)


def test_attached_files_are_pages_after_those_of_the_pdf():
    """Each under its name, of every kind that is read; tables keep their columns."""
    inner = pdf_of(lines("The lighthouse was painted in June."))
    parsed = parse(attached(COVER, ("levels.csv", LEVELS), ("light.pdf", inner)))
    assert [(page.number, page.label) for page in parsed.pages] == [(1, None), (2, "levels.csv"), (3, "light.pdf")]
    assert "| Norholm | 4.25 |" in parsed.pages[1].text
    assert parsed.pages[2].text == "light.pdf\n\nThe lighthouse was painted in June."
    assert not parsed.receipt.skipped


def test_chunks_of_an_attachment_stand_under_its_name():
    """A CSV file in Markdown, whatever the pages before it are."""
    parsed = parse(attached(COVER, ("levels.csv", LEVELS)))
    document = Document("d", "a.pdf", "a.pdf", "0", "a", parsed.media_type, parsed.pages, parsed.receipt)
    chunks = Chunker(lambda text: len(text.split()), 200).chunk(document, parsed)
    assert [(chunk.page, chunk.heading) for chunk in chunks] == [(1, ()), (2, ("levels.csv",))]


def test_a_file_that_is_pinned_to_a_page_is_attached_too():
    """It stands in no list of the document; one that stands in both is read once."""
    assert "The tide turns at noon." in parse(pinned(COVER, "tide.txt", b"The tide turns at noon.")).pages[1].text
    both = attached(pinned(COVER, "tide.txt", b"The tide turns at noon."), ("tide.txt", b"The tide turns at noon."))
    assert len(parse(both).pages) == 2


def test_a_cover_without_text_is_no_failure():
    """As that of a portfolio, whose content is what it carries."""
    parsed = parse(attached(pdf_of(lambda canvas: None), ("tide.txt", b"The tide turns at noon.")))
    assert [page.text for page in parsed.pages] == ["", "tide.txt\n\nThe tide turns at noon."]


def test_what_cannot_be_read_is_named_with_the_reason():
    """Binary files, and pictures, which are read as files of their own."""
    skipped = parse(attached(COVER, ("x.bin", b"\x00\x01" * 99))).receipt.skipped
    assert any("x.bin: this kind of file is not supported" in what for what in skipped)


def test_files_in_files_are_read_to_a_depth():
    """A chain of attachments ends with a note."""
    data = COVER
    for level in range(1, 9):
        data = attached(pdf_of(lines(f"Level {level} of the chain.")), (f"{level}.pdf", data))
    parsed = parse(data)
    assert [page.text.splitlines()[-1] for page in parsed.pages] == [
        f"Level {n} of the chain." for n in (8, 7, 6, 5, 4)
    ]
    assert "attachments nested this deeply are not read" in parsed.receipt.skipped[0]


def test_a_pdf_in_a_message_keeps_its_headings():
    """Its text is no Markdown, though that of the message is."""
    parsed = parse(message(("harbour.pdf", attached(COVER, ("levels.csv", LEVELS)))).as_bytes(), "a.eml")
    assert [page.label for page in parsed.pages] == [None, "harbour.pdf", "levels.csv"]
    assert [parsed.is_markdown(number) for number in (1, 2, 3)] == [True, False, True]
    assert [heading.title for heading in parsed.headings] == ["harbour.pdf"]
