"""Footnote as a part of a LlamaIndex application."""

import pytest
from llama_index.core.schema import QueryBundle

from rag.answers.answerer import Answerer
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.passages import PassageRetriever
from rag.answers.review import Reviewer
from rag.evidence.finder import EvidenceFinder
from rag.integrations.llamaindex import FootnoteQueryEngine, FootnoteRetriever
from tests.fakes.core import HashEmbedder, ListRetriever, hit
from tests.fakes.verifiers import shipped

pytestmark = pytest.mark.slow

HITS = [hit("The logger stores 400 days of readings. It is blue.", start=30, score=0.9)]


def test_hits_become_nodes_with_offsets_and_scores() -> None:
    """The metadata says where a node stands."""
    retriever = FootnoteRetriever(ListRetriever(HITS), collection="any", k=3)  # type: ignore[arg-type]
    (node,) = retriever.retrieve("How long?")
    assert node.text == HITS[0].chunk.text
    assert node.score == 0.9
    assert node.node.node_id == HITS[0].chunk.id
    assert (node.node.start_char_idx, node.node.end_char_idx) == (30, 81)  # type: ignore[attr-defined]
    assert node.metadata["filename"] == "manual.txt"


def test_a_query_engine_answers_with_quotes_as_sources() -> None:
    """And the whole answer in its metadata."""
    finder = EvidenceFinder(HashEmbedder())
    answerer = Answerer(
        PassageRetriever(ListRetriever(HITS), finder, top_k=3),  # type: ignore[arg-type]
        Reviewer(shipped(finder)),
        ExtractiveAnswerer(threshold=0.3),
        None,
        model={},
    )
    response = FootnoteQueryEngine(answerer, collection="any").query(
        QueryBundle("How many days does the logger store?")
    )
    assert str(response) == "The logger stores 400 days of readings."
    assert [node.text for node in response.source_nodes] == ["The logger stores 400 days of readings."]
    assert response.metadata is not None
    assert not response.metadata["answer"].abstained
