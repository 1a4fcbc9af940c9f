"""Questions from a terminal, answered in this process or by the service that owns the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from api.cli.render import Footnotes, closing_lines, sentence_line
from api.handover import Json, Question, event_from_json, hit_from_json
from ingest.cli.terminal import readable
from rag.errors import FilterError
from rag.events import Event, Finished, Heartbeat, Released
from rag.filters import parse_filter
from rag.handover import PREFIX, ServiceClient, reached

if TYPE_CHECKING:
    from rag.build.core import Rag
    from rag.settings import Settings
    from rag.types import Answer, Hit

Tell = Callable[[Event], None]


class Answers(Protocol):
    """Whatever answers the questions of a command."""

    def answer(self, question: Question, tell: Tell) -> None:
        """Report every event, the last of them `Finished`."""
        ...

    def search(self, question: Question) -> Sequence[Hit]:
        """The hits, best first."""
        ...


class AnswersHere:
    """A core in this process."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag

    def answer(self, question: Question, tell: Tell) -> None:
        import asyncio

        asyncio.run(tell_all(self._rag, question, tell))

    def search(self, question: Question) -> Sequence[Hit]:
        from api.questions import hits_of

        return hits_of(question, self._rag)


class AnswersThere:
    """The service that owns the store."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    def answer(self, question: Question, tell: Tell) -> None:
        for line in self._service.lines(f"{PREFIX}/answer", question.to_json()):
            tell(event_from_json(line))

    def search(self, question: Question) -> Sequence[Hit]:
        return [hit_from_json(line) for line in self._service.lines(f"{PREFIX}/search", question.to_json())]


def answers(settings: Settings) -> AbstractContextManager[Answers]:
    """Where the questions of a command are answered: by the service that owns the embedded store, else right here."""

    @contextmanager
    def here() -> Iterator[Answers]:
        from api.opening import opened_for_one_question

        with opened_for_one_question(settings) as rag:
            yield AnswersHere(rag)

    return here() if settings.qdrant_url else reached(settings.store_folder, here, AnswersThere)


async def tell_all(rag: Rag, question: Question, tell: Tell) -> None:
    """Run a question and report every event; the events are closed, also on cancellation."""
    from contextlib import aclosing

    from api.questions import events_of

    async with aclosing(events_of(question, rag)) as events:
        async for event in events:
            tell(event)


def given_filter(text: str | None) -> Json | None:
    """The filter in an option's JSON, which is a valid one.

    Raises:
        FilterError: it is not JSON, not an object, or malformed.
    """
    if text is None:
        return None
    try:
        raw = json.loads(readable(text))
    except ValueError as exc:
        raise FilterError(f"--filter is not JSON: {exc}") from exc
    if not isinstance(raw, dict):
        raise FilterError('--filter needs an object such as {"type": "eq", "key": "filename", "value": "manual.pdf"}')
    parse_filter(raw)
    return raw


def whole_answer(answers: Answers, question: Question) -> Answer:
    """The answer, once all of it is there."""
    told: list[Event] = []
    answers.answer(question, told.append)
    [answer] = (event.answer for event in told if isinstance(event, Finished))
    return answer


class Printed:
    """Prints each sentence of an answer as it is released, then its footnotes; shows that it is waited for."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._footnotes = Footnotes()
        self._waiting = Status("Searching", console=console) if console.is_terminal else None

    def tell(self, event: Event) -> None:
        """Print the content of an event."""
        if self._waiting and not isinstance(event, Heartbeat):
            self._waiting.stop()
        if isinstance(event, Released):
            say(self._console, sentence_line(event.verdict, self._footnotes))
        elif isinstance(event, Finished):
            say(self._console, *closing_lines(event.answer, self._footnotes))

    def __enter__(self) -> Self:
        if self._waiting:
            self._waiting.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._waiting:
            self._waiting.stop()


def say(console: Console, *lines: Text) -> None:
    """Print lines, wrapped at a terminal's width and whole elsewhere."""
    for line in lines:
        console.print(line, soft_wrap=not console.is_terminal)
