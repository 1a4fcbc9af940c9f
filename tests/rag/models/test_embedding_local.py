"""The shipped model, and pooling of token vectors."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rag.errors import ModelUnavailable
from rag.models.embedding import pool_tokens
from rag.models.embedding_local import LocalEmbedder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder(token_vectors=8)


def test_one_pass_gives_unit_vectors_of_both_kinds(embedder: LocalEmbedder) -> None:
    """Documents are pooled to the limit, queries keep every token."""
    long = " ".join(f"word{i}" for i in range(60))
    (document,) = embedder.embed_documents([long])
    query = embedder.embed_query(long)
    assert document.dense.shape == (embedder.dimension,)
    assert document.tokens.shape == (8, embedder.dimension)
    assert len(query.tokens) > 60
    for rows in (document.dense[None], document.tokens, query.tokens):
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_a_sentence_has_a_vector_for_each_of_its_words(embedder: LocalEmbedder) -> None:
    """Punctuation and what the model puts around a text have none; the sentence's own vector is the same."""
    (found,) = embedder.embed_words(["Ducks, geese and gulls!"])
    assert found.tokens.shape == (len(embedder.embed_query("ducks geese and gulls").tokens) - 2, embedder.dimension)
    assert np.allclose(np.linalg.norm(found.tokens, axis=1), 1, atol=1e-3)
    assert float(found.dense @ embedder.embed_sentences(["Ducks, geese and gulls!"])[0]) > 0.999
    assert embedder.embed_words([]) == []


def test_a_made_up_word_is_far_from_all_words_of_a_sentence(embedder: LocalEmbedder) -> None:
    """And a word for the same thing is near."""
    source = "The boat was built by a carpenter in Bergen in 1931."
    kept, made_up = "A ship made in Bergen by a carpenter.", "A ship made in Bergen by a dentist."
    told, true, false = (each.tokens for each in embedder.embed_words([source, kept, made_up]))
    assert float((true @ told.T).max(axis=1).min()) > float((false @ told.T).max(axis=1).min()) + 0.1


def test_order_and_batching_do_not_change_vectors(embedder: LocalEmbedder) -> None:
    """Texts are batched by length; results come in the order of the texts, up to bfloat16."""
    texts = ["a short one", "word " * 80, "the level of the river", ""]
    together = embedder.embed_documents(texts)
    alone = [embedder.embed_documents([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert float(one.dense @ other.dense) > 0.999


def test_vectors_agree_with_float32(embedder: LocalEmbedder) -> None:
    """Whatever the processor computes in."""
    exact = LocalEmbedder(dtype="float32")
    text = "The battery pack must be replaced every 18 months."
    assert float(exact.embed_query(text).dense @ embedder.embed_query(text).dense) > 0.999


def test_meaning_counts(embedder: LocalEmbedder) -> None:
    """A paraphrase is nearer than another topic."""
    question = embedder.embed_query("How long does the battery last?").dense
    near, far = embedder.embed_documents(["The battery holds for 18 months.", "The tea was cold."])
    assert float(question @ near.dense) > float(question @ far.dense) + 0.2


def test_tokens_are_counted_beyond_the_window(embedder: LocalEmbedder) -> None:
    """Chunking needs the true length, of short texts too, whatever was embedded before."""
    embedder.embed_documents(["one", "two " * 300])
    assert embedder.count_tokens("a") == 1
    assert embedder.count_tokens("hello " * 1000) == 1000


def test_a_model_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting that names it."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="FOOTNOTE_EMBEDDING_MODEL"):
        LocalEmbedder(str(tmp_path))


@settings(max_examples=50)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 60), st.just(6)), elements=st.floats(-1, 1, width=16)),
    st.integers(1, 20),
)
def test_pooling_never_exceeds_its_limit(tokens: np.ndarray, limit: int) -> None:
    """Rows are of unit length, or zero where nothing but zeros was pooled; a short text keeps all of its rows."""
    pooled = pool_tokens(tokens, limit)
    assert len(pooled) == min(limit, len(tokens))
    norms = np.linalg.norm(pooled, axis=1)
    assert np.all((np.abs(norms - 1) < 1e-3) | (norms < 1e-3))
