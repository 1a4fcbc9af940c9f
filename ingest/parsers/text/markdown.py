"""Markdown files: the text as it is; front matter becomes title and metadata."""

from __future__ import annotations

import re

from ingest.parsers.common import ParsedFile, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text.encodings import decode
from rag.types import Scalar

MEDIA_TYPE = "text/markdown"

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w.-]*):[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class MarkdownParser:
    """Reads Markdown."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The text without its front matter, as one page unless it is very long."""
        text, notes = decode(data, filename)
        text = text.replace("\f", "\n")
        metadata: dict[str, Scalar] = {}
        matter = _FRONT_MATTER.match(text)
        if matter:
            metadata = {name: _scalar(value) for name, value in _FIELD.findall(matter[1] or "")}
            text = text[matter.end() :]
        title = one_line(str(metadata.pop("title", ""))) or markdown_title(text) or title_of(filename)
        pages = split_pages(text)
        require_text(pages, filename)
        receipt = receipt_of("markdown", pages, notes)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, metadata=metadata)


def markdown_title(text: str) -> str:
    """The text of the first heading of level 1; empty when there is none."""
    heading = _HEADING.search(text)
    return one_line(heading[1]) if heading else ""


def _scalar(value: str) -> Scalar:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    if value in ("true", "false"):
        return value == "true"
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})", value):
        return int(value)
    return float(value) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", value) else value
