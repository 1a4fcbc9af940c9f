"""Word files: simplified, converted to HTML by mammoth, and then read like HTML files."""

from __future__ import annotations

import email
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from email import policy

import mammoth

from ingest.parsers.common import ParsedFile, quoted, receipt_of, require_text, title_of
from ingest.parsers.ooxml import DAMAGE, plain_ticks
from ingest.parsers.text import markdown_title
from ingest.parsers.web import Html, read_plain_html, read_whole_html
from ingest.parsers.word import LABEL, PAGE_BREAK, PreparedWord, inserted_mark, pages_at_breaks, prepare
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_LISTS = "\n".join(f"p:ordered-list({level}) => {'ul > li > ' * (level - 1)}ul > li:fresh" for level in range(1, 6))
_STYLES = f"p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh\n{_LISTS}"
_FAILURES = (*DAMAGE, AttributeError, TypeError, RecursionError)
_LABELLED = re.compile(rf"- {LABEL}")
_UNKNOWN_SIGN = re.compile(r"A w:sym element with an unsupported character was ignored: char \w+ in font (.+)")
_HEAD_BYTES = 1024
_BEFORE_TEXT = b" \t\r\n\xef\xbb\xbf"


class DocxParser:
    """Reads Word files (.docx)."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The body as Markdown, without images; nothing outside of the file is ever fetched."""
        try:
            prepared = prepare(data)
            result = mammoth.convert_to_html(
                io.BytesIO(prepared.data), style_map=_STYLES, include_embedded_style_map=False
            )
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the Word file is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc
        html = read_plain_html(result.value, filename)
        text = plain_ticks(_LABELLED.sub("", html.text).replace(LABEL, ""))
        skipped = [*_passages(prepared), *prepared.skipped, *html.skipped]
        for number, content in enumerate(prepared.inserted):
            inserted = _inserted(content, filename)
            text = text.replace(inserted_mark(number), inserted.text if inserted else "")
            skipped.extend(inserted.skipped if inserted else ("1 inserted file of a format that is not read",))
        pages, tables = pages_at_breaks(text)
        title = markdown_title(text.replace(PAGE_BREAK, "")) or title_of(filename)
        skipped.extend(_losses(message.message for message in result.messages))
        require_text(pages, filename, skipped)
        receipt = receipt_of(
            "mammoth", pages, [*prepared.notes, *_doubts(prepared, pages)], tables=html.tables, skipped=skipped
        )
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


def _doubts(prepared: PreparedWord, pages: Sequence[Page]) -> Iterator[str]:
    if prepared.printed_pages > len(pages):
        yield (
            f"has {prepared.printed_pages} printed pages and notes breaks for {len(pages)}: numbers of pages are those "
            "of the breaks"
        )


def _passages(prepared: PreparedWord) -> Iterator[str]:
    for kind, passages in (("struck", prepared.struck), ("hidden", prepared.hidden)):
        if passages:
            yield f"{len(passages)} {kind} passage(s): {quoted(passages)}"


def _inserted(data: bytes, filename: str) -> Html | None:
    """A web page that a program inserted for Word to convert, by itself or in a message (MHT); else None."""
    head = data[:_HEAD_BYTES].lstrip(_BEFORE_TEXT).lower()
    if b"mime-version:" in head:
        message = email.message_from_bytes(data, policy=policy.default)
        body = message.get_body(("html", "plain"))
        content = body.get_content() if body is not None else ""
        return read_whole_html(content, filename) if content.strip() else None
    return read_whole_html(data, filename) if head.startswith(b"<") else None


def _losses(messages: Iterable[str]) -> Iterator[str]:
    """What the converter says that it left out, in plain words; of styles that are missing it says too much."""
    signs = Counter(match[1] for message in messages if (match := _UNKNOWN_SIGN.fullmatch(message)))
    yield from (f"{count} sign(s) of the font {font} that are no letters" for font, count in signs.items())
