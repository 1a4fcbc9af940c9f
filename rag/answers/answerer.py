"""Question to verified answer, sentence by sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

from rag.answers.concurrency import in_order, with_beats
from rag.answers.draft import Draft, Generator
from rag.answers.extractive import NOT_ANSWERED, Extract, ExtractiveAnswerer
from rag.answers.notes import (
    MODEL_SILENT,
    MODEL_STOPPED,
    OWN_LANGUAGE,
    OWN_WORDS,
    disagreement_note,
)
from rag.answers.passages import PassageRetriever, Retrieved, Scope
from rag.answers.preparation import NO_PREPARATION, AsAsked, Correction, ParsedQuestion, Preparation
from rag.answers.progress import ALL_WITHHELD, Progress
from rag.answers.review import NO_CLAIM, DraftedSentence, ReviewContext, Reviewer
from rag.answers.subject import AskedSubject
from rag.errors import ModelUnavailable
from rag.events import Event, Heartbeat
from rag.evidence import EvidencePool, contradicting, disagreements
from rag.filters import Filter
from rag.models import Message, is_refusal, without_markers
from rag.questions import sub_questions
from rag.safety import inert
from rag.text import is_item, is_lead_in, lexicon, require_words
from rag.types import AS_SET, Chunk, Verdict, Weighing
from rag.verification.readers import LOCAL, Reader

__all__ = ["ALL_WITHHELD", "DECLINED", "FOREIGN", "NOT_ANSWERED", "NO_HITS", "UNANSWERABLE", "Answerer"]

NO_HITS = "nothing in the collection matches the question"
UNANSWERABLE = "the passages found do not seem to answer the question"
FOREIGN = "the question is in another language than the passages found, and was not translated"
DECLINED = "the language model found no answer in the passages"
HEARTBEAT_S = 5.0
_MOST_CONTRADICTIONS = 2
_LONGEST_NAMED_QUESTION = 120


class Answerer:
    """Answers questions from a collection; nothing that is not verified leaves it.

    A language model reads the hits with more of their pages around them, and may be quoted from there too; an
    extractive answer keeps to the hits. `repairs` is how many sentences of an answer may be rewritten; `reader` is
    named in the record.
    """

    def __init__(
        self,
        passages: PassageRetriever,
        reviewer: Reviewer,
        extractive: ExtractiveAnswerer,
        generator: Generator | None,
        *,
        model: Mapping[str, Any],
        reader: Reader | None = None,
        repairs: int = 0,
        preparation: Preparation = NO_PREPARATION,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._passages = passages
        self._reviewer = reviewer
        self._extractive = extractive
        self._generator = generator
        self._repairs = repairs
        self._preparation = preparation
        self._heartbeat_s = heartbeat_s
        self._model = model
        self._reader = reader

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`; closing the iterator stops the language model.

        A heartbeat comes whenever nothing else came for `heartbeat_s` seconds, whatever is being waited for.

        Raises:
            QuestionError, CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        require_words(question)
        progress = Progress(question, time.perf_counter(), dict(self._model))
        events = self._answer(progress, Scope(collection, where, history, weighing))
        async with aclosing(with_beats(events, Heartbeat(), every_s=self._heartbeat_s)) as beating:
            async for event in beating:
                yield event

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        if self._generator is not None:
            await self._generator.aclose()

    async def _answer(self, progress: Progress, scope: Scope) -> AsyncGenerator[Event, None]:
        parsed = await self._parse(progress.question, scope.history, scope.collection)
        if parsed.note:
            progress.note(parsed.note)
        for asked in parsed.sub_questions:
            retrieved = await self._passages.retrieve(asked, scope)
            progress.add_hits(retrieved.hits)
            if retrieved.note:
                progress.note(retrieved.note)
            async with aclosing(
                self._sub_question(progress, retrieved, alone=len(parsed.sub_questions) == 1)
            ) as events:
                async for event in events:
                    yield event
        progress.model["reader"] = LOCAL if self._reader is None else self._reader.name
        yield progress.finish()

    async def _parse(self, question: str, history: Sequence[Message], collection: str) -> ParsedQuestion:
        parser = self._preparation.parser
        return AsAsked(question) if parser is None else await parser.parse(question, history, collection=collection)

    async def _sub_question(
        self, progress: Progress, retrieved: Retrieved, *, alone: bool
    ) -> AsyncGenerator[Event, None]:
        """Answer one sub-question; when nothing of it is released, the note says so, unless it is the only one."""
        before = progress.answers
        progress.reason = await asyncio.to_thread(self._refusal, progress, retrieved)
        if progress.reason == UNANSWERABLE:
            async with aclosing(self._certain(progress, retrieved)) as events:
                async for event in events:
                    yield event
        elif progress.reason is None:
            async with aclosing(self._from_hits(progress, retrieved)) as events:
                async for event in events:
                    yield event
        if not alone and progress.answers == before:
            named = retrieved.question[:_LONGEST_NAMED_QUESTION]
            progress.note(f"Not answered: “{named}” ({progress.reason or ALL_WITHHELD}).")

    async def _certain(self, progress: Progress, retrieved: Retrieved) -> AsyncGenerator[Event, None]:
        """What a table or a whole sentence answers, although the hits do not look as if they did."""
        first, pool = len(progress.sentences), await asyncio.to_thread(self._passages.pool, retrieved)
        found = await asyncio.to_thread(self._extractive.certain, sub_questions(retrieved.matched), pool)
        if not found.verdicts:
            return
        progress.model["answerer"] = "extractive"
        progress.reason = None
        for event in self._told(progress, found):
            yield event
        for event in await self._compared(progress, retrieved, pool, first):
            yield event

    def _told(self, progress: Progress, found: Extract) -> list[Event]:
        for note in found.notes:
            progress.note(note)
        return [event for verdict in found.verdicts for event in progress.emit_once(verdict)]

    async def _from_hits(self, progress: Progress, retrieved: Retrieved) -> AsyncGenerator[Event, None]:
        if self._generator is None:
            events = self._extracted(progress, retrieved)
        else:
            events = self._generated(progress, retrieved, self._generator)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _extracted(self, progress: Progress, retrieved: Retrieved) -> AsyncGenerator[Event, None]:
        """The documents' own sentences."""
        progress.model["answerer"] = "extractive"
        first = len(progress.sentences)
        pool = await asyncio.to_thread(self._passages.pool, retrieved)
        correction = await self._correction(retrieved, pool)
        if correction is not None:
            yield progress.correct(correction)
            return
        found = await asyncio.to_thread(
            self._extractive.answer, sub_questions(retrieved.matched), pool, language=retrieved.language
        )
        progress.reason = found.reason if found.reason is None or retrieved.read else FOREIGN
        for event in self._told(progress, found):
            yield event
        for event in await self._compared(progress, retrieved, pool, first):
            yield event

    async def _generated(
        self, progress: Progress, retrieved: Retrieved, generator: Generator
    ) -> AsyncGenerator[Event, None]:
        """The drafted sentences, reviewed; when the model fails, what it said so far or an extractive answer.

        The evidence is made ready while the model reads its prompt, and what the question takes for granted is checked.
        When nothing of the draft is supported, the quotes that were found for it are told instead, if they answer.
        """
        progress.model["answerer"] = "generative"
        first, withheld, answers = len(progress.sentences), len(progress.withheld), progress.answers
        passages = await asyncio.to_thread(self._passages.passages, retrieved)
        try:
            async with generator.drafting(retrieved.question, passages, retrieved.scope.history) as draft:
                pool = await asyncio.to_thread(self._passages.evidence, retrieved, passages, progress.question)
                pool.prompt = await draft.prompt()
                progress.lap("evidence")
                correction = await self._correction(retrieved, pool)
                if correction is not None:
                    yield progress.correct(correction)
                    return
                async with aclosing(self._reviewed(progress, retrieved, pool, draft)) as events:
                    async for event in events:
                        yield event
        except ModelUnavailable as exc:
            progress.model["failure"] = str(exc)
            if len(progress.sentences) == first:
                progress.note(MODEL_SILENT)
                async with aclosing(self._extracted(progress, retrieved)) as events:
                    async for event in events:
                        yield event
                return
            progress.note(MODEL_STOPPED)
        if progress.answers == answers and progress.reason != DECLINED:
            claims = [each for each in progress.withheld[withheld:] if each.why != NO_CLAIM]
            for verdict in await asyncio.to_thread(self._extractive.in_own_words, claims, retrieved.matched, pool):
                for told in progress.emit_once(verdict):
                    translated = any("translated" in each.changes for each in claims)
                    progress.note(OWN_LANGUAGE if translated else OWN_WORDS)
                    yield told
        for event in await self._compared(progress, retrieved, pool, first):
            yield event

    async def _correction(self, retrieved: Retrieved, pool: EvidencePool) -> Correction | None:
        """What a question takes for granted and the documents deny; not of a translation, which may bend it."""
        checker = self._preparation.assumptions
        if checker is None or retrieved.read != retrieved.question:
            return None
        return await asyncio.to_thread(checker.correction, retrieved.question, pool)

    def _refusal(self, progress: Progress, retrieved: Retrieved) -> str | None:
        """Why a sub-question is not answered, as far as its hits tell.

        Between languages the signals of answerability mean nothing, and in another language than English its words
        decide, where there is no language model.
        """
        if not retrieved.hits:
            return NO_HITS
        decides = self._generator is None and lexicon(retrieved.language) is not None
        if self._preparation.answerability is None or retrieved.read is None or decides:
            return None
        answerable = self._preparation.answerability.probability(
            retrieved.read, retrieved.hits, language=retrieved.language
        )
        progress.model["answerability"] = round(answerable, 4)
        return None if answerable >= self._preparation.least_answerability else UNANSWERABLE

    async def _reviewed(
        self, progress: Progress, retrieved: Retrieved, pool: EvidencePool, draft: Draft
    ) -> AsyncGenerator[Event, None]:
        """What became of each drafted sentence, in the order of the draft."""
        context = ReviewContext(retrieved.question, pool, self._repairs, retrieved.written)

        async def review(drafted: DraftedSentence) -> tuple[DraftedSentence, list[Verdict]]:
            return drafted, await self._reviewer.review(drafted, context)

        async with aclosing(in_order(_drafts(progress, draft), review)) as reviews:
            async for drafted, verdicts in reviews:
                told = [verdict.text for verdict in progress.sentences]
                for verdict in await self._reviewer.settle(verdicts, drafted, context, told):
                    yield progress.emit(verdict)

    async def _compared(self, progress: Progress, retrieved: Retrieved, pool: EvidencePool, first: int) -> list[Event]:
        """The sentences of other documents that disagree with what was released, told; with a note on each context."""
        opening = partial(self._passages.opening, collection=retrieved.scope.collection)
        asked = await asyncio.to_thread(AskedSubject, retrieved.matched, pool)
        others = await asyncio.to_thread(_other_side, progress.sentences[first:], pool, asked, opening)
        events: list[Event] = [progress.emit(verdict) for verdict in others]
        found = await asyncio.to_thread(disagreements, progress.sentences[first:], pool, opening)
        progress.disagreements += found
        for note in disagreement_note(found):
            progress.note(note)
        return events


