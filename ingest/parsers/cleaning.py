"""Pure helpers every parser shares: clean characters, pages of bounded length, receipts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from rag.errors import ParseError
from rag.types import Page, Receipt

PAGE_CHARACTERS = 200_000

_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32), 127, 65279))
_TRANSLATION = str.maketrans(_LIGATURES) | _CONTROLS | {0xA0: " ", 0xAD: None}
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Text with `\\n` line ends, without control characters, soft hyphens and typographic ligatures."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", unified).translate(_TRANSLATION)


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


def receipt_of(parser: str, pages: Sequence[Page], notes: Sequence[str] = ()) -> Receipt:
    """The receipt of these pages; a page without text is listed as empty."""
    return Receipt(
        parser=parser,
        pages=len(pages),
        characters=sum(len(page.text) for page in pages),
        empty_pages=tuple(page.number for page in pages if not page.text.strip()),
        notes=tuple(notes),
    )


def require_text(pages: Sequence[Page], filename: str) -> None:
    """Raise ParseError when no page has text."""
    if not any(page.text.strip() for page in pages):
        raise ParseError(f"{filename}: the file holds no text. Check that it is the right file")
