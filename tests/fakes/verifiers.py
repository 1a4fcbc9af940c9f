"""Verifiers and their parts: the one that ships, its encoder read once, and ones that say what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from rag.evidence.finder import EvidenceFinder
from rag.evidence.pool import EvidencePool
from rag.types import FloatArray, Verdict
from rag.verification.encoder import LocalSupportEncoder
from rag.verification.model_file import Release, encoder_version, load_model, load_modes
from rag.verification.verifier import CheckedVerifier


@cache
def encoder() -> LocalSupportEncoder:
    return LocalSupportEncoder(encoder_version())


def shipped(finder: EvidenceFinder, name: str = "vectors", *, threshold: float = 0.5) -> CheckedVerifier:
    return CheckedVerifier(finder, load_model(name), encoder(), least=Release(threshold, load_modes()["strict"].intact))


class ScriptedVerifier:
    """Gives the verdict that a function has for the sentence, whatever the evidence."""

    def __init__(self, verdict: Callable[[str], Verdict]) -> None:
        self._verdict = verdict

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        return self._verdict(sentence)


class ConstantEncoder:
    """Gives every pair the same two logits."""

    def __init__(self, support: float, intact: float) -> None:
        self._logits = [support, intact]

    def logits(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        return np.array([self._logits] * len(pairs), dtype=np.float32)
