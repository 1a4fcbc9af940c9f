"""Simplifies a Word file: its visible text as paragraphs, list items and tables of one document part."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.parsers.common import readings_left_out
from ingest.parsers.ooxml import (
    DAMAGE,
    Element,
    Package,
    attribute,
    child,
    choose_alternatives,
    descendants,
    formula_text,
    full,
    make,
    replace_by,
    short,
    to_bytes,
    words_of,
)
from ingest.parsers.word.changes import (
    accept_changes,
    drop_runs,
    drop_wrappers,
    mark_raised,
)
from ingest.parsers.word.drawings import Drawings, paragraph
from ingest.parsers.word.fields import open_controls, settle_fields
from ingest.parsers.word.lists import Lists
from ingest.parsers.word.notes import Comments, Notes, note_styles, resolved_comments
from ingest.parsers.word.numbering import Numbering
from ingest.parsers.word.pages import PAGE_BREAK, PageBreaks
from ingest.parsers.word.running import RunningParts
from ingest.parsers.word.styles import Styles
from ingest.parsers.word.symbols import name_symbols, set_apart_numbers
from ingest.parsers.word.tables import fill_rows, mark_headings

__all__ = ["PAGE_BREAK", "PreparedWord", "inserted_mark", "prepare"]

_USUAL_PART = "word/document.xml"
_DOCUMENT = "word/document.xml"
_INSERTED = "\ufdd3"
_TYPES = "[Content_Types].xml"
_SHOWN = ("w:txbxContent", "w:drawing", "w:pict", "w:t", "m:oMath")
_NOTE_KINDS = ("normal", "")


def inserted_mark(number: int) -> str:
    """What stands for an inserted file, by its number from 0: no word of any script."""
    return f"{_INSERTED}{number}{_INSERTED}"


@dataclass(frozen=True, slots=True)
class PreparedWord:
    """A Word file of plain parts.

    `printed_pages` is how many the program counted that saved it, 0 when it did not say. `struck` and `hidden` are
    passages that are gone, `inserted` are files of another format, each at the place of a paragraph `inserted_mark`.
    `notes` and `skipped` are for the receipt.
    """

    data: bytes
    printed_pages: int
    struck: tuple[str, ...]
    hidden: tuple[str, ...]
    inserted: tuple[bytes, ...]
    notes: tuple[str, ...]
    skipped: tuple[str, ...]


def prepare(data: bytes) -> PreparedWord:
    """The file with everything that is shown in its body, in reading order.

    Tracked changes are accepted; struck text is gone; fields, forms and formulas are their text; notes and comments
    come after the paragraph that they belong to, headers and footers at the ends of their section.

    Raises:
        one of `DAMAGE`: the body, the styles or the lists cannot be read.
    """
    with Package(data) as package:
        return _Preparation(package).run()


class _Preparation:
    """One file on its way."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = next(iter(package.related("", "officeDocument")), _USUAL_PART)
        self._styles = Styles(self._optional("styles"))
        self._counts: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._damaged: list[str] = []
        self._struck: list[str] = []
        self._hidden: list[str] = []
        self._readings: list[str] = []
        self._inserted: list[bytes] = []

    def run(self) -> PreparedWord:
        root = self._package.root(self._part)
        body = child(root, "w:body")
        if body is None:
            raise ValueError("the document part has no body")
        self._make_plain(root, running=False)
        settings = self._optional("settings")
        notes = Notes(self._notes(), note_styles([root] if settings is None else [settings, root]))
        comments = self._comments(root)
        breaks = PageBreaks(self._styles)
        running = RunningParts(self._running, even_pages=child(settings, "w:evenAndOddHeaders") is not None)
        drawings = Drawings(self._package, self._part)
        blocks: list[Element] = []
        first_of_section = 0
        for block in [*body, make("w:sectPr")] if body.find(full("w:sectPr")) is None else list(body):
            section = block if short(block) == "w:sectPr" else child(block, "w:pPr", "w:sectPr")
            if short(block) != "w:sectPr":
                before, after = breaks.around(block)
                lifted = drawings.lift(block)
                extras = [extra for one in (block, *lifted) for extra in (*notes.place(one), *comments.place(one))]
                blocks.extend((*before, block, *lifted, *extras, *after))
            if section is not None:
                begin = breaks.section(section) if first_of_section else []
                headers, footers = running.of(section)
                blocks[first_of_section:first_of_section] = [*begin, *headers]
                blocks.extend(footers)
                first_of_section = len(blocks)
        blocks.extend(comments.rest())
        self._unread.update(drawings.unread)
        return self._written(root, body, blocks)

    def _written(self, root: Element, body: Element, blocks: list[Element]) -> PreparedWord:
        body[:] = blocks
        numbering = Numbering(self._optional("numbering"))
        Lists(self._styles, numbering).write(body)
        passages = tuple(self._struck), tuple(self._hidden), tuple(self._inserted)
        return PreparedWord(
            self._packed(root, numbering.plain()),
            self._printed_pages(),
            *passages,
            tuple(self._said()),
            tuple(self._lost()),
        )

    def _make_plain(self, root: Element, *, running: bool) -> None:
        """Every word of a part that is shown, in runs of paragraphs, as it is meant."""
        choose_alternatives(root, *_SHOWN)
        self._counts.update(accept_changes(root))
        self._counts["prompts"] += open_controls(root)
        self._readings.extend(drop_wrappers(root))
        self._missing.update(settle_fields(root, running=running))
        self._struck.extend(drop_runs(root, self._styles.is_struck))
        self._hidden.extend(drop_runs(root, self._styles.is_hidden))
        for formula in descendants(root, "m:oMath"):
            replace_by(formula, make("w:r", make("w:t", text=formula_text(formula))))
        for group in descendants(root, "m:oMathPara"):
            replace_by(group, *group.findall(full("w:r")))
        for chunk in descendants(root, "w:altChunk"):
            self._insert(chunk)
        fill_rows(root)
        mark_headings(root)
        name_symbols(root)
        set_apart_numbers(root)
        mark_raised(root, self._styles)

    def _insert(self, chunk: Element) -> None:
        """Put a mark where a file of another format is inserted."""
        part = self._package.target(self._part, attribute(chunk, "r:id"))
        if part is None:
            self._unread["inserted file(s) that are missing"] += 1
            replace_by(chunk)
        else:
            self._inserted.append(self._package.read(part))
            replace_by(chunk, paragraph(inserted_mark(len(self._inserted) - 1)))

    def _notes(self) -> Mapping[tuple[str, str], Element]:
        """The notes by kind and id; separators are none."""
        found = {}
        for kind in ("footnote", "endnote"):
            root = self._optional(f"{kind}s")
            if root is not None:
                self._make_plain(root, running=False)
                self._unread.update(_lifted(Drawings(self._package, self._related(f"{kind}s")), root))
                for note in descendants(root, f"w:{kind}"):
                    if attribute(note, "w:type") in _NOTE_KINDS:
                        found[kind, attribute(note, "w:id")] = note
        return found

    def _comments(self, document: Element) -> Comments:
        root = self._optional("comments")
        resolved = resolved_comments(root, self._optional("commentsExtended"))
        if root is not None:
            self._make_plain(root, running=False)
        found = {} if root is None else {attribute(one, "w:id"): one for one in descendants(root, "w:comment")}
        comments = Comments(found, resolved)
        comments.read_ranges(document)
        return comments

    def _running(self, identity: str) -> list[Element]:
        """The blocks of a header or footer, as an id of the document refers to it."""
        part = self._package.target(self._part, identity)
        root = None if part is None else self._read(part)
        if root is None or part is None:
            return []
        self._make_plain(root, running=True)
        drawings = Drawings(self._package, part)
        blocks = [extra for block in list(root) for extra in (block, *drawings.lift(block))]
        self._unread.update(drawings.unread)
        return blocks

    def _optional(self, kind: str) -> Element | None:
        """A part that the document refers to; None when there is none, or when it is damaged, which is noted."""
        part = self._related(kind)
        return self._read(part) if part else None

    def _related(self, kind: str) -> str:
        found = self._package.related(self._part, kind)
        usual = f"word/{kind}.xml"
        return found[0] if found else usual if usual in self._package.names else ""

    def _read(self, part: str) -> Element | None:
        try:
            return self._package.root(part)
        except DAMAGE:
            if part not in self._damaged:
                self._damaged.append(part)
            return None

    def _printed_pages(self) -> int:
        for part in self._package.related("", "extended-properties"):
            root = self._read(part)
            counted = "" if root is None else "".join(words_of(root, "ep:Pages"))
            if counted.strip().isdecimal():
                return int(counted)
        return 0

    def _packed(self, root: Element, numbering: Element) -> bytes:
        """A Word file of the plain document with the styles and lists of the whole one."""
        out = io.BytesIO()
        parts = {"styles": self._optional("styles"), "numbering": numbering}
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(_TYPES, '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
            archive.writestr(_DOCUMENT, to_bytes(root))
            for name, part in parts.items():
                if part is not None:
                    archive.writestr(f"word/{name}.xml", to_bytes(part))
        return out.getvalue()

    def _said(self) -> Iterator[str]:
        inserted, deleted = self._counts["inserted"], self._counts["deleted"]
        if inserted or deleted:
            yield f"tracked changes are accepted: {inserted} insertion(s), {deleted} deletion(s)"

    def _lost(self) -> Iterator[str]:
        yield from readings_left_out(self._readings)
        yield from (f"{count} {what}" for what, count in self._unread.items() if count)
        if self._counts["prompts"]:
            yield f"{self._counts['prompts']} form field(s) without a value"
        if self._missing:
            fields = f"{self._missing.total()} field(s) without a stored result ({', '.join(sorted(self._missing))})"
            yield f"{fields}; open the file in Word and update them"
        yield from (f"{part}: damaged, not read" for part in self._damaged)


def _lifted(drawings: Drawings, root: Element) -> Counter[str]:
    """Put what floats in a part's paragraphs after them; what of it is not read."""
    for block in descendants(root, "w:p"):
        for extra in reversed(drawings.lift(block)):
            block.addnext(extra)
    return drawings.unread
