"""Files to pages of clean text: one small Protocol, one file for each vendor library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rag.types import Page, Receipt, Scalar


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a parser read: `pages` are numbered from 1; `markdown` says that their text is Markdown."""

    title: str
    media_type: str
    pages: tuple[Page, ...]
    receipt: Receipt
    markdown: bool = False
    metadata: Mapping[str, Scalar] = field(default_factory=dict)


class Parser(Protocol):
    """Reads one kind of file."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The file's pages, at least one of them with text.

        Raises:
            ParseError: saying why the file cannot be read and what to do about it.
        """
        ...
