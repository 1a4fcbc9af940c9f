"""The PDF parser: text, positions, headings and tables by pdfium, and a second reading to check it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.parsers.common import (
    Attached,
    Geometry,
    ParsedFile,
    Read,
    Table,
    Word,
    one_line,
    pack,
    quoted,
    receipt_of,
    title_of,
)
from ingest.parsers.layout import (
    Extra,
    Line,
    PrintedFile,
    PrintedPage,
    Reflowed,
    Words,
    headings_of,
    placed_tables,
    printed_title,
    reflow,
    whole_at_end,
    with_lines_below,
    without_running,
    without_struck,
)
from ingest.parsers.pdf import pdfium as first
from ingest.parsers.pdf import second_reading as second
from rag.errors import ParseError
from rag.types import Page, Receipt

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 5000
VERSIONS: Mapping[str, str] = {"pypdfium2": first.VERSION, "pypdf": second.VERSION}

_AGREEMENT = 0.6
_NO_TITLES = ("untitled", "unknown", "anonymous", "document", "none")
_MOST_NAMED = 6
_MOST_CHARACTERS_COMPARED = 20_000
_SMALLEST_PT = 0.1
_MOST_OF_PLACEHOLDER = 1500
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_ODD_PAGES = 2


@dataclass(slots=True)
class _Report:
    """What the receipt will say."""

    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    disagreements: tuple[int, ...] = ()


class PdfParser:
    """Reads PDF files; pages without a text layer are listed in `scans`. `read` reads the files that are attached."""

    def __init__(self, max_pages: int = MAX_PAGES, read: Read | None = None) -> None:
        self._max_pages = max_pages
        self._read = read

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The pages in reading order, running headers and footers once (the receipt names them), then those of the
        attached files, each under a heading with its name."""
        printed = first.read_printed(data, filename, self._max_pages)
        if _is_placeholder(printed):
            raise ParseError(
                f"{filename}: an XFA form, which only Adobe's programs display. "
                "Open it there, print it to a PDF and ingest that"
            )
        report = _Report(skipped=list(_skipped(printed)))
        _compare(printed, data, filename, report)
        printed = _without_struck(printed, report)
        pages = _reflowed(printed, report)
        scans = tuple(number for number, page in enumerate(printed.pages, start=1) if page.scan)
        readings = _second_reading(printed, pages, data, report)
        texts = {number: page.text or readings.get(number, "") for number, page in pages.items()}
        attached = self._attached(printed, report)
        if not scans and not attached.pages and not any(text.strip() for text in texts.values()):
            raise ParseError(
                f"{filename}: the PDF has {len(printed.pages)} page(s) and neither text nor pictures on them. "
                "Check that it is the right file"
            )
        result = (*(_page(number, texts[number], page, printed) for number, page in pages.items()), *attached.pages)
        tables = placed_tables(pages)
        return ParsedFile(
            title=_title(printed, filename),
            media_type=MEDIA_TYPE,
            pages=result,
            receipt=attached.told(_receipt(result, tables, report)),
            headings=(*headings_of(pages, printed.outline), *attached.headings),
            tables=(*tables, *attached.tables),
            scans=scans,
            doubts={
                number: page.doubt
                for number, page in enumerate(printed.pages, start=1)
                if page.doubt and number not in scans
            },
            others=frozenset(attached.markdown),
        )

    def _attached(self, printed: PrintedFile, report: _Report) -> Attached:
        """The attached files, read; the report says which are not."""
        attached = Attached(len(printed.pages) + 1, self._read or _unread)
        for name, data in printed.attachments:
            if data is None:
                attached.skipped.append(f"attachment {name}: damaged, or too large to be read")
            else:
                attached.add(name, data)
        report.notes.extend(attached.notes)
        report.skipped.extend(attached.skipped)
        return attached


def _unread(_data: bytes, name: str) -> ParsedFile:
    raise ParseError(f"{name}: attachments nested this deeply are not read; ingest the file by itself")


def _is_placeholder(printed: PrintedFile) -> bool:
    """Whether the pages only stand in for a form that is drawn by the program that opens it."""
    shown = sum(len(_words(page.lines)) for page in printed.pages)
    return printed.xfa and shown <= _MOST_OF_PLACEHOLDER and not any(page.extras for page in printed.pages)


def _receipt(pages: Sequence[Page], tables: Sequence[Table], report: _Report) -> Receipt:
    return replace(
        receipt_of("pypdfium2", pages, report.notes),
        tables=len(tables),
        disagreements=report.disagreements,
        skipped=tuple(report.skipped),
        versions=dict(VERSIONS),
    )


