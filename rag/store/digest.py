"""A digest of a collection's content: equal for equal content, whatever the store and the order of writing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from rag.store.store import Store


def digest(store: Store, collection: str) -> str:
    """The hex sha256 of a collection's published content.

    What is hashed is one line for each chunk and one for each document, as bytes sorted in ascending order:

        chunk SP chunk-id SP sha256-of-the-text LF
        document SP document-id SP sha256-of-the-version LF

    Ids are lower-case UUIDs, hashes 64 lower-case hex digits, texts UTF-8; all else is ASCII. A chunk's id stands for
    its document, version, page and offsets. Vectors are not hashed: they differ from processor to processor.

    Raises:
        CollectionNotFound, StoreUnavailable.
    """
    whole = hashlib.sha256()
    for line in sorted(_lines(store, collection)):
        whole.update(line)
    return whole.hexdigest()


def _lines(store: Store, collection: str) -> Iterator[bytes]:
    for document in store.documents(collection):
        yield f"document {document.id} {document.sha256}\n".encode("ascii")
    for chunk in store.all_chunks(collection):
        yield f"chunk {chunk.id} {hashlib.sha256(chunk.text.encode()).hexdigest()}\n".encode("ascii")
