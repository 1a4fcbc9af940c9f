"""A sentence is verified as it will be shown: without markup, and with no address that its quotes lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.evidence import EvidencePool
from rag.safety import inert, unknown_addresses
from rag.types import Verdict
from rag.verification.verifier import Verifier

UNKNOWN_LINK = "link not in the evidence"
ONLY_MARKUP = "nothing but markup"


class InertVerifier:
    """Makes a sentence inert, has that verified, and bars it when an address in it is not in its quotes.

    What is verified is what is shown: the verdict's text is the inert sentence.
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        text = inert(sentence)
        if not text:
            return Verdict(sentence, 0.0, supported=False, why=ONLY_MARKUP, fault="missing")
        verdict = self._verifier.verify(text, pool, before=before)
        unknown = unknown_addresses(verdict.text, verdict.evidence)
        if not verdict.supported or not unknown:
            return verdict
        return replace(verdict, supported=False, why=f"{UNKNOWN_LINK}: {', '.join(unknown)}", fault="missing")
