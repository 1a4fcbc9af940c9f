"""What a question asks: after the conversation before it, in plain English, and part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from rag.chat_style import plain_style
from rag.errors import AnswerCutOff, ModelUnavailable
from rag.facts import missing_facts
from rag.followups import carried, context_of, kind_of, points_back
from rag.llm import Message, Schema
from rag.parts import MOST_PARTS, looks_compound, resolve, split_question
from rag.phrases import telling
from rag.question_prompts import READING_SCHEMA, reading_prompt
from rag.spelling import Spelled, replaced

How = Literal["as asked", "by rules", "by the language model"]
_MAX_TOKENS = 200
_LONGEST_GROWTH, _SPARE_CHARACTERS = 3, 120
_KEPT_SHARE, _KNOWN_SHARE = 0.6, 0.75


@dataclass(frozen=True, slots=True)
class Part:
    """One question: the words that are answered, and the words that are searched for.

    They differ where the conversation may help to find and must not count as asked: `What is a safe room?` is searched
    for with what was talked about before, and answered as it stands.
    """

    question: str
    search: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was `asked`, and the questions in it, at least one, each clear without the conversation."""

    asked: str
    parts: tuple[Part, ...]
    how: How = "as asked"
    spelled: tuple[tuple[str, str], ...] = ()

    @property
    def standalone(self) -> str:
        """All of the question as one text."""
        return " ".join(part.question for part in self.parts)

    @property
    def note(self) -> str | None:
        """What to tell the reader: which words were taken for typing errors, and for which words."""
        told = ", ".join(f"“{typed}” as “{taken}”" for typed, taken in self.spelled)
        return f"Read {told}." if told else None


class Reader(Protocol):
    """Understands questions. A reading has every number and every name of the question."""

    async def read(self, question: str, history: Sequence[Message] = ()) -> Reading:
        """The reading of a question after a conversation; never fails."""
        ...


class QuestionReader(Protocol):
    """Understands questions that are put to a collection."""

    async def read(self, question: str, history: Sequence[Message] = (), *, collection: str) -> Reading:
        """The reading of a question after a conversation, its typing errors corrected.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        ...


class Spelling(Protocol):
    """The part of `rag.retriever.Retriever` that reading needs."""

    def spelled(self, question: str, *, collection: str) -> Spelled:
        """A question as it is best searched for."""
        ...


class Completer(Protocol):
    """The part of a language model that reading needs."""

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        """An object that fits a JSON schema.

        Raises:
            ModelUnavailable, AnswerCutOff.
        """
        ...


class PlainReader:
    """Reads by rules, in microseconds; English only, any other language is left as it is."""

    async def read(self, question: str, history: Sequence[Message] = ()) -> Reading:
        return read_plainly(question, history)


class ModelReader:
    """Asks a language model about follow-ups and compound questions, and about nothing else: it takes seconds.

    What it says is checked: the rules' reading stands in when it fails, drops a number or name of the question, brings
    one that the conversation does not have, or says something else than was asked.
    """

    def __init__(self, model: Completer) -> None:
        self._model = model

    async def read(self, question: str, history: Sequence[Message] = ()) -> Reading:
        plainly = read_plainly(question, history)
        if not needs_model(question, history):
            return plainly
        try:
            found = await self._model.complete(
                reading_prompt(question, history), schema=READING_SCHEMA, max_tokens=_MAX_TOKENS
            )
        except (ModelUnavailable, AnswerCutOff):
            return plainly
        parts = checked_parts(found, question, history)
        if parts is None:
            return plainly
        return Reading(question, tuple(Part(part, part) for part in parts), "by the language model")


class CollectionReader:
    """Reads with a reader, then corrects typing errors by the words of the collection."""

    def __init__(self, reader: Reader, spelling: Spelling) -> None:
        self._reader = reader
        self._spelling = spelling

    async def read(self, question: str, history: Sequence[Message] = (), *, collection: str) -> Reading:
        reading = await self._reader.read(question, history)
        return await asyncio.to_thread(self._corrected, reading, collection)

    def _corrected(self, reading: Reading, collection: str) -> Reading:
        changes: dict[str, str] = {}
        for part in reading.parts:
            changes |= dict(self._spelling.spelled(part.search, collection=collection).changes)
        parts = tuple(Part(replaced(part.question, changes), replaced(part.search, changes)) for part in reading.parts)
        return replace(reading, parts=parts, spelled=tuple(changes.items()))


def read_plainly(question: str, history: Sequence[Message] = ()) -> Reading:
    """The reading by rules."""
    plain = plain_style(question)
    context = context_of(history)
    first, *others = split_question(plain)
    full = carried(first, context)
    parts = [Part(full if points_back(first) else first, full)]
    for other in others:
        full = resolve(other, parts[-1].search)
        parts.append(Part(full, full))
    changed = bool(others) or parts[0] != Part(question, question)
    return Reading(question, tuple(parts), "by rules" if changed else "as asked")


def needs_model(question: str, history: Sequence[Message]) -> bool:
    """Whether a question may go on from the conversation, or ask more than one thing."""
    goes_on = bool(context_of(history)) and kind_of(plain_style(question)) != "alone"
    return goes_on or looks_compound(question)


def checked_parts(found: Mapping[str, Any], question: str, history: Sequence[Message]) -> tuple[str, ...] | None:
    """The questions that a language model read, or None when they are not what was asked."""
    listed = found.get("questions")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_PARTS:
        return None
    parts = tuple(" ".join(part.split()) for part in listed if isinstance(part, str) and part.strip())
    said = " ".join(parts)
    told = "\n".join([*(message.content for message in history), question])
    wanted, used = set(telling(plain_style(question))), set(telling(said))
    kept = len(wanted & used) >= _KEPT_SHARE * len(wanted)
    known = len(used & set(telling(told))) >= _KNOWN_SHARE * len(used)
    short = len(said) <= _LONGEST_GROWTH * len(question) + _SPARE_CHARACTERS
    faithful = not missing_facts(question, said) and not missing_facts(said, told)
    return parts if len(parts) == len(listed) and kept and known and short and faithful else None
