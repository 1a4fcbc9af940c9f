"""OCR: the engines, reading order, and the pages that need it."""

from ingest.parsers.ocr.doubts import settled
from ingest.parsers.ocr.images import HEADS, ImageParser, is_image, marked_png, scaled
from ingest.parsers.ocr.pictures import page_picture
from ingest.parsers.ocr.scans import PictureReader, scan_reader, with_scans

__all__ = [
    "HEADS",
    "ImageParser",
    "PictureReader",
    "is_image",
    "marked_png",
    "page_picture",
    "scaled",
    "scan_reader",
    "settled",
    "with_scans",
]
