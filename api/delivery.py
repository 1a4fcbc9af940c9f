"""Delivers an answer to one client: pieces of text with citations, up to the client's limits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from api.wire import Citation, Content
from rag.events import Event, Finished, Heartbeat, Released, Withheld
from rag.types import Answer, Verdict

Ending = Literal["stop", "length"]
STOPPED = "The answer ends before the sentence that has the text of `stop`."
TOO_LONG = "The answer ends before the sentence with which it would have had more tokens than were asked for."


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with the citations of its sentence; `abstains`: it is the abstention."""

    text: str
    citations: tuple[Citation, ...] = ()
    abstains: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a client on the answer. No sentence is cut: one that exceeds a limit is left out.

    `stops` are texts that must not occur, `most_tokens` is the limit of what `count` counts.
    """

    stops: tuple[str, ...] = ()
    most_tokens: int | None = None
    count: Callable[[str], int] = len


class Telling:
    """One answer in delivery. After the last piece, `answer` is the whole record and `ending` the reason of the end."""

    def __init__(self, question: str, bounds: Bounds) -> None:
        self._question = question
        self._bounds = bounds
        self._content = Content()
        self._told: list[Verdict] = []
        self._withheld: list[Verdict] = []
        self._tokens = 0
        self.citations: list[Citation] = []
        self.answer: Answer | None = None
        self.ending: Ending = "stop"

    @property
    def text(self) -> str:
        """The text delivered so far."""
        return self._content.text

    @property
    def record(self) -> Answer:
        """The whole record, once the answer is complete."""
        if self.answer is None:
            raise RuntimeError("the answer ended without its last event")
        return self.answer

    async def pieces(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Piece | Heartbeat, None]:
        """The pieces, in order; the events are closed at the end, and as soon as a limit is reached."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Heartbeat):
                    yield event
                elif isinstance(event, Withheld):
                    self._withheld.append(event.verdict)
                elif isinstance(event, Released):
                    note = self._crossed(self._content.piece(event.verdict))
                    if note is not None:
                        self.answer = self._shortened(note)
                        return
                    yield self._tell(event.verdict)
                elif isinstance(event, Finished):
                    self.answer = event.answer
                    if event.answer.abstained:
                        yield Piece(self._content.abstain(), abstains=True)

    def _tell(self, verdict: Verdict) -> Piece:
        text, citations = self._content.add(verdict)
        self._told.append(verdict)
        self.citations += citations
        return Piece(text, citations)

    def _crossed(self, piece: str) -> str | None:
        """What to note when this piece would cross a bound."""
        if any(stop in self.text + piece for stop in self._bounds.stops):
            return STOPPED
        self._tokens += self._bounds.count(piece)
        if self._bounds.most_tokens is not None and self._tokens > self._bounds.most_tokens:
            self.ending = "length"
            return TOO_LONG
        return None

    def _shortened(self, note: str) -> Answer:
        """What was told, as a record; nothing is known of what would have come."""
        return Answer(self._question, tuple(self._told), tuple(self._withheld), (), reason=note, note=note)


async def told_whole(telling: Telling, events: AsyncGenerator[Event, None]) -> Telling:
    """The same delivery, once it is complete; the events are closed, also on cancellation."""
    async with aclosing(telling.pieces(events)) as pieces:
        async for _ in pieces:
            pass
    return telling
