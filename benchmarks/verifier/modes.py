"""The verifier in use, in each mode of release."""

from __future__ import annotations

from rag.build.answerer import build_verifier
from rag.evidence import EvidenceFinder
from rag.settings import Settings
from rag.verification import Verifier, load_modes


def verifiers_by_mode(settings: Settings, finder: EvidenceFinder) -> dict[str, Verifier]:
    """One for each mode, by its own thresholds and without the language model."""
    return {
        mode: build_verifier(settings.model_copy(update={"support_mode": mode, "support_threshold": None}), finder)
        for mode in load_modes()
    }
