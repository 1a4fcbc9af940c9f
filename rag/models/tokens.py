"""Counts tokens without a model, for chunking in any process."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tokenizers import Tokenizer

_CHARACTERS_PER_TOKEN = 2.5  # an upper estimate for English prose is 4; code and other scripts need more tokens


class TokenCounter:
    """Counts the tokens of one tokenizer, without its special ones and without a limit. It can be pickled.

    `definition` is the JSON of a `tokenizers` tokenizer.
    """

    def __init__(self, definition: str) -> None:
        self._definition = definition
        self._tokenizer = Tokenizer.from_str(definition)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, text: str) -> int:
        """Tokens of a text."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def text_of(self, tokens: Sequence[int]) -> str | None:
        """The text of these tokens; None where one of them is none of this tokenizer."""
        known = self._tokenizer.get_vocab_size()
        return self._tokenizer.decode(list(tokens)) if all(0 <= token < known for token in tokens) else None

    def __reduce__(self) -> tuple[type[TokenCounter], tuple[str]]:
        return TokenCounter, (self._definition,)


def estimated_tokens(text: str) -> int:
    """Tokens of a text where the tokenizer is out of reach: rather too many than too few."""
    return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)
