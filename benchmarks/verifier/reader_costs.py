"""What a claim costs a language model that reads, in tokens computed and milliseconds, by how it is asked.

    FOOTNOTE_LLM_URL=http://localhost:8000/v1 python -m benchmarks reader-costs [--claims 8] [--passages 6]

An answer's prompt is sent first, for one token, as drafting does. Then claims are put to the same model: after that
very prompt (`after the draft`), with a window alone (`window`), and with the passages behind a system message of its
own for each claim, so that nothing is shared (`nothing shared`). vLLM's /metrics tell how many tokens of the prompts
were in its prefix cache; the rest were computed. Claims are asked about one after the other, so that milliseconds are
those of one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from benchmarks.harness import Result
from eval.data import hits_of
from rag.errors import SettingError
from rag.models import Message, answer_prompt, claim_prompt, passages_prompt
from rag.models.endpoints import Endpoint, EndpointFirstTokens
from rag.settings import load_settings
from rag.types import Chunk
from rag.verification.readers import ClaimInContext, LlmReader, of_the_window

SOURCE = Path(__file__).parents[2] / "examples/sources/ouzel-4-manual.md"
_METRIC = re.compile(r"^vllm:prefix_cache_(queries|hits)_total\{[^}]*\} (\S+)$", re.MULTILINE)
Asking = Callable[[ClaimInContext], list[Message]]


def benchmark(
    claims: Annotated[int, typer.Option(help="So many claims.")] = 8,
    passages: Annotated[int, typer.Option(help="So many passages in the prompt.")] = 6,
) -> Result:
    settings = load_settings()
    if settings.llm_url is None:
        raise SettingError("FOOTNOTE_LLM_URL is not set")
    model = EndpointFirstTokens(
        Endpoint(
            url=settings.llm_url,
            model=settings.llm_model,
            api_key=None,
            timeout_s=600,
            connect_timeout_s=5,
            retries=0,
        )
    )
    chunks = [hit.chunk for hit in hits_of(SOURCE.read_text(encoding="utf-8"))][:passages]
    asked = claims_of(chunks, claims)
    metrics = settings.llm_url.removesuffix("/v1") + "/metrics"
    found = {"draft": cost(metrics, lambda: [model.first_tokens(answer_prompt("What is the Ouzel 4?", chunks))])}
    for way, asking in (("after the draft", None), ("window", of_the_window), ("nothing shared", unshared(chunks))):
        reader = LlmReader(model) if asking is None else LlmReader(model, asking=asking)
        found[way] = cost(metrics, partial(each_alone, reader, asked))
    return Result({"model": model.name, "claims": len(asked), "passages": len(chunks), "ways": found})


def each_alone(reader: LlmReader, claims: Sequence[ClaimInContext]) -> list[Any]:
    """The log-odds of the claims, asked about one after the other."""
    return [reader.logits([claim]) for claim in claims]


def claims_of(chunks: Sequence[Chunk], most: int) -> list[ClaimInContext]:
    """The first sentence of a passage as a claim on all of them; its window is the passage."""
    prompt = tuple(passages_prompt(chunks))
    sentences = [(part, chunk.text) for chunk in chunks for part in re.findall(r"[A-Z][^.\n]{40,}\.", chunk.text)]
    return [ClaimInContext(sentence, window[:400], prompt) for sentence, window in sentences[:most]]


def unshared(chunks: Sequence[Chunk]) -> Asking:
    """Every prompt begins with a number of its own."""
    numbers = count(time.time_ns() % 1_000_000)

    def asking(asked: ClaimInContext) -> list[Message]:
        system, *rest = claim_prompt(asked.claim, passages_prompt(chunks))
        return [Message("system", f"{next(numbers)} {system.content}"), *rest]

    return asking


def cost(metrics: str, ask: Callable[[], list[Any]]) -> dict[str, float]:
    """Tokens of the prompts, those computed, and milliseconds, a claim."""
    before, started = counters(metrics), time.perf_counter()
    asked = len(ask())
    elapsed_s, after = time.perf_counter() - started, counters(metrics)
    tokens, cached = (after[name] - before[name] for name in ("queries", "hits"))
    return {
        "prompt_tokens": round(tokens / asked, 1),
        "computed_tokens": round((tokens - cached) / asked, 1),
        "ms": round(1000 * elapsed_s / asked),
    }


def counters(metrics: str) -> dict[str, float]:
    """vLLM's counts of prompt tokens, asked for in the prefix cache and found there."""
    text = httpx.get(metrics, timeout=30).raise_for_status().text
    return {name: float(value) for name, value in _METRIC.findall(text)}
