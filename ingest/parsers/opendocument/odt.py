"""Text documents (.odt): their content becomes HTML, which goes the way of HTML files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.parsers.common import ParsedFile, quoted, readings_left_out, receipt_of, require_text, title_of
from ingest.parsers.ooxml import Element, descendants, plain_ticks
from ingest.parsers.opendocument.content import Content
from ingest.parsers.opendocument.document import open_document
from ingest.parsers.text import markdown_title
from ingest.parsers.web import read_plain_html
from ingest.parsers.word import LABEL, PAGE_BREAK, pages_at_breaks
from rag.errors import ParseError

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_LABELLED = re.compile(rf"- {LABEL}")


class OdtParser:
    """Reads text documents of LibreOffice and others (.odt, .ott, .fodt)."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The body as Markdown, its pages those of the breaks that the author set and the program noted. Tracked
        changes are accepted, struck and hidden text is left out, and the receipt says so."""
        document = open_document(data, filename)
        content = Content.of(document)
        try:
            body = "".join((*content.running(), *content.blocks(document.body)))
            html = read_plain_html(body, filename)
        except (ValueError, RecursionError) as exc:
            raise ParseError(f"{filename}: the document is damaged ({exc}). Open and save it again") from exc
        text = plain_ticks(_LABELLED.sub("", html.text).replace(LABEL, ""))
        pages, tables = pages_at_breaks(text)
        skipped = [
            *html.skipped,
            *_hidden(content),
            *readings_left_out(content.readings),
            *(f"{count} {what}" for what, count in content.unread.items() if count),
        ]
        require_text(pages, filename, skipped)
        title = document.title or markdown_title(text.replace(PAGE_BREAK, "")) or title_of(filename)
        notes = [*document.notes, *_changes(document.body)]
        receipt = receipt_of("lxml", pages, notes, tables=html.tables, skipped=skipped)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


def _hidden(content: Content) -> Iterator[str]:
    passages = [passage for passage in content.hidden if passage]
    if passages:
        yield f"{len(passages)} hidden passage(s): {quoted(passages)}"


def _changes(body: Element) -> Iterator[str]:
    inserted, deleted = (len(descendants(body, f"text:{kind}")) for kind in ("insertion", "deletion"))
    if inserted or deleted:
        yield f"tracked changes are accepted: {inserted} insertion(s), {deleted} deletion(s)"
