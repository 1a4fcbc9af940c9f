"""The supported file formats: one table, to which every new format is added."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ingest.parsers.common import Parser
from ingest.parsers.ocr import HEADS as IMAGE_HEADS
from ingest.parsers.ocr import ImageParser
from ingest.parsers.office import DocxParser, PptxParser, XlsxParser
from ingest.parsers.opendocument import OdpParser, OdsParser, OdtParser
from ingest.parsers.pdf import PdfParser
from ingest.parsers.text import (
    CODE_EXTENSIONS,
    CodeParser,
    CsvParser,
    JsonParser,
    MarkdownParser,
    NotebookParser,
    TextParser,
)
from ingest.parsers.web import CalendarParser, CaptionsParser, EpubParser, HtmlParser


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    `title` is what people call it, `libraries` are the packages that read it. A kind that is not text is told by
    `magic`, how its files begin, or by `member`, a part that its ZIP files hold: all of OpenDocument hold the same one.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    make: Callable[[], Parser] | None
    libraries: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    member: str = ""

    @property
    def is_text(self) -> bool:
        """Whether its files are text, which could be any text."""
        return not self.magic and not self.member


KINDS = (
    Kind("pdf", "PDF", (".pdf",), PdfParser, ("pypdfium2", "pypdf"), magic=(b"%PDF-",)),
    Kind("docx", "DOCX", (".docx", ".docm", ".dotx"), DocxParser,
         ("mammoth", "beautifulsoup4", "markdownify"), member="word/document.xml"),
    Kind("pptx", "PPTX", (".pptx", ".pptm", ".ppsx", ".potx"), PptxParser,
         ("python-pptx", "lxml"), member="ppt/presentation.xml"),
    Kind("xlsx", "XLSX", (".xlsx", ".xlsm", ".xltx"), XlsxParser, ("openpyxl",), member="xl/workbook.xml"),
    Kind("odt", "ODT", (".odt", ".ott", ".fodt"), OdtParser, ("lxml", "beautifulsoup4", "markdownify"),
         member="content.xml"),
    Kind("ods", "ODS", (".ods", ".ots", ".fods"), OdsParser, ("lxml",),
         member="content.xml"),
    Kind("odp", "ODP", (".odp", ".otp", ".fodp"), OdpParser, ("lxml", "beautifulsoup4", "markdownify"),
         member="content.xml"),
    Kind("epub", "EPUB", (".epub",), EpubParser,
         ("defusedxml", "beautifulsoup4", "markdownify"), member="META-INF/container.xml"),
    Kind("email", "EML", (".eml",), None, ("beautifulsoup4", "markdownify", "chardet")),
    Kind("mbox", "MBOX", (".mbox", ".mbx"), None, ("beautifulsoup4", "markdownify", "chardet")),
    Kind("captions", "SRT and VTT", (".srt", ".vtt"), CaptionsParser, ("webvtt-py", "beautifulsoup4", "chardet")),
    Kind("calendar", "ICS", (".ics", ".ical", ".ifb"), CalendarParser, ("icalendar", "chardet")),
    Kind("html", "HTML", (".html", ".htm", ".xhtml"), HtmlParser, ("beautifulsoup4", "markdownify", "chardet")),
    Kind("csv", "CSV", (".csv", ".tsv", ".tab"), CsvParser, ("chardet",)),
    Kind("notebook", "IPYNB", (".ipynb",), NotebookParser, ("chardet",)),
    Kind("json", "JSON", (".json", ".jsonl", ".ndjson", ".geojson"), JsonParser, ("chardet",)),
    Kind("image", "images", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), ImageParser,
         ("pillow",), magic=IMAGE_HEADS),
    Kind("markdown", "Markdown", (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"), MarkdownParser,
         ("chardet",)),
    Kind("code", "source code", CODE_EXTENSIONS, CodeParser, ("chardet",)),
    Kind("text", "plain text",
         (".txt", ".text", ".log", ".out", ".rst", ".rest", ".adoc", ".asciidoc", ".org", ".tex"), TextParser,
         ("chardet",)),
)  # fmt: skip
"""Every kind that is read. Of mail and mailboxes, which read attachments by others, `registry` makes the parsers."""

_AS_DOCX = "Open it in Word or LibreOffice and save it as .docx"
_AS_XLSX = "Open it in Excel or LibreOffice and save it as .xlsx"
_AS_PPTX = "Open it in PowerPoint or LibreOffice and save it as .pptx"
REMEDIES: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys((".rtf", ".doc", ".dot", ".wps", ".wpd"), _AS_DOCX),
    **dict.fromkeys((".xls", ".xlsb", ".xlt"), _AS_XLSX),
    **dict.fromkeys((".ppt", ".pps", ".pot"), _AS_PPTX),
    ".pages": "Export it from Pages as a Word file (.docx)",
    ".numbers": "Export it from Numbers as an Excel file (.xlsx)",
    ".key": "Export it from Keynote as a PowerPoint file (.pptx)",
    ".msg": "Save it as .eml, from Outlook or Thunderbird",
    ".heic": "Save it as .jpg or .png",
    ".mobi": "Convert it to .epub, with Calibre",
    ".djvu": "Convert it to .pdf",
    ".xps": "Convert it to .pdf",
})  # fmt: skip
"""What to do with files of kinds that are not read and have a near relative that is, by extension."""

_OTHER_MEDIA = ("audio/", "video/", "image/", "font/")
_OTHER_TYPES = frozenset(
    f"application/{name}"
    for name in "octet-stream postscript wasm x-pkcs12 x-python-code x-shockwave-flash x-hdf5".split()
)
_OTHER_EXTENSIONS = """.flac .ogg .mid .mkv .iso .dmg .img .vmdk .qcow2 .sqlite .sqlite3 .db .mdb .parquet .avro
    .feather .pickle .npy .npz .jar .war .class .apk .deb .rpm .7z .rar .gz .bz2 .xz .zst .lz4 .woff .woff2
    .ttf .otf .eot .psd .dwg .swp""".split()

EXTENSIONS: Mapping[str, str] = MappingProxyType({suffix: kind.name for kind in KINDS for suffix in kind.extensions})
NOT_TEXT = (
    frozenset(
        suffix
        for suffix, media_type in mimetypes.MimeTypes().types_map[True].items()
        if media_type.startswith(_OTHER_MEDIA) or media_type in _OTHER_TYPES
    )
    .union(_OTHER_EXTENSIONS)
    .difference(EXTENSIONS, REMEDIES)
)
"""Extensions of files that are known to be no text, which nobody needs to look into."""

SUPPORTED = f"{', '.join(kind.title for kind in KINDS[:-1])} and {KINDS[-1].title}"

BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})
