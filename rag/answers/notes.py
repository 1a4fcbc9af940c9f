"""Notes for the reader of an answer."""

from __future__ import annotations

from collections.abc import Iterable

from rag.evidence import spoken_date
from rag.types import Disagreement, Side

MODEL_STOPPED = "The language model stopped before it finished; this is what was verified."
MODEL_SILENT = "The language model did not answer; these are the documents' own sentences."
OPEN_TABLE = "It is not known where the table of these rows ends: there may be more of them."
DISAGREEMENT = "The documents disagree"
OWN_WORDS = "The documents did not support what the language model wrote; this is what they say themselves."
OWN_LANGUAGE = (
    "What the language model wrote could not be checked in the question's language; this is what the documents say."
)


def more_note(count: int) -> tuple[str, ...]:
    """A note that `count` more sentences answer as well; empty for none."""
    if count <= 0:
        return ()
    more = "1 more sentence answers" if count == 1 else f"{count} more sentences answer"
    return (f"{more} as well; ask for less at a time to see all.",)


def disagreement_note(found: Iterable[Disagreement]) -> list[str]:
    """One note for each disagreement, with the documents and their dates, newest first."""
    return [f"{DISAGREEMENT}: {'; '.join(_said(side) for side in each.sides)}." for each in found]


def _said(side: Side) -> str:
    quote = side.evidence
    date = f" ({spoken_date(side.date)})" if side.date else ""
    return f"{quote.filename}{date} says “{' '.join(quote.quote.split()).rstrip('.')}”"
