"""Tesseract, if it is installed on the machine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.parsers.common import Box, clean_text
from ingest.parsers.ocr.engine import OcrLine, OcrResult, OcrWord, Picture
from rag.errors import ParseError

_SURE_OF_TURN = 3.5  # Tesseract's own scale: upright pages with few words were turned at 2.3 and 2.8, prose has 4 to 15


@dataclass(frozen=True, slots=True)
class TesseractOcr:
    """Reads the languages of one Tesseract code such as `eng` or `eng+deu`."""

    languages: str = "eng"

    def read(self, picture: Picture) -> OcrResult:
        pytesseract = _pytesseract()
        try:
            turns = _turns(pytesseract, picture)
            turned = np.ascontiguousarray(np.rot90(picture, turns))
            words = pytesseract.image_to_data(turned, lang=self.languages, output_type=pytesseract.Output.DICT)
        except pytesseract.TesseractNotFoundError as exc:
            raise ParseError(
                "FOOTNOTE_OCR=tesseract, and there is no tesseract on this machine: install it "
                "(apt-get install tesseract-ocr, brew install tesseract), or set FOOTNOTE_OCR=rapidocr or none"
            ) from exc
        except pytesseract.TesseractError as exc:
            raise ParseError(
                f"Tesseract failed with FOOTNOTE_OCR_LANGUAGES={self.languages!r}: {exc.message}. "
                "`tesseract --list-langs` names the languages that are installed"
            ) from exc
        return OcrResult(turns, _lines(words))


def _pytesseract() -> Any:
    try:
        import pytesseract
    except ModuleNotFoundError as exc:
        raise ParseError(
            "FOOTNOTE_OCR=tesseract, and the library that runs it is not installed: "
            "install footnote-rag[tesseract], or set FOOTNOTE_OCR=rapidocr or none"
        ) from exc
    return pytesseract


def _turns(pytesseract: Any, picture: Picture) -> int:
    """Quarter turns counter-clockwise that set the page upright; none when there is too little text to tell."""
    try:
        seen = pytesseract.image_to_osd(picture, output_type=pytesseract.Output.DICT)
    except pytesseract.TesseractError:
        return 0
    return -int(seen["rotate"]) // 90 % 4 if float(seen["orientation_conf"]) >= _SURE_OF_TURN else 0


def _lines(found: dict[str, list[Any]]) -> tuple[OcrLine, ...]:
    """Words that Tesseract put on one line; the line's confidence is the mean over its characters."""
    lines: dict[tuple[int, int, int], list[tuple[OcrWord, float]]] = defaultdict(list)
    for index, raw in enumerate(found["text"]):
        text = "".join(clean_text(str(raw)).split())
        if not text:
            continue
        left, top = found["left"][index], found["top"][index]
        box = Box(left, top, left + found["width"][index], top + found["height"][index])
        place = found["block_num"][index], found["par_num"][index], found["line_num"][index]
        lines[place].append((OcrWord(text, box), max(float(found["conf"][index]), 0.0) / 100))
    return tuple(_line(words) for words in lines.values())


def _line(words: list[tuple[OcrWord, float]]) -> OcrLine:
    characters = sum(len(word.text) for word, _ in words)
    confidence = sum(len(word.text) * sure for word, sure in words) / characters
    return OcrLine(tuple(word for word, _ in words), min(confidence, 1.0))
