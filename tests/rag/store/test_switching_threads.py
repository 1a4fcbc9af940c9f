"""Readers beside a writer: whatever is published meanwhile, each of them sees one whole version of each document."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from rag.retrieval.bm25 import Bm25Encoder
from rag.retrieval.rerank import NoRerank
from rag.retrieval.retriever import Retriever, Weights
from rag.store import CollectionSpec, Store
from rag.types import Chunk, Document, Hit, IndexedChunk, Page, Receipt, document_id_of
from tests.fakes.core import HashEmbedder
from tests.fakes.stores import KINDS, opened

pytestmark = pytest.mark.slow

C = "switching"
SOURCES = ("a", "b", "c", "d")
READERS, CHANGES = 3, 40


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as made:
        if made.has_collection(C):
            made.drop_collection(C)
        made.create_collection(C, CollectionSpec(HashEmbedder.dimension))
        yield made
        made.drop_collection(C)


def chunks_of(version: int) -> int:
    return 5 + version % 3


def publish(store: Store, source: str, version: int) -> None:
    embedder, encoder = HashEmbedder(), Bm25Encoder()
    page = Page(1, f"The gauge of {source} in version {version}. " * chunks_of(version))
    of = Document(
        document_id_of(source), source, source, str(version), "t", "text/plain", (page,), Receipt("text", 1, 9)
    )
    length = len(page.text) // chunks_of(version)
    for start in range(0, len(page.text), length):
        text = page.text[start : start + length]
        chunk = Chunk(of.id, of.sha256, source, 1, start, start + length, text)
        store.write_chunks(C, [IndexedChunk(chunk, embedder.embed_query(text), encoder.encode_document(text))])
    store.publish(C, of, chunks_of(version))


class Pace:
    """Lets the writer go on when every reader has finished a search since: no search meets more than one switch."""

    def __init__(self) -> None:
        self.searches = Counter(range(READERS))
        self.over = False
        self._changed = threading.Condition()

    def searched(self, reader: int) -> None:
        with self._changed:
            self.searches[reader] += 1
            self._changed.notify_all()

    def wait(self) -> None:
        with self._changed:
            before = dict(self.searches)
            self._changed.wait_for(lambda: self.over or all(self.searches[r] > n for r, n in before.items()))

    def end(self) -> None:
        with self._changed:
            self.over = True
            self._changed.notify_all()


def assert_whole(hits: list[Hit]) -> dict[str, int]:
    """The version of each document that the hits are of; one of each, and all of its chunks."""
    seen: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        seen[hit.chunk.filename].append(hit.chunk.sha256)
    for source, versions in seen.items():
        assert len(set(versions)) == 1, (source, versions)
        assert len(versions) == chunks_of(int(versions[0])), (source, versions)
    return {source: int(versions[0]) for source, versions in seen.items()}


def test_every_reader_sees_one_whole_version_of_each_document(store: Store) -> None:
    """Versions with more and with fewer chunks replace each other; one document is deleted and comes again. No reader
    goes back to an older version."""
    for source in SOURCES:
        publish(store, source, 1)
    pace = Pace()

    def read(reader: int) -> int:
        retriever = Retriever(store, HashEmbedder(), Bm25Encoder(), NoRerank(), Weights(100, 0.5, 0))
        latest: dict[str, int] = dict.fromkeys(SOURCES, 1)
        try:
            for searches in count(1):
                over = pace.over
                seen = assert_whole(retriever.search("the gauge version", collection=C, k=50))
                assert seen.keys() >= {"a", "b", "c"}
                assert all(version >= latest[source] for source, version in seen.items())
                latest |= seen
                pace.searched(reader)
                if over:
                    return searches
        finally:
            pace.end()
        raise AssertionError

    def write() -> None:
        try:
            for number in range(CHANGES):
                source = SOURCES[number % len(SOURCES)]
                if source == "d":
                    store.delete(C, document_id_of(source))
                    pace.wait()
                publish(store, source, 2 + number)
                pace.wait()
        finally:
            pace.end()

    with ThreadPoolExecutor(READERS + 1) as pool:
        readers = [pool.submit(read, reader) for reader in range(READERS)]
        pool.submit(write).result()
        assert min(reader.result() for reader in readers) >= CHANGES
    assert store.staged(C) == []
