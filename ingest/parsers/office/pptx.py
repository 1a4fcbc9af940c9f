"""PowerPoint files (.pptx): python-pptx reads the shapes, each slide becomes a page of Markdown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pptx
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PythonPptxError

from ingest.parsers.common import (
    ParsedFile,
    clean_text,
    one_line,
    receipt_of,
    require_text,
    table_row,
    table_rule,
    title_of,
)
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_DEEPEST_GROUP = 20
_BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
_PRINTED_ON_ALL = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_FILE_NAME = re.compile(r"\S+\.\w{3,4}|(?:picture|image|grafik|bild) ?\d*", re.IGNORECASE)
_FAILURES = (
    PythonPptxError,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    RecursionError,
    NotImplementedError,
    SyntaxError,  # lxml's for broken XML
)


class PptxParser:
    """Reads PowerPoint presentations."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each slide as a page: title, texts, tables and charts as tables, then the speaker's notes."""
        try:
            presentation = pptx.Presentation(io.BytesIO(data))
            slides = [_Slide(number, slide) for number, slide in enumerate(presentation.slides, start=1)]
            title = one_line(presentation.core_properties.title or "")
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the presentation is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc
        pages = tuple(Page(slide.number, slide.text) for slide in slides)
        require_text(pages, filename)
        skipped = [f"slide {slide.number}: {what}" for slide in slides for what in slide.skipped]
        notes = [f"slide {slide.number} is hidden" for slide in slides if slide.hidden]
        receipt = receipt_of("python-pptx", pages, notes, tables=sum(slide.tables for slide in slides), skipped=skipped)
        first = next((slide.title for slide in slides if slide.title), "")
        usable = "" if title.lower() in ("powerpoint presentation", "presentation") else title
        return ParsedFile(usable or first or title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True)


class _Slide:
    """One slide as Markdown, and what of it is no text."""

    def __init__(self, number: int, slide: Any) -> None:
        self.number = number
        self.hidden = slide._element.get("show") == "0"  # the library has no name for it
        self.tables = 0
        self._pictures = 0
        self._others: list[str] = []
        title = slide.shapes.title
        self.title = one_line(title.text_frame.text) if title is not None else ""
        title_id = title.shape_id if title is not None else None
        parts = [f"# {self.title}"] if self.title else []
        parts.extend(
            block for shape in slide.shapes if shape.shape_id != title_id for block in self._blocks(shape, depth=0)
        )
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = clean_text(slide.notes_slide.notes_text_frame.text).replace("\v", "\n").strip()
            parts.extend(["## Notes", notes] if notes else [])
        self.text = "\n\n".join(part for part in parts if part.strip())

    @property
    def skipped(self) -> list[str]:
        pictures = [f"{self._pictures} picture(s) without text"] if self._pictures else []
        return [*pictures, *self._others]

    def _blocks(self, shape: Any, depth: int) -> Iterator[str]:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            if depth >= _DEEPEST_GROUP:
                self._others.append("shapes grouped too deeply")
                return
            for inner in shape.shapes:
                yield from self._blocks(inner, depth + 1)
        elif shape.has_text_frame:
            kind = shape.placeholder_format.type if shape.is_placeholder else None
            if kind not in _PRINTED_ON_ALL:
                yield _paragraphs(shape.text_frame, bulleted=kind in _BULLETED)
        elif getattr(shape, "has_table", False):
            self.tables += 1
            yield _table([[cell.text_frame.text for cell in row.cells] for row in shape.table.rows])
        elif getattr(shape, "has_chart", False):
            yield from self._chart(shape.chart)
        else:
            yield from self._picture(shape)

    def _chart(self, chart: Any) -> Iterator[str]:
        title = one_line(chart.chart_title.text_frame.text) if chart.has_title and chart.chart_title else ""
        yield title
        for plot in chart.plots:
            series = list(plot.series)
            categories = [str(category) for category in plot.categories]
            rows = [["", *(str(one.name) for one in series)]]
            rows.extend(
                [category, *(_number(one.values, index) for one in series)] for index, category in enumerate(categories)
            )
            if series and categories:
                self.tables += 1
                yield _table(rows)
            else:
                self._others.append("a chart without categories")

    def _picture(self, shape: Any) -> Iterator[str]:
        """The text that describes a picture, when a person wrote one."""
        properties = shape._element.xpath(".//p:cNvPr")  # the library has no name for it
        described = one_line(properties[0].get("descr", "")) if properties else ""
        if described and not _FILE_NAME.fullmatch(described):
            yield described
        elif shape.shape_type in (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.LINKED_PICTURE, MSO_SHAPE_TYPE.PLACEHOLDER):
            self._pictures += 1
        elif shape.shape_type not in (MSO_SHAPE_TYPE.LINE, MSO_SHAPE_TYPE.FREEFORM):
            self._others.append("a diagram or embedded object")


def _paragraphs(frame: Any, *, bulleted: bool) -> str:
    """Paragraphs apart by blank lines; those of a body are list items, indented by their level."""
    lines = [(paragraph.level, one_line(paragraph.text.replace("\v", " "))) for paragraph in frame.paragraphs]
    lines = [(level, line) for level, line in lines if line]
    if bulleted and len(lines) > 1:
        return "\n".join(f"{'  ' * level}- {line}" for level, line in lines)
    return "\n\n".join(line for _, line in lines)


def _table(rows: list[list[str]]) -> str:
    if not rows:
        return ""
    lines = [table_row(list(map(one_line, row))) for row in rows]
    return "\n".join([lines[0], table_rule(len(rows[0])), *lines[1:]])


def _number(values: Any, index: int) -> str:
    value = values[index] if index < len(values) else None
    return "" if value is None else f"{value:.15g}"
