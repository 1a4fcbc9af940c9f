"""Plain text files: decoded (UTF-8 first), form feeds split pages, hard-wrapped lines joined."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from charset_normalizer import from_bytes

from ingest.parsers.common import ParsedFile, clean_text, receipt_of, require_text, split_pages, title_of
from ingest.parsers.layout import BULLET
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "text/plain"

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_BYTES = 200_000
_STRAY = {0xDC00 + code: bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")
_WIDE_BYTES, _SHORTEST_WIDE = 4096, 8
_WRAP_CHARACTERS = range(40, 201)
_CELLS = re.compile(r"\S(?:\t| {2,})\S")


class TextParser:
    """Reads plain text."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The text as one page, or one page for each part between form feeds."""
        text, notes = decode(data, filename)
        texts = [join_wrapped(part) for part in text.split("\f")]
        pages = tuple(page for part in texts for page in split_pages(part))
        pages = tuple(Page(number, page.text) for number, page in enumerate(pages, start=1))
        require_text(pages, filename)
        return ParsedFile(title_of(filename), MEDIA_TYPE, pages, receipt_of("text", pages, notes))


def decode(data: bytes, filename: str) -> tuple[str, tuple[str, ...]]:
    """The clean text of a file and notes on how it was decoded.

    Raises:
        ParseError: the bytes are no text in any encoding.
    """
    text, note = _decode(data, filename)
    notes = [note] if note else []
    if "\x00" in text:
        notes.append(f"removed {text.count(chr(0))} NUL characters")
    return clean_text(text), tuple(notes)


def _decode(data: bytes, filename: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), f"decoded as {encoding}"
    wide = wide_encoding(data)
    if wide:
        return data.decode(wide, errors="replace"), f"decoded as {wide}"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        escaped = data.decode("utf-8-sig", errors="surrogateescape")
    stray = len(_ESCAPED.findall(escaped))
    if 2 * stray < sum(character > "\x7f" for character in escaped):
        return escaped.translate(_STRAY), f"{stray} bytes are not UTF-8 and were read as Windows-1252"
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        raise ParseError(f"{filename}: the file is not text in any known encoding. Save it as UTF-8 and try again")
    return data.decode(best.encoding, errors="replace"), f"decoded as {best.encoding}"


def wide_encoding(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` when every other byte of the beginning is zero, as without a byte order mark; else
    empty."""
    head = data[:_WIDE_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < _SHORTEST_WIDE or max(even, odd) < 0.4 * len(head) or min(even, odd) > 0.02 * len(head):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def join_wrapped(text: str) -> str:
    """Text with the lines of hard-wrapped paragraphs joined; rows, list items and short lines keep their lines."""
    lines = [line.rstrip() for line in text.split("\n")]
    width = _wrap_width(lines)
    if width not in _WRAP_CHARACTERS:
        return "\n".join(lines)
    joined: list[str] = []
    before = ""
    for line in lines:
        if _continues(before, line, width):
            joined[-1] += " " + line.lstrip()
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _wrap_width(lines: Sequence[str]) -> int:
    """The length that nine tenths of the lines with a line right after them do not exceed; 0 without any."""
    lengths = sorted(len(a) for a, b in itertools.pairwise(lines) if a and b)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _continues(before: str, line: str, width: int) -> bool:
    """Whether the first word of `line` did not fit on the line before: a paragraph wrapped there."""
    if not before.strip() or not line.strip() or len(before) > 1.25 * width:
        return False
    indent = len(line) - len(line.lstrip())
    deeper = indent > len(before) - len(before.lstrip())
    if BULLET.match(line.lstrip()) or _CELLS.search(line) or (_CELLS.search(before) and not deeper):
        return False
    return len(before) + 1 + len(line.split(maxsplit=1)[0]) > 0.93 * width
