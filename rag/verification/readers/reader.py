"""The Protocol of a reader: the probability that passages support a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.models import Message
from rag.verification.readers.calibration import Calibration

LOCAL = "local"
"""The name in records if there is no reader."""


@dataclass(frozen=True, slots=True)
class ClaimInContext:
    """A claim and the text to compare it with.

    `window` is its premise window. `prompt` are the messages of the draft, up to the assistant's confirmation that it
    has read the passages; empty without a draft.
    """

    claim: str
    window: str
    prompt: tuple[Message, ...] = ()


class Reader(Protocol):
    """Estimates the probability that passages support a claim.

    An implementation reads either the premise window or the passages of the prompt.
    """

    @property
    def name(self) -> str:
        """The kind of reader and its model, for records and certificates."""
        ...

    @property
    def reads(self) -> bool:
        """Whether it gives probabilities; False once its model is known to give none."""
        ...

    @property
    def calibration(self) -> Calibration:
        """The calibration of its probabilities and the thresholds of each mode; `IDENTITY` if not calibrated."""
        ...

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        """A calibrated probability for each claim, 0..1, in their order.

        Raises:
            ModelUnavailable: the model cannot be reached or fails.
        """
        ...