def _skipped(printed: PrintedFile) -> Iterator[str]:
    """What is in the file and not read."""
    unloaded = [number for number, page in enumerate(printed.pages, start=1) if not page.loaded]
    if unloaded:
        yield f"{_named(unloaded)}: damaged, cannot be loaded"
    if printed.xfa:
        yield "an XFA form: only what is printed on its pages is read"
    pictured = [number for number, page in enumerate(printed.pages, start=1) if page.pictured]
    if pictured:
        yield f"{_named(pictured)}: words in the picture(s) beside the text are not read"
    unclear = [number for number, page in enumerate(printed.pages, start=1) if page.unclear_boxes]
    if unclear:
        yield f"{_named(unclear)}: drawn boxes that may be ticked, which is not read"
    empty, unticked = (sum(counts) for counts in zip(*(page.unfilled for page in printed.pages), strict=True))
    if empty:
        yield f"{empty} form field(s) without a value"
    if unticked:
        yield f"{unticked} box(es) of forms not ticked"


def _without_struck(printed: PrintedFile, report: _Report) -> PrintedFile:
    """The pages without the words that a line is drawn through; the report quotes them.

    A page in doubt may be read from its picture instead, in which they are not told apart.
    """
    pages: list[PrintedPage] = []
    passages: list[str] = []
    for number, page in enumerate(printed.pages, start=1):
        lines, rules, struck = without_struck(page.lines, page.rules)
        pages.append(replace(page, lines=tuple(lines), rules=tuple(rules)) if struck else page)
        passages.extend(struck)
        if struck and page.doubt:
            report.notes.append(f"page {number}: if it is read from its picture, its struck words are too; check them")
    if passages:
        report.skipped.append(f"{len(passages)} struck passage(s): {quoted(passages)}")
    return replace(printed, pages=tuple(pages))


def _named(numbers: Sequence[int]) -> str:
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(map(str, numbers))}"


def _reflowed(printed: PrintedFile, report: _Report) -> dict[int, Reflowed]:
    """The text of each page by its number."""
    if printed.encrypted:
        report.notes.append("encrypted, opens without a password")
    shown = printed.pages
    bodies, running, told, once = without_running([page.lines for page in shown], [page.rules for page in shown])
    parts = [
        f"{what}: {'; '.join(lines[:_MOST_NAMED])}"
        for what, lines in (("left out", running), ("read once", told))
        if lines
    ]
    report.notes.extend([f"running headers and footers {'; '.join(parts)}"] if parts else [])
    words = Words.of(line for lines in bodies for line in lines)
    reflowed: list[Reflowed] = []
    for lines, page in zip(bodies, printed.pages, strict=True):
        before = reflowed[-1] if reflowed else None
        reflowed.append(reflow(lines, words, page.rules, before))
        if before is not None:
            whole, rest = whole_at_end(before, reflowed[-1], lines, words)
            if whole is not before:
                reflowed[-2:] = whole, reflow(rest, words, page.rules, whole)
    report.notes.extend(_notes_on(reflowed))
    return {
        number: _with_extras(with_lines_below(page, once.get(number - 1, ())), shown.extras)
        for number, (page, shown) in enumerate(zip(reflowed, printed.pages, strict=True), start=1)
    }


def _notes_on(pages: Sequence[Reflowed]) -> Iterator[str]:
    """What of the text of the pages, in their order, is in doubt or left out."""
    doubtful = [number for number, page in enumerate(pages, start=1) if page.doubtful]
    if doubtful:
        yield f"{_named(doubtful)}: sentences side by side, read as rows; check the order"
    repeated = [number for number, page in enumerate(pages, start=1) if page.repeated]
    if repeated:
        headers = dict.fromkeys(" ".join(page.repeated) for page in pages if page.repeated)
        shown = "; ".join([*headers][:_MOST_NAMED])
        yield f"{_named(repeated)}: the repeated header of a table that goes on is left out: {shown}"
    broken = [number for number, page in enumerate(pages, start=1) if page.broken]
    if broken:
        yield f"{_named(broken)}: the rest of the last row of the page before is read above the table"
    apart = [number for number, page in enumerate(pages, start=1) if page.apart]
    if apart:
        yield f"{_named(apart)}: rows that may go on with the table of the page before are not joined with it"


