"""Presentations (.odp): each slide becomes a page of Markdown, its shapes in the order in which people read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.parsers.common import ParsedFile, one_line, quoted, readings_left_out, receipt_of, require_text, title_of
from ingest.parsers.ooxml import Element, attribute, descendants, plain_ticks, short
from ingest.parsers.opendocument.content import Content
from ingest.parsers.opendocument.document import open_document
from ingest.parsers.slides import Box, in_reading_order
from ingest.parsers.web import read_plain_html
from ingest.parsers.word import LABEL
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "application/vnd.oasis.opendocument.presentation"

_PLACE = re.compile(r"(-?\d*\.?\d+)(cm|mm|in|pt|px)?")
_UNITS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "px": 0.75}
_LABELLED = re.compile(rf"- {LABEL}")
_UNTOLD = ("page-number", "date-time", "notes", "page")
_DECLARED = (("presentation:use-header-name", "presentation:header-decl"),
             ("presentation:use-footer-name", "presentation:footer-decl"))  # fmt: skip


class OdpParser:
    """Reads presentations of LibreOffice and others (.odp, .otp, .fodp)."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each slide as a page: title, then texts, tables and charts from top to bottom, the speaker's notes, comments.
        Hidden slides are read, and noted."""
        document = open_document(data, filename)
        deck = _Deck(Content.of(document), filename)
        try:
            slides = [slide for slide in document.body if short(slide) == "draw:page"]
            pages = tuple(Page(number, deck.text(number, slide)) for number, slide in enumerate(slides, start=1))
        except (ValueError, RecursionError) as exc:
            raise ParseError(f"{filename}: the presentation is damaged ({exc}). Open and save it again") from exc
        require_text(pages, filename, deck.skipped)
        notes = [*document.notes, *deck.notes]
        receipt = receipt_of("lxml", pages, notes, tables=deck.tables, skipped=deck.skipped)
        title = document.title or deck.title or title_of(filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True)


class _Deck:
    """The slides of a presentation, one after the other."""

    def __init__(self, content: Content, filename: str) -> None:
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self.tables = 0
        self.title = ""
        self._content = content
        self._filename = filename
        self._told: set[str] = set()  # what stands on every slide is told once
        self._masters = {attribute(master, "style:name"): master for master in content.styles.masters}

    def text(self, number: int, slide: Element) -> str:
        """A slide as Markdown; `notes` and `skipped` say what else there is."""
        self._content.unread, self._content.hidden, self._content.readings = Counter(), [], []
        html = read_plain_html("".join(self._parts(slide)), self._filename)
        self.tables += html.tables
        looks = ("drawing-page", attribute(slide, "draw:style-name"), "style:drawing-page-properties")
        if self._content.styles.says(*looks, "presentation:visibility") == "hidden":
            self.notes.append(f"slide {number} is hidden")
        counts = [f"{count} {what}" for what, count in self._content.unread.items() if count]
        if self._content.hidden:
            counts.append(f"{len(self._content.hidden)} hidden passage(s): {quoted(self._content.hidden)}")
        counts.extend(readings_left_out(self._content.readings))
        self.skipped.extend(f"slide {number}: {what}" for what in (*html.skipped, *counts))
        return plain_ticks(_LABELLED.sub("", html.text).replace(LABEL, ""))

    def _parts(self, slide: Element) -> Iterator[str]:
        """What a slide shows, as HTML."""
        shapes = [shape for shape in slide if short(shape).startswith("draw:") and _class(shape) not in _UNTOLD]
        title = next((shape for shape in shapes if _class(shape) == "title"), None)
        if title is not None:
            words = one_line(" ".join("".join(part.itertext()) for part in descendants(title, "text:p")))
            self.title = self.title or words
            inner = " ".join(self._content.words(part) for part in descendants(title, "text:p"))
            yield f"<h1>{inner}</h1>" if words else ""
        yield from map(self._content.block, in_reading_order([one for one in shapes if one is not title], _box))
        yield from self._on_every_slide(slide)
        for notes in slide.iterchildren():
            if short(notes) == "presentation:notes":
                told = "".join(self._content.block(one) for one in notes if _class(one) == "notes")
                yield f"<h2>Notes</h2>{told}" if one_line(re.sub("<[^>]*>", " ", told)) else ""
        for comment in slide.iterchildren():
            if short(comment) == "office:annotation":
                yield self._content.block(comment)

    def _on_every_slide(self, slide: Element) -> Iterator[str]:
        """Footers, and what the page that a slide is laid out by shows, once."""
        master = self._masters.get(attribute(slide, "draw:master-page-name"))
        for shape in () if master is None else master:
            if short(shape).startswith("draw:") and not _class(shape):
                yield from self._once(shape, self._content.block(shape))
        for name, declared in _DECLARED:
            for one in descendants(slide.getparent(), declared) if attribute(slide, name) else ():
                if attribute(one, "presentation:name") == attribute(slide, name):
                    yield from self._once(one, f"<p>{self._content.words(one)}</p>")

    def _once(self, element: Element, html: str) -> Iterator[str]:
        words = one_line(" ".join(element.itertext()))
        if words and words not in self._told:
            self._told.add(words)
            yield html


def _class(shape: Element) -> str:
    return attribute(shape, "presentation:class")


def _box(shape: Element) -> Box | None:
    """Where a shape lies, in points; a group lies where its parts do."""
    places = [_points(attribute(shape, f"svg:{name}")) for name in ("x", "y", "width", "height")]
    if places[0] is not None and places[1] is not None:
        return Box(places[0], places[1], places[2] or 0, places[3] or 0)
    return _around([box for part in shape if (box := _box(part)) is not None] if short(shape) == "draw:g" else [])


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = (max(box.left + box.width for box in boxes), max(box.top + box.height for box in boxes))
    return Box(left, top, right - left, bottom - top)


def _points(length: str) -> float | None:
    found = _PLACE.fullmatch(length)
    return float(found[1]) * _UNITS[found[2] or "pt"] if found else None
