"""What every store promises. Runs on the embedded store and on qdrant-client's in-memory server API, directly and
over HTTP; set FOOTNOTE_TEST_QDRANT_URL to run it on a real Qdrant server too (and FOOTNOTE_TEST_QDRANT_GRPC=1: over
gRPC)."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from rag.errors import CollectionNotFound
from rag.filters import Combine, Compare
from rag.retrieval.bm25 import Bm25Encoder
from rag.store import CollectionSpec, Store
from rag.store.server import ServerStore
from rag.text.terms import terms
from rag.types import Embedding, IndexedChunk, Value, document_id_of
from tests.fakes.stores import ENCODER, KINDS_AND_HTTP, SERVER_URL, SPEC, document, indexed, opened, unit, write


@pytest.fixture(params=KINDS_AND_HTTP)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def name(store: Store) -> Iterator[str]:
    made = f"contract-{uuid.uuid4().hex[:8]}"
    store.create_collection(made, SPEC)
    yield made
    if store.has_collection(made):
        store.drop_collection(made)


def found(store: Store, name: str, chunk: IndexedChunk, **options: object) -> list[str]:
    arms = store.search(name, chunk.embedding, chunk.lexical, k=10, **options)  # type: ignore[arg-type]
    return [c.text for c in store.chunks(name, list(arms.dense))]


def test_a_new_collection_is_listed_and_a_dropped_one_is_not(store: Store, name: str) -> None:
    """Creating twice changes nothing."""
    store.create_collection(name, SPEC)
    assert name in store.collections()
    store.drop_collection(name)
    assert name not in store.collections()
    assert not store.has_collection(name)


def test_an_unknown_collection_is_named(store: Store) -> None:
    """A read from a collection that does not exist is an error, not an empty result."""
    query = Embedding(unit(1), unit(1, 2))
    with pytest.raises(CollectionNotFound, match="nowhere"):
        store.search("nowhere", query, ENCODER.encode_query("x"), k=3)
    with pytest.raises(CollectionNotFound, match="nowhere"):
        store.count("nowhere")


def test_chunks_come_back_as_they_were_written(store: Store, name: str) -> None:
    """By id, in the order asked for; unknown ids are left out."""
    of = document()
    chunks = [indexed(of, "alpha beta", 0, lang="en", n=1), indexed(of, "gamma", 20, ok=True, f=0.5)]
    write(store, name, of, *chunks)
    ids = [chunks[1].chunk.id, str(uuid.uuid4()), chunks[0].chunk.id]
    assert store.chunks(name, ids) == [chunks[1].chunk, chunks[0].chunk]


def test_writing_a_chunk_twice_leaves_one(store: Store, name: str) -> None:
    """A chunk's id follows from its content."""
    of = document()
    for _ in range(2):
        write(store, name, of, indexed(of, "alpha"))
    assert store.count(name) == 1
    assert len(list(store.documents(name))) == 1


def test_a_document_comes_back_with_its_pages_in_order(store: Store, name: str) -> None:
    """With its receipt and metadata; a page can be fetched alone."""
    of = document(pages=300)
    write(store, name, of)
    assert store.document(name, of.id) == of
    assert store.page(name, of.id, of.sha256, 7) == of.pages[6]
    assert store.page(name, of.id, of.sha256, 301) is None
    assert store.document(name, document_id_of("other")) is None


def test_pages_and_records_are_no_hits(store: Store, name: str) -> None:
    """Only chunks are counted and found."""
    of = document(pages=3)
    chunk = indexed(of, "alpha")
    write(store, name, of, chunk)
    assert store.count(name) == 1
    assert found(store, name, chunk) == ["alpha"]


def test_a_listing_tells_documents_without_their_pages(store: Store, name: str) -> None:
    """Ordered by id."""
    both = [document("b.txt"), document("a.txt", pages=2)]
    for of in both:
        write(store, name, of, indexed(of, of.filename))
    listed = list(store.documents(name))
    assert [d.id for d in listed] == sorted(d.id for d in both)
    assert {d.filename: (d.pages, d.chunks) for d in listed} == {"a.txt": (2, 1), "b.txt": (1, 1)}


def test_deleting_a_document_leaves_nothing_of_it(store: Store, name: str) -> None:
    """No chunk, no page, no record; the others stay."""
    gone, kept = document("gone.txt"), document("kept.txt")
    chunk = indexed(gone, "alpha")
    write(store, name, gone, chunk)
    write(store, name, kept, indexed(kept, "beta"))
    store.delete(name, gone.id)
    assert store.document(name, gone.id) is None
    assert store.page(name, gone.id, gone.sha256, 1) is None
    assert store.chunks(name, [chunk.chunk.id]) == []
    assert found(store, name, chunk) == ["beta"]


