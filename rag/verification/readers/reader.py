"""How probable is it that these passages support this claim?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.models import Message
from rag.verification.readers.calibration import Calibration

EVEN = 0.5
"""The probability that is not an opinion: whatever it is pooled with stays as it was."""
LOCAL = "local"
"""The name that stands in records where the verifier reads by itself."""


@dataclass(frozen=True, slots=True)
class ClaimInContext:
    """A claim and what it is held against.

    `window` is the text that was cut for the claim out of the passages. `prompt` are the messages that the answer was
    drafted from, up to and including the assistant's word that it has read the passages; empty where there is no draft.
    """

    claim: str
    window: str
    prompt: tuple[Message, ...] = ()


class Reader(Protocol):
    """Says how probable it is that passages support a claim.

    What it reads of a claim is its own affair: the window alone, or the passages of the prompt.
    """

    @property
    def name(self) -> str:
        """What stands in records and certificates: the kind of reader, and its model."""
        ...

    @property
    def reads(self) -> bool:
        """Whether it has an opinion; False once it is known that its model has none."""
        ...

    @property
    def calibration(self) -> Calibration:
        """What its word is worth, and from which support each mode releases with it; `IDENTITY`: nobody measured."""
        ...

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        """A calibrated probability for each claim, 0..1, in their order.

        Raises:
            ModelUnavailable: the model cannot be reached or fails.
        """
        ...
