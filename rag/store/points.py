"""Documents, pages and chunks as points of Qdrant, and filters, for both stores.

`chunk` points carry vectors, and are of kind `staged` until their version is published; `page` points carry the text of
one page; one `document` point per document says which version is current. An `unfinished` point marks a version that is
being published or deleted, and one `clock` point counts the switches of the collection.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from rag.filters import Combine, Compare, Filter
from rag.store.store import StoredDocument
from rag.types import Chunk, Document, OcrPage, Page, Receipt, Scalar, Value, metadata_of

DENSE, TOKENS, BM25 = "dense", "tokens", "bm25"
KEYWORD_FIELDS = ("kind", "document_id", "sha256", "filename")
CLOCK_FIELD = "switches"
_PLAIN_KEY = re.compile(r"[\w-]+")
_FIELDS = frozenset({*KEYWORD_FIELDS, "source", "page", "title", CLOCK_FIELD})
_NAMESPACE = uuid.UUID("0d5f2c3e-4c57-5e0e-8d2b-7061676573ff")

Payload = dict[str, Any]


def page_point_id(document_id: str, sha256: str, number: int) -> str:
    """Where a page is stored."""
    return str(uuid.uuid5(_NAMESPACE, f"{document_id}/{sha256}/page/{number}"))


def document_point_id(document_id: str) -> str:
    """Where the record of a document is stored: one place for all versions, so that writing it is the switch."""
    return str(uuid.uuid5(_NAMESPACE, document_id))


CLOCK_POINT_ID = str(uuid.uuid5(_NAMESPACE, "clock"))


def clock_payload(switches: int) -> Payload:
    """How many switches the collection has seen."""
    return {"kind": "clock", CLOCK_FIELD: switches}


def unfinished_point(document_id: str, sha256: str) -> tuple[str, Payload]:
    """The mark of a version that is being published or deleted."""
    point_id = str(uuid.uuid5(_NAMESPACE, f"{document_id}/{sha256}/unfinished"))
    return point_id, {"kind": "unfinished", "document_id": document_id, "sha256": sha256}


def chunk_payload(chunk: Chunk) -> Payload:
    """A staged chunk as a payload; `chunk_of` is its inverse."""
    return {
        "kind": "staged",
        "document_id": chunk.document_id,
        "sha256": chunk.sha256,
        "filename": chunk.filename,
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "title": chunk.title,
        "heading": list(chunk.heading),
        "context": chunk.context,
        "markdown": chunk.markdown,
        "metadata": dict(chunk.metadata),
    }


def chunk_of(payload: Mapping[str, Any]) -> Chunk:
    """The chunk of a payload."""
    return Chunk(
        document_id=payload["document_id"],
        sha256=payload["sha256"],
        filename=payload["filename"],
        page=payload["page"],
        start=payload["start"],
        end=payload["end"],
        text=payload["text"],
        title=payload["title"],
        heading=tuple(payload["heading"]),
        metadata=metadata_of(payload["metadata"]),
        context=payload["context"],
        markdown=payload.get("markdown", True),  # chunks of earlier versions do not say
    )


FLAGS = "flags"  # the embedded engine's Python binding takes True for 1, so booleans are also kept as words


def metadata_fields(metadata: Mapping[str, Value]) -> Payload:
    """A document's metadata as fields of its points."""
    values = [
        (key, one) for key, given in metadata.items() for one in (given if isinstance(given, tuple) else (given,))
    ]
    flags = [flag(metadata_path(key), value) for key, value in values if isinstance(value, bool)]
    return {"metadata": dict(metadata), FLAGS: flags}


def flag(key: str, value: bool) -> str:
    """A boolean as a word."""
    return f"{key}={value}"


def page_payload(document: Document, page: Page) -> Payload:
    """A page as a payload; `page_of` is its inverse."""
    return {
        "kind": "page",
        "document_id": document.id,
        "sha256": document.sha256,
        "number": page.number,
        "text": page.text,
        "label": page.label,
        "geometry": page.geometry,
    }


def page_point(document: Document, page: Page) -> tuple[str, Payload]:
    """A page with the place where it is stored."""
    return page_point_id(document.id, document.sha256, page.number), page_payload(document, page)


def page_of(payload: Mapping[str, Any]) -> Page:
    """The page of a payload."""
    return Page(payload["number"], payload["text"], payload["label"], payload["geometry"])


def document_payload(document: Document, chunks: int, switch: int) -> Payload:
    """A document's record as a payload; its pages are points of their own."""
    return {
        "kind": "document",
        "document_id": document.id,
        "sha256": document.sha256,
        "source": document.source,
        "filename": document.filename,
        "title": document.title,
        "media_type": document.media_type,
        "pages": len(document.pages),
        "chunks": chunks,
        "switch": switch,
        "metadata": dict(document.metadata),
        "receipt": receipt_payload(document.receipt),
    }


