"""Time to the first released sentence and to the whole answer, with verification and without.

    python -m benchmarks streaming CLAPNQ.jsonl
    FOOTNOTE_LLM_URL=http://localhost:8000/v1 python -m benchmarks streaming CLAPNQ.jsonl --questions 15
    python -m benchmarks streaming CLAPNQ.jsonl --paced 30
    python -m benchmarks streaming CLAPNQ.jsonl --costs --questions 20

Takes rows of `{id, question, answerable, passages: [{title, text}]}` (ClapNQ: Rosenthal et al., 2024). Without a
language model, answers are the documents' own words and nothing is verified. With one, every question is asked twice in
a row, in turns with the verifier and with one that releases everything, which exists in this file only. A mark at the
head of each prompt keeps the server from serving one from the other's cache.

`--paced N` stands in for a fast server: the rows' reference answers are streamed, N words a second, after half a second
for the prompt. It takes none of the machine's time, so that what is measured is the service alone.

`--costs` times nothing by the clock: it tells the processor time, over all cores, of making a question's evidence ready
and of reviewing a sentence of the reference answers, one after another. It can be believed on a busy machine too.

`first_draft_s` is when the first sentence of the draft was whole; `verification_ms` is what passed from then until that
very sentence was released, in the answers in which it was.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Annotated, Any

import typer

from api.whole_answer import whole
from benchmarks.answers.clapnq import Half, half_of, service_on
from benchmarks.harness import ClapNq, Result
from eval.data import Row, read_jsonl
from eval.metrics import percentiles
from rag.answers import Answerer, DraftedSentence, ExtractiveAnswerer, PassageRetriever, ReviewContext, Reviewer
from rag.build.answerer import build_generator, build_reviewer, build_verifier
from rag.build.core import Rag
from rag.build.models import build_chat
from rag.evidence import EvidenceFinder, EvidencePool
from rag.models import ChatModel, Message, Remembering, Schema
from rag.models.tokens import estimated_tokens
from rag.settings import load_settings
from rag.text import split
from rag.types import Answer, Verdict
from rag.verification import Verifier

PROMPT_S, WINDOW_TOKENS = 0.5, 8192


class ReleasesEverything:
    """What answers would be without a verifier: every sentence, with no quote."""

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        return Verdict(sentence, 1.0, supported=True)


@dataclass(frozen=True)
class Uncached:
    """A language model each of whose prompts begins otherwise."""

    chat: ChatModel
    asked: Any

    @property
    def name(self) -> str:
        return self.chat.name

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        marked = replace(messages[0], content=f"({next(self.asked):05d}) {messages[0].content}")
        return self.chat.stream([marked, *messages[1:]], max_tokens=max_tokens)

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        return await self.chat.complete(messages, schema=schema, max_tokens=max_tokens)

    async def count_tokens(self, text: str) -> int:
        return await self.chat.count_tokens(text)

    async def context_window(self) -> int:
        return await self.chat.context_window()

    async def aclose(self) -> None:
        await self.chat.aclose()


class Paced:
    """Streams the reference answer of whatever question is asked, at a steady pace; it rewrites nothing."""

    name = "paced"

    def __init__(self, rows: Sequence[Row], words_per_s: float) -> None:
        self._answers = {f"Question: {row['question']}": row["answers"][0] for row in rows}
        self._pause_s = 1 / words_per_s

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        await asyncio.sleep(PROMPT_S)
        for word in self._answers[messages[-1].content].split():
            await asyncio.sleep(self._pause_s)
            yield word + " "

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        return {}

    async def count_tokens(self, text: str) -> int:
        return estimated_tokens(text)

    async def context_window(self) -> int:
        return WINDOW_TOKENS

    async def aclose(self) -> None:
        """Nothing to close."""


def answerer(rag: Rag, chat: ChatModel | None, *, verified: bool) -> Answerer:
    """The answerer of these settings, or the same with everything released."""
    settings, vectors = rag.settings, Remembering(rag.embedder)
    finder = EvidenceFinder(vectors, language=settings.language)
    verifier: Verifier = build_verifier(settings, finder)
    reviewer = build_reviewer(settings, vectors, verifier, chat) if verified else Reviewer(ReleasesEverything())
    return Answerer(
        PassageRetriever(
            rag.retriever,
            finder,
            top_k=settings.top_k,
            parent_characters=settings.parent_characters,
            language=settings.language,
        ),
        reviewer,
        ExtractiveAnswerer(threshold=settings.relevance_threshold),
        build_generator(settings, chat),
        model={},
        repairs=settings.llm_repairs,
    )


def figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Counts, and seconds as p50 and p95."""
    times = [answer.timings_ms for answer in answers]
    told = [each for each in times if "first_sentence" in each]
    own = [answer.timings_ms for answer in answers if first_draft_released(answer)]
    drafted = [each["first_draft"] / 1000 for each in times if "first_draft" in each]
    found: dict[str, Any] = {
        "questions": len(answers),
        "answered": len(told),
        "released": sum(len(answer.sentences) for answer in answers),
        "cut": _changed(answers, "cut"),
        "repaired": _changed(answers, "repaired"),
        "withheld": sum(len(answer.withheld) for answer in answers),
        "first_released_s": spread([each["first_sentence"] / 1000 for each in told]),
        "total_s": spread([each["total"] / 1000 for each in times]),
    }
    if drafted:
        found["first_draft_s"] = spread(drafted)
        found["verification_ms"] = spread([each["first_sentence"] - each["first_draft"] for each in own])
        found["evidence_ready_s"] = spread([each["evidence"] / 1000 for each in times if "evidence" in each])
    return found


