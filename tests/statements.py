"""A small statement of a company, and the verdicts of code alone on sentences about a text."""

from __future__ import annotations

from dataclasses import replace

from eval.data import hits_of
from rag.evidence import EvidenceFinder
from rag.types import Verdict
from rag.verification.model_file import load_model
from rag.verification.verifier import OF_CELLS, CheckedVerifier

STATEMENT = """# Statements of income of Harbour Foods (in millions)

| | 2022 | 2021 |
| --- | --- | --- |
| Net sales | $ 14,544 | $ 12,861 |
| Cost of sales | (11,724) | (10,129) |
| Gross profit | 2,820 | 2,732 |
| Net income attributable to shareholders | 805 | 939 |
| Earnings per share | $ 0.529 | $ 0.602 |
"""


def verdict_of_code(sentence: str, text: str, *before: str, question: str = "", title: str | None = None) -> Verdict:
    """The verdict of a verifier that releases only what code decides, with a text as one hit."""
    (hit,) = hits_of(text, chunk_characters=len(text))
    hit = hit if title is None else replace(hit, chunk=replace(hit.chunk, title=title))
    pool = EvidenceFinder().pool([hit])
    pool.question = question
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=OF_CELLS)
    return verifier.verify(sentence, pool, before=before)
