"""Tokens of words and texts, with as few calls of the tokenizer as can be."""

from __future__ import annotations

from collections.abc import Callable

_CACHED_WORDS = 50_000
_LONG_WORD = 48
_LONGEST_COUNTED = 1500
_CHARACTERS_A_TOKEN = 12
_CHECKED = 16  # one text in so many is counted by the tokenizer although the sum is taken to be exact
_PROBES = (
    "The auditor's (unaudited) net-sales rose 3.5% to $82,959 in Q3; see https://a.example/b?c=d#e or café's naïve "
    "ÜBER-straße, 汉字没有空格。 مرحبا привет — “quoted” don't e.g. snake_case camelCase [1] {x} A/B 1,234.56 (10)% "
    "end. | # ** == -> <tag> 😀 of unbelievably antidisestablishmentarianism iPhone"
)
_SEPARATORS = (" ", "\n", "\n\n", "  ")


class TokenCounter:
    """Counts tokens by words.

    A tokenizer that splits at white space first, as most that embed texts do, counts a text as the sum over its words.
    That is tried out once. Where it holds, texts of printable characters are counted so, and one in sixteen is checked:
    a tokenizer that is found out is asked for every text from then on.
    """

    def __init__(self, count_tokens: Callable[[str], int]) -> None:
        self._count_tokens = count_tokens
        self._words = _Words(count_tokens)
        self._sums: bool | None = None
        self._measured = 0

    def estimate(self, text: str) -> int:
        """Tokens of a text as the sum over its words; very long words count a token for every four characters."""
        return sum(map(self._words.__getitem__, text.split()))

    def measure(self, text: str) -> int:
        """Tokens of a text; a bound on its characters holds where a tokenizer counts any word as one token."""
        return max(self._exact(text), len(text) // _CHARACTERS_A_TOKEN)

    def _exact(self, text: str) -> int:
        if self._sums is None:
            self._sums = self._is_sum_of_words()
        if not self._sums or not text.replace("\n", "").isprintable():
            return self._count_tokens(text)
        estimate = self.estimate(text)
        self._measured += 1
        if self._measured % _CHECKED:
            return estimate
        exact = self._count_tokens(text)
        self._sums = exact <= estimate
        return exact

    def _is_sum_of_words(self) -> bool:
        words = _PROBES.split()
        total = self.estimate(_PROBES)
        return all(self._count_tokens(separator.join(words)) == total for separator in _SEPARATORS)


class _Words(dict[str, int]):
    """Tokens of single words, counted when they are first asked for."""

    def __init__(self, count_tokens: Callable[[str], int]) -> None:
        super().__init__()
        self._count_tokens = count_tokens

    def __missing__(self, word: str) -> int:
        if len(word) > _LONG_WORD:  # a tokenizer may count a very long word as one unknown token
            return max(self._count_tokens(word) if len(word) < _LONGEST_COUNTED else 0, len(word) // 4)
        if len(self) >= _CACHED_WORDS:
            self.clear()
        tokens = self._count_tokens(word)
        self[word] = tokens
        return tokens
