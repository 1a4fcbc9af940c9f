"""`POST /v1/answers/{id}/feedback`: the request."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from api.wire.base import WireModel

_MOST = 2**31 - 1


class RightPassage(WireModel):
    """Where the documents say what a sentence should have: as the evidence of an answer names a place."""

    document_id: str = Field(min_length=1, max_length=64)
    page: int = Field(ge=1, le=_MOST)
    start: int | None = Field(None, ge=0, le=_MOST)
    end: int | None = Field(None, ge=0, le=_MOST)
    quote: str | None = Field(None, max_length=10_000)


class FeedbackRequest(WireModel):
    """Feedback on an answer, or on the sentence with this number, counted from 0.

    At least one of rating, comment, correction and passage.
    """

    rating: Literal["up", "down"] | None = None
    comment: str | None = Field(None, min_length=1, max_length=10_000)
    sentence: int | None = Field(None, ge=0, le=_MOST)
    correction: str | None = Field(None, min_length=1, max_length=10_000)
    passage: RightPassage | None = None

    @model_validator(mode="after")
    def _says_something(self) -> FeedbackRequest:
        if self.rating is None and self.comment is None and self.correction is None and self.passage is None:
            raise ValueError("one of rating, comment, correction and passage is needed")
        if self.sentence is None and (self.correction is not None or self.passage is not None):
            raise ValueError("a correction or a passage is of one sentence: send its number as `sentence`")
        return self
