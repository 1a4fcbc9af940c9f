"""Citations in OpenAI's two formats, each with the whole evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.wire.answers import evidence_to_json
from api.wire.base import Json
from api.wire.content import Citation
from rag.types import Evidence

PageUrl = Callable[[Evidence], str]
"""Where the page of a quote can be read."""


def url_citation(citation: Citation, url: PageUrl) -> Json:
    """As chat has it: Open WebUI and others make their list of sources of this."""
    quote = citation.evidence
    return {
        "type": "url_citation",
        "url_citation": {
            "url": url(quote),
            "title": f"{quote.filename}, page {quote.page}",
            "start_index": citation.start,
            "end_index": citation.end,
        },
        "evidence": evidence_to_json(quote),
    }


def file_citation(citation: Citation, file_ids: Mapping[str, str]) -> Json:
    """A citation in the Responses format; `index` is its position in the text.

    `file_ids` are the ids of uploaded files by document id; other documents have their own id.
    """
    quote = citation.evidence
    return {
        "type": "file_citation",
        "file_id": file_ids.get(quote.document_id, quote.document_id),
        "filename": quote.filename,
        "index": citation.end,
        "start_index": citation.start,
        "end_index": citation.end,
        "evidence": evidence_to_json(quote),
    }
