"""Word files: mammoth converts them to HTML, which goes the way of HTML files."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth

from ingest.parsers.common import ParsedFile, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text import markdown_title
from ingest.parsers.web import read_plain_html
from rag.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_FAILURES = (
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    RecursionError,
    ExpatError,
)


class DocxParser:
    """Reads Word files (.docx)."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The body as Markdown, without images; nothing outside of the file is ever fetched."""
        pictures = _Pictures()
        try:
            result = mammoth.convert_to_html(
                io.BytesIO(data),
                style_map=_STYLES,
                include_embedded_style_map=False,  # a file's own could leave paragraphs out
                convert_image=pictures.leave_out,
            )
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the Word file is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc
        html = read_plain_html(result.value, filename)
        pages = split_pages(html.text)
        require_text(pages, filename)
        notes = sorted({message.message for message in result.messages})[:5]
        title = markdown_title(html.text) or title_of(filename)
        receipt = receipt_of("mammoth", pages, notes, tables=html.tables, skipped=pictures.skipped)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True)


class _Pictures:
    """Counts the pictures that are left out."""

    def __init__(self) -> None:
        self._count = 0

    def leave_out(self, _image: Any) -> list[Any]:
        self._count += 1
        return []

    @property
    def skipped(self) -> tuple[str, ...]:
        return (f"{self._count} picture(s)",) if self._count else ()
