"""`footnote doctor` names every setting that contradicts another, or that says nothing beside the others."""

from __future__ import annotations

from typing import Any

import pytest

from api.cli import conflicts
from api.cli.conflicts import contradictions, without_effect
from rag.settings import Settings, load_settings


def test_the_defaults_contradict_nothing() -> None:
    """And what is not set is not told to be without effect."""
    assert contradictions(load_settings()) == []
    assert without_effect(load_settings()) == []


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"queue_url": "postgresql://db/f"}, ("QUEUE_URL", "QDRANT_URL")),
        ({"question_reader": "llm"}, ("QUESTION_READER", "LLM_URL")),
        ({"reader": "llm"}, ("READER=llm", "READER_URL")),
        ({"top_k": 50, "candidates": 20}, ("TOP_K", "CANDIDATES")),
        ({"chunk_tokens": 400}, ("CHUNK_TOKENS", "EMBEDDING_MAX_TOKENS")),
        ({"embedding_url": "http://e"}, ("RERANKER", "EMBEDDING_URL")),
        ({"moderation": "off", "moderation_url": "http://m"}, ("MODERATION=off", "MODERATION_URL")),
        ({"reader": "local", "reader_url": "http://r"}, ("READER ", "READER_URL")),
    ],
)
def test_what_cannot_work_together_is_named_with_a_remedy(given: dict[str, Any], names: tuple[str, ...]) -> None:
    [told] = contradictions(load_settings(**given))
    assert all(f"FOOTNOTE_{name}" in told for name in names)


def test_all_of_several_are_told() -> None:
    """Not only the first."""
    assert len(contradictions(load_settings(question_reader="llm", top_k=50, candidates=20))) == 2
    told = without_effect(load_settings(llm_model="m", qdrant_grpc=True, ocr_languages="deu", support_threshold=0.5))
    assert told == [
        "FOOTNOTE_LLM_MODEL has no effect without FOOTNOTE_LLM_URL",
        "FOOTNOTE_QDRANT_GRPC has no effect without FOOTNOTE_QDRANT_URL",
        "FOOTNOTE_OCR_LANGUAGES has no effect unless FOOTNOTE_OCR=tesseract",
    ]
    assert without_effect(load_settings(support_threshold=0.5, support_mode="balanced")) == [
        "FOOTNOTE_SUPPORT_MODE has no effect beside FOOTNOTE_SUPPORT_THRESHOLD"
    ]


def test_only_settings_that_there_are_are_named() -> None:
    """A setting that is renamed is renamed here too."""
    named = {*conflicts._ONLY_WITH, *conflicts._ONLY_WITHOUT, *(name for name, _, _ in conflicts._ONLY_WHERE)}
    for names in (*conflicts._ONLY_WITH.values(), *conflicts._ONLY_WITHOUT.values()):
        named.update(names)
    for _, _, names in conflicts._ONLY_WHERE:
        named.update(names)
    assert named <= Settings.model_fields.keys()
