"""Word, PowerPoint and Excel files, and their ZIP containers."""

from ingest.parsers.office.containers import SIGNATURES, inspect, kind_of_main_part, markup_parts, refuse_document_types
from ingest.parsers.office.docx import DocxParser
from ingest.parsers.office.pptx import PptxParser
from ingest.parsers.office.xlsx import XlsxParser

__all__ = [
    "SIGNATURES",
    "DocxParser",
    "PptxParser",
    "XlsxParser",
    "inspect",
    "kind_of_main_part",
    "markup_parts",
    "refuse_document_types",
]
