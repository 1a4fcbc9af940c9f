"""Stores under test, and small documents and chunks to put into them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from rag.retrieval.bm25 import Bm25Encoder
from rag.store import CollectionSpec, Store
from rag.store.embedded import EmbeddedStore
from rag.store.server import MEMORY, ServerStore
from rag.types import Chunk, Document, Embedding, IndexedChunk, Page, Receipt, Value, document_id_of, sha256_of
from tests.fakes.llm import serving
from tests.fakes.qdrant import FakeQdrant

SPEC = CollectionSpec(dimension=8)
ENCODER = Bm25Encoder(average_terms=4)
SERVER_URL = os.environ.get("FOOTNOTE_TEST_QDRANT_URL")
KINDS = [
    "embedded",
    "memory",
    pytest.param(
        "server",
        marks=pytest.mark.skipif(
            SERVER_URL is None, reason="set FOOTNOTE_TEST_QDRANT_URL to a Qdrant server to run this"
        ),
    ),
]
# For what is asked a few times: every request is a connection.
KINDS_AND_HTTP = [*KINDS, pytest.param("http", marks=pytest.mark.slow)]


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Store]:
    """A store of a kind, closed afterwards."""
    with ExitStack() as parts:
        if kind == "embedded":
            made: Store = EmbeddedStore(folder / "store")
        elif kind == "memory":
            made = ServerStore(MEMORY)
        elif kind == "http":
            made = ServerStore(parts.enter_context(serving(FakeQdrant().app())))
        else:
            assert SERVER_URL is not None
            made = ServerStore(SERVER_URL, grpc=bool(os.environ.get("FOOTNOTE_TEST_QDRANT_GRPC")))
        parts.callback(made.close)
        yield made


def unit(seed: int, rows: int | None = None) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((rows or 1, 8)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn if rows else drawn[0]


def document(source: str = "a.txt", text: str = "first page", version: str = "v1", pages: int = 1) -> Document:
    return Document(
        id=document_id_of(source),
        source=source,
        filename=source,
        sha256=sha256_of(f"{text}{version}".encode()),
        title="A title",
        media_type="text/plain",
        pages=tuple(Page(n, f"{text} {n}", label=f"p{n}") for n in range(1, pages + 1)),
        receipt=Receipt("text", pages, 10, (2,), ("a note",)),
        metadata={"year": 2023},
    )


def indexed(of: Document, text: str, start: int = 0, **metadata: Value) -> IndexedChunk:
    chunk = Chunk(of.id, of.sha256, of.filename, 1, start, start + len(text), text, metadata=metadata)
    seed = sum(text.encode()) + start
    return IndexedChunk(chunk, Embedding(unit(seed), unit(seed, 3)), ENCODER.encode_document(text))


def write(store: Store, name: str, of: Document, *chunks: IndexedChunk) -> None:
    store.write_chunks(name, chunks)
    store.publish(name, of, len(chunks))
