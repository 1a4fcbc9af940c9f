"""The format of some bytes: by their content first, by the file name if the text could be anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from ingest.parsers.ocr import is_image
from ingest.parsers.office import SIGNATURES, inspect, kind_of_main_part, refuse_document_types
from ingest.parsers.opendocument import opendocument_kind
from ingest.parsers.registry.kinds import BY_NAME, EXTENSIONS, KINDS, SUPPORTED
from ingest.parsers.text import looks_like_json, looks_like_table, wide_encoding
from rag.errors import ParseError, UnsupportedFile

_OFFICE, _OPEN = ("docx", "pptx", "xlsx"), ("odt", "ods", "odp")
_ODF_CONTENT, _ODF_NAME = "content.xml", b"urn:oasis:names:tc:opendocument"
_OTHER_ODF = "an OpenDocument drawing, formula, chart or database. Export it as .pdf, from LibreOffice"
_HEAD_BYTES = 1024
_SAMPLE_BYTES = 65_536
_JSON_BYTES = 20_000_000
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_MAIL = re.compile(
    rb"(?:(?!\r?\n)[!-9;-~]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)*?(?:received|message-id|mime-version|return-path):", re.I
)
_MAIL_HEADERS = re.compile(rb"^(?:from|date|subject|to):", re.IGNORECASE | re.MULTILINE)
_MAILBOX = re.compile(rb"From \S+ [^\n]*\d{4}[^\n]*\r?\n[!-9;-~]+:")
_CAPTIONS = re.compile(rb"WEBVTT(?:[ \t][^\n]*)?\r?\n|\s*\d+[ \t]*\r?\n\d\d:\d\d:\d\d,\d{3} --> \d")
_CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)
_BEGIN = (("html", _HTML), ("email", _MAIL), ("calendar", _CALENDAR), ("mbox", _MAILBOX), ("captions", _CAPTIONS))
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM = b"\xef\xbb\xbf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CODE_NAMES = frozenset("dockerfile containerfile makefile jenkinsfile vagrantfile gemfile rakefile procfile".split())
_MARKED_UP = (".rst", ".rest", ".adoc", ".asciidoc", ".org", ".tex")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"(\xb5/\xfd")
_OTHER_CONTAINERS = (
    ("xl/workbook.bin", "a binary workbook (.xlsb). Open it in Excel or LibreOffice and save it as .xlsx"),
    (
        "Index/Document.iwa",
        "a file of Pages, Numbers or Keynote. Export it from there as a Word, Excel or PowerPoint file",
    ),
)
_OTHER_MARKUP = (
    (b"<?mso-application", "an Office file of 2003 in XML. Open it in Word or Excel and save it as .docx or .xlsx"),
)
_TAR_MARK = slice(257, 262)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind of a file, and what there is to note about how it was told."""

    kind: str
    notes: tuple[str, ...] = ()


def sniff(data: bytes, filename: str) -> Sniffed:
    """The kind of a file by its bytes, or by its extension where text could be anything.

    Raises:
        ParseError: the file is empty, an archive, protected, or of no supported kind; says what to do.
    """
    suffix = PurePath(filename).suffix.lower()
    if not data:  # without a known extension nothing says that it should have been a document
        kind_of_error = ParseError if suffix in EXTENSIONS else UnsupportedFile
        raise kind_of_error(f"{filename}: empty file (0 bytes). Check how it was copied")
    named = EXTENSIONS.get(suffix)
    notes: tuple[str, ...] = ()
    if data.startswith(SIGNATURES):
        kind, notes = _kind_of_zip(data, filename)
    else:
        _refuse_known(data, filename)
        kind = _by_magic(data, named) or _by_text(data, filename, named)
    if suffix and kind != named:
        notes = (f"named {suffix}, is {BY_NAME[kind].title}", *notes)
    return Sniffed(kind, notes)


def _kind_of_zip(data: bytes, filename: str) -> tuple[str, tuple[str, ...]]:
    container = inspect(data, filename)
    if _ODF_CONTENT in container.names:
        kind = BY_NAME.get(opendocument_kind(data))
        if kind is None:
            raise UnsupportedFile(f"{filename}: {_OTHER_ODF}")
    else:
        kind = next((kind for kind in KINDS if kind.member and kind.member in container.names), None)
        kind = kind or BY_NAME.get(kind_of_main_part(data))
    if kind is None:
        for member, what in _OTHER_CONTAINERS:
            if member in container.names:
                raise UnsupportedFile(f"{filename}: {what}")
        if any(name.startswith(("[Content_Types]", "_rels/", "mimetype")) for name in container.names):
            raise UnsupportedFile(_unsupported(filename))
        raise _archive(filename)
    if kind.name in (*_OFFICE, *_OPEN):
        refuse_document_types(data, filename)
    return kind.name, tuple(f"holds macros ({name}), which are not read and never run" for name in container.macros)


