"""Positioned words of a page to running text, headings, columns and tables. Pure."""

from ingest.parsers.layout.cells import BULLET
from ingest.parsers.layout.headings import headings_of
from ingest.parsers.layout.hyphens import Words
from ingest.parsers.layout.labels import beside
from ingest.parsers.layout.levels import (
    Piece,
    Span,
    Stand,
    Stands,
    apart_at_line_ends,
    levelled,
    rejoined_at_levels,
    with_levels,
)
from ingest.parsers.layout.over_pages import whole_at_end
from ingest.parsers.layout.printed import (
    Attachment,
    Extra,
    Line,
    OutlineEntry,
    Print,
    PrintedFile,
    PrintedPage,
    Unfilled,
    is_right_to_left,
    line_of,
)
from ingest.parsers.layout.reflow import Reflowed, printed_title, reflow, with_lines_below
from ingest.parsers.layout.running import without_running
from ingest.parsers.layout.spaced import unspaced
from ingest.parsers.layout.struck import goes_through, without_struck
from ingest.parsers.layout.table_titles import placed_tables
from ingest.parsers.layout.ticks import DrawnBox, filled_in, with_ticks

__all__ = [
    "BULLET",
    "Attachment",
    "DrawnBox",
    "Extra",
    "Line",
    "OutlineEntry",
    "Piece",
    "Print",
    "PrintedFile",
    "PrintedPage",
    "Reflowed",
    "Span",
    "Stand",
    "Stands",
    "Unfilled",
    "Words",
    "apart_at_line_ends",
    "beside",
    "filled_in",
    "goes_through",
    "headings_of",
    "is_right_to_left",
    "levelled",
    "line_of",
    "placed_tables",
    "printed_title",
    "reflow",
    "rejoined_at_levels",
    "unspaced",
    "whole_at_end",
    "with_levels",
    "with_lines_below",
    "with_ticks",
    "without_running",
    "without_struck",
]
