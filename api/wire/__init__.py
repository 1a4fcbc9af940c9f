"""The shapes that cross the edge: OpenAI's requests in, JSON out."""

from api.wire.answers import (
    answer_to_json,
    disagreement_to_json,
    evidence_to_json,
    hit_to_json,
    sentence_to_json,
    withheld_to_json,
)
from api.wire.base import MODEL, Json, where_of
from api.wire.chat import ChatRequest
from api.wire.content import Content, annotated
from api.wire.ingestions import IngestionRequest
from api.wire.search import SearchRequest, best_of, hit_to_result

__all__ = [
    "MODEL",
    "ChatRequest",
    "Content",
    "IngestionRequest",
    "Json",
    "SearchRequest",
    "annotated",
    "answer_to_json",
    "best_of",
    "disagreement_to_json",
    "evidence_to_json",
    "hit_to_json",
    "hit_to_result",
    "sentence_to_json",
    "where_of",
    "withheld_to_json",
]
