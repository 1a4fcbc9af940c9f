"""The premise window of a claim: the most relevant sentences of the hits, in reading order.

A reader that was not given the whole prompt of an answer is given this instead: small models collapse on long texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.evidence.pool import EvidencePool
from rag.types import FloatArray

MOST_WORDS = 80
MOST_SENTENCES = 6
_MOST_WORDS_OF_ONE = 60


def sentence_window(ranking: FloatArray, pool: EvidencePool) -> tuple[int, ...]:
    """Candidates for the window, in reading order: the best ranked, each with the previous sentence if that fits.

    The previous sentence often resolves a pronoun. At most MOST_SENTENCES and, beyond the first sentence, MOST_WORDS.
    """
    chosen: set[int] = set()
    room = MOST_WORDS
    for best in np.argsort(-ranking, kind="stable"):
        if chosen and (room <= 0 or len(chosen) == MOST_SENTENCES or ranking[best] <= 0):
            break
        for index in (int(best), _before(int(best), pool)):
            if index is None or index in chosen:
                continue
            cost = min(_MOST_WORDS_OF_ONE, len(pool.candidates[index].text.split()))
            if chosen and (cost > room or len(chosen) == MOST_SENTENCES):
                continue
            chosen.add(index)
            room -= cost
    return tuple(sorted(chosen))


def premise(indexes: Sequence[int], pool: EvidencePool) -> str:
    """The text of a window: each chunk's title and headings once, then its sentences."""
    parts: list[str] = []
    shown: set[str] = set()
    for index in indexes:
        place = " ".join(pool.over(index).split())
        if place and place not in shown:
            shown.add(place)
            parts.append(f"{place}:")
        parts.append(" ".join(pool.reading(index).split()[:_MOST_WORDS_OF_ONE]))
    return " ".join(parts)


def _before(index: int, pool: EvidencePool) -> int | None:
    """The sentence before this one in its chunk."""
    here = pool.candidates[index]
    earlier = pool.candidates[index - 1] if index else None
    near = earlier is not None and earlier.chunk is here.chunk and earlier.place == here.place - 1
    return index - 1 if near else None