def _refuse_known(data: bytes, filename: str) -> None:
    """Raise ParseError for what is known well enough to name its remedy."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ParseError(
                f"{filename}: the file is protected by a password. Save a copy without one and ingest that"
            )
        if "__substg1.0".encode("utf-16-le") in data:
            raise UnsupportedFile(
                f"{filename}: an Outlook message (.msg). Save it as .eml, from Outlook or Thunderbird"
            )
        raise UnsupportedFile(
            f"{filename}: an Office file of before 2007 (.doc, .xls, .ppt). Open it in Word, Excel, PowerPoint or "
            "LibreOffice and save it as .docx, .xlsx or .pptx"
        )
    if data.startswith(b"{\\rtf"):
        raise UnsupportedFile(
            f"{filename}: a Rich Text file (RTF). Open it in Word or LibreOffice and save it as .docx"
        )
    head = data[:_HEAD_BYTES]
    if _is_flat_opendocument(data) and not opendocument_kind(data):
        raise UnsupportedFile(f"{filename}: {_OTHER_ODF}")
    for mark, what in _OTHER_MARKUP:
        if mark in head and head.removeprefix(_UTF8_BOM).lstrip().startswith(b"<?xml"):
            raise UnsupportedFile(f"{filename}: {what}")
    if data.startswith(_ARCHIVES) or data[_TAR_MARK] == b"ustar":
        raise _archive(filename)


def _is_flat_opendocument(data: bytes) -> bool:
    head = data[:_HEAD_BYTES].removeprefix(_UTF8_BOM).lstrip()
    return _ODF_NAME in head and head.startswith((b"<?xml", b"<office:document"))


def _archive(filename: str) -> ParseError:
    return UnsupportedFile(f"{filename}: an archive is not a document. Unpack it and ingest the files in it")


def _by_magic(data: bytes, named: str | None) -> str:
    """The kind whose mark the file begins with; a PDF may have up to 1024 other bytes before it."""
    begin = data[:_HEAD_BYTES].removeprefix(_UTF8_BOM).lstrip()
    if _is_flat_opendocument(data):
        return opendocument_kind(data)
    if is_image(data[:_HEAD_BYTES]):  # two of its formats cannot be told by their first bytes alone
        return "image"
    for kind in KINDS:
        if kind.magic and (data.startswith(kind.magic) or begin.startswith(kind.magic)):
            return kind.name
    other = named is None or not BY_NAME[named].is_text or _looks_binary(data)
    return "pdf" if b"%PDF-" in data[:_HEAD_BYTES] and other else ""


def _by_text(data: bytes, filename: str, named: str | None) -> str:
    """The kind of a text: by its content where its name says nothing more than that it is one."""
    if _looks_binary(data, known=named is not None):
        if _is_binary(named):
            raise ParseError(_damaged(filename, data))
        raise UnsupportedFile(_unsupported(filename))
    head = data[:_SAMPLE_BYTES].removeprefix(_UTF8_BOM)
    if named is None or named == "text" or _is_binary(named):
        found = _by_content(data, head)
        if found:
            return found
    if _is_binary(named):
        raise ParseError(_damaged(filename, data))
    named = named or _kind_of_nameless(data, filename)
    if (
        named == "text"
        and not filename.lower().endswith(_MARKED_UP)
        and looks_like_table(head.decode(errors="replace"))
    ):
        return "csv"
    return "html" if named in ("json", "csv") and _HTML.match(head[:_HEAD_BYTES]) else named


def _kind_of_nameless(data: bytes, filename: str) -> str:
    """The kind of a text whose name does not end in a known extension.

    It is what its name said before something was added to it, as to `app.conf.bak` and `server.log.1`; a script, a
    build file and a hidden file, which configures something, are code.
    """
    first, *added = PurePath(filename.lower()).name.lstrip(".").split(".")
    known = (EXTENSIONS[f".{suffix}"] for suffix in reversed(added) if f".{suffix}" in EXTENSIONS)
    before = next((kind for kind in known if BY_NAME[kind].is_text), "")
    if before:
        return before
    is_code = data.startswith(b"#!") or first in _CODE_NAMES or filename.startswith(".")
    return "code" if is_code else "text"


def _by_content(data: bytes, head: bytes) -> str:
    found = next((kind for kind, begins in _BEGIN if begins.match(head)), "")
    if found == "email" and not _MAIL_HEADERS.search(head):
        found = ""
    if not found and len(data) <= _JSON_BYTES and looks_like_json(data.decode("utf-8-sig", errors="replace")):
        return "json"
    return found


def _is_binary(named: str | None) -> bool:
    return named is not None and not BY_NAME[named].is_text


def _looks_binary(data: bytes, *, known: bool = True) -> bool:
    """Many control bytes; a few NULs alone do not make a text binary if its name is `known`, and UTF-16 is told by
    itself."""
    sample = data[:_SAMPLE_BYTES]
    wide = bool(wide_encoding(data))
    if data.startswith(_BOMS) or (wide and known):
        return False
    if not (wide or known) and b"\x00" in sample:
        return True
    codes = (*range(1 if wide else 0, 9), *range(14, 27), *range(28, 32))
    controls = sum(sample.count(bytes([code])) for code in codes)
    return controls > 0.02 * len(sample) + 8


def _damaged(filename: str, data: bytes) -> str:
    return f"{filename}: the file is damaged or not what its name says (it starts with {data[:8]!r})"


def _unsupported(filename: str) -> str:
    return f"{filename}: this kind of file is not supported. Supported are {SUPPORTED}"
