"""Question to verified answer, sentence by sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from rag.disagreement import contradicting
from rag.errors import ModelUnavailable
from rag.events import Event, Finished, Heartbeat, Released, Withheld
from rag.evidence import EvidenceFinder, EvidencePool
from rag.extractive import ExtractiveAnswerer, verbatim
from rag.filters import Filter
from rag.generation import Generator
from rag.inert import inert
from rag.llm import Message
from rag.prompts import is_refusal, without_markers
from rag.retriever import Retriever
from rag.types import Answer, Hit, Verdict
from rag.verifier import Verifier

NO_HITS = "nothing in the collection matches the question"
NOT_ANSWERED = "no passage found answers the question"
DECLINED = "the language model found no answer in the passages"
ALL_WITHHELD = "no sentence of the drafted answer is supported by the documents"
DISAGREEMENT = "The documents disagree: they give different figures for this. Compare the footnotes."
_MOST_CONTRADICTIONS = 2


@dataclass(slots=True)
class _Progress:
    """One answer in the making."""

    question: str
    hits: list[Hit]
    started: float
    model: dict[str, Any]
    sentences: list[Verdict] = field(default_factory=list)
    withheld: list[Verdict] = field(default_factory=list)
    reason: str | None = None
    notes: list[str] = field(default_factory=list)
    drafted: set[str] = field(default_factory=set)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> None:
        self.timings_ms.setdefault(name, round(1000 * (time.perf_counter() - self.started), 2))

    def release(self, verdict: Verdict) -> Released:
        self.lap("first_sentence")
        self.sentences.append(verdict)
        return Released(verdict)

    def withhold(self, verdict: Verdict) -> Withheld:
        self.withheld.append(verdict)
        return Withheld(verdict)

    def finish(self) -> Finished:
        self.lap("total")
        return Finished(
            Answer(
                question=self.question,
                sentences=tuple(self.sentences),
                withheld=tuple(self.withheld),
                hits=tuple(self.hits),
                reason=None if self.sentences else (self.reason or ALL_WITHHELD),
                note=" ".join(self.notes) or None,
                timings_ms=self.timings_ms,
                model=self.model,
            )
        )


class Answerer:
    """Answers questions from a collection; nothing that is not verified leaves it.

    A language model reads the hits with `parent_characters` more of their pages around them, and may be quoted from
    there too; an extractive answer keeps to the hits.
    """

    def __init__(
        self,
        retriever: Retriever,
        finder: EvidenceFinder,
        verifier: Verifier,
        extractive: ExtractiveAnswerer,
        generator: Generator | None,
        *,
        top_k: int,
        model: Mapping[str, Any],
        parent_characters: int = 0,
    ) -> None:
        self._retriever = retriever
        self._finder = finder
        self._verifier = verifier
        self._extractive = extractive
        self._generator = generator
        self._top_k = top_k
        self._parent_characters = parent_characters
        self._model = model

    async def answer(
        self, question: str, *, collection: str, where: Filter | None = None, history: Sequence[Message] = ()
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`; closing the iterator stops the language model.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        started = time.perf_counter()
        hits = await asyncio.to_thread(
            self._retriever.search, question, collection=collection, k=self._top_k, where=where
        )
        progress = _Progress(question, hits, started, dict(self._model))
        progress.lap("retrieve")
        if not hits:
            progress.reason = NO_HITS
            yield progress.finish()
            return
        pool = await asyncio.to_thread(self._finder.pool, hits)
        async with aclosing(self._events(progress, pool, collection, history)) as events:
            async for event in events:
                yield event
        yield progress.finish()

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        if self._generator is not None:
            await self._generator.aclose()

    async def _events(
        self, progress: _Progress, pool: EvidencePool, collection: str, history: Sequence[Message]
    ) -> AsyncGenerator[Event, None]:
        if self._generator is None:
            progress.model["answerer"] = "extractive"
            for verdict in await self._extracted(progress, pool):
                yield progress.release(verdict)
        else:
            progress.model["answerer"] = "generative"
            passages = await asyncio.to_thread(self._parents, progress.hits, collection, pool.language)
            evidence = await asyncio.to_thread(self._with_openings, passages, collection)
            drafted = self._generator.sentences(progress.question, passages, history)
            async with aclosing(self._generated(drafted, progress, pool, evidence)) as events:
                async for event in events:
                    yield event
        for verdict in await asyncio.to_thread(_other_side, progress.sentences, pool):
            yield progress.release(verdict)
        disagreeing = await asyncio.to_thread(contradicting, progress.sentences, pool)
        if disagreeing and len(progress.sentences) > 1:
            progress.notes.append(DISAGREEMENT)

    async def _extracted(self, progress: _Progress, pool: EvidencePool) -> list[Verdict]:
        verdicts = await asyncio.to_thread(self._extractive.answer, progress.question, pool)
        if not verdicts:
            progress.reason = NOT_ANSWERED
        return verdicts

    def _parents(self, hits: Sequence[Hit], collection: str, language: str) -> list[Hit]:
        return self._retriever.parents(
            hits, collection=collection, characters=self._parent_characters, language=language
        )

    def _with_openings(self, hits: Sequence[Hit], collection: str) -> EvidencePool:
        return self._finder.pool([*hits, *self._retriever.openings(hits, collection=collection)])

    async def _generated(
        self,
        drafted: AsyncGenerator[str | None, None],
        progress: _Progress,
        pool: EvidencePool,
        evidence: EvidencePool,
    ) -> AsyncGenerator[Event, None]:
        """The drafted sentences, verified; when the model fails, what it said so far or an extractive answer.

        `pool` has the hits; `evidence` what stands around them too, and the openings of their documents: a report may
        name its company on its cover alone.
        """
        try:
            async with aclosing(drafted):
                async for sentence in drafted:
                    if sentence is None:
                        yield Heartbeat()
                    else:
                        event = await self._judge(sentence, progress, evidence)
                        if event is not None:
                            yield event
        except ModelUnavailable as exc:
            progress.model["failure"] = str(exc)
            if progress.sentences:
                progress.notes.append("The language model stopped before it finished; this is what was verified.")
                return
            progress.notes.append("The language model did not answer; these are the documents' own sentences.")
            progress.model["answerer"] = "extractive"
            for verdict in await self._extracted(progress, pool):
                yield progress.release(verdict)

    async def _judge(self, sentence: str, progress: _Progress, pool: EvidencePool) -> Event | None:
        text = inert(without_markers(sentence))
        if not text or text in progress.drafted:  # small models repeat themselves
            return None
        progress.drafted.add(text)
        if is_refusal(text):
            progress.reason = DECLINED
            return None
        verdict = await asyncio.to_thread(self._verifier.verify, text, pool, question=progress.question)
        return progress.release(verdict) if verdict.supported else progress.withhold(verdict)


def _other_side(released: Sequence[Verdict], pool: EvidencePool) -> list[Verdict]:
    """The sentences of other documents that disagree with what was released and were not themselves released."""
    told = {(quote.document_id, quote.page, quote.start) for verdict in released for quote in verdict.evidence}
    others = [verbatim(index, pool) for index in contradicting(released, pool)]
    untold = [v for v in others if (v.evidence[0].document_id, v.evidence[0].page, v.evidence[0].start) not in told]
    return untold[:_MOST_CONTRADICTIONS]
