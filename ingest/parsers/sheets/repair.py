"""Repairs workbooks that openpyxl refuses for parts that do not concern their cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ingest.parsers.ooxml import (
    DAMAGE,
    NAMESPACES,
    Element,
    attribute,
    child,
    descendants,
    full,
    parse,
    short,
    to_bytes,
)

_TYPES, _WORKBOOK, _STYLES = "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"
_NOT_NEEDED = (
    "docProps/",
    "xl/externalLinks/",
    "xl/theme/",
    "xl/calcChain",
    "xl/pivot",
    "xl/queryTables/",
    "customXml/",
)
_OF_WORKBOOK = ("s:workbookPr", "s:sheets", "s:calcPr")
_KEPT: Mapping[str, tuple[str, ...]] = {"s:workbookPr": ("date1904",), "s:calcPr": ("fullCalcOnLoad",)}


def simplified(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A workbook with its sheets, texts and formats alone, and what of these could not be kept.

    Raises:
        one of `DAMAGE`: it has no list of sheets that can be read.
    """
    out = io.BytesIO()
    lost: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        names = [name for name in archive.namelist() if not name.startswith(_NOT_NEEDED) and not name.endswith("/")]
        for name in names:
            content = archive.read(name)
            if name == _TYPES:
                content = _without_overrides(content, names)
            elif name == _WORKBOOK:
                content = _only_sheets(content)
            elif name == _STYLES:
                try:
                    content = _only_formats(content)
                except DAMAGE:
                    lost.append("the formats of cells, so that dates are shown as numbers")
                    continue
            copy.writestr(name, content)
    return out.getvalue(), tuple(lost)


def _without_overrides(content: bytes, names: list[str]) -> bytes:
    """The list of types, of parts that are there."""
    root = parse(content)
    for element in list(root):
        part = attribute(element, "PartName").lstrip("/")
        if part and part not in names:
            root.remove(element)
    return to_bytes(root)


def _only_sheets(content: bytes) -> bytes:
    root = parse(content)
    for element in list(root):
        if short(element) not in _OF_WORKBOOK:
            root.remove(element)
        for name in [name for name in element.attrib if name not in _KEPT.get(short(element), ())]:
            del element.attrib[name]
    return to_bytes(root)


def _only_formats(content: bytes) -> bytes:
    """The formats of numbers, and of fonts what strikes, raises and lowers."""
    root = parse(content)
    styles = root.makeelement(full("s:styleSheet"), nsmap={None: NAMESPACES["s"]})
    formats = child(root, "s:numFmts")
    if formats is not None:
        styles.append(formats)
    _add(styles, "s:fonts", [_font(font) for font in descendants(root, "s:font")] or [root.makeelement(full("s:font"))])
    fill = root.makeelement(full("s:fill"))
    fill.append(root.makeelement(full("s:patternFill")))
    _add(styles, "s:fills", [fill])
    for name, inner in (("s:borders", "s:border"), ("s:cellStyleXfs", "s:xf")):
        _add(styles, name, [root.makeelement(full(inner))])
    cells = child(root, "s:cellXfs")
    _add(styles, "s:cellXfs", [_cell_format(one) for one in (() if cells is None else cells)])
    return to_bytes(styles)


def _add(styles: Element, name: str, children: list[Element]) -> None:
    parent = styles.makeelement(full(name))
    parent.extend(children)
    styles.append(parent)


def _font(font: Element) -> Element:
    kept = font.makeelement(full("s:font"))
    kept.extend(found for name in ("s:strike", "s:vertAlign") if (found := child(font, name)) is not None)
    return kept


def _cell_format(cell: Element) -> Element:
    wanted = {name: attribute(cell, name) for name in ("numFmtId", "fontId")}
    return cell.makeelement(full("s:xf"), {name: value for name, value in wanted.items() if value.isdecimal()})
