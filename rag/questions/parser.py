"""What a question asks: read in the light of the conversation, in plain English, one part at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.evidence import missing_facts
from rag.models import Message, Schema
from rag.questions.chat_style import plain_style
from rag.questions.followups import carried, context_of, kind_of, last_turn, later_part, points_back
from rag.questions.prompts import PARSING_SCHEMA, parsing_prompt
from rag.questions.split import LONGEST_READ, MOST_QUESTIONS, looks_compound, split_question
from rag.retrieval import Spelled, replaced
from rag.text import telling

How = Literal["as asked", "by rules", "by the language model"]
LONGEST_WORD = 200
"""Characters of a word that are read: some patterns take time that grows with the square of an unbroken run."""
CUT_NOTE = f"Of words with more than {LONGEST_WORD} characters, the beginning was read."
_LONG_WORD = re.compile(rf"[!-~]{{{LONGEST_WORD + 1},}}")  # scripts without spaces have no such runs
_MAX_TOKENS = 200
_LONGEST_GROWTH, _SPARE_CHARACTERS = 3, 120
_KEPT_SHARE, _KNOWN_SHARE = 0.6, 0.75


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """A sub-question: the question to answer, and the query to search for.

    They differ if the conversation helps to search but is not part of the question: `What is a safe room?` is searched
    for with the topic of the conversation, and answered unchanged.
    """

    question: str
    search: str


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question as `asked`, and its sub-questions, at least one, each clear without the conversation.

    `cut`: it had words of which only the beginning was read.
    """

    asked: str
    sub_questions: tuple[SubQuestion, ...]
    how: How = "as asked"
    spelled: tuple[tuple[str, str], ...] = ()
    cut: bool = False

    @property
    def standalone(self) -> str:
        """All of the question as one text."""
        return " ".join(each.question for each in self.sub_questions)

    @property
    def note(self) -> str | None:
        """A note for the user: the words corrected as typing errors, and what was not read."""
        told = ", ".join(f"“{typed}” as “{taken}”" for typed, taken in self.spelled)
        notes = [f"Read {told}."] if told else []
        notes += [CUT_NOTE] if self.cut else []
        return " ".join(notes) or None


class QuestionParser(Protocol):
    """Parses questions. The result has every number and every name of the question."""

    async def parse(self, question: str, history: Sequence[Message] = ()) -> ParsedQuestion:
        """The questions in a question after a conversation; never fails."""
        ...


class Spelling(Protocol):
    """The part of `rag.retrieval.retriever.Retriever` that parsing needs."""

    def spelled(self, question: str, *, collection: str) -> Spelled:
        """A question as it is best searched for."""
        ...


class Completer(Protocol):
    """The part of a language model that parsing needs."""

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        """An object that fits a JSON schema.

        Raises:
            ModelUnavailable, AnswerCutOff.
        """
        ...


class RuleParser:
    """Reads by rules, in microseconds; English only, any other language is left as it is."""

    async def parse(self, question: str, history: Sequence[Message] = ()) -> ParsedQuestion:
        return await asyncio.to_thread(parse_by_rules, question, history)


class ModelParser:
    """Parses follow-ups and compound questions with a language model, which takes seconds.

    The reply is checked: the result of the rules is used if the model fails, drops a number or name of the question,
    adds one that the conversation does not have, or changes the question.
    """

    def __init__(self, model: Completer) -> None:
        self._model = model

    async def parse(self, question: str, history: Sequence[Message] = ()) -> ParsedQuestion:
        plainly = await asyncio.to_thread(parse_by_rules, question, history)
        if len(question) > LONGEST_READ or not await asyncio.to_thread(needs_model, question, history):
            return plainly
        try:
            found = await self._model.complete(
                parsing_prompt(question, history), schema=PARSING_SCHEMA, max_tokens=_MAX_TOKENS
            )
        except (ModelUnavailable, AnswerCutOff):
            return plainly
        parts = checked_questions(found, question, history)
        if parts is None:
            return plainly
        return ParsedQuestion(question, tuple(SubQuestion(each, each) for each in parts), "by the language model")


class SpellingParser:
    """Parses, then corrects typing errors by the words of the collection.

    Of a word longer than LONGEST_WORD, such as a pasted file, the beginning is read.
    """

    def __init__(self, parser: QuestionParser, spelling: Spelling) -> None:
        self._parser = parser
        self._spelling = spelling

    async def parse(self, question: str, history: Sequence[Message] = (), *, collection: str) -> ParsedQuestion:
        read = _LONG_WORD.sub(lambda match: match[0][:LONGEST_WORD], question)
        parsed = await self._parser.parse(read, history)
        corrected = await asyncio.to_thread(self._corrected, parsed, collection)
        return replace(corrected, asked=question, cut=read != question)

    def _corrected(self, parsed: ParsedQuestion, collection: str) -> ParsedQuestion:
        changes: dict[str, str] = {}
        for each in parsed.sub_questions:
            changes |= dict(self._spelling.spelled(each.search, collection=collection).changes)
        spelled = tuple(
            SubQuestion(replaced(each.question, changes), replaced(each.search, changes))
            for each in parsed.sub_questions
        )
        return replace(parsed, sub_questions=spelled, spelled=tuple(changes.items()))


def parse_by_rules(question: str, history: Sequence[Message] = ()) -> ParsedQuestion:
    """A question parsed by rules; one longer than LONGEST_READ is not split."""
    if len(question) > LONGEST_READ:
        return ParsedQuestion(question, (SubQuestion(question, question),))
    plain = plain_style(question)
    turn = last_turn([replace(each, content=each.content[:LONGEST_READ]) for each in history])
    first, *others = split_question(plain)
    full = carried(first, turn)
    parts = [SubQuestion(full if points_back(first) else first, full)]
    for other in others:
        parts.append(SubQuestion(*later_part(other, parts[-1].search)))
    changed = bool(others) or parts[0] != SubQuestion(question, question)
    return ParsedQuestion(question, tuple(parts), "by rules" if changed else "as asked")


def needs_model(question: str, history: Sequence[Message]) -> bool:
    """Whether a question may go on from the conversation, or ask more than one thing."""
    goes_on = bool(context_of(history)) and kind_of(plain_style(question)) != "alone"
    return goes_on or looks_compound(question)


def checked_questions(found: Mapping[str, Any], question: str, history: Sequence[Message]) -> tuple[str, ...] | None:
    """The questions that a language model read, or None when they are not what was asked."""
    listed = found.get("questions")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_QUESTIONS:
        return None
    parts = tuple(" ".join(each.split()) for each in listed if isinstance(each, str) and each.strip())
    said = " ".join(parts)
    told = "\n".join([*(message.content for message in history), question])
    wanted, used = set(telling(plain_style(question))), set(telling(said))
    kept = len(wanted & used) >= _KEPT_SHARE * len(wanted)
    known = len(used & set(telling(told))) >= _KNOWN_SHARE * len(used)
    short = len(said) <= _LONGEST_GROWTH * len(question) + _SPARE_CHARACTERS
    faithful = not missing_facts(question, said) and not missing_facts(said, told)
    return parts if len(parts) == len(listed) and kept and known and short and faithful else None
