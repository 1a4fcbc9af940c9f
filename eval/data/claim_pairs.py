"""Claims made from documents, each with its premise window and its alteration."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.data.claim_edits import Edit, false_edits, true_edits, usable
from eval.data.groundedness import hits_of
from rag.evidence import EvidenceFinder, EvidencePool
from rag.types import Hit, sha256_of
from rag.verification import window_for

_NEAR = 6  # sentences on either side that an edit may take words from
_PIECE_CHARACTERS = 6000
_TRUE_SHARE = 0.45
_ALSO_REWORDED = 0.4
_HALF_SHARE = 0.4
_MISSING, _HALF = "missing", "half"


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A claim and the window it is checked against. `kind` is the edit that made it, or the data set it comes from."""

    claim: str
    window: str
    supported: float
    kind: str


def pairs_of(documents: Iterable[str], *, seed: int, per_piece: int) -> Iterator[ClaimPair]:
    """At most `per_piece` pairs per piece of some pages; the same documents and seed give the same pairs."""
    finder = EvidenceFinder()
    for text in (hit.chunk.text for each in documents for hit in hits_of(each, chunk_characters=_PIECE_CHARACTERS)):
        chance = random.Random(f"{seed} {sha256_of(text.encode())}")
        pool = finder.pool(hits_of(text))
        places = [i for i, candidate in enumerate(pool.candidates) if usable(_uniform(candidate.text))]
        for place in sorted(chance.sample(places, min(per_piece, len(places)))):
            pair = _pair(place, pool, finder, chance)
            if pair is not None:
                yield pair


def at_most_of_a_kind(pairs: Iterable[ClaimPair], most: int) -> list[ClaimPair]:
    """The first `most` pairs of every kind, in order."""
    kinds: Counter[str] = Counter()
    return [pair for pair in pairs if not kinds.update([pair.kind]) and kinds[pair.kind] <= most]


def _pair(place: int, pool: EvidencePool, finder: EvidenceFinder, chance: random.Random) -> ClaimPair | None:
    texts = [_uniform(candidate.text) for candidate in pool.candidates]
    sentence = texts[place]
    others = _neighbours(place, texts)
    true = true_edits()
    if chance.random() < _TRUE_SHARE:
        kind, claim = _first_that_applies(sentence, others, true, chance)
        return ClaimPair(claim, _window(claim, pool, finder), 1.0, kind) if claim else None
    if chance.random() < _ALSO_REWORDED:
        sentence = _first_that_applies(sentence, others, true, chance)[1] or sentence
    edits = false_edits()
    chosen = chance.choice([*edits, _MISSING, _MISSING])
    if chosen == _MISSING:
        merged = true["merged"](sentence, others, chance) if chance.random() < _HALF_SHARE else None
        claim, left = merged or sentence, _without(place, pool)
        window = _window(claim, finder.pool(left), finder) if left else None
        return ClaimPair(claim, window, 0.0, _HALF if merged else _MISSING) if window else None
    claim = edits[chosen](sentence, others, chance)
    if claim is None:
        chosen, claim = _first_that_applies(sentence, others, edits, chance)
    return ClaimPair(claim, _window(claim, pool, finder), 0.0, chosen) if claim and claim not in texts else None


def _first_that_applies(
    sentence: str, others: Sequence[str], edits: Mapping[str, Edit], chance: random.Random
) -> tuple[str, str | None]:
    """The first edit, in an order by chance, that changes the sentence; `verbatim` always does."""
    for kind in chance.sample(list(edits), len(edits)):
        claim = edits[kind](sentence, others, chance)
        if claim is not None and (claim != sentence or kind == "verbatim"):
            return kind, claim
    return "none", None


def _neighbours(place: int, texts: Sequence[str]) -> list[str]:
    """The sentences around one, the next first, then the others by distance."""
    near = [i for i in range(max(0, place - _NEAR), min(len(texts), place + _NEAR + 1)) if i != place]
    return [texts[i] for i in sorted(near, key=lambda i: (abs(i - place), i < place))]


def _without(place: int, pool: EvidencePool) -> list[Hit]:
    """The hits without one sentence."""
    gone = pool.candidates[place]
    text = gone.chunk.text[: gone.start] + gone.chunk.text[gone.end :]
    shorter = replace(gone.chunk, text=text, end=gone.chunk.start + len(text))
    hits = [Hit(shorter if hit.chunk is gone.chunk else hit.chunk, hit.scores) for hit in pool.hits]
    return [hit for hit in hits if hit.chunk.text.strip()]


def _window(claim: str, pool: EvidencePool, finder: EvidenceFinder) -> str:
    return window_for(claim, finder.support(claim, pool), pool)


def _uniform(text: str) -> str:
    return " ".join(text.split())
