"""Question to verified answer, sentence by sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from rag.answers.concurrency import in_order, with_beats
from rag.answers.draft import Generator
from rag.answers.extractive import ExtractiveAnswerer
from rag.answers.notes import (
    MODEL_SILENT,
    MODEL_STOPPED,
    ONE_WEAK_PASSAGE,
    OWN_LANGUAGE,
    OWN_WORDS,
    disagreement_note,
    rests_on_one_weak_passage,
)
from rag.answers.preparation import NO_PREPARATION, AsAsked, Correction, ParsedQuestion, Preparation, SubQuestion
from rag.answers.progress import ALL_WITHHELD, Progress
from rag.answers.review import NO_CLAIM, Draft, Matter, Reviewer
from rag.errors import ModelUnavailable
from rag.events import Event, Heartbeat
from rag.evidence import EvidenceFinder, EvidencePool, contradicting, disagreements
from rag.filters import Filter
from rag.models import Message, is_refusal, without_markers
from rag.questions import sub_questions
from rag.retrieval import Retriever
from rag.safety import inert
from rag.text import languages_of, spoken_language
from rag.types import Chunk, Hit, Verdict

__all__ = ["ALL_WITHHELD", "DECLINED", "FOREIGN", "NOT_ANSWERED", "NO_HITS", "UNANSWERABLE", "Answerer"]

NO_HITS = "nothing in the collection matches the question"
UNANSWERABLE = "the passages found do not seem to answer the question"
NOT_ANSWERED = "no passage found answers the question"
FOREIGN = "the question is in another language than the passages found, and was not translated"
DECLINED = "the language model found no answer in the passages"
HEARTBEAT_S = 5.0
_MOST_CONTRADICTIONS = 2
_LONGEST_NAMED_PART = 120


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a question is answered from, and after which conversation."""

    collection: str
    where: Filter | None
    history: Sequence[Message]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the questions in a question, with what was found for it, and the languages of that, most frequent first.

    `read` is the question in the language of the hits, which are held against it; None when nobody translated it.
    """

    question: str
    scope: _Scope
    hits: Sequence[Hit]
    written: tuple[str, ...]
    read: str | None

    @property
    def matched(self) -> str:
        """The question as it is best matched with the hits."""
        return self.read or self.question


class Answerer:
    """Answers questions from a collection; nothing that is not verified leaves it.

    A language model reads the hits with `parent_characters` more of their pages around them, and may be quoted from
    there too; an extractive answer keeps to the hits. `repairs` is how many sentences of an answer may be rewritten.
    """

    def __init__(
        self,
        retriever: Retriever,
        finder: EvidenceFinder,
        reviewer: Reviewer,
        extractive: ExtractiveAnswerer,
        generator: Generator | None,
        *,
        top_k: int,
        model: Mapping[str, Any],
        parent_characters: int = 0,
        repairs: int = 0,
        language: str = "en",
        preparation: Preparation = NO_PREPARATION,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._retriever = retriever
        self._finder = finder
        self._reviewer = reviewer
        self._extractive = extractive
        self._generator = generator
        self._top_k = top_k
        self._parent_characters = parent_characters
        self._repairs = repairs
        self._language = language
        self._preparation = preparation
        self._heartbeat_s = heartbeat_s
        self._model = model

    async def answer(
        self, question: str, *, collection: str, where: Filter | None = None, history: Sequence[Message] = ()
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`; closing the iterator stops the language model.

        A heartbeat comes whenever nothing else came for `heartbeat_s` seconds, whatever is being waited for.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        progress = Progress(question, time.perf_counter(), dict(self._model))
        events = self._answer(progress, collection, where, history)
        async with aclosing(with_beats(events, Heartbeat(), every_s=self._heartbeat_s)) as beating:
            async for event in beating:
                yield event

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        if self._generator is not None:
            await self._generator.aclose()

    async def _answer(
        self, progress: Progress, collection: str, where: Filter | None, history: Sequence[Message]
    ) -> AsyncGenerator[Event, None]:
        parsed = await self._parse(progress.question, history, collection)
        if parsed.note:
            progress.note(parsed.note)
        for asked in parsed.sub_questions:
            part = await self._found(progress, asked, _Scope(collection, where, history))
            progress.found(part.hits)
            async with aclosing(self._part(progress, part, alone=len(parsed.sub_questions) == 1)) as events:
                async for event in events:
                    yield event
        if rests_on_one_weak_passage(progress.sentences, progress.hits):
            progress.note(ONE_WEAK_PASSAGE)
        yield progress.finish()

    async def _parse(self, question: str, history: Sequence[Message], collection: str) -> ParsedQuestion:
        parser = self._preparation.parser
        return AsAsked(question) if parser is None else await parser.parse(question, history, collection=collection)

    async def _found(self, progress: Progress, asked: SubQuestion, scope: _Scope) -> _Part:
        """What a part finds; in another language than most of that, what its translation finds."""
        part = _Part(asked.question, scope, *await self._search(asked.search, scope), read=asked.question)
        spoken = await asyncio.to_thread(spoken_language, asked.question, self._language)
        if not part.hits or spoken == part.written[0]:
            return part
        translator = self._preparation.translator
        rendered = None if translator is None else await translator.render(asked.search, written=part.written[0])
        if rendered is None:
            return replace(part, read=None)
        progress.note(f"Searched for “{rendered}”.")
        return _Part(asked.question, scope, *await self._search(rendered, scope), read=rendered)

    async def _search(self, question: str, scope: _Scope) -> tuple[list[Hit], tuple[str, ...]]:
        """The hits, and their languages."""

        def search() -> tuple[list[Hit], tuple[str, ...]]:
            hits = self._retriever.search(question, collection=scope.collection, k=self._top_k, where=scope.where)
            return hits, languages_of(hits, self._language)

        return await asyncio.to_thread(search)

    async def _part(self, progress: Progress, part: _Part, *, alone: bool) -> AsyncGenerator[Event, None]:
        """Answer one part; when nothing of it could be released, the note says so, unless it is the only one."""
        before = progress.answers
        progress.reason = await asyncio.to_thread(self._refusal, progress, part)
        if progress.reason is None:
            async with aclosing(self._from_hits(progress, part)) as events:
                async for event in events:
                    yield event
        if not alone and progress.answers == before:
            asked = part.question[:_LONGEST_NAMED_PART]
            progress.note(f"Not answered: “{asked}” ({progress.reason or ALL_WITHHELD}).")

    async def _from_hits(self, progress: Progress, part: _Part) -> AsyncGenerator[Event, None]:
        if self._generator is None:
            events = self._extracted(progress, part)
        else:
            events = self._generated(progress, part, self._generator)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _extracted(self, progress: Progress, part: _Part) -> AsyncGenerator[Event, None]:
        """The documents' own sentences."""
        progress.model["answerer"] = "extractive"
        first = len(progress.sentences)
        pool = await asyncio.to_thread(self._finder.pool, part.hits)
        correction = await self._correction(part, pool)
        if correction is not None:
            yield progress.correct(correction)
            return
        verdicts = await asyncio.to_thread(self._extractive.answer, sub_questions(part.matched), pool)
        nothing = NOT_ANSWERED if part.read else FOREIGN
        progress.reason = None if verdicts else nothing
        for verdict in verdicts:
            for told in progress.tell_once(verdict):
                yield told
        for event in await self._compared(progress, part, pool, first):
            yield event

    async def _generated(self, progress: Progress, part: _Part, generator: Generator) -> AsyncGenerator[Event, None]:
        """The drafted sentences, reviewed; when the model fails, what it said so far or an extractive answer.

        The evidence is made ready while the model reads its prompt, and what the question takes for granted is checked.
        When nothing of the draft is supported, the quotes that were found for it are told instead, if they answer.
        """
        progress.model["answerer"] = "generative"
        first, withheld, answers = len(progress.sentences), len(progress.withheld), progress.answers
        passages = await asyncio.to_thread(self._parents, part)
        try:
            async with generator.drafting(part.question, passages, part.scope.history) as drafted:
                pool = await asyncio.to_thread(self._evidence, part, passages)
                progress.lap("evidence")
                correction = await self._correction(part, pool)
                if correction is not None:
                    yield progress.correct(correction)
                    return
                async with aclosing(self._reviewed(progress, part, pool, drafted)) as events:
                    async for event in events:
                        yield event
        except ModelUnavailable as exc:
            progress.model["failure"] = str(exc)
            if len(progress.sentences) == first:
                progress.note(MODEL_SILENT)
                async with aclosing(self._extracted(progress, part)) as events:
                    async for event in events:
                        yield event
                return
            progress.note(MODEL_STOPPED)
        if progress.answers == answers and progress.reason != DECLINED:
            claims = [each for each in progress.withheld[withheld:] if each.why != NO_CLAIM]
            for verdict in await asyncio.to_thread(self._extractive.in_own_words, claims, part.matched, pool):
                for told in progress.tell_once(verdict):
                    progress.note(OWN_LANGUAGE if any(each.checked_as for each in claims) else OWN_WORDS)
                    yield told
        for event in await self._compared(progress, part, pool, first):
            yield event

    def _parents(self, part: _Part) -> list[Hit]:
        return self._retriever.parents(
            part.hits, collection=part.scope.collection, characters=self._parent_characters, language=self._language
        )

    def _evidence(self, part: _Part, passages: Sequence[Hit]) -> EvidencePool:
        """What the model reads, and the openings of the documents: a report may name its company on its cover alone.

        Looking for the question itself makes at once what every sentence will need: vectors, index and facts.
        """
        openings = self._retriever.openings(passages, collection=part.scope.collection)
        pool = self._finder.pool([*passages, *openings])
        self._finder.support(part.matched, pool)
        return pool

    async def _correction(self, part: _Part, pool: EvidencePool) -> Correction | None:
        """What a question takes for granted and the documents deny; not of a translation, which may bend it."""
        checker = self._preparation.assumptions
        if checker is None or part.read != part.question:
            return None
        return await asyncio.to_thread(checker.correction, part.question, pool)

    def _refusal(self, progress: Progress, part: _Part) -> str | None:
        """Why a part is not answered, as far as its hits tell."""
        if not part.hits:
            return NO_HITS
        if self._preparation.answerability is None or part.read is None:  # between languages its signals mean nothing
            return None
        answerable = self._preparation.answerability.probability(part.read, part.hits, language=self._language)
        progress.model["answerability"] = round(answerable, 4)
        return None if answerable >= self._preparation.least_answerability else UNANSWERABLE

    async def _reviewed(
        self, progress: Progress, part: _Part, pool: EvidencePool, drafted: AsyncGenerator[str, None]
    ) -> AsyncGenerator[Event, None]:
        """What became of each drafted sentence, in the order of the draft."""
        matter = Matter(part.question, pool, self._repairs, part.written)

        async def review(draft: Draft) -> tuple[Draft, list[Verdict]]:
            return draft, await self._reviewer.review(draft, matter)

        async with aclosing(in_order(_drafts(progress, drafted), review)) as reviews:
            async for draft, verdicts in reviews:
                told = [verdict.text for verdict in progress.sentences]
                for verdict in await self._reviewer.settle(verdicts, draft, matter, told):
                    yield progress.tell(verdict)

    async def _compared(self, progress: Progress, part: _Part, pool: EvidencePool, first: int) -> list[Event]:
        """The sentences of other documents that disagree with what was released, told; with a note on each matter."""
        others = await asyncio.to_thread(_other_side, progress.sentences[first:], pool)
        events: list[Event] = [progress.tell(verdict) for verdict in others]
        opening = self._opening_in(part.scope.collection)
        found = await asyncio.to_thread(disagreements, progress.sentences[first:], pool, opening)
        progress.disagreements += found
        for note in disagreement_note(found):
            progress.note(note)
        return events

    def _opening_in(self, collection: str) -> Callable[[Chunk], str]:
        def opening(chunk: Chunk) -> str:
            found = self._retriever.openings([Hit(chunk, {"score": 0.0})], collection=collection)
            return found[0].chunk.text if found else ""

        return opening


async def _drafts(progress: Progress, drafted: AsyncGenerator[str, None]) -> AsyncGenerator[Draft, None]:
    """The sentences to review: each once, without the model's own marks, and no refusals."""
    before = [verdict.text for verdict in progress.sentences]
    async with aclosing(drafted):
        async for sentence in drafted:
            progress.lap("first_draft")
            text = inert(without_markers(sentence))
            if not text or text in before:  # small models repeat themselves
                progress.answers_again(text)
                continue
            if is_refusal(text):
                progress.reason = DECLINED
                continue
            yield Draft(text, tuple(before))
            before.append(text)


def _other_side(released: Sequence[Verdict], pool: EvidencePool) -> list[Verdict]:
    """The sentences of other documents that disagree with what was released and were not themselves released."""
    told = {(quote.document_id, quote.page, quote.start) for verdict in released for quote in verdict.evidence}
    others = [pool.own_words(index) for index in contradicting(released, pool)]
    untold = [v for v in others if (v.evidence[0].document_id, v.evidence[0].page, v.evidence[0].start) not in told]
    return untold[:_MOST_CONTRADICTIONS]
