"""Stored answers with their questions, so that they can be continued and replayed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from api.storage import Answers, Database, GivenAnswer, any_answer, open_database
from api.tenancy import Caller
from api.wire import Json, answer_to_json
from rag.models import Message
from rag.settings import Settings
from rag.types import AS_SET, Answer, Weighing


@dataclass(frozen=True, slots=True)
class Memory:
    """Where answers are kept, and for how many days; none are where that is 0."""

    database: Database
    days: int

    def any(self, answer_id: str) -> GivenAnswer:
        """One answer, of whichever tenant; for who owns the machine, never on behalf of a client.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        return any_answer(self.database, answer_id)

    def of(self, caller: Caller) -> Answers | None:
        """The answers that a caller may see; None where none are kept."""
        return Answers(self.database, caller.tenant, days=self.days, groups=caller.groups) if self.days else None


@contextmanager
def opened_memory(settings: Settings) -> Iterator[Memory]:
    """The memory of these settings; its database is closed at the end of the block.

    Raises:
        DatabaseFailed.
    """
    database = open_database(settings.database_url, settings.data_dir)
    try:
        yield Memory(database, settings.answers_days)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer was asked with."""

    question: str
    collection: str
    history: Sequence[Message] = ()
    filter: Json | None = None
    metadata: Mapping[str, str] | None = None
    weighing: Weighing = AS_SET

    def as_json(self) -> Json:
        """As it is kept; `asked_of` is its inverse."""
        return {
            "question": self.question,
            "history": [{"role": each.role, "content": each.content} for each in self.history],
            "filter": self.filter,
            "metadata": dict(self.metadata or {}),
            "weighing": asdict(self.weighing),
        }


def asked_of(given: GivenAnswer) -> Asked:
    """What a kept answer was asked with."""
    kept: Mapping[str, Any] = given.asked
    history = tuple(Message(each["role"], each["content"]) for each in kept["history"])
    weighing = Weighing(**kept.get("weighing", {}))  # answers of earlier versions have none
    return Asked(kept["question"], given.collection, history, kept["filter"], kept["metadata"], weighing)


def talk_of(given: GivenAnswer) -> tuple[Message, ...]:
    """The conversation up to and including a stored answer, which a following response continues."""
    asked = asked_of(given)
    told = str(given.record["answer"])
    return (*asked.history, Message("user", asked.question), Message("assistant", told))


def given_answer(
    answer_id: str,
    kind: str,
    created: int,
    *,
    asked: Asked,
    record: Answer,
    response: Json | None = None,
    events: Sequence[Json] = (),
) -> GivenAnswer:
    """An answer to keep."""
    kept = json.loads(json.dumps(answer_to_json(record)))  # without tuples, as it will be read
    documents = frozenset(_documents(record))
    return GivenAnswer(
        answer_id, kind, asked.collection, created, asked.as_json(), kept, response, tuple(events), documents
    )


def _documents(record: Answer) -> set[str]:
    """The ids of the documents whose words are in the record."""
    found = {hit.chunk.document_id for hit in record.hits}
    for verdict in (*record.sentences, *record.withheld):
        found |= {quote.document_id for quote in verdict.evidence}
        if verdict.contradiction is not None:
            found.add(verdict.contradiction.document_id)
    for disagreement in record.disagreements:
        found |= {side.evidence.document_id for side in disagreement.sides}
    return found
