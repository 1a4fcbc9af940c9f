"""The served model where it can be read, and no opinion where it cannot."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from rag.errors import ModelUnavailable
from rag.verification.readers.calibration import Calibration
from rag.verification.readers.reader import EVEN, LOCAL, ClaimInContext, Reader

PAUSE_S = 30.0
"""How long a server that did not answer is left alone."""


class ProbedReader(Reader, Protocol):
    """A reader that can tell whether it reads at all."""

    def gives_logprobs(self) -> bool:
        """Whether its model gives what it reads.

        Raises:
            ModelUnavailable: the model cannot be reached or fails.
        """
        ...


class AutoReader:
    """Asks the served model, once it is known that it gives log-probabilities; that is asked with the first claims.

    Where it gives none, or does not answer, every claim gets even odds, so that the verifier's own reading decides, and
    the name says so. A server that did not answer is left alone for a while, and then asked again.
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
