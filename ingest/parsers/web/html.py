"""HTML files: BeautifulSoup takes the noise away, markdownify turns the main content into Markdown."""

from __future__ import annotations

import itertools
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from ingest.parsers.common import ParsedFile, clean_text, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text import markdown_title
from rag.errors import ParseError

MEDIA_TYPE = "text/html"

_NOISE = ("script", "style", "noscript", "template", "nav", "aside", "svg", "iframe", "button", "select", "object")
_FRAME = ("header", "footer")
_MAIN = ("main", "[role=main]", "article", "body")
_FEWEST_CELLS = 2
_CELL_GAPS = re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])")  # left by paragraphs in a cell
_DEEPEST = 400
_UNCLOSED = "p > p, li > li, td > td, td > th, th > td, th > th, tr > tr, td > tr, th > tr, dd > dt, dt > dd"
_KEPT_SHARE = 0.98
_MOST_COLUMNS, _HIGHEST_SPAN, _LONGEST_SPAN = 200, 1000, 6
# Inline marks go, so that a sentence of the page is the same sentence in the text.
_UNMARKED = ["a", "img", "b", "strong", "em", "i", "u", "s", "del", "code", "kbd", "samp", "sub", "sup"]


class HtmlParser:
    """Reads HTML pages."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The main content as Markdown: without menus, scripts, forms, links' addresses and images."""
        html = read_html(data, filename)
        pages = split_pages(html.text)
        require_text(pages, filename)
        title = html.title or markdown_title(html.text) or title_of(filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt_of("html", pages, tables=html.tables), markdown=True)


@dataclass(frozen=True, slots=True)
class Html:
    """A page's title, empty when it has none, its content as Markdown, and how many tables that holds."""

    title: str
    text: str
    tables: int


def read_html(data: bytes | str, filename: str) -> Html:
    """The main content of an HTML page.

    Raises:
        ParseError: the elements are nested too deeply.
    """
    soup = _parsed(data, filename)
    title = one_line(soup.title.get_text()) if soup.title else ""
    return _html(title, _main_content(soup), filename)


def read_plain_html(html: str, filename: str) -> Html:
    """The same of an HTML text that has no noise around it."""
    return _html("", _parsed(html, filename), filename)


