"""Bytes to a document and chunks, in child processes with limits; and what was read, as receipts."""

from ingest.reading.page_images import PageRenderer, boxes_on, page_renderer
from ingest.reading.reader import ChunkedDocument, FileReader, FileVersion, ReadingOptions, prepare, read_file
from ingest.reading.receipts import document_from_json, losses_of, receipt_lines, receipt_to_json
from ingest.reading.sandbox import ChildProcesses
from ingest.reading.scratch import scratch_folder

__all__ = [
    "ChildProcesses",
    "ChunkedDocument",
    "FileReader",
    "FileVersion",
    "PageRenderer",
    "ReadingOptions",
    "boxes_on",
    "document_from_json",
    "losses_of",
    "page_renderer",
    "prepare",
    "read_file",
    "receipt_lines",
    "receipt_to_json",
    "scratch_folder",
]