async def _drafts(progress: Progress, draft: Draft) -> AsyncGenerator[DraftedSentence, None]:
    """The sentences to review: each once, without the model's own marks, and no refusals.

    The items of a list come with the sentence that leads in to it.
    """
    before = [verdict.text for verdict in progress.sentences]
    lead_in: str | None = None
    async with aclosing(draft.sentences) as sentences:
        async for sentence in sentences:
            progress.lap("first_draft")
            text = inert(without_markers(sentence))
            if not text or text in before:  # small models repeat themselves
                progress.answers_again(text)
                continue
            if is_refusal(text):
                progress.reason = DECLINED
                continue
            lead_in = lead_in if is_item(text) else None
            yield DraftedSentence(text, tuple(before), lead_in, await draft.named(sentence))
            lead_in = text if is_lead_in(text) else lead_in
            before.append(text)


def _other_side(
    released: Sequence[Verdict], pool: EvidencePool, asked: AskedSubject, opening: Callable[[Chunk], str]
) -> list[Verdict]:
    """The sentences of other documents that disagree with what was released and were not themselves released.

    None of them is about another thing than was asked.
    """
    told = {(quote.document_id, quote.page, quote.start) for verdict in released for quote in verdict.evidence}
    found = contradicting(released, pool, opening)
    others = [pool.own_words(index) for index in found if asked.passes(index)]
    untold = [v for v in others if (v.evidence[0].document_id, v.evidence[0].page, v.evidence[0].start) not in told]
    return untold[:_MOST_CONTRADICTIONS]
