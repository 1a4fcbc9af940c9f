"""Shared pure helpers: text cleaning, pages of bounded length, pipe tables, receipts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from rag.errors import ParseError
from rag.types import Page, Receipt

PAGE_CHARACTERS = 200_000
MOST_LISTED = 50

_MOST_NAMED = 3
_CHECK = "Check that it is the right file"
_MOST_QUOTED, _LONGEST_QUOTE = 5, 60

_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_CONTROLS = (*range(9), 11, *range(14, 32), *range(127, 133), *range(134, 160), 0xFEFF)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = (0x034F, 0x180E, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0x3164, 0xFFA0)
_ANNOTATIONS = (*range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B))
_TAGS = range(0xE0000, 0xE0080)
_REMOVED = dict.fromkeys((*_CONTROLS, 0xAD, *_BIDI, *_INVISIBLE, *_ANNOTATIONS, *_TAGS))
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TRANSLATION = str.maketrans(_LIGATURES) | _REMOVED | _SURROGATES | {0xA0: " ", 0x85: "\n"}
# Arabic, Persian, Indic and South-East Asian scripts shape letters by joiners, and emoji are joined by them.
_JOINING = (
    "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\u1a00-\u1aaf\ua8e0-\uaadf\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\u2190-\u2bff\U00010a00-\U00011fff\U0001e900-\U0001e95f\U0001f000-\U0001faff"
)
_JOINED = re.compile(f"[{_JOINING}]")
_JOINERS, _VARIANTS = "\u200c\u200d", "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MARKS = re.compile(f"[{_JOINERS}{_VARIANTS}]+")
_CELL_BREAKS = re.compile(r"[\r\n\t\f\v]+ *")


def clean_text(text: str) -> str:
    """Text as it is stored: all offsets count characters of what this returns.

    Line ends are `\\n`, characters are composed (Unicode NFC), typographic ligatures are letters. Control characters,
    soft hyphens and what hides or reorders text unseen (bidirectional controls, zero-width and tag characters) are
    gone; the joiners that Arabic, Persian and Indic scripts and emoji need stay.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if unified.isascii():
        return unified.translate(_TRANSLATION)
    return unicodedata.normalize("NFC", _MARKS.sub(_needed_marks, unified.translate(_TRANSLATION)))


def _needed_marks(match: re.Match[str]) -> str:
    """Of the marks after a character, one that chooses its glyph and, where its script needs them, one joiner: runs
    of more hide bytes."""
    marks = match[0]
    variant = next((mark for mark in marks if mark not in _JOINERS), "")
    joiner = next((mark for mark in marks if mark in _JOINERS), "")
    base = variant or match.string[max(0, match.start() - 1) : match.start()]
    return variant + (joiner if _JOINED.match(base) else "")


def is_latin(letter: str) -> bool:
    """Whether a letter is one of the Latin script."""
    return unicodedata.name(letter, "").startswith("LATIN")


def table_row(cells: Sequence[str]) -> str:
    """One row of a Markdown pipe table, each cell on one line."""
    row = " | ".join(cells)
    if row.count("|") >= len(cells) or _CELL_BREAKS.search(row):
        row = " | ".join(_CELL_BREAKS.sub(" ", cell).replace("|", "\\|") for cell in cells)
    return f"| {row} |"


def table_rule(columns: int) -> str:
    """The line under the header row of a Markdown pipe table."""
    return table_row(["---"] * columns)


def title_of(filename: str) -> str:
    """A title made of the file's name, when the file has none of its own."""
    return PurePath(filename).stem.replace("_", " ").strip() or filename


def one_line(text: str) -> str:
    """A text on one line, runs of white space replaced by one space."""
    return " ".join(clean_text(text).split())


def split_pages(text: str, limit: int = PAGE_CHARACTERS) -> tuple[Page, ...]:
    """Text as one page, or as pages of at most `limit` characters, broken at paragraphs where there are any.

    The texts of the pages joined are the text.
    """
    pages: list[Page] = []
    start = 0
    while start < len(text) or not pages:
        end = _page_end(text, start, limit)
        pages.append(Page(number=len(pages) + 1, text=text[start:end]))
        start = end
    return tuple(pages)


def _page_end(text: str, start: int, limit: int) -> int:
    if len(text) - start <= limit:
        return len(text)
    heading, paragraph, line = "\n#", "\n\n", "\n"
    earliest = start + limit // 2
    for mark in (heading, paragraph, line, " "):
        found = text.rfind(mark, earliest, start + limit)
        if found > start:
            return found + (1 if mark == heading else len(mark))
    return start + limit


def receipt_of(
    parser: str, pages: Sequence[Page], notes: Sequence[str] = (), *, tables: int = 0, skipped: Sequence[str] = ()
) -> Receipt:
    """The receipt of these pages; a page without text is listed as empty, long lists of what was skipped are cut."""
    return Receipt(
        parser=parser,
        pages=len(pages),
        characters=sum(len(page.text) for page in pages),
        empty_pages=tuple(page.number for page in pages if not page.text.strip()),
        notes=tuple(notes),
        tables=tables,
        skipped=shortened(skipped),
    )


def shortened(items: Sequence[str], most: int = MOST_LISTED) -> tuple[str, ...]:
    """The first items, and how many more there are."""
    if len(items) <= most:
        return tuple(items)
    return (*items[:most], f"and {len(items) - most} more")


def quoted(texts: Sequence[str]) -> str:
    """The beginnings of some texts, as a receipt quotes them."""
    begun = [text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…" for text in map(one_line, texts)]
    more = [f"and {len(begun) - _MOST_QUOTED} more"] if len(begun) > _MOST_QUOTED else []
    return "; ".join([*(f"“{text}”" for text in begun[:_MOST_QUOTED]), *more])


def readings_left_out(readings: Sequence[str]) -> Iterator[str]:
    """What a receipt says of reading aids (ruby), which are beside the words that they are of and none themselves."""
    if readings:
        yield f"{len(readings)} reading aid(s) over words: {quoted(readings)}"


def require_text(pages: Sequence[Page], filename: str, left_out: Sequence[str] = ()) -> None:
    """Raise ParseError when no page has text; it names what a file holds instead, which a printed copy would show."""
    if not any(page.text.strip() for page in pages):
        if left_out:
            instead = "; ".join(shortened(left_out, _MOST_NAMED))
            remedy = "Save it as PDF: pictures in a PDF are read by OCR" if "picture" in instead else _CHECK
            raise ParseError(f"{filename}: the file holds no text, only {instead}. {remedy}")
        raise ParseError(f"{filename}: the file holds no text. {_CHECK}")
