"""The text of an OpenDocument file as HTML: paragraphs, headings, lists, tables, and what stands beside the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from ingest.parsers.common import GridCell, count_of_heads, one_line
from ingest.parsers.ooxml import Element, attribute, child, descendants, markup_of, short
from ingest.parsers.opendocument.document import OpenDocument, comment_of
from ingest.parsers.opendocument.forms import Forms
from ingest.parsers.opendocument.numbering import Numbering
from ingest.parsers.opendocument.styles import Styles, running_parts
from ingest.parsers.word import LABEL, PAGE_BREAK

_DEEPEST_HEADING = 6
_MOST_REPEATED, _MOST_HEADS = 200, 10
_CONTAINERS = ("text:section", "text:list", "text:index-body", "text:index-title", "office:text", "draw:text-box")
_INDEXES = (
    "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index",
    "text:alphabetical-index", "text:bibliography",
)  # fmt: skip
_UNSHOWN = (
    "text:tracked-changes", "office:forms", "text:sequence-decls", "text:variable-decls", "text:user-field-decls",
    "office:annotation-end", "svg:title", "svg:desc",
    "table:shapes", "office:event-listeners", "presentation:notes",
)  # fmt: skip
_SIGNS = {"text:tab": " ", "text:line-break": "<br/>", "text:soft-page-break": PAGE_BREAK}
_SHAPES = ("draw:frame", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:line", "draw:connector", "draw:g",
           "draw:polygon", "draw:polyline", "draw:path", "draw:circle", "draw:caption", "draw:a")  # fmt: skip


@dataclass(slots=True)
class Content:
    """Writes blocks as HTML; counts what is `unread`, keeps `hidden` passages and the `readings` over words."""

    document: OpenDocument
    styles: Styles
    numbering: Numbering
    forms: Forms
    unread: Counter[str] = field(default_factory=Counter)
    hidden: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    _begun: bool = False
    _after: list[str] = field(default_factory=list)
    _notes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, document: OpenDocument) -> Content:
        styles = Styles(document.roots)
        return cls(document, styles, Numbering(styles), Forms.of(document.body))

    def running(self) -> Iterator[str]:
        """The headers and footers."""
        for part in running_parts(self.styles):
            yield from self.blocks(part)

    def block(self, element: Element) -> str:
        """What one part of the file shows."""
        return "".join(self._block(element))

    def blocks(self, parent: Element) -> Iterator[str]:
        """What a part of the file shows, one block after the other."""
        for element in parent:
            yield from self._block(element)

    def _block(self, element: Element) -> Iterator[str]:
        name = short(element)
        if name in ("text:p", "text:h"):
            yield from self._paragraph(element)
        elif name == "text:list":
            yield from self._list(element, attribute(element, "text:style-name"), 1)
        elif name == "table:table":
            yield self._table(element)
        elif name == "text:section" and attribute(element, "text:display") == "none":
            self.hidden.append(one_line(" ".join(element.itertext())))
        elif name in _SHAPES or name == "draw:control":
            yield self._shape(element)
            yield from self._waiting()
        elif name == "office:annotation":
            self._comment(element)
            yield from self._waiting()
        elif name in _CONTAINERS or name in _INDEXES:
            yield from self.blocks(element)
        elif name == "text:soft-page-break":
            yield _paragraph(PAGE_BREAK)
        elif name not in _UNSHOWN and not name.endswith("-source") and "".join(element.itertext()).strip():
            self.unread[f"part(s) of a kind that is not read ({name})"] += 1

    def _paragraph(self, element: Element, label: str = "") -> Iterator[str]:
        """A paragraph or heading, then the notes, comments and frames that belong to it."""
        style = attribute(element, "text:style-name")
        words = self.words(element, style)
        if self.styles.begins_page(style) and self._begun:
            yield _paragraph(PAGE_BREAK)
        self._begun = True
        level = int(attribute(element, "text:outline-level", "0")) if short(element) == "text:h" else 0
        if level and not label and attribute(element, "text:is-list-header") != "true":
            label = self.numbering.label("", level)
        tag = f"h{min(level, _DEEPEST_HEADING)}" if level else "p"
        if words.replace(PAGE_BREAK, "").strip():
            yield f"<{tag}>{escape(label)} {words.replace(PAGE_BREAK, '')}</{tag}>".replace("> ", ">", 1)
        if PAGE_BREAK in words or self.styles.ends_page(style):
            yield _paragraph(PAGE_BREAK)
        yield from self._waiting()

    def _waiting(self) -> Iterator[str]:
        after, self._after = self._after, []
        yield from after

    def _list(self, element: Element, style: str, level: int) -> Iterator[str]:
        """A list with the labels that its items show."""
        style = attribute(element, "text:style-name") or style
        goes_on = attribute(element, "text:continue-numbering") == "true" or attribute(element, "text:continue-list")
        if level == 1 and not goes_on:
            self.numbering.begin(style)
        yield "<ul>"
        for item in element:
            blocks = [one for one in item if short(one) not in ("text:number", "text:soft-page-break")]
            nested = bool(blocks) and short(blocks[0]) == "text:list"
            counted = short(item) == "text:list-item" and bool(blocks) and not nested
            label = self.numbering.label(style, level, attribute(item, "text:start-value")) if counted else ""
            headings = [one for one in blocks if short(one) == "text:h"]
            if headings:
                yield "</ul>"
                for heading in blocks:
                    yield from self._paragraph(heading, label) if heading in headings else self._block(heading)
                yield "<ul>"
                continue
            inner = "".join(part for one in blocks for part in self._in_item(one, style, level))
            if inner.startswith("<p>"):
                inner = inner.removeprefix("<p>").replace("</p>", "", 1)
            yield inner if nested else f"<li>{f'{LABEL}{escape(label)} ' if label else ''}{inner}</li>"
        yield "</ul>"

    def _in_item(self, element: Element, style: str, level: int) -> Iterator[str]:
        if short(element) == "text:list":
            yield from self._list(element, style, level + 1)
        else:
            yield from self._block(element)

    def _table(self, table: Element) -> str:
        """A table; cells that others cover are theirs."""
        rows: list[str] = []
        found = list(_rows(table))
        marked = sum(short(row.getparent()) == "table:table-header-rows" for row in found)
        heads = max(marked, count_of_heads([list(map(_grid_cell, _own(row))) for row in found[:_MOST_HEADS]]))
        for number, row in enumerate(found):
            cells = "".join(self._cell(cell, "th" if number < heads else "td") for cell in _own(row))
            hidden = attribute(row, "table:visibility") in ("collapse", "filter")
            self.unread["hidden row(s) of tables, read too"] += hidden
            times = min(int(attribute(row, "table:number-rows-repeated", "1")), _MOST_REPEATED)
            rows.extend([f"<tr>{cells}</tr>"] * times)
        return f"<table>{''.join(rows)}</table>"

    def _cell(self, cell: Element, tag: str) -> str:
        spans = "".join(
            f' {key}="{attribute(cell, name)}"'
            for key, name in (("colspan", "table:number-columns-spanned"), ("rowspan", "table:number-rows-spanned"))
            if attribute(cell, name, "1") != "1"
        )
        times = min(int(attribute(cell, "table:number-columns-repeated", "1")), _MOST_REPEATED)
        return f"<{tag}{spans}>{''.join(self.blocks(cell))}</{tag}>" * times

    def words(self, element: Element, style: str = "", family: str = "paragraph") -> str:
        """The words of a paragraph or a part of it, as HTML on one line."""
        inner = escape(element.text or "") + "".join(
            self._inline(one) + escape(one.tail or "") for one in element if isinstance(one.tag, str)
        )
        if self.styles.is_hidden(family, style):
            self.hidden.append(one_line(" ".join(element.itertext())))
            return ""
        if self.styles.is_struck(family, style):
            return f"<s>{inner}</s>"
        tag = {"raised": "sup", "lowered": "sub", "": ""}[self.styles.place(family, style)]
        return f"<{tag}>{inner}</{tag}>" if tag else inner

    def _inline(self, element: Element) -> str:
        name = short(element)
        if name in _SIGNS or name in _UNSHOWN:
            return _SIGNS.get(name, "")
        special = {
            "text:s": _spaces,
            "text:note": self._note,
            "office:annotation": self._comment,
            "text:ruby-text": self._reading,
            "text:hidden-text": self._hide,
            "text:hidden-paragraph": self._hide,
            **dict.fromkeys((*_SHAPES, "draw:control"), self._shape),
        }
        if name in special:
            return special[name](element)
        return self.words(element, attribute(element, "text:style-name"), "text")

    def _comment(self, annotation: Element) -> str:
        """Nothing in its place; the comment comes after the paragraph."""
        self._after.append(_paragraph(escape(comment_of(annotation))))
        return ""

    def _reading(self, element: Element) -> str:
        """Nothing in its place: a reading aid (ruby) is beside the words that it is of."""
        self.readings.append(one_line("".join(element.itertext())))
        return ""

    def _hide(self, element: Element) -> str:
        self.hidden.append(attribute(element, "text:string-value") or one_line(" ".join(element.itertext())))
        return ""

    def _note(self, note: Element) -> str:
        """`[1]`, and the note after its paragraph."""
        kind = attribute(note, "text:note-class", "footnote")
        self._notes[kind] += 1
        cited = one_line("".join(getattr(child(note, "text:note-citation"), "itertext", lambda: [])()))
        mark = f"[{cited or self._notes[kind]}]"
        told = self._apart(child(note, "text:note-body"))
        self._after.append(f"<p>{escape(mark)} {told.removeprefix('<p>')}" if told.startswith("<p>") else told)
        return f" {escape(mark)}"

    def _apart(self, part: Element | None) -> str:
        """The blocks of what stands beside a paragraph; what waits for that paragraph's end is not among them."""
        if part is None:
            return ""
        held, self._after = self._after, []
        told = "".join((*self.blocks(part), *self._waiting()))
        self._after = held
        return told

    def _shape(self, shape: Element) -> str:
        """Words of a formula in their place; text boxes, charts and descriptions after the paragraph."""
        if short(shape) == "draw:control":
            return escape(self.forms.told(attribute(shape, "draw:control"), self.unread))
        for inner in shape:
            if short(inner) in ("draw:object", "draw:object-ole"):
                return self._object(inner)
        described = one_line(" ".join(filter(None, (one.text for one in descendants(shape, "svg:desc", "svg:title")))))
        text = self._apart(_shown_in(shape))
        if text:
            self._after.append(text)
        elif described:
            self._after.append(_paragraph(escape(described)))
        elif descendants(shape, "draw:image"):
            self.unread["picture(s) without text"] += 1
        return ""

    def _object(self, element: Element) -> str:
        found = self.document.object_of(element)
        formula = next(iter(descendants(found, "math:math")), None) if found is not None else None
        if formula is not None:
            for annotation in descendants(formula, "math:annotation"):
                annotation.getparent().remove(annotation)
            return markup_of(formula)
        chart = next(iter(descendants(found, "chart:chart")), None) if found is not None else None
        if chart is None:
            self.unread["embedded object(s), such as a spreadsheet or a file"] += 1
        else:
            title, table = (next(iter(descendants(chart, name)), None) for name in ("chart:title", "table:table"))
            told = self._apart(title) + (self._table(table) if table is not None else "")
            self._after.append(told)
        return ""


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, not those of tables within its cells."""
    for element in table:
        if short(element) == "table:table-row":
            yield element
        elif short(element) in ("table:table-rows", "table:table-header-rows", "table:table-row-group"):
            yield from _rows(element)


def _own(row: Element) -> list[Element]:
    """The cells of a row that no other covers."""
    return [cell for cell in row if short(cell) == "table:table-cell"]


def _grid_cell(cell: Element) -> GridCell:
    wide, high = (int(attribute(cell, f"table:number-{one}-spanned", "1")) for one in ("columns", "rows"))
    return GridCell(one_line(" ".join(cell.itertext())), wide, high)


def _spaces(element: Element) -> str:
    return " " * min(int(attribute(element, "text:c", "1")), _MOST_REPEATED)


def _shown_in(shape: Element) -> Element:
    box = child(shape, "draw:text-box")
    return shape if box is None else box


def _paragraph(html: str) -> str:
    return f"<p>{html}</p>" if html else ""
