"""PDF files."""

from ingest.parsers.pdf.parser import MAX_PAGES, PdfParser
from ingest.parsers.pdf.pdfium import ONE_AT_A_TIME, opened
from ingest.parsers.pdf.second_reading import second_reading

__all__ = [
    "MAX_PAGES",
    "ONE_AT_A_TIME",
    "PdfParser",
    "opened",
    "second_reading",
]
