"""The events of an answer, in order, ending with `Finished`."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Answer, Verdict


@dataclass(frozen=True, slots=True)
class Released:
    """A sentence may be shown: it was verified, or is marked as not verified (`rag.answers.marking`)."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Withheld:
    """A drafted sentence is not supported: it is not shown as part of the answer."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """No other event for a while; the answer is still in progress."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer; each released sentence was an event before, in the same order."""

    answer: Answer


Event = Released | Withheld | Heartbeat | Finished
