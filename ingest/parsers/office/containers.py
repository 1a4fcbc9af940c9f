"""ZIP containers of documents: checked before any library unpacks them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers.expat import ExpatError, ParserCreate

from ingest.parsers.ooxml import DAMAGE, Package, short
from rag.errors import ParseError

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""How ZIP files begin: with a member, empty, or as a part of several."""

_UNPACKED_BYTES = 1_000_000_000
_RATIO, _RATIO_FROM_BYTES = 200, 50_000_000  # XML packs well, but hardly ever this well
_MEMBERS = 20_000
_HEAD_BYTES = 65_536
_ENCRYPTED = 0x1
_BEFORE_MARKUP = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"  # white space and byte order marks, in UTF-8 and UTF-16
_MARKUP_NAMES = (".xml", ".xhtml", ".html", ".htm")
_MACROS = "vbaProject.bin"
_MAIN_PARTS = {"w:document": "docx", "p:presentation": "pptx", "s:workbook": "xlsx"}
_FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Container:
    """What a ZIP file holds: the names of its members in their order, and the members that are macros."""

    names: tuple[str, ...]
    macros: tuple[str, ...]


def inspect(data: bytes, filename: str) -> Container:
    """The members of a ZIP file of sane size.

    Raises:
        ParseError: it is damaged, protected by a password, or unpacks to far more than a document holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except _FAILURES as exc:
        raise ParseError(f"{filename}: the file is damaged ({exc}). Open and save it again, or copy it again") from exc
    unpacked = sum(entry.file_size for entry in entries)
    packed_well = unpacked > _RATIO_FROM_BYTES and unpacked > _RATIO * len(data)
    if unpacked > _UNPACKED_BYTES or len(entries) > _MEMBERS or packed_well:
        raise ParseError(
            f"{filename}: the file holds {len(entries)} parts and unpacks from {len(data)} to {unpacked} bytes, more "
            "than a document does. Split it into smaller files"
        )
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise ParseError(f"{filename}: the file is protected by a password. Save a copy without one and ingest that")
    names = tuple(entry.filename for entry in entries)
    return Container(names, tuple(name for name in names if PurePosixPath(name).name == _MACROS))


def kind_of_main_part(data: bytes) -> str:
    """`docx`, `pptx` or `xlsx` by the part that an Office file names as its main one, whatever that is called; empty
    when it names none."""
    with Package(data) as package:
        try:
            roots = [short(package.root(part)) for part in package.related("", "officeDocument")]
        except DAMAGE:
            return ""
    return next((_MAIN_PARTS[root] for root in roots if root in _MAIN_PARTS), "")


def refuse_document_types(data: bytes, filename: str) -> None:
    """Raise ParseError when a part of an Office file declares a document type: the format forbids them, and the
    entities they define can grow without end or name other files. Pictures (SVG) may declare one; nothing reads them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.filename.lower().endswith(".svg"):
                    continue
                with archive.open(entry) as part:
                    head = part.read(_HEAD_BYTES)
                if head.lstrip(_BEFORE_MARKUP).startswith(b"<") and _declares_type(head):
                    raise ParseError(
                        f"{filename}: {entry.filename} defines XML entities, which no Office program writes. "
                        "Open the file in one and save it again"
                    )
    except _FAILURES as exc:
        raise ParseError(f"{filename}: the file is damaged ({exc}). Open and save it again, or copy it again") from exc


def markup_parts(data: bytes) -> Iterator[bytes]:
    """The parts of a document that are markup, unpacked; a file that is no ZIP file is its own only part."""
    if not data.startswith(SIGNATURES):
        yield data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().endswith(_MARKUP_NAMES):
                yield archive.read(name)


class _RootReached(Exception):
    """The first element begins: no document type can follow."""


def _declares_type(head: bytes) -> bool:
    """Whether XML declares a document type, or hides its beginning so that this cannot be told."""
    declared = False

    def on_type(*_names: object) -> None:
        nonlocal declared
        declared = True
        raise _RootReached

    def on_root(*_names: object) -> None:
        raise _RootReached

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = on_type
    parser.StartElementHandler = on_root
    try:
        parser.Parse(head, False)
    except _RootReached:
        return declared
    except ExpatError:
        return False  # broken XML, which its reader refuses too
    return len(head) == _HEAD_BYTES
