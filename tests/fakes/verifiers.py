"""Verifiers: the one that ships, and one that says what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.types import Verdict
from rag.verification.model_file import load_model
from rag.verification.verifier import CheckedVerifier


def shipped(finder: EvidenceFinder, name: str = "vectors", *, threshold: float = 0.5) -> CheckedVerifier:
    return CheckedVerifier(finder, load_model(name), threshold=threshold)


class ScriptedVerifier:
    """Gives the verdict that a function has for the sentence, whatever the evidence."""

    def __init__(self, verdict: Callable[[str], Verdict]) -> None:
        self._verdict = verdict

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        return self._verdict(sentence)
