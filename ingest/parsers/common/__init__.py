"""What every parser gives and shares: parsed files, clean characters, tables, boxes on a page."""

from ingest.parsers.common.cleaning import (
    clean_text,
    one_line,
    receipt_of,
    require_text,
    shortened,
    split_pages,
    table_row,
    table_rule,
    title_of,
)
from ingest.parsers.common.geometry import Box, Geometry, Word, pack
from ingest.parsers.common.grid import GridCell, grid_of, header_of
from ingest.parsers.common.parsed import Heading, ParsedFile, Parser, ScannedPage, ScanReader, Table
from ingest.parsers.common.raised import lowered, raised
from ingest.parsers.common.tables import TableWriter

__all__ = [
    "Box",
    "Geometry",
    "GridCell",
    "Heading",
    "ParsedFile",
    "Parser",
    "ScanReader",
    "ScannedPage",
    "Table",
    "TableWriter",
    "Word",
    "clean_text",
    "grid_of",
    "header_of",
    "lowered",
    "one_line",
    "pack",
    "raised",
    "receipt_of",
    "require_text",
    "shortened",
    "split_pages",
    "table_row",
    "table_rule",
    "title_of",
]