def receipt_payload(receipt: Receipt) -> Payload:
    """A receipt as a payload; `receipt_of` is its inverse."""
    return {
        "parser": receipt.parser,
        "pages": receipt.pages,
        "characters": receipt.characters,
        "empty_pages": list(receipt.empty_pages),
        "notes": list(receipt.notes),
        "ocr_pages": [{"number": page.number, "confidence": page.confidence} for page in receipt.ocr_pages],
        "tables": receipt.tables,
        "disagreements": list(receipt.disagreements),
        "skipped": list(receipt.skipped),
        "flags": list(receipt.flags),
        "languages": list(receipt.languages),
        "versions": dict(receipt.versions),
    }


def receipt_of(payload: Mapping[str, Any]) -> Receipt:
    """The receipt of a payload."""
    return Receipt(
        parser=payload["parser"],
        pages=payload["pages"],
        characters=payload["characters"],
        empty_pages=tuple(payload["empty_pages"]),
        notes=tuple(payload["notes"]),
        ocr_pages=tuple(OcrPage(page["number"], page["confidence"]) for page in payload["ocr_pages"]),
        tables=payload["tables"],
        disagreements=tuple(payload["disagreements"]),
        skipped=tuple(payload["skipped"]),
        flags=tuple(payload["flags"]),
        languages=tuple(payload["languages"]),
        versions=payload["versions"],
    )


def document_of(payload: Mapping[str, Any], pages: Iterable[Page]) -> Document:
    """The document of a record's payload and its pages."""
    return Document(
        id=payload["document_id"],
        source=payload["source"],
        filename=payload["filename"],
        sha256=payload["sha256"],
        title=payload["title"],
        media_type=payload["media_type"],
        pages=tuple(sorted(pages, key=lambda page: page.number)),
        receipt=receipt_of(payload["receipt"]),
        metadata=metadata_of(payload["metadata"]),
    )


def stored_of(payload: Mapping[str, Any]) -> StoredDocument:
    """What a listing shows of a record."""
    return StoredDocument(
        id=payload["document_id"],
        source=payload["source"],
        filename=payload["filename"],
        sha256=payload["sha256"],
        pages=payload["pages"],
        chunks=payload["chunks"],
        switch=payload["switch"],
    )


_Item = TypeVar("_Item")


def batches(
    items: Iterable[_Item], size_of: Callable[[_Item], int], *, most: int, most_bytes: int
) -> Iterator[list[_Item]]:
    """The items in order, in lists of at most `most` items and `most_bytes`; a larger item is a list of its own."""
    batch: list[_Item] = []
    held_bytes = 0
    for item in items:
        size_bytes = size_of(item)
        if batch and (len(batch) == most or held_bytes + size_bytes > most_bytes):
            yield batch
            batch, held_bytes = [], 0
        batch.append(item)
        held_bytes += size_bytes
    if batch:
        yield batch


def ordered(scores: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Scores best first, ties by id."""
    return dict(sorted(scores, key=lambda item: (-item[1], item[0])))


Condition = TypeVar("Condition")


class FilterMaker(Protocol[Condition]):
    """One vendor's filter conditions."""

    def match(self, key: str, value: str | int | bool) -> Condition: ...

    def between(self, key: str, **bounds: float) -> Condition: ...

    def group(
        self,
        *,
        must: Sequence[Condition] = (),
        should: Sequence[Condition] = (),
        must_not: Sequence[Condition] = (),
    ) -> Condition: ...


def translate(where: Filter, make: FilterMaker[Condition]) -> Condition:
    """A filter in a vendor's terms. A key that is not a field of a chunk names a metadata value."""
    if isinstance(where, Combine):
        parts = [translate(part, make) for part in where.filters]
        return make.group(must=parts) if where.op == "and" else make.group(should=parts)
    return _translate_compare(where, make)


def _translate_compare(where: Compare, make: FilterMaker[Condition]) -> Condition:
    key = where.key if where.key in _FIELDS else metadata_path(where.key)
    if where.op in ("in", "nin"):
        values = where.value if isinstance(where.value, tuple) else (where.value,)
        any_of = make.group(should=[_equals(key, value, make) for value in values])
        return any_of if where.op == "in" else make.group(must_not=[any_of])
    assert not isinstance(where.value, tuple)
    if where.op in ("eq", "ne"):
        equal = _equals(key, where.value, make)
        return equal if where.op == "eq" else make.group(must_not=[equal])
    return make.between(key, **{where.op: float(where.value)})


def metadata_path(key: str) -> str:
    """The path of a metadata value in a payload; a key with a dot or a space is one key."""
    return f"metadata.{key}" if _PLAIN_KEY.fullmatch(key) else f'metadata."{key}"'


def _equals(key: str, value: Scalar, make: FilterMaker[Condition]) -> Condition:
    if isinstance(value, float):
        return make.between(key, gte=value, lte=value)
    return make.match(key, value)
