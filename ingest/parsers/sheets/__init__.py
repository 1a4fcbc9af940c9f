"""What the XML of a sheet says beside the values of its cells, and how rows become tables."""

from ingest.parsers.sheets.beside import Beside, beside_of, chart_lines, people_of
from ingest.parsers.sheets.blocks import SheetWriter
from ingest.parsers.sheets.dates import shown_moment
from ingest.parsers.sheets.repair import simplified
from ingest.parsers.sheets.scan import Area, SheetScan, is_zero, letters_of, scan

__all__ = [
    "Area",
    "Beside",
    "SheetScan",
    "SheetWriter",
    "beside_of",
    "chart_lines",
    "is_zero",
    "letters_of",
    "people_of",
    "scan",
    "shown_moment",
    "simplified",
]
