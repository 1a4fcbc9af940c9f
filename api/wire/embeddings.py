"""`POST /v1/embeddings`: the request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from api.wire.base import WireModel

MOST_INPUTS = 2048
Input = str | tuple[int, ...]
"""A text, or the ids of its tokens."""


def inputs_of(raw: object) -> tuple[Input, ...]:
    """What is to be embedded: one text or several, one list of tokens or several.

    Raises:
        ValueError: it is none of these, empty, or too much at once.
    """
    if isinstance(raw, tuple):
        return raw
    listed: list[Any] = [raw] if isinstance(raw, str) or _are_tokens(raw) else raw if isinstance(raw, list) else []
    if not listed or not all(each and (isinstance(each, str) or _are_tokens(each)) for each in listed):
        raise ValueError("a text that is not empty, a list of such texts, or lists of tokens are needed")
    if len(listed) > MOST_INPUTS:
        raise ValueError(f"at most {MOST_INPUTS} texts are embedded at once")
    return tuple(each if isinstance(each, str) else tuple(each) for each in listed)


def _are_tokens(raw: object) -> bool:
    return isinstance(raw, list) and bool(raw) and all(type(each) is int for each in raw)


class EmbeddingsRequest(WireModel):
    """OpenAI's shape. `truncate` is Footnote's own: a text longer than the model reads is cut off, not refused."""

    input: Annotated[
        tuple[Input, ...],
        BeforeValidator(inputs_of, json_schema_input_type=str | list[str] | list[int] | list[list[int]]),
    ]
    model: str
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1)
    truncate: bool = False
