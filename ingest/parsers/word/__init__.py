"""Simplifies Word files before conversion: all visible text becomes paragraphs, list items or cells."""

from ingest.parsers.word.cutting import pages_at_breaks
from ingest.parsers.word.lists import LABEL
from ingest.parsers.word.simplification import PAGE_BREAK, PreparedWord, inserted_mark, prepare

__all__ = ["LABEL", "PAGE_BREAK", "PreparedWord", "inserted_mark", "pages_at_breaks", "prepare"]
