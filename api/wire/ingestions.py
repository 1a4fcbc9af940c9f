"""`POST /v1/ingestions`: the request."""

from __future__ import annotations

from pydantic import Field

from api.wire.base import WireModel
from rag.settings import COLLECTION_NAME


class IngestionRequest(WireModel):
    """`POST /v1/ingestions`: what `footnote ingest` hands over."""

    collection: str = Field(pattern=COLLECTION_NAME)
    paths: list[str] = Field(default_factory=list)
    url_lists: list[str] = Field(default_factory=list)
    prune: bool = False
