"""The shapes that cross the edge: OpenAI's requests in, JSON out."""

from api.wire.answers import (
    answer_of,
    answer_to_json,
    disagreement_to_json,
    evidence_to_json,
    hit_to_json,
    sentence_to_json,
    withheld_to_json,
)
from api.wire.base import MODEL, Json, Metadata, Refused, WireModel, where_of
from api.wire.chat import ChatRequest
from api.wire.citations import PageUrl, file_citation, url_citation
from api.wire.content import Citation, Content, cited
from api.wire.conversation import Conversation
from api.wire.documents import PageQuery
from api.wire.embeddings import EmbeddingsRequest
from api.wire.embeddings import Input as EmbeddingInput
from api.wire.feedback import FeedbackRequest
from api.wire.ingestions import IngestionRequest
from api.wire.response_stream import ResponseWriter
from api.wire.responses import FileSearch, ResponsesRequest
from api.wire.search import SearchRequest, best_of, hit_to_found, hit_to_result

__all__ = [
    "MODEL",
    "ChatRequest",
    "Citation",
    "Content",
    "Conversation",
    "EmbeddingInput",
    "EmbeddingsRequest",
    "FeedbackRequest",
    "FileSearch",
    "IngestionRequest",
    "Json",
    "Metadata",
    "PageQuery",
    "PageUrl",
    "Refused",
    "ResponseWriter",
    "ResponsesRequest",
    "SearchRequest",
    "WireModel",
    "answer_of",
    "answer_to_json",
    "best_of",
    "cited",
    "disagreement_to_json",
    "evidence_to_json",
    "file_citation",
    "hit_to_found",
    "hit_to_json",
    "hit_to_result",
    "sentence_to_json",
    "url_citation",
    "where_of",
    "withheld_to_json",
]
