"""Shared by all parsers: parsed files, text cleaning, tables, boxes on a page."""

from ingest.parsers.common.attached import Attached, Read
from ingest.parsers.common.cleaning import (
    clean_text,
    is_latin,
    one_line,
    quoted,
    readings_left_out,
    receipt_of,
    require_text,
    shortened,
    split_pages,
    table_row,
    table_rule,
    title_of,
)
from ingest.parsers.common.doubts import without_doubted, without_text
from ingest.parsers.common.geometry import Box, Geometry, Word, boxes_of, pack, unpack
from ingest.parsers.common.grid import GridCell, count_of_heads, grid_of, header_of, is_amount
from ingest.parsers.common.latex import written_formulas
from ingest.parsers.common.parsed import (
    Doubt,
    Heading,
    ParsedFile,
    Parser,
    PlacedText,
    ScannedPage,
    ScanReader,
    Table,
)
from ingest.parsers.common.raised import lowered, raised
from ingest.parsers.common.tables import TableWriter

__all__ = [
    "Attached",
    "Box",
    "Doubt",
    "Geometry",
    "GridCell",
    "Heading",
    "ParsedFile",
    "Parser",
    "PlacedText",
    "Read",
    "ScanReader",
    "ScannedPage",
    "Table",
    "TableWriter",
    "Word",
    "boxes_of",
    "clean_text",
    "count_of_heads",
    "grid_of",
    "header_of",
    "is_amount",
    "is_latin",
    "lowered",
    "one_line",
    "pack",
    "quoted",
    "raised",
    "readings_left_out",
    "receipt_of",
    "require_text",
    "shortened",
    "split_pages",
    "table_row",
    "table_rule",
    "title_of",
    "unpack",
    "without_doubted",
    "without_text",
    "written_formulas",
]
