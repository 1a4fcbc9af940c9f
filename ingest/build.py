"""The one place where the ingestor and its parts are built."""

from __future__ import annotations

from ingest.chunking import Chunker
from ingest.parsers.registry import default_registry
from ingest.pipeline import Ingestor, Limits, Tools
from rag.build import Rag
from rag.settings import Settings


def build_ingestor(settings: Settings, rag: Rag) -> Ingestor:
    """An ingestor that writes to the store of `rag`."""
    tools = Tools(
        store=rag.store,
        embedder=rag.embedder,
        lexical=rag.lexical,
        parser=default_registry(),
        chunker=Chunker(rag.embedder.count_tokens, settings.chunk_tokens),
        spec=rag.spec,
    )
    return Ingestor(tools, Limits(max_file_mb=settings.max_file_mb))
