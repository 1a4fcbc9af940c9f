"""A reader whose replies are kept in a file, so that a verifier can be tried again without asking again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from eval.data import append_jsonl, read_jsonl
from rag.types import sha256_of
from rag.verification.readers import EVEN, Calibration, ClaimInContext, LlmReader


class KeptReplies:
    """A language model as a reader, calibrated as it is now; what it was asked before is not asked again.

    The file has one line for each claim: a digest of what was asked, and the raw log-odds of yes.
    """

    reads = True

    def __init__(self, reader: LlmReader, path: Path) -> None:
        self._reader = reader
        self._path = path
        rows = read_jsonl(path) if path.exists() else ()
        self._known: dict[str, float | None] = {row["asked"]: row["logit"] for row in rows}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """That of the model."""
        return self._reader.name

    @property
    def calibration(self) -> Calibration:
        """That of the model."""
        return self._reader.calibration

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        """A calibrated probability for each claim, 0..1."""
        logits = [self._logit(asked) for asked in claims]
        return [EVEN if logit is None else self.calibration.probability(logit) for logit in logits]

    def _logit(self, asked: ClaimInContext) -> float | None:
        key = sha256_of(f"{self.name}\0{asked.claim}\0{asked.window}".encode())[:24]
        if key not in self._known:
            logit = self._reader.logits([asked])[0]
            with self._lock:
                self._known[key] = logit
                append_jsonl(self._path, {"asked": key, "logit": logit})
        return self._known[key]
