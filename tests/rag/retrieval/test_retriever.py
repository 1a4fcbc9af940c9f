"""From a question to hits, on a real store."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.errors import CollectionNotFound
from rag.filters import Compare
from rag.retrieval.bm25 import Bm25Encoder
from rag.retrieval.rerank import CrossEncoderReranker, LateInteraction, NoRerank, Reranker
from rag.retrieval.retriever import Retriever, Weights
from rag.retrieval.spelling import DictionarySpeller, Spelled
from rag.store import CollectionSpec
from rag.store.embedded import EmbeddedStore
from rag.store.reading import all_of, of_version
from rag.types import Chunk, Document, Embedding, FloatArray, IndexedChunk, Page, Receipt, document_id_of
from tests.fakes.core import HashEmbedder

TEXTS = {
    "The gauge measures the level of the river.": 2023,
    "The battery is replaced every 18 months.": 2024,
    "Error ERR-4107 means that the modem was lost.": 2024,
    "Tea is served at four.": 2025,
}


class WordEmbedder(HashEmbedder):
    """Token vectors too: one a word."""

    def embed_query(self, text: str) -> Embedding:
        dense = super().embed_query(text).dense
        return Embedding(dense, self._words(text))

    def _words(self, text: str) -> FloatArray:
        return np.stack([HashEmbedder.embed_query(self, word).dense for word in text.split()])


class Lengths:
    """A cross-encoder that likes long passages."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        return [float(len(passage)) for passage in passages]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    made = EmbeddedStore(tmp_path)
    made.create_collection("c", CollectionSpec(HashEmbedder.dimension))
    made.create_collection("empty", CollectionSpec(HashEmbedder.dimension))
    encoder, embedder = Bm25Encoder(), WordEmbedder()
    for text, year in TEXTS.items():
        chunk = Chunk(document_id_of(text), "v", "f.txt", 1, 0, len(text), text, metadata={"year": year})
        indexed = IndexedChunk(chunk, embedder.embed_query(text), encoder.encode_document(text))
        made.write_chunks("c", [indexed])
        made.publish("c", version(text, "v", Page(1, text)), 1)
    yield made
    made.close()


def version(source: str, sha256: str, *pages: Page) -> Document:
    receipt = Receipt("text", len(pages), 9)
    return Document(document_id_of(source), source, "f.txt", sha256, "t", "text/plain", pages, receipt)


def retriever(store: EmbeddedStore, reranker: Reranker | None = None, rerank: float = 0.3) -> Retriever:
    weights = Weights(candidates=10, bm25=0.5, rerank=rerank)
    return Retriever(store, WordEmbedder(), Bm25Encoder(), reranker or LateInteraction(store), weights)


def test_the_best_hit_comes_first_with_the_scores_of_every_stage(store: EmbeddedStore) -> None:
    """So that a reader can see what brought it."""
    hits = retriever(store).search("Which battery is replaced?", collection="c", k=2)
    assert hits[0].chunk.text.startswith("The battery")
    assert {"score", "dense", "bm25", "fused", "rerank"} <= hits[0].scores.keys()
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_an_identifier_is_found_by_its_number(store: EmbeddedStore) -> None:
    """Vectors alone would not."""
    hits = retriever(store).search("4107", collection="c", k=1)
    assert "ERR-4107" in hits[0].chunk.text


def test_a_filter_holds_in_both_arms(store: EmbeddedStore) -> None:
    """Nothing outside of it comes back."""
    hits = retriever(store).search("battery gauge", collection="c", k=10, where=Compare("year", "eq", 2024))
    assert {hit.chunk.metadata["year"] for hit in hits} == {2024}


def test_an_empty_collection_has_no_hits(store: EmbeddedStore) -> None:
    """An empty list means that nothing matches."""
    assert retriever(store).search("anything", collection="empty", k=3) == []


def test_a_question_of_stop_words_still_ranks_by_meaning(store: EmbeddedStore) -> None:
    """BM25 has nothing to say to it."""
    ranking = retriever(store).rank("what is it", collection="c")
    assert ranking.arms.bm25 == {}
    assert len(ranking.final) == len(TEXTS)


def test_every_candidate_is_scored_by_both_arms(store: EmbeddedStore) -> None:
    """A chunk without a shared word scores 0 in BM25, and has its cosine."""
    ranking = retriever(store).rank("battery", collection="c")
    assert ranking.dense.keys() == ranking.fused.keys()


