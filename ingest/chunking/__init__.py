"""Documents to chunks whose offsets are exact."""

from ingest.chunking.chunker import Chunker

__all__ = [
    "Chunker",
]
