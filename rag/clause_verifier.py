"""A sentence is supported when each of its clauses is.

Overlap with the evidence is a matter of degree, and a short untruth tied to a long truth overlaps well: `The seal must
be replaced every 18 months, and the pump runs on diesel.`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.evidence import EvidencePool
from rag.types import Verdict
from rag.verifier import Verifier
from rag.words import tokens

FEWEST_WORDS = 3
_JOINT = re.compile(
    r"(?:[,:–—]|\s-)\s+(?:and|but|or|so|yet|while|whereas|although|because|since|which|who|plus|also|then)\s+"
    r"|;\s+|[.!?]\s+"
    r"|\s+(?:and|but|while|whereas|because)\s+"
    r"(?=(?:the|its?|this|that|these|those|they|he|she|we|you|i|there|all|every|no)\b)",
    re.IGNORECASE,
)


def clauses(sentence: str) -> list[str]:
    """The clauses of an English sentence, in order, without the words that join them.

    One of fewer than three words goes with the one before it. A sentence that is not joined is one clause.
    """
    edges = [0, *(edge for joint in _JOINT.finditer(sentence) for edge in joint.span()), len(sentence)]
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if spans and len(tokens(sentence[start:end])) < FEWEST_WORDS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [sentence[start:end].strip() for start, end in spans]


class ClauseVerifier:
    """Has a sentence verified, and when it is supported and not word for word a quote, each of its clauses."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def verify(self, sentence: str, pool: EvidencePool, *, question: str = "", before: Sequence[str] = ()) -> Verdict:
        verdict = self._verifier.verify(sentence, pool, question=question, before=before)
        parts = clauses(sentence)
        if not verdict.supported or len(parts) == 1 or pool.verbatim(sentence) is not None:
            return verdict
        for part in parts:
            alone = self._verifier.verify(part, pool, question=question, before=before)
            if not alone.supported:
                why = f"a part of it is not supported ({alone.why}): {part}"
                return replace(verdict, support=alone.support, supported=False, why=why, fault=alone.fault or "missing")
        return verdict
