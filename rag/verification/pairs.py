"""What the verifier's encoder reads: a claim beside a window of the documents, cut into tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tokenizers import Tokenizer

from rag.errors import ModelCorrupt
from rag.types import FloatArray, sha256_of

WEIGHTS_FILE = Path(__file__).with_name("encoder.safetensors")
MOST_TOKENS = 192
_CLAIM_TOKENS = 80
HEADS = 2  # support as people judge it; intact, that nothing was changed, added or joined falsely
SEGMENTS = 4  # claim, claim in both, window, window in both
SHARED = "embeddings.word_embeddings.weight"
"""The weights that are the embedding model's and do not stand in the file."""
TokenRow = tuple[list[int], list[int]]
"""Ids and segments of the tokens of one pair."""


class SupportEncoder(Protocol):
    """Scores claims against windows."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """For every (claim, window) the logits that it is supported and that it is intact, shape (n, 2)."""
        ...


class PairTokenizer:
    """Claims and windows as tokens, with the marks of tokens that stand in both; `pad` fills short rows."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        special = ("[CLS]", "[SEP]", "[PAD]")
        self._start, self._end, self.pad = (int(self._tokenizer.token_to_id(token) or 0) for token in special)
        marks = [i for token, i in self._tokenizer.get_vocab().items() if not any(c.isalnum() for c in token)]
        self._unmarked = frozenset(marks)

    def rows(self, pairs: Sequence[tuple[str, str]]) -> list[TokenRow]:
        """Token ids and segments of each pair."""
        texts = [text for pair in pairs for text in pair]
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(texts, add_special_tokens=False)]
        return [self._row(ids[2 * i], ids[2 * i + 1]) for i in range(len(pairs))]

    def _row(self, claim: list[int], window: list[int]) -> TokenRow:
        claim = claim[:_CLAIM_TOKENS]
        window = window[: MOST_TOKENS - 3 - len(claim)]
        both = set(claim) & set(window) - self._unmarked
        segments = [0, *(int(i in both) for i in claim), 0, *(2 + (i in both) for i in window), 2]
        return [self._start, *claim, self._end, *window, self._end], segments


def read_weights(version: str, path: Path = WEIGHTS_FILE) -> bytes:
    """The file of the fitted weights.

    Raises:
        ModelCorrupt: it is missing, or its sha256 is not `version`.
    """
    data = path.read_bytes() if path.is_file() else b""
    if sha256_of(data) != version:
        raise ModelCorrupt(f"{path} is missing or not the weights that the verifier was fitted with")
    return data


def version_of(path: Path = WEIGHTS_FILE) -> str:
    """The sha256 of the weights."""
    return sha256_of(path.read_bytes())
