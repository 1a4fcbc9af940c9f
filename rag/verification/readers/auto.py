"""The served language model as a reader, if its server returns log-probabilities; else no opinion."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from rag.errors import ModelUnavailable
from rag.verification.readers.calibration import EVEN, Calibration
from rag.verification.readers.reader import LOCAL, ClaimInContext, Reader

PAUSE_S = 30.0
"""Pause before a server that did not answer is tried again."""


class ProbedReader(Reader, Protocol):
    """A reader that can check whether its model returns log-probabilities."""

    def gives_logprobs(self) -> bool:
        """Whether the model returns log-probabilities.

        Raises:
            ModelUnavailable: the model cannot be reached or fails.
        """
        ...


class AutoReader:
    """Uses the served model if it returns log-probabilities, which is checked with the first claims.

    Otherwise, or if the server does not answer, every claim gets a probability of 0.5, so that the verifier alone
    decides, and `name` is `local`. A server that did not answer is tried again after a pause.
    """

    def __init__(self, reader: ProbedReader, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._reader = reader
        self._clock = clock
        self._readable: bool | None = None
        self._silent_until: float | None = None

    @property
    def name(self) -> str:
        return self._reader.name if self.reads else LOCAL

    @property
    def reads(self) -> bool:
        return self._readable is not False and self._silent_until is None

    @property
    def calibration(self) -> Calibration:
        return self._reader.calibration

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        if self._silent_until is None or self._clock() >= self._silent_until:
            try:
                if self._readable is None:
                    self._readable = self._reader.gives_logprobs()
                found = self._reader.probabilities(claims) if self._readable else None
                self._silent_until = None
            except ModelUnavailable:
                self._silent_until, found = self._clock() + PAUSE_S, None
            if found is not None:
                return found
        return [EVEN] * len(claims)