def test_metadata_is_put_over_what_a_document_has(store: Store, name: str) -> None:
    """Searches filter by it, booleans too; keys can be taken away; a document that is not there is no matter."""
    of = document()
    chunk = indexed(of, "alpha beta", year=2023, draft=True)
    write(store, name, of, chunk)
    store.set_metadata(name, of.id, {"draft": False, "lang": "en"}, without=("year",))
    store.set_metadata(name, document_id_of("nowhere"), {"draft": True})
    assert found(store, name, chunk, where=Compare("draft", "eq", False)) == ["alpha beta"]
    assert found(store, name, chunk, where=Compare("draft", "eq", True)) == []
    assert found(store, name, chunk, where=Compare("year", "eq", 2023)) == []
    stored = store.document(name, of.id)
    assert stored is not None
    assert stored.metadata == {"draft": False, "lang": "en"}
    assert store.chunks(name, [chunk.chunk.id])[0].metadata == stored.metadata


def test_the_dense_arm_ranks_by_cosine(store: Store, name: str) -> None:
    """Best first, the query's own vector on top with a score of 1."""
    of = document()
    chunks = [indexed(of, text, i * 10) for i, text in enumerate(["one", "two", "three", "four"])]
    write(store, name, of, *chunks)
    arms = store.search(name, chunks[2].embedding, ENCODER.encode_query("zebra"), k=4)
    expected = sorted(chunks, key=lambda c: -float(c.embedding.dense @ chunks[2].embedding.dense))
    assert list(arms.dense) == [c.chunk.id for c in expected]
    assert next(iter(arms.dense.values())) == pytest.approx(1, abs=2e-3)
    assert arms.bm25 == {}


TEXTS = [
    "the pump restarts when the modem is lost",
    "modem firmware 4.4.1 fixes the watchdog",
    "a watchdog restarts the logger and the modem, the modem again",
    "battery life of the logger",
    "the radar sensor measures the level of the river",
    "a river gauge reports its level every day",
    "spare parts and prices",
    "warranty of the battery pack",
    "an unrelated sentence about tea",
    "another one about coffee",
]


def test_the_bm25_arm_scores_as_rank_bm25_does(store: Store, name: str) -> None:
    """On the same terms, with the IDF that Lucene and Qdrant use, scores are equal, so the ranking is."""

    class Lucene(BM25Okapi):
        def _calc_idf(self, frequencies: dict[str, int]) -> None:
            total = self.corpus_size
            self.idf = {t: float(np.log(1 + (total - n + 0.5) / (n + 0.5))) for t, n in frequencies.items()}

    corpus = [terms(text, "en") for text in TEXTS]
    reference = Lucene(corpus, k1=1.2, b=0.75)
    encoder = Bm25Encoder(k1=1.2, b=0.75, average_terms=reference.avgdl)
    of = document()
    chunks = [
        IndexedChunk(c.chunk, c.embedding, encoder.encode_document(text))
        for i, text in enumerate(TEXTS)
        for c in [indexed(of, text, 100 * i)]
    ]
    write(store, name, of, *chunks)
    for query in ["modem watchdog", "river level", "battery", "firmware 4.4.1 logger restarts"]:
        arm = store.search(name, chunks[0].embedding, encoder.encode_query(query), k=10).bm25
        expected = dict(zip([c.chunk.id for c in chunks], reference.get_scores(terms(query, "en")), strict=True))
        assert arm == pytest.approx({i: s for i, s in expected.items() if s > 0}, rel=1e-3)


def test_exact_scores_of_named_chunks(store: Store, name: str) -> None:
    """The same numbers a search gives, for the chunks asked about and no others."""
    of = document()
    chunks = [indexed(of, text, 100 * i) for i, text in enumerate(TEXTS)]
    write(store, name, of, *chunks)
    query, lexical = chunks[0].embedding, ENCODER.encode_query("modem river")
    everything = store.search(name, query, lexical, k=10)
    some = [c.chunk.id for c in chunks[:6]]
    scored = store.score(name, query, lexical, some)
    assert scored.dense == pytest.approx({i: s for i, s in everything.dense.items() if i in some}, abs=1e-3)
    assert scored.bm25 == pytest.approx({i: s for i, s in everything.bm25.items() if i in some}, abs=1e-3)
    assert store.score(name, query, lexical, []).dense == {}


