"""What the reader of an answer is told beside its sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.evidence import spoken_date
from rag.types import Disagreement, Hit, Side, Verdict

MODEL_STOPPED = "The language model stopped before it finished; this is what was verified."
MODEL_SILENT = "The language model did not answer; these are the documents' own sentences."
DISAGREEMENT = "The documents disagree"
OWN_WORDS = "The documents did not support what the language model wrote; this is what they say themselves."
OWN_LANGUAGE = (
    "What the language model wrote could not be checked in the question's language; this is what the documents say."
)
ONE_WEAK_PASSAGE = (
    "This rests on a single passage that matches the question only in part; read it before you rely on this."
)

WEAK_SUPPORT = 0.92
WEAK_COSINE = 0.6


def more_note(count: int) -> tuple[str, ...]:
    """That so many more sentences answer as well; nothing where there are none."""
    if count <= 0:
        return ()
    more = "1 more sentence answers" if count == 1 else f"{count} more sentences answer"
    return (f"{more} as well; ask for less at a time to see all.",)


def disagreement_note(found: Iterable[Disagreement]) -> list[str]:
    """One note for each disagreement, with the documents and their dates, newest first."""
    return [f"{DISAGREEMENT}: {'; '.join(_said(side) for side in each.sides)}." for each in found]


def rests_on_one_weak_passage(released: Sequence[Verdict], hits: Sequence[Hit]) -> bool:
    """Whether an answer has a single quote, and that is weak.

    Weak: a sentence's probability of support is below `WEAK_SUPPORT`, or the question's cosine with the hits of the
    quoted document stays below `WEAK_COSINE` (measured in docs/research/answers.md).
    """
    quotes = {quote for verdict in released for quote in verdict.evidence}
    if len(quotes) != 1:
        return False
    (quote,) = quotes
    quoted = [hit for hit in hits if hit.chunk.document_id == quote.document_id]
    cosines = [hit.scores["dense"] for hit in quoted if "dense" in hit.scores]
    doubtful = min(verdict.support for verdict in released) < WEAK_SUPPORT
    return doubtful or (bool(cosines) and max(cosines) < WEAK_COSINE)


def _said(side: Side) -> str:
    quote = side.evidence
    date = f" ({spoken_date(side.date)})" if side.date else ""
    return f"{quote.filename}{date} says “{' '.join(quote.quote.split()).rstrip('.')}”"
