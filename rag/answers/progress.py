"""The state of an answer in progress."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.answers.preparation import Correction
from rag.events import Finished, Released, Withheld
from rag.types import Answer, Disagreement, Hit, Verdict

ALL_WITHHELD = "no sentence of the drafted answer is supported by the documents"


@dataclass(slots=True)
class Progress:
    """The hits and the released and withheld sentences so far; `reason` is the reason for an abstention.

    `answers` counts released sentences, including repetitions that were not shown again: it grows while a sub-question
    is answered, even if only by sentences shown before.
    """

    question: str
    started: float
    model: dict[str, Any]
    hits: list[Hit] = field(default_factory=list)
    sentences: list[Verdict] = field(default_factory=list)
    answers: int = 0
    withheld: list[Verdict] = field(default_factory=list)
    reason: str | None = None
    notes: list[str] = field(default_factory=list)
    disagreements: tuple[Disagreement, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> None:
        """Record the time of an event that happens for the first time."""
        self.timings_ms.setdefault(name, round(1000 * (time.perf_counter() - self.started), 2))

    def add_hits(self, hits: Sequence[Hit]) -> None:
        """Add hits, each once."""
        self.lap("retrieve")
        known = {hit.chunk.id for hit in self.hits}
        self.hits.extend(hit for hit in hits if hit.chunk.id not in known)

    def emit(self, verdict: Verdict) -> Released | Withheld:
        """Release a supported sentence, withhold another."""
        if not verdict.supported:
            self.withheld.append(verdict)
            return Withheld(verdict)
        self.lap("first_sentence")
        self.sentences.append(verdict)
        self.answers += 1
        return Released(verdict)

    def emit_once(self, verdict: Verdict) -> tuple[Released | Withheld, ...]:
        """Emit a verdict, unless its text has been emitted."""
        if verdict.supported and self.answers_again(verdict.text):
            return ()
        return (self.emit(verdict),)

    def answers_again(self, text: str) -> bool:
        """Whether a sentence has been released before; then it also answers another sub-question."""
        told = any(text == verdict.text for verdict in self.sentences)
        self.answers += told
        return told

    def correct(self, correction: Correction) -> Released | Withheld:
        """Answer with the sentence that contradicts the question."""
        self.note(correction.note)
        return self.emit(correction.verdict)

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    def finish(self) -> Finished:
        """The complete answer."""
        self.lap("total")
        return Finished(
            Answer(
                question=self.question,
                sentences=tuple(self.sentences),
                withheld=tuple(self.withheld),
                hits=tuple(self.hits),
                reason=None if self.sentences else (self.reason or ALL_WITHHELD),
                note=" ".join(self.notes) or None,
                timings_ms=self.timings_ms,
                model=self.model,
                disagreements=self.disagreements,
            )
        )
