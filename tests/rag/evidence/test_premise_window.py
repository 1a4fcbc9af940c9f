"""The window a verifier reads: small, in reading order, with the best sentence in it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.pool import EvidencePool
from rag.evidence.premise_window import MOST_SENTENCES, MOST_WORDS, premise, sentence_window
from rag.types import Chunk, Hit, document_id_of, sha256_of


def pool_of(*sentences: str, title: str = "") -> EvidencePool:
    text = " ".join(sentences)
    chunk = Chunk(document_id_of("a"), sha256_of(text.encode()), "a.txt", 1, 0, len(text), text, title=title)
    return EvidencePool([Hit(chunk, {"score": 1.0})])


SENTENCES = [f"Sentence number {i} says {'very ' * (i % 9)}little about the harbour." for i in range(30)]


@given(st.lists(st.floats(0, 1, width=32), min_size=30, max_size=30))
def test_a_window_is_small_ordered_and_has_the_best(scores: list[float]) -> None:
    """Whatever the ranking."""
    pool, ranking = pool_of(*SENTENCES), np.array(scores, dtype=np.float32)
    chosen = sentence_window(ranking, pool)
    assert list(chosen) == sorted(set(chosen))
    assert 1 <= len(chosen) <= MOST_SENTENCES
    assert sum(len(pool.candidates[i].text.split()) for i in chosen) <= MOST_WORDS
    assert int(np.argmax(ranking)) in chosen


def test_the_sentence_before_comes_along() -> None:
    """`It` in the best sentence is told by the one before."""
    pool = pool_of("The club is old.", "Boats are kept.", "Harbour Club is in Oslo.", "It owns 14 boats.")
    ranking = np.array([0, 0, 0, 1], dtype=np.float32)
    assert premise(sentence_window(ranking, pool), pool) == "Harbour Club is in Oslo. It owns 14 boats."


def test_the_title_stands_once_before_its_sentences() -> None:
    """What a page is about is read with it."""
    pool = pool_of("It owns 14 boats.", "It rents two sheds.", title="Harbour Club")
    read = premise(sentence_window(np.array([1, 1], dtype=np.float32), pool), pool)
    assert read == "Harbour Club: It owns 14 boats. It rents two sheds."
