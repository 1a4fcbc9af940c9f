"""Mailboxes (.mbox): the standard library parts the messages, each is read as mail is."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.parsers.common import Attached, ParsedFile, Parser, receipt_of, require_text, title_of
from rag.errors import ParseError

MEDIA_TYPE = "application/mbox"

_MOST_MESSAGES = 10_000
_HEADER = re.compile(rb"From [^\n]*\n[!-9;-~]+:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MOZILLA = re.compile(rb"^X-Mozilla-Status:[ \t]*([0-9A-Fa-f]{1,4})[ \t]*\r?$", re.MULTILINE)
_STATUS = re.compile(rb"^X-Status:[ \t]*\w*D", re.MULTILINE)
_EXPUNGED = 0x0008


class MboxParser:
    """Reads mailboxes; `mail` reads one message."""

    def __init__(self, mail: Parser) -> None:
        self._mail = mail

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The messages in their order, each under a heading with its number; those that a program has marked as deleted
        and not yet taken out are left out, and the receipt says so."""
        messages = Attached(1, self._mail.parse, what="", most=_MOST_MESSAGES)
        deleted = 0
        for number, message in enumerate(_messages(data), start=1):
            if _is_deleted(message):
                deleted += 1
            else:
                messages.add(f"message {number}", message)
        if deleted:
            messages.skipped.append(f"{deleted} message(s) that are marked as deleted")
        if not messages.pages:
            reasons = "; ".join(messages.skipped[:3]) or "no line begins with “From ”"
            raise ParseError(f"{filename}: the mailbox holds no message that can be read ({reasons})")
        require_text(messages.pages, filename, messages.skipped)
        receipt = receipt_of("mailbox", messages.pages, messages.notes, skipped=messages.skipped)
        return ParsedFile(
            title=title_of(filename),
            media_type=MEDIA_TYPE,
            pages=tuple(messages.pages),
            receipt=messages.told(receipt),
            markdown=True,
            headings=tuple(messages.headings),
            tables=tuple(messages.tables),
            others=frozenset(page.number for page in messages.pages if page.number not in messages.markdown),
        )


def _messages(data: bytes) -> Iterator[bytes]:
    """The messages, without the line that parts them; a line of a text that begins like one parts nothing."""
    whole: list[bytes] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "mbox")  # the library reads files alone
        path.write_bytes(data)
        with closing(mailbox.mbox(path, create=False)) as box:
            for key in box.iterkeys():
                part = box.get_bytes(key, from_=True)
                if whole and not _HEADER.match(part):
                    whole[-1] += b"\n" + part
                else:
                    whole.append(part)
    for message in whole:
        yield _ESCAPED.sub(rb"\1", message.partition(b"\n")[2])


def _is_deleted(message: bytes) -> bool:
    head = message.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    status = _MOZILLA.search(head)
    return bool(status and int(status[1], 16) & _EXPUNGED) or _STATUS.search(head) is not None
