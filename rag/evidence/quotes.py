"""Spans of pages as evidence."""

from __future__ import annotations

from rag.types import Chunk, Evidence


def quote_of(chunk: Chunk, start: int, end: int) -> Evidence:
    """`chunk.text[start:end]` as evidence; its offsets count the characters of the page."""
    return Evidence(
        document_id=chunk.document_id,
        filename=chunk.filename,
        sha256=chunk.sha256,
        page=chunk.page,
        start=chunk.start + start,
        end=chunk.start + end,
        quote=chunk.text[start:end],
    )