def first_draft_released(answer: Answer) -> bool:
    """Whether the first sentence drafted was released as it was: nothing was withheld before it."""
    if not answer.sentences or "first_draft" not in answer.timings_ms:
        return False
    first = answer.sentences[0]
    return not first.changes and not answer.withheld


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, and of how many."""
    return {**percentiles(values, 3), "n": len(values)}


async def ask(by: Answerer, question: str, collection: str) -> Answer:
    """One whole answer."""
    return await whole(by.answer(question, collection=collection))


async def measure(rag: Rag, collection: str, rows: Sequence[Row], chat: ChatModel | None) -> dict[str, Any]:
    """Every question by every arm, one after another; the first question is asked once before, unmeasured."""
    model = None if chat is None else Uncached(chat, count(1))
    arms = {"verified": answerer(rag, model, verified=True)}
    if model is not None:
        arms["unverified"] = answerer(rag, model, verified=False)
    answers: dict[str, list[Answer]] = {name: [] for name in arms}
    for arm in arms.values():
        await ask(arm, rows[0]["question"], collection)
    for number, row in enumerate(rows):
        order = list(arms) if number % 2 == 0 else list(reversed(arms))
        for name in order:
            answers[name].append(await ask(arms[name], row["question"], collection))
        last = {name: answers[name][-1].timings_ms for name in arms}
        print(f"{number + 1}/{len(rows)} {json.dumps(last)}", flush=True)
    for arm in arms.values():
        await arm.aclose()
    return {"llm": None if chat is None else chat.name, **{arm: figures(found) for arm, found in answers.items()}}


def costs_of(rag: Rag, collection: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Milliseconds of processor time, of evidence and of reviews."""
    settings, vectors = rag.settings, Remembering(rag.embedder)
    finder = EvidenceFinder(vectors, language=settings.language)
    verifier = build_verifier(settings, finder)
    reviewer = build_reviewer(settings, vectors, verifier, None)
    evidence, reviews, sizes = [], [], []
    for row in rows:
        question, answer = row["question"], row["answers"][0]
        hits = rag.retriever.search(question, collection=collection, k=settings.top_k)
        passages = rag.retriever.parents(hits, collection=collection, characters=settings.parent_characters)
        begun = time.process_time()
        pool = finder.pool([*passages, *rag.retriever.openings(passages, collection=collection)])
        finder.support(question, pool)
        evidence.append(1000 * (time.process_time() - begun))
        sizes.append(len(pool))
        for span in split(answer):
            begun = time.process_time()
            asyncio.run(reviewer.review(DraftedSentence(answer[span.start : span.end]), ReviewContext(question, pool)))
            reviews.append(1000 * (time.process_time() - begun))
    return {
        "sentences_of_evidence": spread(sizes),
        "evidence_cpu_ms": spread(evidence),
        "review_cpu_ms": spread(reviews[1:]),  # the first one loads things
    }


def _changed(answers: Sequence[Answer], change: str) -> int:
    return sum(change in verdict.changes for answer in answers for verdict in answer.sentences)


def benchmark(
    file: ClapNq,
    questions: Annotated[int, typer.Option(help="How many to ask.")] = 60,
    costs: Annotated[bool, typer.Option("--costs", help="Processor time instead of time by the clock.")] = False,
    paced: Annotated[float | None, typer.Option(help="Words a second of a stand-in for a language model.")] = None,
) -> Result:
    rows = list(read_jsonl(file))
    half = half_of(rows, Half.REPORT)
    asked = ([row for row in half if row["answers"]] if paced or costs else half)[:questions]
    with service_on(asked if costs else rows, load_settings()) as (rag, collection):
        if costs:
            return Result(costs_of(rag, collection, asked))
        chat = Paced(asked, paced) if paced else build_chat(rag.settings)
        return Result(asyncio.run(measure(rag, collection, asked, chat)))
