"""The Protocol of an OCR engine: an image to the words on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingest.parsers.common import Box

Picture = npt.NDArray[np.uint8]
"""Pixels of shape (height, width, 3), red, green and blue."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture; `width` and `height` are the page's own, in points for a PDF and in pixels for an image."""

    pixels: Picture
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word without white space in it, and its box in pixels from the top left corner."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class OcrLine:
    """Words that stand side by side, at least one; `confidence` (0..1) is the engine's own."""

    words: tuple[OcrWord, ...]
    confidence: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class OcrResult:
    """What stands on a picture once it is turned counter-clockwise by `turns` quarter turns, as `numpy.rot90` does.

    `lines` come in no particular order; their boxes are those on the turned picture.
    """

    turns: int
    lines: tuple[OcrLine, ...]


class Ocr(Protocol):
    """An engine that reads pictures."""

    def read(self, picture: Picture) -> OcrResult:
        """The lines written on a picture, none on an empty one.

        Raises:
            ParseError: the engine is not installed or failed; says what to do.
        """
        ...
