"""`/v1/embeddings`: vectors of the embedding model."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence

from fastapi import APIRouter

from api.rest.access import READ
from api.rest.dependencies import Core
from api.rest.errors import model_not_found
from api.rest.limits import check_texts
from api.wire import MODEL, EmbeddingInput, EmbeddingsRequest, Json, Refused
from rag.build.core import Rag
from rag.models import Detokenizer
from rag.types import FloatArray

router = APIRouter(prefix="/v1", dependencies=[READ])


@router.post("/embeddings")
async def embeddings(body: EmbeddingsRequest, rag: Core) -> Json:
    """One vector of unit length per text."""
    embedder = rag.embedder
    if body.model not in (embedder.name, MODEL):
        raise model_not_found(body.model, f"{embedder.name!r} embeds here")
    texts = await asyncio.to_thread(_texts, body.input, rag)
    check_texts(texts, rag.settings)
    tokens = await asyncio.to_thread(lambda: list(map(embedder.count_tokens, texts)))
    if not body.truncate:
        _whole(tokens, rag)
    vectors = await asyncio.to_thread(embedder.embed_sentences, texts)
    if body.dimensions not in (None, vectors.shape[1]):
        raise Refused(
            f"dimensions: the vectors of {embedder.name!r} have {vectors.shape[1]} dimensions and are not shortened",
            param="dimensions",
        )
    encoded = _base64 if body.encoding_format == "base64" else _floats
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": i, "embedding": encoded(row)} for i, row in enumerate(vectors)],
        "model": embedder.name,
        "usage": {"prompt_tokens": sum(tokens), "total_tokens": sum(tokens)},
    }


def _texts(inputs: Sequence[EmbeddingInput], rag: Rag) -> list[str]:
    """The inputs as texts; tokens are those of the embedding model."""
    count = rag.embedder.count_tokens
    texts: list[str] = []
    for i, each in enumerate(inputs):
        if isinstance(each, str):
            texts.append(each)
            continue
        if not isinstance(count, Detokenizer):
            raise Refused(f"input: the tokens of {rag.embedder.name!r} are not known here: send texts", param="input")
        text = count.text_of(each)
        if text is None:
            raise Refused(
                f"input.{i}: these are not tokens of {rag.embedder.name!r}; clients that cut texts into another "
                "model's tokens can be told not to, and texts are always understood",
                param="input",
            )
        texts.append(text)
    return texts


def _whole(tokens: Sequence[int], rag: Rag) -> None:
    """No text that the model would read the beginning of only; a server's model has its own bounds."""
    most = rag.settings.embedding_max_tokens
    over = next((i for i, count in enumerate(tokens) if count > most), None)
    if over is not None and rag.settings.embedding_url is None:
        raise Refused(
            f"input.{over}: {tokens[over]} tokens, and the first {most} are embedded (FOOTNOTE_EMBEDDING_MAX_TOKENS): "
            "send shorter texts, or `truncate`: true",
            param="input",
            code="context_length_exceeded",
        )


def _floats(row: FloatArray) -> list[float]:
    return [float(value) for value in row]


def _base64(row: FloatArray) -> str:
    """The numbers as 32-bit floats, the lowest byte first."""
    return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")