def test_late_interaction_is_the_sum_of_best_matches(store: Store, name: str) -> None:
    """Within what eight bits a value lose."""
    of = document()
    chunks = [indexed(of, text, 100 * i) for i, text in enumerate(TEXTS)]
    write(store, name, of, *chunks)
    query = Embedding(unit(5), unit(5, 4))
    ids = [c.chunk.id for c in chunks[:5]]
    expected = {c.chunk.id: float((query.tokens @ c.embedding.tokens.T).max(axis=1).sum()) for c in chunks[:5]}
    assert store.max_sim(name, query, ids) == pytest.approx(expected, abs=0.1)
    assert store.max_sim(name, query, []) == {}


A, B, C = "a", "b", "c"
FILTERS = [
    (Compare("year", "eq", 2022), {A}),
    (Compare("year", "ne", 2022), {B, C}),
    (Compare("year", "in", (2022, 2024)), {A, C}),
    (Compare("year", "nin", (2022, 2024)), {B}),
    (Compare("year", "gt", 2022), {B, C}),
    (Compare("year", "gte", 2023), {B, C}),
    (Compare("year", "lt", 2023), {A}),
    (Compare("year", "lte", 2023), {A, B}),
    (Compare("team", "eq", "red"), {A, C}),
    (Compare("team", "in", ("blue",)), {B}),
    (Compare("open", "eq", True), {A}),
    (Compare("price", "eq", 1.5), {B}),
    (Compare("tags", "eq", "ops"), {A, C}),
    (Compare("tags", "ne", "ops"), {B}),
    (Compare("tags", "in", ("db", "web")), {A, B}),
    (Compare("author.name", "eq", "Ida"), {A}),
    (Compare("author.known", "eq", True), {A}),
    (Compare("filename", "eq", "a.txt"), {A, B, C}),
    (Combine("and", (Compare("team", "eq", "red"), Compare("year", "gt", 2022))), {C}),
    (Combine("or", (Compare("team", "eq", "blue"), Compare("year", "gt", 2023))), {B, C}),
    (Combine("and", (Combine("or", (Compare("year", "eq", 2022), Compare("year", "eq", 2023))),)), {A, B}),
]


@pytest.mark.parametrize(("where", "expected"), FILTERS)
def test_filters(store: Store, name: str, where: Compare | Combine, expected: set[str]) -> None:
    """Every comparison and both combinations, in searches and counts alike; of a list, any value may be meant."""
    of = document()
    author: dict[str, Value] = {"author.name": "Ida", "author.known": True}
    chunks = [
        indexed(of, A, 0, year=2022, team="red", open=True, price=2.5, tags=("ops", "db"), **author),
        indexed(of, B, 10, year=2023, team="blue", open=False, price=1.5, tags="web"),
        indexed(of, C, 20, year=2024, team="red", open=False, price=3.5, tags=("ops",)),
    ]
    write(store, name, of, *chunks)
    assert set(found(store, name, chunks[0], where=where)) == expected
    assert store.count(name, where) == len(expected)


@pytest.mark.parametrize("quantization", ["int8", "binary"])
def test_quantised_collections_still_rank(store: Store, quantization: str) -> None:
    """The nearest chunk stays the nearest."""
    made = f"contract-{quantization}-{uuid.uuid4().hex[:8]}"
    store.create_collection(made, CollectionSpec(8, "float16", quantization))  # type: ignore[arg-type]
    of = document()
    chunks = [indexed(of, text, 100 * i) for i, text in enumerate(TEXTS)]
    write(store, made, of, *chunks)
    store.optimize(made)
    assert found(store, made, chunks[3])[0] == TEXTS[3]
    store.drop_collection(made)


@pytest.mark.slow
def test_a_snapshot_brings_a_collection_back(store: Store, name: str, tmp_path: Path) -> None:
    """Even after it was dropped."""
    if isinstance(store, ServerStore) and SERVER_URL is None:
        pytest.skip("qdrant-client's in-memory mode makes no snapshots; set FOOTNOTE_TEST_QDRANT_URL to run this")
    of = document()
    chunk = indexed(of, "alpha")
    write(store, name, of, chunk)
    saved = store.snapshot(name, tmp_path)
    assert store.count(name) == 1
    store.drop_collection(name)
    store.restore(name, saved)
    assert store.document(name, of.id) == of
    assert found(store, name, chunk) == ["alpha"]
