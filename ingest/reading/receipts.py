"""Receipts as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rag.types import Document, OcrPage, Receipt, metadata_of

_MOST_LISTED = 20


def receipt_lines(document: Document) -> Iterator[str]:
    """A receipt as lines of text; what there is nothing to say about is left out."""
    receipt = document.receipt
    yield f"{document.source}"
    yield f"  version      {document.sha256}"
    yield f"  title        {document.title}"
    yield f"  kind         {document.media_type}, read by {_readers(receipt)}"
    yield f"  pages        {_pages(receipt)}"
    yield f"  characters   {receipt.characters:,}"
    if receipt.languages:
        yield f"  languages    {', '.join(receipt.languages)}"
    if receipt.tables:
        yield f"  tables       {receipt.tables}"
    if receipt.ocr_pages:
        yield f"  by OCR       {_ocr(receipt)}"
    if receipt.disagreements:
        yield f"  disagreement two readers saw different words on pages {_numbers(receipt.disagreements)}"
    for title, entries in (("skipped", receipt.skipped), ("instructions", receipt.flags), ("note", receipt.notes)):
        for entry in entries:
            yield f"  {title:<12} {entry}"


def losses_of(receipt: Receipt) -> tuple[str, ...]:
    """What of a file was not read; empty when all of it was."""
    return receipt.skipped


def receipt_to_json(document: Document) -> dict[str, Any]:
    """A receipt as plain data, with the document it belongs to."""
    return {
        "document_id": document.id,
        "source": document.source,
        "sha256": document.sha256,
        "title": document.title,
        "media_type": document.media_type,
        "metadata": dict(document.metadata),
        "receipt": asdict(document.receipt),
        "losses": list(losses_of(document.receipt)),
    }


def document_from_json(raw: dict[str, Any]) -> Document:
    """The document of plain data made by `receipt_to_json`, without its pages."""
    receipt = raw["receipt"]
    lists = {key: tuple(value) for key, value in receipt.items() if isinstance(value, list)}
    ocr_pages = tuple(OcrPage(**page) for page in receipt["ocr_pages"])
    return Document(
        id=raw["document_id"],
        source=raw["source"],
        filename=raw["source"].rpartition("/")[2],
        sha256=raw["sha256"],
        title=raw["title"],
        media_type=raw["media_type"],
        pages=(),
        receipt=Receipt(**{**receipt, **lists, "ocr_pages": ocr_pages}),
        metadata=metadata_of(raw["metadata"]),
    )


def _readers(receipt: Receipt) -> str:
    named = [f"{name} {version}" for name, version in sorted(receipt.versions.items())]
    return ", ".join(named) or receipt.parser


def _pages(receipt: Receipt) -> str:
    read = receipt.pages - len(receipt.empty_pages)
    empty = f", {len(receipt.empty_pages)} empty ({_numbers(receipt.empty_pages)})" if receipt.empty_pages else ""
    return f"{receipt.pages} seen, {read} read{empty}"


def _ocr(receipt: Receipt) -> str:
    each = (f"page {page.number} ({page.confidence:.0%} sure)" for page in receipt.ocr_pages[:_MOST_LISTED])
    return ", ".join(each) + _more(receipt.ocr_pages)


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_MOST_LISTED])) + _more(numbers)


def _more(of: Sequence[object]) -> str:
    return f" and {len(of) - _MOST_LISTED} more" if len(of) > _MOST_LISTED else ""
