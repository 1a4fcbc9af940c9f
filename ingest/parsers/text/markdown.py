"""Markdown files: the source text; front matter becomes title, metadata and text."""

from __future__ import annotations

import re

from ingest.parsers.common import ParsedFile, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text.encodings import decode
from ingest.parsers.text.front_matter import split_front_matter
from ingest.parsers.text.markup import without_markup

MEDIA_TYPE = "text/markdown"

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class MarkdownParser:
    """Reads Markdown."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The text, as one page unless it is very long; the values of its front matter are metadata, and a list before
        the text, so that they can be quoted."""
        text, notes = decode(data, filename)
        matter, text = split_front_matter(text.replace("\f", "\n"))
        text, left_out = without_markup(text)
        title = matter.title or markdown_title(text) or title_of(filename)
        pages = split_pages(matter.over(text))
        require_text(pages, filename)
        receipt = receipt_of("markdown", pages, (*notes, *matter.notes), skipped=left_out)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, metadata=matter.values)


def markdown_title(text: str) -> str:
    """The text of the first heading of level 1; empty when there is none."""
    heading = _HEADING.search(text)
    return one_line(heading[1]) if heading else ""
