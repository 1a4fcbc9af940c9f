"""Token usage of one request, for the client."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rag.build.core import Rag
from rag.models import TokenMeter

BY_SERVER = "the language model's server"
BY_ESTIMATE = "an estimate from the number of characters"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, and what counted them."""

    prompt_tokens: int
    completion_tokens: int
    counted_by: str

    @property
    def total_tokens(self) -> int:
        """All of them."""
        return self.prompt_tokens + self.completion_tokens


async def usage_of(meter: TokenMeter, rag: Rag, read: Sequence[str], written: str) -> Usage:
    """What language models read and wrote for a request; where none did, the texts that came and went.

    Those are counted by the tokenizer of the embedding model.
    """
    if meter.calls:
        counted_by = BY_ESTIMATE if meter.estimated else BY_SERVER
        return Usage(meter.prompt_tokens, meter.completion_tokens, counted_by)
    count = rag.embedder.count_tokens

    def counted() -> tuple[int, int]:
        return sum(map(count, read)), count(written)

    return Usage(*await asyncio.to_thread(counted), f"the tokenizer of {rag.embedder.name}")
