"""Mail messages (.eml): headers and text as the first page, attachments as further pages."""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from ingest.parsers.common import (
    Attached,
    ParsedFile,
    Read,
    clean_text,
    one_line,
    receipt_of,
    split_pages,
    title_of,
)
from ingest.parsers.text import Write, decode, message_markdown, plain_text, unflowed, windows_controls
from ingest.parsers.web.html import read_whole_html
from rag.errors import ParseError
from rag.types import Scalar

MEDIA_TYPE = "message/rfc822"

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_RAW_BYTES = re.compile("[\udc80-\udcff]")
_WORD = re.compile(r"\w+")
_MUCH_MORE, _NOTE_WORDS = 2, 20
_ELSEWHERE = 0.5
# What the standard library raises on malformed headers and bodies.
_FAILURES = (MessageError, LookupError, ValueError, AttributeError, TypeError)


class EmailParser:
    """Reads mail messages. `read` reads an attachment by its bytes and name, and raises ParseError when it cannot."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The headers and the text, plain where there is a plain one that says it all, quotations under headings of
        their own; then the pages of each attachment under a heading with its name. Attachments that cannot be read are
        named in the receipt."""
        message = email.message_from_bytes(data, policy=policy.default)
        if not isinstance(message, EmailMessage):
            raise ParseError(f"{filename}: this is not a mail message. Save it again from the mail program")
        headers = {name: text for name in _HEADERS if (text := _header(message, name))}
        body = _body(message, filename)
        text = message_markdown(body.text, headers.get("From", ""), body.write)
        if not headers and not text.strip():
            raise ParseError(f"{filename}: the message holds no headers and no text. Check that it is the right file")
        subject = headers.get("Subject", "")
        lines = "\n".join(f"{name}: {value}" for name, value in headers.items() if name != "Subject")
        first = "\n\n".join(part for part in (f"# {subject}" if subject else "", lines, text.strip("\n")) if part)
        own = split_pages(first)
        attached = _attached(message, body, Attached(len(own) + 1, self._read))
        pages = (*own, *attached.pages)
        skipped = [*body.skipped, *attached.skipped]
        return ParsedFile(
            title=subject or title_of(filename),
            media_type=MEDIA_TYPE,
            pages=pages,
            receipt=attached.told(receipt_of("email", pages, [*body.notes, *attached.notes], skipped=skipped)),
            markdown=True,
            metadata=_metadata(headers),
            headings=tuple(attached.headings),
            tables=tuple(attached.tables),
            others=frozenset(page.number for page in attached.pages if page.number not in attached.markdown),
        )


def _attached(message: EmailMessage, body: _Body, read: Attached) -> Attached:
    """The attachments of a message, read."""
    for part in _attachments(message, body.parts):
        name = _name_of(part)
        try:
            read.add(name, _bytes_of(part))
        except _FAILURES as exc:
            read.skipped.append(f"attachment {name}: malformed ({type(exc).__name__})")
    return read


@dataclass(frozen=True, slots=True)
class _Body:
    """The text of a message, the parts that it is in, and what there is to say of how it was read."""

    text: str = ""
    parts: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    write: Write = plain_text


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line; bytes that no header may hold are read as what they look like."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if _RAW_BYTES.search(raw):
        data = raw.encode("ascii", errors="surrogateescape")
        return one_line(decode(data, name)[0])
    try:
        return one_line(windows_controls(str(message.get(name, ""))))
    except _FAILURES:
        return one_line(raw)


def _body(message: EmailMessage, filename: str) -> _Body:
    """The plain text, or the HTML text where that says much more or something else: the plain one is a note then."""
    found = [(part, _read_text(part, filename)) for kind in ("plain", "html") if (part := _part(message, kind))]
    if not found:
        return _Body()
    parts = tuple(part for part, _ in found)
    words = [_WORD.findall(body.text.lower()) for _, body in found]
    counts = [len(body.text.split()) for _, body in found]
    lacking = sum((Counter(words[-1]) - Counter(words[0])).values())
    if counts[-1] > _MUCH_MORE * counts[0] + _NOTE_WORDS or lacking > _ELSEWHERE * len(words[-1]):
        told = f"the plain text has {counts[0]} words, the HTML text {counts[-1]}: the HTML text was read"
        return replace(found[-1][1], parts=parts, notes=(told, *found[-1][1].notes))
    return replace(found[0][1], parts=parts)


def _part(message: EmailMessage, kind: str) -> Message | None:
    try:
        return message.get_body((kind,))
    except _FAILURES:
        return None


def _read_text(part: Message, filename: str) -> _Body:
    """The text of a part; where its character set is wrong or unknown, as the bytes look like."""
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    text, notes = decode(data, filename, part.get_content_charset() or "") if data else ("", ())
    if part.get_content_type() == "text/html":
        html = read_whole_html(text, filename)
        return _Body(html.text, notes=notes, skipped=html.skipped, write=str)
    text = clean_text(text).replace("\f", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return _Body(text, notes=notes)


def _attachments(message: EmailMessage, body: Sequence[Message]) -> Iterator[Message]:
    """The parts that are not the text; forwarded messages whole."""
    texts = frozenset(map(id, body))
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_type() == "message/rfc822" and part is not message:
            yield part
        elif part.is_multipart():
            waiting[:0] = [inner for inner in _payload(part) if isinstance(inner, Message)]
        elif id(part) not in texts and part is not message:
            yield part


def _payload(part: Message) -> Sequence[object]:
    payload = part.get_payload()
    return payload if isinstance(payload, list) else ()


def _name_of(part: Message) -> str:
    try:
        name = one_line(part.get_filename() or "")
    except _FAILURES:
        name = ""
    if name:
        return name
    if part.get_content_type() == "message/rfc822":
        return "message.eml"
    known = {
        "text/plain": "text.txt",
        "text/html": "text.html",
        "text/csv": "text.csv",
        "text/calendar": "calendar.ics",
    }
    return known.get(part.get_content_type(), part.get_content_maintype())


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
