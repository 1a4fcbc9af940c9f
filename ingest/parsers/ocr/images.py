"""Image files: decoding, counting frames, and drawing, by Pillow."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from ingest.parsers.common import Box, ParsedFile, receipt_of, title_of
from ingest.parsers.ocr.engine import PagePicture, Picture
from rag.errors import ParseError
from rag.types import Page

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"GIF87a", b"GIF89a")
_MOST_PIXELS = 80_000_000
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error)
_MARKER, _NO_INK = (255, 221, 0, 110), (255, 221, 0, 0)


class ImageParser:
    """Counts the frames of an image file; their words are read by OCR."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """One blank page for each frame of a TIFF, one for any other image, all listed in `scans`."""
        with _opened(data, filename) as image:
            media_type = Image.MIME[str(image.format)]
            frames = _frames(image)
        pages = tuple(Page(number, "") for number in range(1, frames + 1))
        scans = tuple(page.number for page in pages)
        return ParsedFile(title_of(filename), media_type, pages, receipt_of("pillow", pages), scans=scans)


def is_image(head: bytes) -> bool:
    """Whether a file that starts with these bytes is a PNG, JPEG, TIFF, BMP, GIF or WebP image."""
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_bmp = head[:2] == b"BM" and head[6:10] == bytes(4)  # a text may begin with these two letters
    return head.startswith(HEADS) or is_webp or is_bmp


def picture_of_image(data: bytes, filename: str, number: int) -> PagePicture:
    """Frame `number` (from 1) of an image, turned as its camera says, on white where it is transparent.

    Raises:
        ParseError: the image is damaged, has too many pixels, or has no such frame.
    """
    with _opened(data, filename) as image:
        if not 1 <= number <= _frames(image):
            raise ParseError(f"{filename}: there is no page {number}; the image has {_frames(image)}")
        image.seek(number - 1)
        _check_size(image, filename)
        pixels = _pixels(ImageOps.exif_transpose(image))
    return PagePicture(pixels, width=pixels.shape[1], height=pixels.shape[0])


def scaled(picture: Picture, factor: float) -> Picture:
    """The picture with its sides multiplied by `factor`."""
    if factor == 1:
        return picture
    height, width = (max(1, round(side * factor)) for side in picture.shape[:2])
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def marked_png(picture: Picture, boxes: Sequence[Box]) -> bytes:
    """The picture as a PNG, the boxes (in pixels) marked as with a yellow felt pen: what is below stays readable."""
    image = Image.fromarray(picture)
    ink = Image.new("RGBA", image.size, _NO_INK)
    draw = ImageDraw.Draw(ink)
    for box in boxes:
        draw.rectangle((box.left, box.top, box.right, box.bottom), fill=_MARKER)
    out = io.BytesIO()
    Image.alpha_composite(image.convert("RGBA"), ink).convert("RGB").save(out, "PNG")
    return out.getvalue()


@contextmanager
def _opened(data: bytes, filename: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large and odd files; both are errors here or harmless
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                _check_size(image, filename)
                yield image
    except Image.DecompressionBombError as exc:
        raise ParseError(_too_large(filename)) from exc
    except UnidentifiedImageError as exc:
        raise ParseError(f"{filename}: the image is damaged (its head is not whole). Open and save it again") from exc
    except _DAMAGE as exc:
        raise ParseError(f"{filename}: the image is damaged ({exc}). Open and save it again") from exc


def _frames(image: Image.Image) -> int:
    """Pages of a TIFF. The frames of other formats are those of an animation, of which the first is read."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def _check_size(image: Image.Image, filename: str) -> None:
    if image.width * image.height > _MOST_PIXELS:
        raise ParseError(_too_large(filename))


def _too_large(filename: str) -> str:
    return f"{filename}: the image has more than {_MOST_PIXELS:,} pixels. Save it smaller, or cut it into pages"


def _pixels(image: Image.Image) -> Picture:
    if image.mode.startswith(("I", "F")):  # Pillow would cut 16 and 32 bits off at 255
        return _pixels(Image.fromarray(_to_8_bits(np.asarray(image, dtype=np.float64))))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.asarray(image.convert("RGB"))


def _to_8_bits(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    low, high = float(values.min()), float(values.max())
    return ((values - low) * (255 / (high - low) if high > low else 0)).astype(np.uint8)
