"""A collection's digest: equal for equal content, and for no other."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import CollectionNotFound
from rag.store import Store
from rag.store.digest import digest
from rag.types import Document, IndexedChunk
from tests.fakes.stores import SPEC, document, indexed, opened, write

A, B = document("a.txt", pages=2), document("b.txt")
CONTENT: list[tuple[Document, list[IndexedChunk]]] = [
    (A, [indexed(A, "alpha"), indexed(A, "naïve\nβ", 10)]),
    (B, [indexed(B, "gamma")]),
]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    with opened("embedded", tmp_path) as first, opened("memory", tmp_path) as second:
        for store in (first, second):
            store.create_collection("c", SPEC)
        yield [first, second]


def test_equal_content_has_one_digest(stores: list[Store]) -> None:
    """On either store, in either order, in one go or after other versions that are gone."""
    first, second = stores
    for of, chunks in CONTENT:
        write(first, "c", of, *chunks)
    old = document("a.txt", version="old")
    write(second, "c", old, indexed(old, "old words"))
    for of, chunks in reversed(CONTENT):
        for chunk in reversed(chunks):
            second.write_chunks("c", [chunk])
        second.publish("c", of, len(chunks))
    assert digest(first, "c") == digest(second, "c")


def test_the_layout_is_the_documented_one(stores: list[Store]) -> None:
    """So that another program can check it."""
    for of, chunks in CONTENT:
        write(stores[0], "c", of, *chunks)
    lines = [f"document {of.id} {of.sha256}\n" for of, _ in CONTENT]
    for _, chunks in CONTENT:
        lines += [f"chunk {c.chunk.id} {hashlib.sha256(c.chunk.text.encode()).hexdigest()}\n" for c in chunks]
    assert digest(stores[0], "c") == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def test_every_difference_shows(stores: list[Store]) -> None:
    """A text, a chunk more, a version without chunks, a document less; what is staged does not count."""
    store = stores[0]
    seen = [digest(store, "c")]
    for of, chunks in CONTENT:
        write(store, "c", of, *chunks)
        seen.append(digest(store, "c"))
    other = document("a.txt", version="v2", pages=2)
    staged = indexed(other, "alpha")
    store.write_chunks("c", [staged])
    assert digest(store, "c") == seen[-1]
    store.publish("c", other, 1)
    seen.append(digest(store, "c"))
    empty = document("b.txt", version="v2")
    write(store, "c", empty)
    seen.append(digest(store, "c"))
    store.delete("c", empty.id)
    seen.append(digest(store, "c"))
    assert len(set(seen)) == len(seen)


def test_the_digest_follows_the_text(stores: list[Store]) -> None:
    """Two texts in the same place of the same version differ."""
    for store, text in zip(stores, ("one text", "two text"), strict=True):
        write(store, "c", B, indexed(B, text))
    assert digest(stores[0], "c") != digest(stores[1], "c")


def test_an_unknown_collection_has_none(stores: list[Store]) -> None:
    """It is an error, not the digest of nothing."""
    for store in stores:
        with pytest.raises(CollectionNotFound, match="nowhere"):
            digest(store, "nowhere")
