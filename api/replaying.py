"""Replays a stored answer: the same question with the current documents and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.memory import asked_of
from api.storage import GivenAnswer
from api.whole_answer import whole
from rag.answering import Answering
from rag.filters import parse_filter
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Difference:
    """The sentences that only the new answer has, and those that only the old one had."""

    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not self.added and not self.removed


async def replayed(given: GivenAnswer, answerer: Answering) -> Answer:
    """The answer to the same question after the same conversation, under the same filter.

    Raises:
        What the answerer raises.
    """
    asked = asked_of(given)
    where = parse_filter(asked.filter) if asked.filter else None
    events = answerer.answer(
        asked.question, collection=asked.collection, where=where, history=asked.history, weighing=asked.weighing
    )
    return await whole(events)


def difference(before: Mapping[str, Any], now: Answer) -> Difference:
    """How an answer differs from the kept record of the one before it."""
    old = [str(each["text"]) for each in before["sentences"]]
    new = [verdict.text for verdict in now.sentences]
    return Difference(
        added=tuple(text for text in new if text not in old), removed=tuple(text for text in old if text not in new)
    )
