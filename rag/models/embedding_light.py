"""The shipped embedding model in NumPy, without a framework, for the texts of one question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from tokenizers import Tokenizer

from rag.models.bert import Bert
from rag.models.embedding import normalise, pool_tokens
from rag.models.tokens import TokenCounter
from rag.models.weights import ShippedModel
from rag.models.word_tokens import IntArray, WordTokens
from rag.settings import SHIPPED_MODEL
from rag.types import Embedding, FloatArray

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_MOST_TOKENS = 4096
"""Of one forward pass; what it holds at a time grows with them."""


class LightEmbedder:
    """all-MiniLM-L6-v2 in NumPy: ready in a tenth of a second, and slower than `LocalEmbedder` from then on.

    Its vectors are those that sentence-transformers gives in float32.
    """

    def __init__(self, shipped: ShippedModel, *, max_tokens: int = 256, token_vectors: int = 40) -> None:
        longest = json.loads((shipped.folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        definition = (shipped.folder / "tokenizer.json").read_text(encoding="utf-8")
        self._counter = TokenCounter(definition)
        self._tokenizer = Tokenizer.from_str(definition)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(max_tokens, int(longest["max_seq_length"])))
        special = map(self._tokenizer.token_to_id, _SPECIAL)
        self._words = WordTokens(self._tokenizer.get_vocab(), [token for token in special if token is not None])
        self._bert = Bert(shipped.weights, heads=shipped.heads)
        self._token_vectors = token_vectors

    @property
    def name(self) -> str:
        return SHIPPED_MODEL

    @property
    def dimension(self) -> int:
        return self._bert.width

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        return [
            Embedding(_dense(states), pool_tokens(states[self._words.unpunctuated(ids)], self._token_vectors))
            for states, ids in self._passed(texts)
        ]

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        rows = [_dense(states) for states, _ in self._passed(texts)]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        return [
            Embedding(_dense(states), normalise(states[self._words.alone(ids)])) for states, ids in self._passed(texts)
        ]

    def embed_query(self, text: str) -> Embedding:
        [(states, _)] = self._passed([text])
        return Embedding(_dense(states), normalise(states))

    @property
    def count_tokens(self) -> TokenCounter:
        return self._counter

    def _passed(self, texts: Sequence[str]) -> Iterator[tuple[FloatArray, IntArray]]:
        """The last hidden states of each text, and its token ids."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        states = chain.from_iterable(map(self._bert, _batches(ids)))
        yield from zip(states, map(np.array, ids), strict=True)


def _dense(states: FloatArray) -> FloatArray:
    """The mean of a text's tokens, at unit length."""
    return normalise(states.mean(axis=0))


def _batches(texts: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    batch: list[list[int]] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > _MOST_TOKENS:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch
