"""Mail messages (.eml): headers and text as the first page, attachments as further pages."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from ingest.parsers.common import (
    ParsedFile,
    clean_text,
    one_line,
    receipt_of,
    split_pages,
    title_of,
    without_doubted,
)
from ingest.parsers.text import decode, join_wrapped
from ingest.parsers.web.html import read_html
from rag.errors import ParseError
from rag.types import Page, Scalar

MEDIA_TYPE = "message/rfc822"

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MOST_ATTACHMENTS = 200
# What the standard library raises on malformed headers and bodies.
_FAILURES = (MessageError, LookupError, ValueError, AttributeError, TypeError)

Read = Callable[[bytes, str], ParsedFile]


class EmailParser:
    """Reads mail messages. `read` reads an attachment by its bytes and name, and raises ParseError when it cannot."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The headers and the text, plain where there is a plain one; then the pages of each attachment under a
        heading with its name. Attachments that cannot be read are named in the receipt."""
        message = email.message_from_bytes(data, policy=policy.default)
        if not isinstance(message, EmailMessage):
            raise ParseError(f"{filename}: this is not a mail message. Save it again from the mail program")
        headers = {name: text for name in _HEADERS if (text := _header(message, name))}
        body = _body_part(message)
        text = _text_of(body, filename) if body is not None else ""
        if not headers and not text.strip():
            raise ParseError(f"{filename}: the message holds no headers and no text. Check that it is the right file")
        subject = headers.get("Subject", "")
        lines = "\n".join(f"{name}: {value}" for name, value in headers.items() if name != "Subject")
        first = "\n\n".join(part for part in (f"# {subject}" if subject else "", lines, text.strip("\n")) if part)
        read = _Attached(pages=list(split_pages(first)))
        for part in _attachments(message, body):
            read.add(part, self._read)
        pages = tuple(Page(number, page.text, page.label) for number, page in enumerate(read.pages, start=1))
        receipt = receipt_of("email", pages, read.notes, tables=read.tables, skipped=read.skipped)
        receipt = replace(receipt, flags=tuple(read.flags), versions=read.versions)
        metadata = _metadata(headers)
        return ParsedFile(subject or title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True, metadata=metadata)


@dataclass(slots=True)
class _Attached:
    """The pages of a message so far, and what there is to say of its attachments."""

    pages: list[Page]
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    tables: int = 0
    read: int = 0

    def add(self, part: Message, read: Read) -> None:
        """Read one attachment."""
        name = _name_of(part)
        self.read += 1
        if self.read > _MOST_ATTACHMENTS:
            self.skipped.append(f"attachment {name}: only the first {_MOST_ATTACHMENTS} attachments are read")
            return
        try:
            parsed = without_doubted(read(_bytes_of(part), name), name)
        except ParseError as exc:
            self.skipped.append(f"attachment {exc}")
            return
        except _FAILURES as exc:
            self.skipped.append(f"attachment {name}: malformed ({type(exc).__name__})")
            return
        # Where words are printed on an attachment's page is no place in the message.
        own = [replace(page, geometry=None, label=page.label or name) for page in parsed.pages]
        own[0] = replace(own[0], text=f"# {one_line(name)}\n\n{own[0].text}".rstrip("\n"))
        self.pages.extend(own)
        receipt = parsed.receipt
        self.notes.extend(f"attachment {name}: {note}" for note in receipt.notes)
        self.skipped.extend(f"attachment {name}: {what}" for what in receipt.skipped)
        if parsed.scans:
            numbers = ", ".join(map(str, parsed.scans[:10]))
            self.skipped.append(
                f"attachment {name}: page {numbers} is a picture; save it and ingest it as its own file"
            )
        self.flags.extend(f"attachment {name}: {flag}" for flag in receipt.flags)
        self.versions.update(receipt.versions)
        self.tables += receipt.tables


def _header(message: EmailMessage, name: str) -> str:
    try:
        return one_line(str(message.get(name, "")))
    except _FAILURES:
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return one_line(str(raw))


def _body_part(message: EmailMessage) -> Message | None:
    try:
        return message.get_body(("plain", "html"))
    except _FAILURES:
        return None


def _text_of(part: Message, filename: str) -> str:
    """The text of a body; where its character set is wrong or unknown, as the bytes look like."""
    html = part.get_content_type() == "text/html"
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        text = decode(data, filename)[0] if data else ""
    return read_html(text, filename).text if html else _unquoted(join_wrapped(clean_text(text).replace("\f", "\n")))


def _unquoted(text: str) -> str:
    """Text whose lines are not taken for Markdown headings."""
    return re.sub(r"^(#{1,6})(?=\s)", r"\\\1", text, flags=re.MULTILINE)


def _attachments(message: EmailMessage, body: Message | None) -> Iterator[Message]:
    """The parts that are neither the text nor another form of it; forwarded messages whole."""
    alternatives: set[int] = set()
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_type() == "message/rfc822" and part is not message:
            yield part
        elif part.is_multipart():
            parts = [inner for inner in _payload(part) if isinstance(inner, Message)]
            if part.get_content_type() == "multipart/alternative" and any(inner is body for inner in _leaves(parts)):
                alternatives.update(id(inner) for inner in parts if inner.get_content_maintype() == "text")
            waiting[:0] = parts
        elif part is not body and id(part) not in alternatives and part is not message:
            yield part


def _payload(part: Message) -> Sequence[object]:
    payload = part.get_payload()
    return payload if isinstance(payload, list) else ()


def _leaves(parts: Sequence[Message]) -> Iterator[Message]:
    for part in parts:
        yield from (inner for inner in part.walk() if not inner.is_multipart())


def _name_of(part: Message) -> str:
    try:
        name = one_line(part.get_filename() or "")
    except _FAILURES:
        name = ""
    if name:
        return name
    if part.get_content_type() == "message/rfc822":
        return "message.eml"
    extension = {"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv"}.get(part.get_content_type(), "")
    return f"{part.get_content_maintype()}{extension}"


def _bytes_of(part: Message) -> bytes:
    """The bytes of an attachment; empty when they cannot be decoded."""
    if part.get_content_type() == "message/rfc822":
        inner = next(iter(_payload(part)), None)
        return inner.as_bytes() if isinstance(inner, Message) else b""
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _metadata(headers: dict[str, str]) -> dict[str, Scalar]:
    metadata: dict[str, Scalar] = {name.lower(): value for name, value in headers.items()}
    try:
        metadata["date"] = parsedate_to_datetime(headers["Date"]).isoformat()
    except (KeyError, ValueError, TypeError, IndexError):
        return metadata
    return metadata
