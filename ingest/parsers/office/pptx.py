"""PowerPoint files (.pptx): python-pptx reads the shapes, each slide becomes a page of Markdown."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pptx
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PythonPptxError

from ingest.parsers.common import (
    GridCell,
    ParsedFile,
    count_of_heads,
    grid_of,
    header_of,
    one_line,
    quoted,
    receipt_of,
    require_text,
    table_row,
    table_rule,
    title_of,
)
from ingest.parsers.ooxml import (
    attribute,
    choose_alternatives,
    descendants,
    description_of,
    in_usual_form,
    parse,
    plain_ticks,
    read_chart,
    read_diagram,
)
from ingest.parsers.slides import (
    Box,
    Frame,
    Point,
    Repaired,
    SlideText,
    authors_of,
    comments_of,
    frame_of,
    in_reading_order,
    overlap,
    paragraphs_of,
    seen,
    space_of,
    without_damage,
)
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_DEEPEST_GROUP = 20
_WORDS_OF_TEXT = 6
_BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
_PRINTED_ON_ALL = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER)
_PICTURES = (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.LINKED_PICTURE, MSO_SHAPE_TYPE.PLACEHOLDER)
_OBJECTS = (MSO_SHAPE_TYPE.EMBEDDED_OLE_OBJECT, MSO_SHAPE_TYPE.LINKED_OLE_OBJECT, MSO_SHAPE_TYPE.OLE_CONTROL_OBJECT)
_WORDLESS = (MSO_SHAPE_TYPE.LINE, MSO_SHAPE_TYPE.FREEFORM)
_SHOWN = ("a:t", "m:oMath", "p:pic", "p:graphicFrame")
_NO_TITLES = ("powerpoint presentation", "presentation", "pptxgenjs presentation")
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
_FAILURES = (
    PythonPptxError,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    SyntaxError,  # lxml's for broken XML
)


class PptxParser:
    """Reads PowerPoint presentations."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each slide as a page: title, then texts, tables and charts from top to bottom, the speaker's notes, comments.

        A damaged slide is an empty page, and the receipt says so.
        """
        try:
            repaired = without_damage(in_usual_form(data))
            presentation = pptx.Presentation(io.BytesIO(repaired.data))
            deck = _Deck(presentation, repaired)
            title = one_line(presentation.core_properties.title or "")
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the presentation is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc
        require_text(deck.pages, filename, deck.skipped)
        receipt = receipt_of("python-pptx", deck.pages, deck.notes, tables=deck.tables, skipped=deck.skipped)
        usable = "" if title.lower() in _NO_TITLES else title
        return ParsedFile(usable or deck.title or title_of(filename), MEDIA_TYPE, deck.pages, receipt, markdown=True)


class _Deck:
    """The slides of a presentation, one after the other."""

    def __init__(self, presentation: Any, repaired: Repaired) -> None:
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self.tables = 0
        self.title = ""
        self._printed: set[str] = set()  # what stands on every slide is told once
        self._authors = _authors(presentation.part)
        damaged = {f"/{part}" for part in repaired.damaged}
        pages = []
        for number, slide in enumerate(presentation.slides, start=1):
            gone = damaged & {str(slide.part.partname)}
            pages.append(Page(number, "" if gone else self._text(number, slide)))
            if gone:
                self.skipped.append(f"slide {number}: damaged, not read")
        others = sorted(part for part in repaired.damaged if not _SLIDE.fullmatch(part))
        self.skipped.extend(f"{part}: damaged, not read" for part in others)
        self.pages = tuple(pages)

    def _text(self, number: int, slide: Any) -> str:
        try:
            read = _Slide(slide, self._printed, self._authors)
        except _FAILURES as exc:
            self.skipped.append(f"slide {number}: damaged ({type(exc).__name__}), not read")
            return ""
        self.skipped.extend(f"slide {number}: {what}" for what in read.skipped)
        if read.hidden:
            self.notes.append(f"slide {number} is hidden")
        self.tables += read.tables
        self.title = self.title or read.title
        return read.text


class _Slide:
    """One slide as Markdown, and what of it is not text."""

    def __init__(self, slide: Any, printed: set[str], authors: Mapping[str, str]) -> None:
        self.hidden = slide._element.get("show") == "0"  # the library has no name for it
        self.tables = 0
        self._printed = printed
        self._unread: Counter[str] = Counter()
        self._struck: list[str] = []
        self._slide = slide
        choose_alternatives(slide._element, *_SHOWN)
        title = slide.shapes.title
        self.title = " ".join(line.text for line in self._lines(title).lines) if title is not None else ""
        parts = [f"# {self.title}"] if self.title else []
        shapes = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
        parts.extend(self._in_order(_placed(shapes, lambda point: point)))
        parts.extend(self._of_layout())
        parts.extend(self._notes())
        parts.extend(comments_of(list(_related(slide.part, "comments")), authors))
        self.text = plain_ticks("\n\n".join(part for part in parts if part.strip()))

    @property
    def skipped(self) -> list[str]:
        struck = [f"{len(self._struck)} struck passage(s): {quoted(self._struck)}"] if self._struck else []
        return [*struck, *(f"{count} {what}" for what, count in self._unread.items())]

    def _in_order(self, placed: Sequence[_Placed], depth: int = 0) -> Iterator[str]:
        """The texts of shapes in the order in which people read them."""
        read = [(text, one) for one in _opened(placed) if (text := "\n\n".join(self._blocks(one, depth)))]
        for text, _ in in_reading_order(
            read, lambda one: one[1].box, lambda one: len(one[0].split()) >= _WORDS_OF_TEXT
        ):
            yield text

    def _blocks(self, placed: _Placed, depth: int) -> Iterator[str]:
        shape = placed.shape
        if placed.is_group:
            if depth >= _DEEPEST_GROUP:
                self._unread["shape(s) grouped too deeply"] += 1
            else:
                yield from self._in_order(placed.inside(), depth + 1)
        elif shape.has_text_frame:
            yield from self._words(shape)
        elif getattr(shape, "has_table", False):
            self.tables += 1
            yield self._table(shape.table)
        elif getattr(shape, "has_chart", False):
            yield from self._chart(shape.chart)
        else:
            yield from self._other(shape)

    def _words(self, shape: Any) -> Iterator[str]:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind == PP_PLACEHOLDER.SLIDE_NUMBER:
            return
        text = _as_markdown(self._lines(shape), bulleted=kind in _BULLETED)
        if kind in _PRINTED_ON_ALL:
            if text in self._printed:
                return
            self._printed.add(text)
        if text:
            yield text

    def _of_layout(self) -> Iterator[str]:
        """What the layout and the master print on every slide, once."""
        layout = self._slide.slide_layout
        for part in (layout, layout.slide_master):
            for shape in part.shapes:
                if shape.has_text_frame and not shape.is_placeholder:
                    text = _as_markdown(self._lines(shape), bulleted=False)
                    if text and text not in self._printed:
                        self._printed.add(text)
                        yield text

    def _lines(self, shape: Any) -> SlideText:
        read = paragraphs_of(shape.text_frame._txBody)  # runs of the library tell neither formulas nor fields
        self._struck.extend(read.struck)
        return read

    def _table(self, table: Any) -> str:
        """A table in which merged cells hold for all that they cover, under the lines that reach over its width."""
        rows = [
            [GridCell(self._cell(cell), cell.span_width, cell.span_height) for cell in row.cells if not cell.is_spanned]
            for row in table.rows
        ]
        captions = []
        while len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].columns > 1:  # over the whole width
            captions.append(rows.pop(0)[0].text)
        grid = grid_of(rows)
        heads = count_of_heads(rows) or int(table.first_row)
        header = header_of(grid[:heads]) if heads and grid else [""] * max(map(len, grid), default=0)
        return "\n\n".join(filter(None, (*captions, _pipes([header, *grid[heads:]]))))

    def _cell(self, cell: Any) -> str:
        read = paragraphs_of(cell.text_frame._txBody)
        self._struck.extend(read.struck)
        return " ".join(f"{line.label} {line.text}".strip() for line in read.lines)

    def _chart(self, chart: Any) -> Iterator[str]:
        read = read_chart(chart._chartSpace)  # the library shows no numbers of charts without categories
        if read.title:
            yield read.title
        for rows in read.tables:
            self.tables += 1
            yield _pipes(rows)
        if not read.tables:
            self._unread["chart(s) without stored numbers"] += 1

    def _other(self, shape: Any) -> Iterator[str]:
        """Diagrams, and the text that describes a picture, when a person wrote one."""
        for diagram in descendants(shape._element, "dgm:relIds"):
            lines = read_diagram(parse(self._slide.part.related_part(attribute(diagram, "r:dm")).blob))
            yield "\n".join(f"{'  ' * level}- {text}" for level, text in lines)
            return
        properties = shape._element.xpath(".//p:cNvPr")  # the library has no name for it
        described = description_of(properties[0].get("descr", "")) if properties else ""
        if described:
            yield described
        elif shape.shape_type in _PICTURES:
            self._unread["picture(s) without text"] += 1
        elif shape.shape_type == MSO_SHAPE_TYPE.MEDIA:
            self._unread["video(s) or sound(s)"] += 1
        elif shape.shape_type in _OBJECTS:
            self._unread["embedded object(s), such as a spreadsheet or a file"] += 1
        elif shape.shape_type not in _WORDLESS:
            self._unread["drawing(s) of a kind that is not read"] += 1

    def _notes(self) -> Iterator[str]:
        if self._slide.has_notes_slide:
            shape = self._slide.notes_slide.notes_placeholder
            text = "" if shape is None else _as_markdown(self._lines(shape), bulleted=False, apart="\n")
            if text:
                yield "## Notes"
                yield text


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shape, its frame, and how the space that it is placed in lies on the slide."""

    shape: Any
    frame: Frame | None
    to_slide: Callable[[Point], Point]

    @property
    def is_group(self) -> bool:
        return bool(self.shape.shape_type == MSO_SHAPE_TYPE.GROUP)

    @property
    def box(self) -> Box | None:
        """Where the shape is seen."""
        return None if self.frame is None else seen(self.frame, self.to_slide)

    def inside(self) -> list[_Placed]:
        """The shapes of a group."""
        if self.frame is None:
            return _placed(self.shape.shapes, self.to_slide)
        space, outer = space_of(_transform(self.shape), self.frame), self.to_slide
        return _placed(self.shape.shapes, lambda point: outer(space.point(point)))


