"""Which parser reads a file: by what its bytes are first, by its extension second."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from ingest.parsers import ParsedFile, Parser
from ingest.parsers.docx import DocxParser
from ingest.parsers.html import HtmlParser
from ingest.parsers.images import ImageParser, is_image
from ingest.parsers.markdown import MarkdownParser
from ingest.parsers.pdf import PdfParser
from ingest.parsers.text import TextParser
from rag.errors import ParseError

EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        ".pdf": "pdf",
        ".docx": "docx",
        ".html": "html",
        ".htm": "html",
        ".xhtml": "html",
        ".md": "markdown",
        ".markdown": "markdown",
        ".txt": "text",
        ".text": "text",
        ".log": "text",
        **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), "image"),
    }
)
SUPPORTED = "PDF, DOCX, HTML, Markdown, plain text and images"

_HEAD_BYTES = 1024
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_BOMS = (b"\xff\xfe", b"\xfe\xff")


class Registry:
    """Parsers by kind of file."""

    def __init__(self, parsers: Mapping[str, Parser]) -> None:
        self._parsers = dict(parsers)

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The file read by the parser of its kind.

        Raises:
            ParseError: the file is empty, of no supported kind, or cannot be read.
        """
        return self._parsers[kind_of(data, filename)].parse(data, filename)


def default_registry() -> Registry:
    """The parsers of every supported kind."""
    return Registry(
        {
            "pdf": PdfParser(),
            "docx": DocxParser(),
            "html": HtmlParser(),
            "markdown": MarkdownParser(),
            "text": TextParser(),
            "image": ImageParser(),
        }
    )


def kind_of(data: bytes, filename: str) -> str:
    """The kind of a file: `pdf`, `docx`, `html`, `markdown`, `text` or `image`.

    Raises:
        ParseError: the file is empty or of no supported kind.
    """
    if not data:
        raise ParseError(f"{filename}: empty file (0 bytes). Check how it was copied")
    head = data[:_HEAD_BYTES]
    extension = EXTENSIONS.get(PurePath(filename).suffix.lower())
    if b"%PDF-" in head:
        return "pdf"
    if is_image(head):
        return "image"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data, filename, extension)
    if _looks_binary(head, data) or extension in (None, "pdf", "docx", "image"):
        raise ParseError(_unsupported(filename, head, extension))
    return "html" if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) and extension != "markdown" else str(extension)


def _kind_of_zip(data: bytes, filename: str, extension: str | None) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        names = ["word/document.xml"] if extension == "docx" else []  # its own parser says what is wrong
    if "word/document.xml" in names:
        return "docx"
    raise ParseError(_unsupported(filename, data[:_HEAD_BYTES], None))


def _looks_binary(head: bytes, data: bytes) -> bool:
    """Many control bytes; a few NULs alone do not make a text binary, and UTF-16 announces itself."""
    if head.startswith(_BOMS):
        return False
    sample = data[:65536]
    controls = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return controls > 0.02 * len(sample) + 8


def _unsupported(filename: str, head: bytes, extension: str | None) -> str:
    if extension in ("pdf", "docx", "image"):
        return f"{filename}: the file is damaged or not what its name says (it starts with {head[:8]!r})"
    return f"{filename}: this kind of file is not supported. Supported are {SUPPORTED}"
