"""Request and response formats: OpenAI's requests in, JSON out."""

from api.wire.answers import (
    answer_of,
    answer_to_json,
    disagreement_to_json,
    evidence_to_json,
    hit_to_json,
    sentence_to_json,
    withheld_to_json,
)
from api.wire.base import MODEL, Json, Metadata, Refused, WireModel, reason_of, where_of
from api.wire.chat import ChatRequest
from api.wire.citations import PageUrl, file_citation, url_citation
from api.wire.content import Citation, Content, cited
from api.wire.conversation import Conversation
from api.wire.documents import PageQuery
from api.wire.embeddings import EmbeddingsRequest
from api.wire.embeddings import Input as EmbeddingInput
from api.wire.errors import ErrorBody, error_body
from api.wire.feedback import FeedbackRequest
from api.wire.files import (
    MOST_FILES_LISTED,
    PURPOSES,
    CompleteUpload,
    FileExpiry,
    UploadRequest,
    file_to_json,
    files_to_json,
    listing_to_json,
    upload_to_json,
)
from api.wire.ingestions import IngestionRequest
from api.wire.input_items import input_items, page_of_items
from api.wire.response_stream import ResponseWriter
from api.wire.responses import FileSearch, ResponsesRequest
from api.wire.search import SearchRequest, best_of, hit_to_found, hit_to_result
from api.wire.vector_stores import (
    AttachFile,
    ChangeFile,
    ChangeStore,
    CreateBatch,
    CreateStore,
    batch_to_json,
    store_file_to_json,
    store_to_json,
    stored_file_extras,
)

__all__ = [
    "MODEL",
    "MOST_FILES_LISTED",
    "PURPOSES",
    "AttachFile",
    "ChangeFile",
    "ChangeStore",
    "ChatRequest",
    "Citation",
    "CompleteUpload",
    "Content",
    "Conversation",
    "CreateBatch",
    "CreateStore",
    "EmbeddingInput",
    "EmbeddingsRequest",
    "ErrorBody",
    "FeedbackRequest",
    "FileExpiry",
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
    "UploadRequest",
    "WireModel",
    "answer_of",
    "answer_to_json",
    "batch_to_json",
    "best_of",
    "cited",
    "disagreement_to_json",
    "error_body",
    "evidence_to_json",
    "file_citation",
    "file_to_json",
    "files_to_json",
    "hit_to_found",
    "hit_to_json",
    "hit_to_result",
    "input_items",
    "listing_to_json",
    "page_of_items",
    "reason_of",
    "sentence_to_json",
    "store_file_to_json",
    "store_to_json",
    "stored_file_extras",
    "upload_to_json",
    "url_citation",
    "where_of",
    "withheld_to_json",
]
