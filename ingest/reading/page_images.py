"""Renders pages of stored files with a marked quote, in child processes, because a file may be hostile."""

from __future__ import annotations

from pathlib import Path

from ingest.parsers.common import Box, boxes_of, unpack
from ingest.parsers.ocr import is_image
from ingest.reading.highlighting import marked_page
from ingest.reading.sandbox import ChildProcesses, Sandbox
from rag.errors import ParseError
from rag.settings import Settings
from rag.types import Page

_HEAD_BYTES = 1024


class PageRenderer:
    """Draws pages in a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def paint(self, path: Path, filename: str, number: int, boxes: tuple[Box, ...] = ()) -> bytes:
        """A PNG of page `number` (from 1) of a PDF or an image, with the boxes marked.

        Raises:
            ParseError: the file has another format, is damaged, or has no such page.
        """
        return self._sandbox.run(filename, _painted, path, filename, number, boxes)

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()


def page_renderer(settings: Settings) -> PageRenderer:
    """A renderer with the limits on files of these settings."""
    return PageRenderer(
        ChildProcesses(
            processes=1,
            timeout_s=settings.parse_timeout_s,
            memory_mb=settings.parse_memory_mb,
            prepare=_nothing,
        )
    )


def boxes_on(page: Page, start: int, end: int) -> tuple[Box, ...]:
    """Where `page.text[start:end]` is printed; empty where nothing of it is, or nothing is known of the page."""
    return boxes_of(unpack(page.geometry), start, end) if page.geometry is not None else ()


def _painted(path: Path, filename: str, number: int, boxes: tuple[Box, ...]) -> bytes:
    data = path.read_bytes()
    if not is_image(data[:_HEAD_BYTES]) and b"%PDF-" not in data[:_HEAD_BYTES]:
        raise ParseError(f"{filename}: only PDFs and images have page images")
    return marked_page(data, filename, number, boxes)


def _nothing() -> None:
    """What a process needs before it draws."""