def _with_extras(page: Reflowed, extras: Sequence[Extra]) -> Reflowed:
    """The page's text with the values of its form fields and its comments after it, one a line."""
    text, words = page.text, list(page.words)
    for number, extra in enumerate(extras):
        separator = ("\n" if number else "\n\n") if text else ""
        start = len(text) + len(separator) + (len(extra.label) + 2 if extra.label else 0)
        text += separator + (f"{extra.label}: " if extra.label else "") + extra.text
        words.append(Word(start, len(text), extra.left, extra.top, extra.right, extra.bottom))
    return replace(page, text=text, words=tuple(words)) if extras else page


def _page(number: int, text: str, reflowed: Reflowed, printed: PrintedFile) -> Page:
    label = printed.labels[number - 1] if number <= len(printed.labels) else ""
    shown = printed.pages[number - 1]
    words = tuple(word for word in (_on_page(word, shown) for word in reflowed.words) if word)
    geometry = pack(Geometry(shown.width, shown.height, words)) if words else None
    return Page(number, text, label if label not in ("", str(number)) else None, geometry)


def _on_page(word: Word, page: PrintedPage) -> Word | None:
    """A word's box within the page; None when nothing of it can be seen there."""
    if word.left >= 0 and word.top >= 0 and word.right <= page.width and word.bottom <= page.height:
        cut = word
    else:
        right, bottom = min(word.right, page.width), min(word.bottom, page.height)
        cut = Word(word.start, word.end, max(word.left, 0.0), max(word.top, 0.0), right, bottom)
    seen = cut.right - cut.left >= _SMALLEST_PT and cut.bottom - cut.top >= _SMALLEST_PT and cut.end > cut.start
    return cut if seen else None


def _title(printed: PrintedFile, filename: str) -> str:
    """The file's own title, or what its first page prints largest and the file's name."""
    large = _usable(printed_title(printed.pages[0].lines))
    return _usable(printed.title) or (f"{large} ({title_of(filename)})" if large else title_of(filename))


def _usable(title: str) -> str:
    """A title for people; programs also write serial numbers and `untitled` there."""
    text = one_line(title)
    return text if sum(map(str.isalpha, text)) > 1 and text.lower().strip("()[]<>. ") not in _NO_TITLES else ""


def _second_reading(
    printed: PrintedFile, pages: Mapping[int, Reflowed], data: bytes, report: _Report
) -> Mapping[int, str]:
    """The second reader's texts of the pages on which pdfium saw none and of which it sees some."""
    empty = [number for number, page in pages.items() if not page.text and not printed.pages[number - 1].scan]
    reading = second.second_reading(data, empty)
    if reading.failure:
        report.notes.append(f"the second reader cannot read this file ({reading.failure})")
    found = {number: text for number, text in reading.texts.items() if text.strip()}
    if found:
        report.notes.append(f"read by the second reader only: {_named(sorted(found))}")
    return found


def _compare(printed: PrintedFile, data: bytes, filename: str, report: _Report) -> None:
    """Note the sampled pages on which the two readers do not see the same words."""
    sample = _sample(printed)
    if not sample:
        return
    reading = second.second_reading(first.pages_alone(data, filename, sample), range(1, len(sample) + 1))
    if reading.failure:
        report.notes.append(f"the second reader cannot check this file ({reading.failure})")
    shares = {
        number: second.agreement(_words(printed.pages[number - 1].lines), reading.texts[place])
        for place, number in enumerate(sample, start=1)
        if place in reading.texts
    }
    report.disagreements = tuple(number for number, share in shares.items() if share < _AGREEMENT)
    report.notes.extend(
        f"page {number}: the two readers agree on {shares[number]:.0%} of the letters only; check the text"
        for number in report.disagreements
    )


def _sample(printed: PrintedFile) -> list[int]:
    """The middle page with text, and those with letters that pdfium could not name; the second reader is slow.

    No page that is out of proportion, which may take minutes.
    """
    texts = {number: _words(page.lines) for number, page in enumerate(printed.pages, start=1)}
    with_text = [number for number, text in texts.items() if 0 < len(text) <= _MOST_CHARACTERS_COMPARED]
    if not with_text:
        return []
    odd = {number: len(_NO_LETTER.findall(texts[number])) for number in with_text}
    oddest = sorted((number for number in with_text if odd[number]), key=lambda number: -odd[number])
    return sorted({with_text[len(with_text) // 2], *oddest[:_MOST_ODD_PAGES]})


def _words(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)