def _placed(shapes: Iterable[Any], to_slide: Callable[[Point], Point]) -> list[_Placed]:
    return [_Placed(shape, _frame(shape), to_slide) for shape in shapes]


def _opened(placed: Sequence[_Placed]) -> list[_Placed]:
    """The shapes, a group that others reach into as the shapes in it."""
    shapes = list(placed)
    for _ in range(_DEEPEST_GROUP):
        boxes = [(one, box) for one in shapes if (box := one.box)]
        entered = {
            id(one)
            for one, mine in boxes
            if one.is_group and any(other is not one and overlap(mine, box) for other, box in boxes)
        }
        if not entered:
            break
        shapes = [part for one in shapes for part in (one.inside() if id(one) in entered else [one])]
    return shapes


def _frame(shape: Any) -> Frame | None:
    if shape.left is None or shape.top is None:
        return None
    return frame_of(_transform(shape), Box(shape.left, shape.top, shape.width or 0, shape.height or 0))


def _transform(shape: Any) -> Any:
    """The `a:xfrm` of a shape, which the library has no name for; None where its layout has it."""
    return next(iter(shape._element.xpath("./p:spPr/a:xfrm | ./p:grpSpPr/a:xfrm")), None)


def _related(part: Any, *kinds: str) -> Iterator[Any]:
    """The roots of the parts that a part refers to as one of these kinds."""
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.rpartition("/")[2] in kinds:
            yield parse(relation.target_part.blob)


def _authors(part: Any) -> dict[str, str]:
    return {key: name for root in _related(part, "commentAuthors", "authors") for key, name in authors_of(root).items()}


def _as_markdown(read: SlideText, *, bulleted: bool, apart: str = "\n\n") -> str:
    """Paragraphs apart by blank lines; those of a body are list items, indented by their level."""
    several = len(read.lines) > 1
    items = [
        line.label or ("-" if several and (bulleted and line.bulleted is not False) else "") for line in read.lines
    ]
    if any(items):
        return "\n".join(
            f"{'  ' * line.level}{item} {line.text}" if item else line.text
            for line, item in zip(read.lines, items, strict=True)
        )
    return apart.join(line.text for line in read.lines)


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    return "\n".join([table_row(rows[0]), table_rule(len(rows[0])), *map(table_row, rows[1:])])