def _parsed(data: bytes | str, filename: str) -> BeautifulSoup:
    """The elements of a page. Python's own parser loses no text, but puts elements whose end tags are left out into
    one another; then lxml is asked, which knows where they end, unless it loses text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of markup that looks like XML, a path or an address
        soup = BeautifulSoup(data, "html.parser")
        if not _is_deep(soup) and soup.select_one(_UNCLOSED) is None:
            return soup
        closed = BeautifulSoup(data, "lxml")
    if not _is_deep(closed) and len(closed.get_text()) >= _KEPT_SHARE * len(soup.get_text()):
        return closed
    if _is_deep(soup):
        raise _too_deep(filename)
    return soup


def _html(title: str, content: Tag, filename: str) -> Html:
    try:
        _plain_tables(content)
        text = _markdown(content)
    except RecursionError as exc:
        raise _too_deep(filename) from exc
    return Html(title, text, len(content.find_all("table")))


def _is_deep(soup: BeautifulSoup) -> bool:
    """Whether elements are nested so deeply that to walk them would take for ever."""
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    while waiting:
        tag, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        waiting.extend((child, depth + 1) for child in tag.contents if isinstance(child, Tag))
    return False


def _too_deep(filename: str) -> ParseError:
    return ParseError(f"{filename}: the HTML is nested too deeply. Save the page in another form")


def _main_content(soup: BeautifulSoup) -> Tag:
    for tag in soup.select(",".join((*_NOISE, "[hidden]", "[aria-hidden=true]"))):
        tag.decompose()
    for tag in soup.select(",".join(_FRAME)):
        if tag.find_parent(["main", "article"]) is None:
            tag.decompose()
    whole = len(soup.get_text())
    for form in soup.find_all("form"):
        if 2 * len(form.get_text()) < whole:  # some sites wrap the whole page in one form
            form.decompose()
    candidates = (tag for selector in _MAIN for tag in soup.select(selector))
    return next((tag for tag in candidates if 4 * len(tag.get_text()) > whole), soup)


def _plain_tables(content: Tag) -> None:
    """Make every table one that Markdown can hold: rows of cells, each cell one line.

    Tables that only lay out a page become plain blocks, tables within cells become text, cells that reach over several
    rows leave empty cells below, and pipes in cells are escaped.
    """
    for table in reversed(content.find_all("table")):  # inner ones first
        if _lays_out(table):
            for part in table.find_all(["thead", "tbody", "tfoot", "tr", "td", "th", "caption"]):
                if part.find_parent("table") is table:
                    part.name = "div"
            table.name = "div"
        elif (outer := table.find_parent("table")) is not None and not _lays_out(outer):
            rows = (
                ", ".join(filter(None, map(_cell_text, row.find_all(["td", "th"])))) for row in table.find_all("tr")
            )
            table.replace_with(f" {'; '.join(rows)} ")
    for table in content.find_all("table"):
        _fill_below(table)
    for cell in content.find_all(["td", "th"]):
        for text in cell.find_all(string=lambda found: "|" in found):
            text.replace_with(text.replace("|", "\\|"))


def _lays_out(table: Tag) -> bool:
    """Whether a table has headings or most of its words in further tables, or has but one cell."""
    words = len(table.get_text())
    inner = sum(len(found.get_text()) for found in table.find_all("table"))
    cells = table.find_all(["td", "th"], limit=2)
    headings = table.find(["h1", "h2", "h3", "h4", "h5", "h6"]) is not None
    return table.get("role") == "presentation" or len(cells) < _FEWEST_CELLS or headings or 2 * inner > words


def _cell_text(cell: Tag) -> str:
    return one_line(cell.get_text(" "))


def _fill_below(table: Tag) -> None:
    """Put empty cells where a cell of a row above reaches down, so that columns stay columns."""
    reaching: dict[int, int] = {}  # rows that are still to be reached, by column
    for row in table.find_all("tr"):
        column = 0
        after = {column: rows - 1 for column, rows in reaching.items() if rows > 1}
        for cell in row.find_all(["td", "th"], recursive=False):
            below = _run(reaching, column)
            if below:
                cell.insert_before(_empty_cell(below))
            column += below
            width, height = _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", _HIGHEST_SPAN)
            if height > 1:
                after.update(dict.fromkeys(range(column, min(column + width, _MOST_COLUMNS)), height - 1))
            column += width
        below = _run(reaching, column)
        if below:
            row.append(_empty_cell(below))
        reaching = after


def _run(columns: Mapping[int, int], start: int) -> int:
    """How many columns from `start` on are among these."""
    return next(count for count in itertools.count() if start + count not in columns)


def _empty_cell(width: int) -> Tag:
    return Tag(name="td", attrs={"colspan": str(width)})


def _span(cell: Tag, name: str, most: int) -> int:
    value = str(cell.get(name, ""))
    return max(1, min(most, int(value))) if value.isdecimal() and len(value) < _LONGEST_SPAN else 1


def _markdown(content: Tag) -> str:
    converter = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        strip=_UNMARKED,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
    )
    return _tidy(str(converter.convert_soup(content)))


def _tidy(markdown: str) -> str:
    """No spaces at line ends, no wrapped lines in paragraphs, at most one blank line outside of code."""
    lines: list[str] = []
    code = False
    for raw in clean_text(markdown).replace("\f", "\n").split("\n"):
        line = _CELL_GAPS.sub(" ", raw.rstrip()) if raw.startswith("|") and not code else raw.rstrip()
        code ^= line.startswith("```")
        if code or line.startswith("```") or not _wrapped(lines[-1] if lines else "", line):
            if line or code or (lines and lines[-1]):
                lines.append(line)
        else:
            lines[-1] += " " + line.strip()
    return "\n".join(lines).strip("\n")


def _wrapped(before: str, line: str) -> bool:
    """Whether a line goes on with the paragraph or list item before it."""
    block = r"\s*(?:[-*+>|#]|\d+[.)]\s|```)"
    if not before.strip() or not line.strip() or re.match(block, line):
        return False
    return not re.match(r"\s*(?:[|#]|```)", before)
