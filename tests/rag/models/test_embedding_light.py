"""The shipped model without a framework gives what sentence-transformers gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.models.embedding_light import LightEmbedder
from rag.models.embedding_local import LocalEmbedder
from rag.models.weights import read_shipped_model
from rag.types import Embedding
from tests import ROOT

pytestmark = pytest.mark.slow

TEXTS = (
    "",
    "!!!",
    "Ducks, geese and gulls!",
    "How often must the battery pack of the Ouzel 4 be replaced?",
    "  La batterie doit être changée tous les dix-huit mois.  ",
    "日本語 и русский 🙂",
    "word " * 400,
    *(ROOT / "docs" / "research" / "verifier.md").read_text(encoding="utf-8").split("\n\n")[:20],
)


@pytest.fixture(scope="module")
def light() -> LightEmbedder:
    return LightEmbedder(read_shipped_model(), token_vectors=8)


@pytest.fixture(scope="module")
def exact() -> LocalEmbedder:
    return LocalEmbedder(dtype="float32", token_vectors=8)


def assert_same(one: Embedding, other: Embedding) -> None:
    """Every vector of unit length, and of the same direction."""
    assert one.tokens.shape == other.tokens.shape
    for mine, theirs in ((one.dense[None], other.dense[None]), (one.tokens, other.tokens)):
        assert np.allclose((mine * theirs).sum(axis=1), 1, atol=1e-5)


def test_questions_and_words_have_the_vectors_of_sentence_transformers(
    light: LightEmbedder, exact: LocalEmbedder
) -> None:
    """Dense and token vectors, whatever the texts are, cut off at the model's window, alone or with others."""
    for mine, theirs in zip(light.embed_words(TEXTS), exact.embed_words(TEXTS), strict=True):
        assert_same(mine, theirs)
    for text in TEXTS:
        assert_same(light.embed_query(text), exact.embed_query(text))
    assert np.allclose(light.embed_sentences(TEXTS), exact.embed_sentences(TEXTS), atol=1e-5)


def test_documents_have_them_too(light: LightEmbedder, exact: LocalEmbedder) -> None:
    """Dense ones; which tokens are pooled together hangs on the last digits, so these are only as many."""
    for mine, theirs in zip(light.embed_documents(TEXTS), exact.embed_documents(TEXTS), strict=True):
        assert float(mine.dense @ theirs.dense) > 1 - 1e-5
        assert mine.tokens.shape == theirs.tokens.shape


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_has_the_vectors_of_sentence_transformers(
    light: LightEmbedder, exact: LocalEmbedder, text: str
) -> None:
    """Control characters, lone marks, scripts the vocabulary lacks."""
    assert_same(light.embed_query(text), exact.embed_query(text))


def test_what_both_tell_of_themselves_is_the_same(light: LightEmbedder, exact: LocalEmbedder) -> None:
    """Name, dimension, and how many tokens a text has; nothing to embed gives nothing."""
    assert (light.name, light.dimension) == (exact.name, exact.dimension)
    assert [light.count_tokens(text) for text in TEXTS] == [exact.count_tokens(text) for text in TEXTS]
    assert light.embed_sentences([]).shape == (0, light.dimension)
    assert light.embed_words([]) == light.embed_documents([]) == []


def test_a_text_in_a_crowd_is_as_it_is_alone(light: LightEmbedder) -> None:
    """Also where the texts take more than one forward pass."""
    crowd = light.embed_sentences([f"{number} " + "word " * 200 for number in range(30)])
    alone = light.embed_sentences(["17 " + "word " * 200])
    assert np.allclose(crowd[17], alone[0], atol=1e-6)
