"""`POST /v1/ingestions`: the request."""

from __future__ import annotations

from pydantic import BaseModel, Field

from rag.settings import COLLECTION_NAME


class IngestionRequest(BaseModel):
    """`POST /v1/ingestions`: what `footnote ingest` hands over."""

    collection: str = Field(pattern=COLLECTION_NAME)
    paths: list[str] = []
    url_lists: list[str] = []
    prune: bool = False
