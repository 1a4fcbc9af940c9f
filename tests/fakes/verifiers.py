"""The verifier that ships, for tests; its encoder is read once."""

from __future__ import annotations

from functools import cache

from rag.evidence.finder import EvidenceFinder
from rag.verification.encoder import LocalSupportEncoder
from rag.verification.model_file import Release, encoder_version, load_model, load_modes
from rag.verification.verifier import CheckedVerifier


@cache
def encoder() -> LocalSupportEncoder:
    return LocalSupportEncoder(encoder_version())


def shipped(finder: EvidenceFinder, name: str = "vectors", *, threshold: float = 0.5) -> CheckedVerifier:
    return CheckedVerifier(finder, load_model(name), encoder(), least=Release(threshold, load_modes()["strict"].intact))
