"""The XML of Office and OpenDocument files: elements made by lxml, called by the prefixes that their formats use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

Element = Any  # lxml ships no types

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_MAIN = "http://schemas.openxmlformats.org/"
_WORD_2010 = "http://schemas.microsoft.com/office/word/2010/"
NAMESPACES = {
    "a": f"{_MAIN}drawingml/2006/main",
    "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
    "c": f"{_MAIN}drawingml/2006/chart",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "dgm": f"{_MAIN}drawingml/2006/diagram",
    "ep": f"{_MAIN}officeDocument/2006/extended-properties",
    "m": f"{_MAIN}officeDocument/2006/math",
    "mc": f"{_MAIN}markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "p": f"{_MAIN}presentationml/2006/main",
    "pic": f"{_MAIN}drawingml/2006/picture",
    "pr": f"{_MAIN}package/2006/relationships",
    "r": f"{_MAIN}officeDocument/2006/relationships",
    "s": f"{_MAIN}spreadsheetml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
    "w": f"{_MAIN}wordprocessingml/2006/main",
    "w14": f"{_WORD_2010}wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "wp": f"{_MAIN}drawingml/2006/wordprocessingDrawing",
    "wps": f"{_WORD_2010}wordprocessingShape",
    "xdr": f"{_MAIN}drawingml/2006/spreadsheetDrawing",
    **{name: f"{_ODF}{name}:1.0" for name in ("office", "style", "text", "table", "form", "presentation", "chart")},
    **{name: f"{_ODF}{name}:1.0" for name in ("meta", "manifest")},
    "draw": f"{_ODF}drawing:1.0",
    "fo": f"{_ODF}xsl-fo-compatible:1.0",
    "svg": f"{_ODF}svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
    "xlink": "http://www.w3.org/1999/xlink",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_TO_USUAL = (
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"wordprocessingml/", b"wordprocessingml/2006/"),
    (b"spreadsheetml/", b"spreadsheetml/2006/"),
    (b"presentationml/", b"presentationml/2006/"),
    (b"drawingml/", b"drawingml/2006/"),
)
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


def parse(data: bytes) -> Element:
    """The root element; the namespaces of strict Office files are the usual ones.

    Raises:
        SyntaxError: the XML is broken (lxml's XMLSyntaxError).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(usual_names(data), parser)


def usual_names(data: bytes) -> bytes:
    """XML of a strict Office file with the usual namespaces."""
    if STRICT in data:
        for strict, usual in _STRICT_TO_USUAL:
            data = data.replace(STRICT + strict, _MAIN.encode() + usual)
    return data


def stream(data: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names as they end, one after the other; each is emptied before the next comes.

    Raises:
        SyntaxError: the XML is broken (lxml's XMLSyntaxError).
    """
    wanted = [full(name) for name in names]
    for _, element in etree.iterparse(data, tag=wanted, huge_tree=True, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def to_bytes(root: Element) -> bytes:
    """An element as a document."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def markup_of(element: Element) -> str:
    """An element as it is written within a document."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def full(name: str) -> str:
    """`w:p` as lxml calls it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def short(element: Element) -> str:
    """An element's name with its usual prefix; without one, when its namespace is unknown."""
    uri, _, local = str(element.tag).rpartition("}")
    prefix = _PREFIXES.get(uri.lstrip("{"))
    return f"{prefix}:{local}" if prefix else local


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute of an element, which may be missing."""
    return default if element is None else str(element.get(full(name) if ":" in name else name, default))


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of this name, of that its first child of the next name, and so on."""
    for name in path:
        if element is None:
            return None
        element = element.find(full(name))
    return element


def value(element: Element | None, *path: str, default: str = "") -> str:
    """The attribute `w:val` of the element at this path."""
    return attribute(child(element, *path), "w:val", default)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as `w:strike` is there and not switched off."""
    return element is not None and attribute(element, "w:val", "1").lower() not in ("0", "false", "off", "none")


def descendants(element: Element, *names: str) -> list[Element]:
    """All elements of these names below this one, in order; a list, so that they can be moved."""
    return list(element.iter(*map(full, names)))


def words_of(element: Element, name: str = "a:t") -> Iterator[str]:
    """The texts below an element."""
    for found in element.iter(full(name)):
        yield found.text or ""


def make(name: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """A new element; attributes stand in its own namespace."""
    prefix = name.partition(":")[0]
    element = etree.Element(full(name), {full(f"{prefix}:{key}"): given for key, given in attributes.items()})
    element.extend(children)
    element.text = text
    return element


def replace_by(element: Element, *others: Element) -> None:
    """Put other elements in an element's place; with none, it is taken out."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    element.tail = None
    parent[place : place + 1] = list(others)


def unwrap(element: Element) -> None:
    """Put an element's children in its place."""
    replace_by(element, *list(element))
