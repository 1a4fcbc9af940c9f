"""Models: language models, embedding models, endpoints, prompts, logistic regressions."""

from rag.models.chat_marks import has_chat_marks, without_chat_marks
from rag.models.embedding import (
    Detokenizer,
    Embedder,
    Remembering,
    SentenceVectors,
    WordVectors,
    normalise,
    pool_tokens,
)
from rag.models.llm import ChatModel, FirstTokens, Message, Schema
from rag.models.logistic import Logistic, load_logistic, log_odds, sigmoid
from rag.models.prompts import (
    REPAIR_FORM,
    TRANSLATION_FORM,
    answer_prompt,
    claim_prompt,
    in_reading_order,
    is_refusal,
    passage,
    passage_numbers,
    passages_prompt,
    repair_prompt,
    translation_prompt,
    window_claim_prompt,
    without_markers,
)
from rag.models.usage import TokenMeter, begin_meter, current_meter

__all__ = [
    "REPAIR_FORM",
    "TRANSLATION_FORM",
    "ChatModel",
    "Detokenizer",
    "Embedder",
    "FirstTokens",
    "Logistic",
    "Message",
    "Remembering",
    "Schema",
    "SentenceVectors",
    "TokenMeter",
    "WordVectors",
    "answer_prompt",
    "begin_meter",
    "claim_prompt",
    "current_meter",
    "has_chat_marks",
    "in_reading_order",
    "is_refusal",
    "load_logistic",
    "log_odds",
    "normalise",
    "passage",
    "passage_numbers",
    "passages_prompt",
    "pool_tokens",
    "repair_prompt",
    "sigmoid",
    "translation_prompt",
    "window_claim_prompt",
    "without_chat_marks",
    "without_markers",
]
