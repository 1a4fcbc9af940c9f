"""An OpenDocument file, packed or in one piece of XML: its content, its styles, what it says of itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import DAMAGE, Element, Package, attribute, child, descendants, parse
from rag.errors import ParseError

_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_MIMETYPE, _HEAD_BYTES = "mimetype", 65_536
_KIND = re.compile(rb"opendocument\.(text|spreadsheet|presentation)|<office:(text|spreadsheet|presentation)[\s>]")
_KINDS = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_MACROS = ("Basic/", "Scripts/")


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """`body` holds the content, `roots` are the elements that styles stand in; `objects` are charts and formulas."""

    body: Element
    roots: tuple[Element, ...]
    title: str
    notes: tuple[str, ...]
    objects: dict[str, Element]

    def object_of(self, element: Element) -> Element | None:
        """The content of an embedded object, in the file or in its place; None where it is of another kind."""
        inner = next((one for one in element if len(one)), None)
        if inner is not None:
            return inner
        return self.objects.get(attribute(element, "xlink:href").removeprefix("./").rstrip("/"))


def opendocument_kind(data: bytes) -> str:
    """`odt`, `ods` or `odp`, by what a file says that it is; empty for other kinds of OpenDocument."""
    if not data.startswith(b"PK"):
        said = data[:_HEAD_BYTES]
    else:
        with Package(data) as package:
            said = package.read(_MIMETYPE)[:_HEAD_BYTES] if _MIMETYPE in package.names else package.read(_CONTENT)
    found = _KIND.search(said)
    return _KINDS[found[1] or found[2]] if found else ""


def open_document(data: bytes, filename: str) -> OpenDocument:
    """The document of a file's bytes.

    Raises:
        ParseError: it is damaged, or protected by a password.
    """
    try:
        return _packed(data, filename) if data.startswith(b"PK") else _opened([parse(data)], {}, ())
    except DAMAGE as exc:
        raise ParseError(
            f"{filename}: the OpenDocument file is damaged ({type(exc).__name__}). Open and save it again"
        ) from exc


def _packed(data: bytes, filename: str) -> OpenDocument:
    with Package(data) as package:
        if _MANIFEST in package.names and descendants(package.root(_MANIFEST), "manifest:encryption-data"):
            raise ParseError(
                f"{filename}: the file is protected by a password. Save a copy without one and ingest that"
            )
        roots = [package.root(part) for part in (_CONTENT, _STYLES, _META) if part in package.names]
        macros = sorted({name.split("/")[0] for name in package.names if name.startswith(_MACROS)})
        notes = tuple(f"holds macros ({name}), which are not read and never run" for name in macros)
        return _opened(roots, dict(_objects(package)), notes)


def _objects(package: Package) -> Iterator[tuple[str, Element]]:
    """The embedded objects that are OpenDocument themselves, by the names of their folders."""
    for name in package.names:
        folder, _, part = name.rpartition("/")
        if folder and part == _CONTENT:
            try:
                yield folder, package.root(name)
            except (*DAMAGE, zipfile.LargeZipFile):
                continue  # counted as an object that is not read


def _opened(roots: list[Element], objects: dict[str, Element], notes: tuple[str, ...]) -> OpenDocument:
    bodies = [body for root in roots for body in descendants(root, "office:body")]
    content = next(iter(bodies[0]), None) if bodies else None
    if content is None:
        raise ValueError("the file has no body")
    titles = (title.text or "" for root in roots for title in descendants(root, "dc:title"))
    return OpenDocument(content, tuple(roots), one_line(next(titles, "")), notes, objects)


def comment_of(annotation: Element) -> str:
    """A comment in words, with who wrote it and when; empty where it says nothing."""
    text = one_line(" ".join("".join(part.itertext()) for part in descendants(annotation, "text:p")))
    said = (
        one_line(getattr(child(annotation, "dc:creator"), "text", "") or ""),
        (getattr(child(annotation, "dc:date"), "text", "") or "")[:10],
        "resolved" if attribute(annotation, "loext:resolved") == "true" else "",
    )
    told = ", ".join(filter(None, said))
    return (f"Comment ({told}): {text}" if told else f"Comment: {text}") if text else ""
