"""Documents that say different things about the same matter."""

from __future__ import annotations

from collections.abc import Iterable

from rag.evidence import EvidencePool
from rag.types import Verdict
from rag.words import content_stems

_ALIKE = 0.9


def contradicting(verdicts: Iterable[Verdict], pool: EvidencePool) -> list[int]:
    """Candidates of other documents that match a verdict's quote in words but not in numbers, best first.

    Two sentences are alike when at least nine tenths of the words of both together, numbers left out, are in both;
    they disagree when each then has a number that the other lacks.
    """
    found: list[int] = []
    for quote in (evidence for verdict in verdicts for evidence in verdict.evidence):
        words, numbers = _parts(quote.quote, pool.language)
        for index, candidate in enumerate(pool.candidates):
            if candidate.chunk.document_id == quote.document_id or index in found:
                continue
            other_words, other_numbers = _parts(candidate.text, pool.language)
            if _alike(words, other_words) and numbers - other_numbers and other_numbers - numbers:
                found.append(index)
    return found


def _parts(text: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    found = content_stems(text, language)
    numbers = frozenset(stem for stem in found if any(char.isdigit() for char in stem))
    return frozenset(found) - numbers, numbers


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first) and len(first & second) >= _ALIKE * len(first | second)
