"""Models and how they are reached: language models, embedding models, endpoints, prompts, logistic regressions."""

from rag.models.chat_marks import has_chat_marks, without_chat_marks
from rag.models.embedding import Embedder, Remembering, SentenceVectors, WordVectors, normalise, pool_tokens
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
    window_prompt,
    without_markers,
)

__all__ = [
    "REPAIR_FORM",
    "TRANSLATION_FORM",
    "ChatModel",
    "Embedder",
    "FirstTokens",
    "Logistic",
    "Message",
    "Remembering",
    "Schema",
    "SentenceVectors",
    "WordVectors",
    "answer_prompt",
    "claim_prompt",
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
    "window_prompt",
    "without_chat_marks",
    "without_markers",
]
