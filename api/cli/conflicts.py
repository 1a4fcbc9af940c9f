"""Conflicts between settings, and settings without effect. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.settings import PREFIX, Settings

Holds = Callable[[Settings], bool]

# A setting, and those that say nothing while it is not set.
_ONLY_WITH: Mapping[str, Sequence[str]] = {
    "llm_url": (
        *("llm_model", "llm_api_key", "llm_timeout_s", "llm_connect_timeout_s", "llm_retries", "llm_max_tokens"),
        *("llm_context_tokens", "llm_repairs", "parent_characters", "unsupported"),
    ),
    "qdrant_url": ("qdrant_api_key", "qdrant_grpc"),
    "embedding_url": ("embedding_api_key",),
    "moderation_url": ("moderation_api", "moderation_model", "moderation_api_key", "moderation_timeout_s"),
    "reader_url": ("reader_api_key",),
}
# A setting, and those that say nothing while it is set.
_ONLY_WITHOUT: Mapping[str, Sequence[str]] = {
    "qdrant_url": ("store_wait_s", "min_free_mb"),
    "embedding_url": ("embedding_dtype", "embedding_device", "embedding_threads", "token_vectors"),
    "support_threshold": ("support_mode",),
}
# A setting, the value it needs for others to say something, and those.
_ONLY_WHERE: Sequence[tuple[str, str, Sequence[str]]] = (
    ("reranker", "cross-encoder", ("cross_encoder_model",)),
    ("ocr", "tesseract", ("ocr_languages",)),
)
_IMPOSSIBLE: Sequence[tuple[Holds, str]] = (
    (
        lambda its: its.queue_url is not None and its.qdrant_url is None,
        "FOOTNOTE_QUEUE_URL shares the work among processes, and the embedded store has one owner at a time: set "
        "FOOTNOTE_QDRANT_URL too, or neither",
    ),
    (
        lambda its: its.question_reader == "llm" and its.llm_url is None,
        "FOOTNOTE_QUESTION_READER=llm needs a language model: set FOOTNOTE_LLM_URL, or `rules`",
    ),
    (
        lambda its: its.reader == "llm" and its.llm_url is None and its.reader_url is None,
        "FOOTNOTE_READER=llm needs a language model: set FOOTNOTE_LLM_URL or FOOTNOTE_READER_URL, or `auto`",
    ),
    (
        lambda its: its.top_k > its.candidates,
        "FOOTNOTE_TOP_K is larger than FOOTNOTE_CANDIDATES, of which the hits are chosen: raise the second",
    ),
    (
        lambda its: its.chunk_tokens > its.embedding_max_tokens,
        "FOOTNOTE_CHUNK_TOKENS is larger than FOOTNOTE_EMBEDDING_MAX_TOKENS: the ends of chunks are not embedded",
    ),
    (
        lambda its: its.reranker == "late-interaction" and its.embedding_url is not None,
        "FOOTNOTE_RERANKER=late-interaction needs token vectors, which no server at FOOTNOTE_EMBEDDING_URL gives: set "
        "`none` or `cross-encoder`",
    ),
    (
        lambda its: its.moderation == "off" and its.moderation_url is not None,
        "FOOTNOTE_MODERATION=off, and FOOTNOTE_MODERATION_URL names a moderator: set `flag`, or unset the URL",
    ),
    (
        lambda its: (
            its.reader in ("local", *_hubs(its)) and bool({"reader_url", "reader_model"} & its.model_fields_set)
        ),
        "FOOTNOTE_READER asks no language model, and FOOTNOTE_READER_URL or FOOTNOTE_READER_MODEL names one: set "
        "`llm`, or unset them",
    ),
)


def contradictions(settings: Settings) -> list[str]:
    """Conflicting settings, each with a remedy."""
    return [told for holds, told in _IMPOSSIBLE if holds(settings)]


def without_effect(settings: Settings) -> list[str]:
    """Settings that were set and have no effect."""
    return [f"{_name(name)} has no effect {why}" for name, why in _idle(settings) if name in settings.model_fields_set]


def _idle(settings: Settings) -> Iterator[tuple[str, str]]:
    for needed, names in _ONLY_WITH.items():
        if getattr(settings, needed) is None:
            yield from ((name, f"without {_name(needed)}") for name in names)
    for other, names in _ONLY_WITHOUT.items():
        if getattr(settings, other) is not None:
            yield from ((name, f"beside {_name(other)}") for name in names)
    for needed, value, names in _ONLY_WHERE:
        if getattr(settings, needed) != value:
            yield from ((name, f"unless {_name(needed)}={value}") for name in names)


def _hubs(settings: Settings) -> Sequence[str]:
    return (settings.reader,) if settings.reader.startswith("hub:") else ()


def _name(field: str) -> str:
    return PREFIX + field.upper()
