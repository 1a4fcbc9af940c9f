"""Image files: what is counted, how they are seen, and what is refused."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.parsers.ocr.images import ImageParser, is_image, picture_of_image, scaled
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError
from tests.files.pictures import bytes_of, page_of

KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
SMALL = (40, 20)


def small(colour: str = "white", mode: str = "RGB") -> Image.Image:
    return Image.new(mode, SMALL, colour)


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_one_blank_page_to_be_read_by_ocr(kind: str):
    """It is told by its bytes, whatever its name; the receipt says that nothing has been read yet."""
    data = bytes_of(small(), kind)
    assert is_image(data[:16])
    parsed = default_registry().parse(data, "photo.bin")
    assert (parsed.title, parsed.media_type, parsed.scans) == ("photo", f"image/{kind.lower()}", (1,))
    assert [page.text for page in parsed.pages] == [""]
    assert parsed.receipt.empty_pages == (1,)
    assert picture_of_image(data, "photo.bin", 1).pixels.shape == (20, 40, 3)


def test_every_frame_of_a_tiff_is_a_page():
    """A fax of three pages has three; each is seen by its number."""
    data = bytes_of(small("red"), "TIFF", [small("lime"), small("blue")])
    assert ImageParser().parse(data, "fax.tif").scans == (1, 2, 3)
    seen = [picture_of_image(data, "fax.tif", number).pixels[0, 0].tolist() for number in (1, 2, 3)]
    assert seen == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    with pytest.raises(ParseError, match=r"fax\.tif: there is no page 4; the image has 3"):
        picture_of_image(data, "fax.tif", 4)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_frame(kind: str):
    data = bytes_of(small("red"), kind, [small("blue")], duration=100)
    assert ImageParser().parse(data, "a").scans == (1,)
    red, green, blue = (int(value) for value in picture_of_image(data, "a", 1).pixels[0, 0])
    assert red > 240
    assert max(green, blue) < 15


def test_a_photo_is_turned_as_its_camera_says():
    """EXIF orientation 6: the camera was held on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    page = picture_of_image(bytes_of(small(), "JPEG", exif=exif), "a.jpg", 1)
    assert page.pixels.shape == (40, 20, 3)
    assert (page.width, page.height) == (20, 40)


def test_transparent_is_white_and_deep_greys_keep_their_shades():
    """Black on nothing stays readable; 16 bits a pixel are not cut off at 255."""
    clear = Image.new("RGBA", SMALL, (0, 0, 0, 0))
    assert picture_of_image(bytes_of(clear), "a.png", 1).pixels.min() == 255
    deep = Image.fromarray(np.array([[0, 30_000, 60_000]], dtype=np.uint16))
    assert picture_of_image(bytes_of(deep), "a.png", 1).pixels[0, :, 0].tolist() == [0, 127, 255]


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_image_says_so(kind: str):
    """Half a file has a head, and pixels that are missing."""
    data = bytes_of(page_of((10, 10, "Words"), size=(300, 200)), kind)
    with pytest.raises(ParseError, match=r"a\.img: the image is damaged"):
        picture_of_image(data[: len(data) // 2], "a.img", 1)


def seen_or_reason(data: bytes) -> str:
    try:
        ImageParser().parse(data, "a.img")
        return f"seen {picture_of_image(data, 'a.img', 1).pixels.shape}"
    except ParseError as exc:
        return str(exc)


@given(st.data())
def test_no_damage_gets_past_the_parser(data: st.DataObject):
    """Any bytes changed: a picture, or a ParseError that names the file."""
    kind = data.draw(st.sampled_from(KINDS))
    raw = bytearray(bytes_of(small(), kind))
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=8)):
        raw[at] = value
    assert seen_or_reason(bytes(raw)).startswith(("seen", "a.img: the image"))


def bomb(side_px: int) -> bytes:
    """A PNG of some hundred bytes that claims to be a square of this size."""
    data = bytearray(bytes_of(small()))
    data[16:24] = struct.pack(">II", side_px, side_px)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize("side_px", [9_000, 30_000])
def test_a_decompression_bomb_is_refused(side_px: int):
    """Some hundred bytes that unpack to gigabytes fail before they do, when the file is counted and when it is read."""
    data = bomb(side_px)
    for read in (lambda: ImageParser().parse(data, "bomb.png"), lambda: picture_of_image(data, "bomb.png", 1)):
        with pytest.raises(ParseError, match=r"bomb\.png: .*more than 80,000,000 pixels"):
            read()


def test_a_text_that_begins_like_a_bitmap_is_a_text():
    assert not is_image(b"BM25 ranks by rare words")
    assert not is_image(b"")


def test_scaling_keeps_the_proportions():
    pixels = picture_of_image(bytes_of(small()), "a.png", 1).pixels
    assert scaled(pixels, 2).shape == (40, 80, 3)
    assert scaled(pixels, 1) is pixels
