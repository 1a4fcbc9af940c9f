"""Plain text files: split at form feeds, hard-wrapped lines joined, pasted mail as mail."""

from __future__ import annotations

from ingest.parsers.common import ParsedFile, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text.encodings import decode
from ingest.parsers.text.front_matter import split_front_matter
from ingest.parsers.text.headings import headings_of
from ingest.parsers.text.quotes import pasted_markdown
from ingest.parsers.text.wrapping import join_wrapped
from rag.types import Page

MEDIA_TYPE = "text/plain"


class TextParser:
    """Reads plain text."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The text as one page, or one page for each part between form feeds; front matter is metadata, and a list
        before the text. The marks of reStructuredText, AsciiDoc, Org and TeX make headings.

        What pasted mail quotes stands under headings that say whose words it is, as in mail.
        """
        text, notes = decode(data, filename)
        matter, text = split_front_matter(text)
        pasted = pasted_markdown(text.replace("\f", "\n"))
        texts = [join_wrapped(part) for part in text.split("\f")] if pasted is None else [pasted]
        texts[0] = matter.over(texts[0])
        pages = tuple(page for part in texts for page in split_pages(part))
        pages = tuple(Page(number, page.text) for number, page in enumerate(pages, start=1))
        require_text(pages, filename)
        headings = headings_of(pages, filename) if pasted is None else ()
        title = matter.title or next((each.title for each in headings if each.level == 1), "") or title_of(filename)
        receipt = receipt_of("text", pages, (*notes, *matter.notes))
        return ParsedFile(
            title, MEDIA_TYPE, pages, receipt, pasted is not None, headings=headings, metadata=matter.values
        )
