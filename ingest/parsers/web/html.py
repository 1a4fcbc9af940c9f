"""HTML files: BeautifulSoup parses the elements, surroundings are removed, the rest becomes Markdown."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector

from ingest.parsers.common import ParsedFile, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text import FRONT_MATTER_MARKS, FrontMatter, decode, markdown_title, split_front_matter
from ingest.parsers.web.content import main_content, shown
from ingest.parsers.web.markdown import to_markdown
from ingest.parsers.web.meaning import write_meaning, write_styles
from ingest.parsers.web.tables import plain_tables
from rag.errors import ParseError
from rag.types import Value

MEDIA_TYPE = "text/html"

_DEEPEST = 400
_UNCLOSED = "p > p, li > li, td > td, td > th, th > td, th > th, tr > tr, td > tr, th > tr, dd > dt, dt > dd"
_KEPT_SHARE = 0.98
_ASKS_FOR_SCRIPTS = re.compile(
    r"(?:enable|activate|turn on|requires?|need|without|disabled).{0,60}\bjava ?script\b"
    r"|\bjava ?script\b.{0,60}(?:enable|activate|turn on|require|need|disabled|aktivier)",
    re.IGNORECASE,
)
_MOST_OF_PLACEHOLDER = 300  # characters
_METADATA = {
    "author": "author", "article:author": "author", "dc.creator": "author", "dcterms.creator": "author",
    "date": "date", "dc.date": "date", "dcterms.date": "date", "article:published_time": "date", "keywords": "keywords",
}  # fmt: skip


class HtmlParser:
    """Reads HTML pages."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The main content as Markdown: without menus, scripts, links' addresses and images. What was left out around
        it is told in the receipt."""
        html, matter = _read_page(data, filename)
        if _ASKS_FOR_SCRIPTS.search(html.text) and len(html.text) <= _MOST_OF_PLACEHOLDER:
            raise ParseError(
                f"{filename}: the page is written by scripts, and without them it only says "
                f"“{one_line(html.text)}”. Open it in a browser, save it from there and ingest that"
            )
        pages = split_pages(matter.over(html.text))
        require_text(pages, filename)
        title = html.title or matter.title or markdown_title(html.text) or title_of(filename)
        receipt = receipt_of("html", pages, (*html.notes, *matter.notes), tables=html.tables, skipped=html.skipped)
        metadata = {**html.metadata, **matter.values}
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Html:
    """A page's title, empty when it has none, its content as Markdown, how many tables that holds, what was left out,
    how its bytes were decoded, and what it says of itself."""

    title: str
    text: str
    tables: int
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    metadata: Mapping[str, Value] = field(default_factory=dict)


def read_html(data: bytes, filename: str) -> Html:
    """The main content of an HTML page.

    Raises:
        ParseError: the elements are nested too deeply, or the bytes are no text.
    """
    return _read_page(data, filename)[0]


def _read_page(data: bytes, filename: str) -> tuple[Html, FrontMatter]:
    """A page, and the front matter above its elements, which builders of sites read."""
    text, notes = _decoded(data, filename)
    matter, text = split_front_matter(text) if text.startswith(FRONT_MATTER_MARKS) else (FrontMatter(), text)
    soup = _parsed(text, filename)
    title, metadata = _title(soup), _metadata(soup)
    write_styles(soup)
    content, left_out = main_content(soup)
    return replace(_html(title, content, filename, left_out.lines()), notes=notes, metadata=metadata), matter


def read_whole_html(data: bytes | str, filename: str, styles: str = "") -> Html:
    """All that is shown of a page that has nothing around its content: a chapter of a book, a message. `styles` are the
    sheets that it is shown with, beside its own."""
    text, notes = (data, ()) if isinstance(data, str) else _decoded(data, filename)
    soup = _parsed(text, filename)
    title = _title(soup)
    write_styles(soup, styles)
    left_out = shown(soup)
    return replace(_html(title, soup.body or soup, filename, left_out.lines()), notes=notes)


def _metadata(soup: BeautifulSoup) -> dict[str, Value]:
    """Who wrote a page, when, and its keywords, where it says so."""
    found: dict[str, Value] = {}
    for tag in soup.find_all("meta", content=True):
        name = _METADATA.get(str(tag.get("name") or tag.get("property") or "").lower(), "")
        value = one_line(str(tag["content"]))
        if name and value:
            found.setdefault(name, value)
    return found


def _decoded(data: bytes, filename: str) -> tuple[str, tuple[str, ...]]:
    """The text of a page, and notes on how it was decoded."""
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) or ""
    return decode(data, filename, declared)


def read_plain_html(html: str, filename: str) -> Html:
    """The same of an HTML text that was converted from another format."""
    return _html("", _parsed(html, filename), filename, [])


def _title(soup: BeautifulSoup) -> str:
    return one_line(soup.title.get_text()) if soup.title else ""


def _parsed(html: str, filename: str) -> BeautifulSoup:
    """The elements of a page. Python's own parser loses no text, but puts elements whose end tags are left out into
    one another; then lxml is asked, which knows where they end, unless it loses text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of markup that looks like XML, a path or an address
        soup = BeautifulSoup(html, "html.parser")
        if not _is_deep(soup) and soup.select_one(_UNCLOSED) is None:
            return soup
        closed = BeautifulSoup(html, "lxml")
    if not _is_deep(closed) and len(closed.get_text()) >= _KEPT_SHARE * len(soup.get_text()):
        return closed
    if _is_deep(soup):
        raise _too_deep(filename)
    return soup


def _html(title: str, content: Tag, filename: str, left_out: list[str]) -> Html:
    try:
        unsaid = write_meaning(content)
        plain_tables(content)
        text = to_markdown(content)
    except RecursionError as exc:
        raise _too_deep(filename) from exc
    return Html(title, text, len(content.find_all("table")), (*unsaid, *left_out))


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
