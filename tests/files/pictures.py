"""Pictures made for tests: drawn by Pillow in the font that it ships, and put into PDFs by reportlab."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.files.documents import SIDE_PT, Draw

Text = tuple[float, float, str]


def page_of(
    *texts: Text, size: tuple[int, int] = (1200, 200), letters_px: float = 30, ink: str = "black"
) -> Image.Image:
    """A white picture with each text at its place (left, top)."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for left, top, text in texts:
        draw.text((left, top), text, fill=ink, font=ImageFont.load_default(letters_px))
    return image


def bytes_of(image: Image.Image, kind: str = "PNG", frames: Sequence[Image.Image] = (), **options: object) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": list(frames)} if frames else {}
    image.save(out, kind, **more, **options)
    return out.getvalue()


def scanned(image: Image.Image) -> Draw:
    """A page that is nothing but this picture."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(image), 0, 0, SIDE_PT, SIDE_PT * image.height / image.width)

    return draw


def column(*texts: str, left: float = 60, top: float = 60, leading: float = 44) -> list[Text]:
    return [(left, top + row * leading, text) for row, text in enumerate(texts)]
