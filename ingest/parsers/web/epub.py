"""EPUB books: the chapters in reading order, each a page that is read like an HTML file."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ingest.parsers.common import ParsedFile, one_line, receipt_of, require_text, split_pages, title_of
from ingest.parsers.web.html import read_whole_html
from rag.errors import ParseError
from rag.types import Page, Scalar

MEDIA_TYPE = "application/epub+zip"

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_FAILURES = (XmlError, DefusedXmlException, zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, OSError)
_MOST_SHEETS, _LONGEST_SHEET = 20, 200_000
_FIELDS = {"creator": "author", "publisher": "publisher", "language": "language", "date": "date"}


class EpubParser:
    """Reads EPUB books without copy protection."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each chapter as a page, a very long one as several."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                book = _Book.of(archive, filename)
                return _parsed(book, archive, filename)
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the book is damaged ({type(exc).__name__}: {exc}). Download it again"
            ) from exc


@dataclass(frozen=True, slots=True)
class _Book:
    """The package document: where the chapters lie, in reading order, and what the book says of itself."""

    chapters: tuple[str, ...]
    title: str
    metadata: dict[str, Scalar]
    skipped: tuple[str, ...]
    sheets: tuple[str, ...]

    @classmethod
    def of(cls, archive: zipfile.ZipFile, filename: str) -> _Book:
        _refuse_protected(archive, filename)
        rootfile = next(_named(fromstring(archive.read(_CONTAINER)), "rootfile"), None)
        if rootfile is None:
            raise ParseError(f"{filename}: the book names no package document. Download it again")
        path = rootfile.get("full-path", "")
        package = fromstring(archive.read(path))
        folder = posixpath.dirname(path)
        items = {item.get("id"): item for item in _named(package, "item")}
        sheets = [item.get("href", "") for item in items.values() if item.get("media-type") == "text/css"]
        chapters: list[str] = []
        skipped: list[str] = []
        for reference in _named(package, "itemref"):
            item = items.get(reference.get("idref"))
            if item is None or item.get("media-type") not in _CHAPTERS:
                skipped.append(f"{reference.get('idref')}: not a text")
            else:
                chapters.append(_member(folder, item.get("href", "")))
        metadata: dict[str, Scalar] = {}
        for field, name in _FIELDS.items():
            value = "; ".join(one_line(element.text or "") for element in _named(package, field))
            if value.strip("; "):
                metadata[name] = value
        title = next((one_line(element.text or "") for element in _named(package, "title")), "")
        styles = tuple(_member(folder, sheet) for sheet in sheets)
        return cls(tuple(chapters), title, metadata, tuple(skipped), styles)


def _parsed(book: _Book, archive: zipfile.ZipFile, filename: str) -> ParsedFile:
    pages: list[Page] = []
    skipped = list(book.skipped)
    tables = 0
    members = set(archive.namelist())
    styles = " ".join(_sheet(archive, sheet) for sheet in book.sheets[:_MOST_SHEETS] if sheet in members)
    for chapter in book.chapters:
        if chapter not in members:
            skipped.append(f"{chapter}: missing in the file")
            continue
        html = read_whole_html(archive.read(chapter), filename, styles)
        tables += html.tables
        skipped.extend(f"{posixpath.basename(chapter)}: {what}" for what in html.skipped)
        before = len(pages)
        pages.extend(Page(before + part.number, part.text) for part in split_pages(html.text))
    require_text(pages, filename)
    receipt = receipt_of("epub", pages, tables=tables, skipped=skipped)
    title = book.title or title_of(filename)
    return ParsedFile(title, MEDIA_TYPE, tuple(pages), receipt, markdown=True, metadata=book.metadata)


def _member(folder: str, href: str) -> str:
    """Where in the archive something lies that a package document names."""
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _sheet(archive: zipfile.ZipFile, name: str) -> str:
    """A style sheet of sensible length."""
    with archive.open(name) as file:
        return file.read(_LONGEST_SHEET).decode("utf-8", errors="replace")


def _refuse_protected(archive: zipfile.ZipFile, filename: str) -> None:
    """Raise ParseError when more than fonts is encrypted."""
    members = set(archive.namelist())
    algorithms = (
        [method.get("Algorithm") for method in _named(fromstring(archive.read(_ENCRYPTION)), "EncryptionMethod")]
        if _ENCRYPTION in members
        else []
    )
    if members.intersection(_RIGHTS) or any(algorithm not in _FONTS_ONLY for algorithm in algorithms):
        raise ParseError(f"{filename}: the book is copy-protected (DRM). Only books without protection can be read")


def _named(root: Element, name: str) -> Iterator[Element]:
    """Elements of this name in any namespace, in document order."""
    return (element for element in root.iter() if isinstance(element.tag, str) and element.tag.endswith(f"}}{name}"))
