"""The result of parsing and the Protocol of a parser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.parsers.common.geometry import Box
from rag.types import Page, Receipt, Value


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands at `pages[page].text[start:]`; level 1 is the highest."""

    page: int
    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that stand at `pages[page].text[start:end]`, one a line.

    `header` names the columns in their order; it is shown beside rows that a chunk cuts off from it. Rows up to
    `body` are the header itself, when it is printed there.
    """

    page: int
    start: int
    end: int
    header: str
    body: int


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and the box in which it is printed; `odd` are characters of it that look like others."""

    text: str
    box: Box
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the text of a page may not be what the page shows; `lines` of it are to be held against the picture.

    `withhold` says that the text is not to be stored unless the picture confirms it, `quiet` that the receipt tells
    of it only where the picture shows something else.
    """

    reason: str
    lines: tuple[PlacedText, ...]
    withhold: bool
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a parser read: `pages` are numbered from 1; `markdown` says that their text is Markdown, but for `others`,
    the numbers of pages of which the opposite holds.

    `headings` and `tables`, in reading order, are those of texts that are not Markdown, which carries its own; of
    Markdown, `tables` holds those whose header stands on an earlier page.
    `scans` are numbers of pages that show something and gave no text: they are read by OCR where there is one.
    `doubts` are pages, by number, whose text may not be what they show.
    """

    title: str
    media_type: str
    pages: tuple[Page, ...]
    receipt: Receipt
    markdown: bool = False
    metadata: Mapping[str, Value] = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()
    tables: tuple[Table, ...] = ()
    scans: tuple[int, ...] = ()
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    others: frozenset[int] = frozenset()

    def is_markdown(self, number: int) -> bool:
        """Whether the text of a page, by its number, is Markdown."""
        return self.markdown != (number in self.others)


class Parser(Protocol):
    """Reads one kind of file."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The file's pages, at least one of them with text or listed in `scans`.

        Raises:
            ParseError: saying why the file cannot be read and what to do about it.
        """
        ...


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The text that OCR read from one page, in reading order; `confidence` (0..1) is the mean over its characters."""

    text: str
    confidence: float
    geometry: str | None = None


class ScanReader(Protocol):
    """Reads the picture of one page."""

    def read_page(self, data: bytes, filename: str, number: int) -> ScannedPage:
        """The text of page `number` (from 1) of a PDF or an image; empty text when nothing is written there.

        Raises:
            ParseError: the page cannot be made into a picture, or the OCR engine is missing; says what to do.
        """
        ...

    def confirms(self, data: bytes, filename: str, number: int, lines: Sequence[PlacedText]) -> bool:
        """Whether the picture of page `number` shows each of these lines in its box.

        Raises:
            ParseError: as `read_page`.
        """
        ...