def test_without_a_reranker_the_fused_order_stays(store: EmbeddedStore) -> None:
    """And no rerank score is shown."""
    ranking = retriever(store, NoRerank()).rank("battery river", collection="c")
    assert list(ranking.final) == list(ranking.fused)
    assert ranking.rerank == {}


def test_a_cross_encoder_reads_the_passages(store: EmbeddedStore) -> None:
    """With all the weight, it alone decides."""
    hits = retriever(store, CrossEncoderReranker(store, Lengths()), rerank=1.0).search("tea", collection="c", k=4)
    assert [len(h.chunk.text) for h in hits] == sorted((len(t) for t in TEXTS), reverse=True)


def test_the_opening_of_a_hits_document_is_its_first_words(store: EmbeddedStore) -> None:
    """Cut between words, with exact offsets."""
    text = next(iter(TEXTS))
    pages = (Page(1, "word " * 400), Page(2, text))
    store.publish("c", version(text, "v", *pages), 1)
    hits = retriever(store).search("gauge river", collection="c", k=1)
    (opening,) = retriever(store).openings(hits, collection="c")
    assert opening.chunk.page == 1
    assert opening.chunk.text == pages[0].text[: opening.chunk.end]
    assert 900 < opening.chunk.end <= 1000


class Meanwhile:
    """A reranker that changes nothing, but while it is asked, other things happen."""

    def __init__(self, *happenings: Callable[[], None]) -> None:
        self._happenings = list(happenings)
        self.asked = 0

    def scores(self, collection: str, question: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        self.asked += 1
        if self._happenings:
            self._happenings.pop(0)()
        return {}


GAUGE = "The gauge measures the level of the river."


def stage(store: EmbeddedStore, sha256: str, *texts: str, source: str = GAUGE) -> Document:
    """A version with a chunk a page, staged."""
    of = version(source, sha256, *(Page(number, text) for number, text in enumerate(texts, start=1)))
    embedder, encoder = WordEmbedder(), Bm25Encoder()
    for page in of.pages:
        chunk = Chunk(of.id, sha256, "f.txt", page.number, 0, len(page.text), page.text)
        store.write_chunks(
            "c", [IndexedChunk(chunk, embedder.embed_query(page.text), encoder.encode_document(page.text))]
        )
    return of


def search(store: EmbeddedStore, reranker: Reranker, question: str = "gauge of the river", k: int = 10) -> set[str]:
    hits = retriever(store, reranker).search(question, collection="c", k=k)
    return {hit.chunk.text for hit in hits if "river" in hit.chunk.text}


def test_a_version_that_comes_into_sight_while_it_is_ranked_is_seen_whole(store: EmbeddedStore) -> None:
    """Half of its chunks were in sight when the arms looked, and the switch came before the records were read."""
    of = stage(store, "new", "The river rose.", "The river fell.", source="another")
    steps = store._steps("c", of, 2)
    for step in steps[:2]:
        step()
    store._set_fields("c", all_of(of_version(of.id, "new"), Compare("page", "eq", 1)), {"kind": "chunk"})

    def finish() -> None:
        for step in steps[2:]:
            step()

    reranker = Meanwhile(finish)
    assert search(store, reranker) == {GAUGE, "The river rose.", "The river fell."}
    assert reranker.asked == 2


def test_a_version_replaced_while_it_is_ranked_is_not_missed(store: EmbeddedStore) -> None:
    """Its chunks went away between the ranking and the fetching; the new ones are found in a second ranking."""
    of = stage(store, "new", "The river rose.")
    assert search(store, Meanwhile(lambda: store.publish("c", of, 1))) == {"The river rose."}


def test_between_unstaging_and_switching_the_old_version_answers(store: EmbeddedStore) -> None:
    """However long that takes: both are in sight, and the record decides. The ranking is tried three times."""
    of = stage(store, "new", "The river rose.")
    for step in store._steps("c", of, 1)[:3]:
        step()
    reranker = Meanwhile()
    assert search(store, reranker) == {GAUGE}
    assert reranker.asked == 3


def test_between_switching_and_deleting_the_new_version_answers(store: EmbeddedStore) -> None:
    """The old one is still there, and not shown."""
    of = stage(store, "new", "The river rose.")
    for step in store._steps("c", of, 1)[:4]:
        step()
    assert search(store, Meanwhile()) == {"The river rose."}


def test_a_document_that_changes_all_the_time_is_never_seen_in_two_versions(store: EmbeddedStore) -> None:
    """After three rankings, what is current counts."""

    def switch(sha256: str) -> Callable[[], None]:
        return lambda: store.publish("c", stage(store, sha256, f"The river in {sha256}."), 1)

    reranker = Meanwhile(*(switch(sha256) for sha256 in ("v2", "v3", "v4", "v5")))
    assert search(store, reranker) <= {"The river in v4."}
    assert reranker.asked == 3


def test_a_document_deleted_while_it_is_ranked_is_not_shown(store: EmbeddedStore) -> None:
    """The others are."""
    reranker = Meanwhile(lambda: store.delete("c", document_id_of(GAUGE)))
    hits = retriever(store, reranker).search("gauge battery", collection="c", k=10)
    assert {hit.chunk.text for hit in hits} == TEXTS.keys() - {GAUGE}


def test_what_stands_around_a_deleted_hit_is_the_hit(store: EmbeddedStore) -> None:
    """It was current when it was found; its page and its opening are gone."""
    hits = retriever(store).search("gauge river", collection="c", k=1)
    store.delete("c", document_id_of(GAUGE))
    assert retriever(store).openings(hits, collection="c") == []
    assert retriever(store).parents(hits, collection="c", characters=100) == hits


def test_hits_grow_to_windows_of_their_pages(store: EmbeddedStore) -> None:
    """With exact offsets."""
    text = next(text for text in TEXTS if "battery" in text)
    page = Page(1, f"{text} Order it from the depot.")
    store.publish("c", version(text, "v", page), 1)
    hits = retriever(store).search("battery replaced", collection="c", k=1)
    (window,) = retriever(store).parents(hits, collection="c", characters=100)
    assert window.chunk.text == page.text
    assert (window.chunk.start, window.chunk.end, window.score) == (0, len(page.text), hits[0].score)


def test_repeats_do_not_fill_the_hits(store: EmbeddedStore) -> None:
    """The same words in many documents take one place, until there is nothing else."""
    for number in range(5):
        of = stage(store, "v", "The gauge of the river is read.", source=f"copy {number}")
        store.publish("c", of, 1)
    found = retriever(store).search("gauge of the river", collection="c", k=5)
    assert len({hit.chunk.text for hit in found}) == 5
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_a_typing_error_is_read_as_a_word_of_the_nearest_chunks(store: EmbeddedStore) -> None:
    """What is searched for is said; the question finds what it could not."""
    weights = Weights(candidates=10, bm25=0.5, rerank=0.0)
    lenient = Retriever(store, WordEmbedder(), Bm25Encoder(), NoRerank(), weights, speller=DictionarySpeller())
    spelled = lenient.spelled("when is the batery replaced", collection="c")
    assert spelled.text == "when is the battery replaced"
    assert spelled.changes == (("batery", "battery"),)
    assert lenient.search(spelled.text, collection="c", k=1)[0].chunk.text.startswith("The battery")


def test_a_word_that_stands_anywhere_in_the_collection_is_no_typing_error(store: EmbeddedStore) -> None:
    """Inflected, or as a part of an identifier; not only in the nearest chunks."""
    of = stage(store, "v", "Set KEEP_BATERIES to true.", source="another document")
    store.publish("c", of, 1)
    weights = Weights(candidates=10, bm25=0.5, rerank=0.0)
    lenient = Retriever(store, WordEmbedder(), Bm25Encoder(), NoRerank(), weights, speller=DictionarySpeller())
    question = "when is a batery replaced"
    assert lenient.spelled(question, collection="c") == Spelled(question)


def test_a_question_of_known_words_takes_no_search(store: EmbeddedStore) -> None:
    """Nor does any question without a speller; a collection that is not there would be an error."""
    weights = Weights(candidates=10, bm25=0.5, rerank=0.0)
    lenient = Retriever(store, WordEmbedder(), Bm25Encoder(), NoRerank(), weights, speller=DictionarySpeller())
    question = "When is the battery replaced?"
    assert lenient.spelled(question, collection="nowhere").text == question
    assert retriever(store).spelled("teh batery", collection="nowhere").text == "teh batery"
    with pytest.raises(CollectionNotFound):
        lenient.spelled("teh batery", collection="nowhere")
