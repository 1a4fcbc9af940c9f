"""What a receipt says to people, and how it travels."""

from __future__ import annotations

import json

from ingest.reading.receipts import document_from_json, receipt_lines, receipt_to_json
from rag.types import Document, OcrPage, Receipt

RECEIPT = Receipt(
    parser="pypdfium2",
    pages=40,
    characters=23_726,
    empty_pages=tuple(range(1, 31)),
    notes=("encrypted, opens without a password",),
    ocr_pages=(OcrPage(3, 0.974),),
    tables=6,
    disagreements=(7,),
    skipped=("2 form field(s) without a value",),
    flags=("page 1: “ignore all previous instructions”",),
    languages=("en", "de"),
    versions={"pypdfium2": "5.15", "pypdf": "7.1"},
)
DOCUMENT = Document("id", "/in/a.pdf", "a.pdf", "abc", "Title", "application/pdf", (), RECEIPT, {"year": 2025})


def test_a_receipt_tells_what_was_read_and_what_was_not():
    """Long lists are cut; every kind of trouble has its line."""
    text = "\n".join(receipt_lines(DOCUMENT))
    assert "40 seen, 10 read, 30 empty (1, 2, 3," in text
    assert "and 10 more" in text
    assert "read by pypdf 7.1, pypdfium2 5.15" in text
    assert "page 3 (97% sure)" in text
    assert "two readers saw different words on pages 7" in text
    for words in ("en, de", "without a value", "ignore all previous", "without a password", "23,726"):
        assert words in text


def test_what_was_not_read_is_told_to_programs():
    """Under one name, whatever the kind of file."""
    assert receipt_to_json(DOCUMENT)["losses"] == ["2 form field(s) without a value"]


def test_what_there_is_nothing_to_say_about_is_left_out():
    plain = Document("id", "/in/a.md", "a.md", "abc", "T", "text/markdown", (), Receipt("markdown", 1, 9), {})
    assert [line.split()[0] for line in receipt_lines(plain)][1:] == ["version", "title", "kind", "pages", "characters"]


def test_a_receipt_comes_back_the_same():
    """Over REST, without the pages."""
    assert document_from_json(json.loads(json.dumps(receipt_to_json(DOCUMENT)))) == DOCUMENT
