"""What happens while a question is answered, in order, ending with `Finished`."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer, Verdict


@dataclass(frozen=True, slots=True)
class Released:
    """A sentence may be shown: it was verified, or is marked as not verified (`rag.answers.marking`)."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence was generated that nothing supports: it is never shown as part of the answer."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing new for a while; the work goes on."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer; every released sentence has been told before, in the same order."""

    answer: Answer


Event = Released | Withheld | Heartbeat | Finished
