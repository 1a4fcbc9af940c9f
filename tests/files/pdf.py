"""PDFs made for tests that hold more than text: forms, comments, attachments, photographs, wrong maps of letters."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import reportlab
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.files.documents import SIDE_PT, Draw

_ENTRY = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>")


def photo(canvas: Canvas) -> None:
    """A picture that covers the page."""
    canvas.drawImage(ImageReader(Image.new("L", (60, 60), 200)), 0, 0, SIDE_PT, SIDE_PT)


def field(name: str, value: str) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name=name, value=value, x=50, y=200, width=120, height=20)

    return draw


def xfa(data: bytes) -> bytes:
    """The file as a form of which its pages show nothing: they stand in for it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    template = StreamObject()
    template.set_data(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>")
    form = DictionaryObject({NameObject("/XFA"): writer._add_object(template), NameObject("/Fields"): ArrayObject()})
    writer.root_object[NameObject("/AcroForm")] = form
    writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    return _written(writer)


def ticked(name: str, checked: bool, y: float = 230) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.checkbox(name=name, checked=checked, x=50, y=y, size=14)

    return draw


def chosen(name: str, value: str, *options: tuple[str, str]) -> Draw:
    """A list of options, each its own value and what it is called on the page."""

    def draw(canvas: Canvas) -> None:
        shown = [(label, own) for own, label in options]
        canvas.acroForm.choice(name=name, value=value, options=shown, x=50, y=160, width=120, height=20)

    return draw


def commented(data: bytes, comment: str) -> bytes:
    """A note at 100 to 200 points from the left and 100 to 120 from the top."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_annotation(0, Text(text=comment, rect=(100, SIDE_PT - 120, 200, SIDE_PT - 100)))
    return _written(writer)


def attached(data: bytes, *files: tuple[str, bytes]) -> bytes:
    """The file with others in its list of attachments."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for name, content in files:
        writer.add_attachment(name, content)
    return _written(writer)


def pinned(data: bytes, name: str, content: bytes) -> bytes:
    """The file with another that is pinned to its first page."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    stream = StreamObject()
    stream.set_data(content)
    key, text = NameObject, TextStringObject
    files = DictionaryObject({key("/F"): writer._add_object(stream)})
    specification = DictionaryObject({key("/Type"): key("/Filespec"), key("/F"): text(name), key("/EF"): files})
    pin = DictionaryObject(
        {
            key("/Type"): key("/Annot"),
            key("/Subtype"): key("/FileAttachment"),
            key("/Rect"): RectangleObject((10, 10, 30, 30)),
            key("/FS"): writer._add_object(specification),
        }
    )
    writer.pages[0][key("/Annots")] = ArrayObject([writer._add_object(pin)])
    return _written(writer)


def cropped(data: bytes, left: float, bottom: float, right: float, top: float) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.cropbox = RectangleObject((left, bottom, right, top))
    return _written(writer)


def outlined(data: bytes, *entries: tuple[str, int]) -> bytes:
    """Bookmarks, each with its page (from 1); an entry that begins with a blank is under the one before."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    parent = None
    for title, page in entries:
        below = parent if title.startswith(" ") else None
        added = writer.add_outline_item(title=title.strip(), page_number=page - 1, parent=below)
        parent = parent if below else added
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def embedded(*texts: str, covered_by: Image.Image | None = None) -> Draw:
    """Lines in a font that is embedded with a map of its characters, and a picture over all but the first."""

    def draw(canvas: Canvas) -> None:
        font = TTFont("Vera", Path(reportlab.__file__).with_name("fonts") / "Vera.ttf")
        pdfmetrics.registerFont(font)
        canvas.setFont("Vera", 12)
        for row, text in enumerate(texts):
            canvas.drawString(50, 500 - 20 * row, text)
        if covered_by:
            canvas.drawImage(ImageReader(covered_by), 45, 500 - 20 * len(texts), 400, 20 * len(texts) - 5)

    return draw


def mapped(data: bytes, characters: Callable[[str], str]) -> bytes:
    """The file, the ToUnicode maps of its fonts changed character by character; an empty one takes it out."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            if "/ToUnicode" in font.get_object():
                cmap = font.get_object()["/ToUnicode"]
                cmap.set_data(_ENTRY.sub(lambda found: _changed(found, characters), cmap.get_data()))
    return _written(writer)


def _changed(found: re.Match[bytes], characters: Callable[[str], str]) -> bytes:
    name = chr(int(found[2], 16))
    changed = characters(name)
    return b"<%s> <%s>" % (found[1], changed.encode("utf-16-be").hex().upper().encode()) if changed else b""


def read_differently(data: bytes) -> bytes:
    """A font that maps its letters to nothing: pdfium falls back on their codes, pypdf believes the map."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    cmap = StreamObject()
    cmap.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"1 beginbfchar <20> <0020> endbfchar\n"
        b"95 beginbfchar\n" + b"\n".join(b"<%02X> <0000>" % code for code in range(33, 127)) + b"\nendbfchar\n"
        b"endcmap end end"
    )
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            font.get_object()[NameObject("/ToUnicode")] = writer._add_object(cmap)
    return _written(writer)
