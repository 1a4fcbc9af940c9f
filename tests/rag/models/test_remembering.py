"""Vectors of texts are remembered, and computed once however many threads want them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pytest

from rag.caching import cached_property
from rag.errors import ModelUnavailable
from rag.models.embedding import Remembering
from rag.types import Embedding, FloatArray

PATIENCE_S = 20


@dataclass
class Counting:
    """Counts what it embeds; waits for its gate, and fails as often as it is told to."""

    asked: list[list[str]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    failures: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([each.dense for each in self.embed_words(texts)])

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        self.asked.append(list(texts))
        self.begun.set()
        assert self.gate.wait(PATIENCE_S)
        if self.failures:
            self.failures -= 1
            raise ModelUnavailable("gone")
        return [Embedding(row, row[None]) for row in np.array([[len(text), 1] for text in texts], dtype=np.float32)]


def test_what_was_embedded_is_remembered() -> None:
    """With its words, alone or in a batch; nobody can change it. Dense vectors of batches are not."""
    counting = Counting()
    remembering = Remembering(counting)
    first, again = remembering.embed_sentences(["four"]), remembering.embed_sentences(["four"])
    assert np.array_equal(first, again)
    assert np.array_equal(remembering.embed_words(["four"])[0].tokens, first)
    words = remembering.embed_words(["seven", "four", "seven"])
    assert [each.dense.tolist() for each in words] == [[5, 1], [4, 1], [5, 1]]
    assert counting.asked == [["four"], ["seven"]]
    assert np.array_equal(remembering.embed_sentences(["four", "seven"]), [[4, 1], [5, 1]])
    assert counting.asked[2:] == [["four", "seven"]]
    with pytest.raises(ValueError, match="read-only"):
        again[0, 0] = 7


def test_the_oldest_are_forgotten_first() -> None:
    """Each takes 16 bytes here, and what was asked for again is young."""
    counting = Counting()
    remembering = Remembering(counting, most_mb=48e-6)
    remembering.embed_words(["a", "bb", "ccc"])
    remembering.embed_words(["a"])
    remembering.embed_words(["dddd"])
    remembering.embed_words(["a", "bb", "ccc", "dddd"])
    assert counting.asked == [["a", "bb", "ccc"], ["dddd"], ["bb"]]


def test_a_text_that_another_thread_is_embedding_is_waited_for() -> None:
    """Each is embedded once."""
    counting = Counting()
    counting.gate.clear()
    remembering = Remembering(counting)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(remembering.embed_words, ["a", "bb"])
        assert counting.begun.wait(PATIENCE_S)
        others = [threads.submit(remembering.embed_words, ["bb", "a"]) for _ in range(3)]
        counting.gate.set()
        told = [each.result(PATIENCE_S) for each in (first, *others)]
    assert counting.asked == [["a", "bb"]]
    assert [[each.dense[0] for each in embeddings] for embeddings in told] == [[1, 2], [2, 1], [2, 1], [2, 1]]


def test_a_failure_is_told_to_who_waits_and_not_remembered() -> None:
    counting = Counting(failures=1)
    counting.gate.clear()
    remembering = Remembering(counting)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(remembering.embed_words, ["a"])]
        assert counting.begun.wait(PATIENCE_S)
        both.append(threads.submit(remembering.embed_words, ["a"]))
        counting.gate.set()
        for each in both:
            assert isinstance(each.exception(PATIENCE_S), ModelUnavailable | None)
    assert any(each.exception() for each in both)
    assert remembering.embed_words(["a"])[0].dense[0] == 1


class Slow:
    """Has a property that takes its time."""

    def __init__(self, entered: threading.Event, gate: threading.Event) -> None:
        self.entered, self.gate, self.times = entered, gate, 0

    @cached_property
    def value(self) -> int:
        """Computed once."""
        self.times += 1
        self.entered.set()
        assert self.gate.wait(PATIENCE_S)
        return self.times


def test_a_property_of_one_object_does_not_wait_for_that_of_another() -> None:
    held, free = Slow(threading.Event(), threading.Event()), Slow(threading.Event(), threading.Event())
    free.gate.set()
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(lambda: held.value) for _ in range(2)]
        assert held.entered.wait(PATIENCE_S)
        assert threads.submit(lambda: free.value).result(PATIENCE_S) == 1
        held.gate.set()
        assert [each.result(PATIENCE_S) for each in waiting] == [1, 1]
    assert held.times == 1
