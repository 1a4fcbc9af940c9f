"""The served model where it can be read."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ModelUnavailable
from rag.verification.readers import EVEN, LOCAL, AutoReader, Calibration, ClaimInContext
from rag.verification.readers.auto import PAUSE_S

CLAIMS = [ClaimInContext("a", "b"), ClaimInContext("c", "d")]


class Served:
    """A model that gives log-probabilities or not, and may be down."""

    name, calibration = "llm:served", Calibration(thresholds={"strict": 0.8})

    def __init__(self, *, readable: bool = True) -> None:
        self.readable = readable
        self.down = False
        self.probed = 0

    def gives_logprobs(self) -> bool:
        if self.down:
            raise ModelUnavailable("down")
        self.probed += 1
        return self.readable

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        if self.down:
            raise ModelUnavailable("down")
        return [0.9] * len(claims)


class Clock:
    """Time that passes when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_model_that_gives_log_probabilities_is_read() -> None:
    """It is probed once, with the first claims and not before."""
    served = Served()
    reader = AutoReader(served)
    assert (served.probed, reader.name) == (0, "llm:served")
    assert [reader.probabilities(CLAIMS), reader.probabilities(CLAIMS)] == [[0.9, 0.9]] * 2
    assert (served.probed, reader.reads) == (1, True)
    assert reader.calibration == served.calibration


def test_one_that_gives_none_leaves_the_verifier_alone() -> None:
    """No opinion on any claim, and the name says who reads."""
    reader = AutoReader(Served(readable=False))
    assert reader.probabilities(CLAIMS) == [EVEN, EVEN]
    assert (reader.name, reader.reads) == (LOCAL, False)


def test_one_that_does_not_answer_is_asked_again_after_a_while() -> None:
    """In the meantime nobody waits for it."""
    served, clock = Served(), Clock()
    reader = AutoReader(served, clock=clock)
    served.down = True
    assert reader.probabilities(CLAIMS) == [EVEN, EVEN]
    assert reader.name == LOCAL
    served.down = False
    assert reader.probabilities(CLAIMS) == [EVEN, EVEN]
    clock.now = PAUSE_S
    assert reader.probabilities(CLAIMS) == [0.9, 0.9]
    assert reader.name == "llm:served"
