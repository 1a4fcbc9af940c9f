"""RapidOCR: the PP-OCRv6 models that ship in its package, run by onnxruntime. Nothing is downloaded."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
import numpy.typing as npt
import rapidocr

from ingest.parsers.common import Box, clean_text
from ingest.parsers.ocr.engine import OcrLine, OcrResult, OcrWord, Picture
from rag.errors import ParseError

_DETECTOR, _RECOGNIZER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_DETECTED_SIDE_PX = 1600  # lines are found at this size and read at full size
_NARROWEST_PX = 128  # shorter lines, such as cells, are padded to this width; RapidOCR's own 320 takes twice as long
_LEAST_CONFIDENCE = 0.5  # below it there are textures and drawings, not words
_SURE = 0.9
_TALL = 1.5  # RapidOCR lays crops down that are this much higher than wide
_LETTERS_HIGH = 2.0  # what is higher than this many lines and tall is writing that runs up or down
_SAMPLE = 4

# Four corners in the order top left, top right, bottom right, bottom left of the writing.
Quad = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RapidOcr:
    """Reads with at most `threads` threads. The models are loaded with the first picture, once a process.

    The boxes of words are taken from the columns in which the recogniser saw their letters, within the line's box: they
    are right to about a letter.
    """

    threads: int = 1

    def read(self, picture: Picture) -> OcrResult:
        engine = _engine(self.threads)
        image = np.ascontiguousarray(picture[..., ::-1])
        quads = _detected(engine, image)
        turns = _turns(engine, image, quads)
        if turns:
            image = np.ascontiguousarray(np.rot90(image, turns))
            quads = _detected(engine, image)
        return OcrResult(turns, _lines(engine, image, quads))


@lru_cache(maxsize=1)
def _engine(threads: int) -> Any:
    models = Path(rapidocr.__file__).parent / "models"
    for name in (_DETECTOR, _RECOGNIZER):
        if not (models / name).is_file():
            raise ParseError(
                f"{models / name} is missing: install rapidocr again, or set FOOTNOTE_OCR=tesseract or none"
            )
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / _DETECTOR),
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED_SIDE_PX,
            "Rec.model_path": str(models / _RECOGNIZER),
            "Rec.rec_img_shape": [3, 48, _NARROWEST_PX],
            "Rec.rec_batch_num": 1,  # lines of one length need no padding
        }
    )


def _detected(engine: Any, image: Picture) -> list[Quad]:
    boxes = engine(image, use_det=True, use_cls=False, use_rec=False).boxes
    return [] if boxes is None else [np.asarray(box, dtype=np.float32) for box in boxes]


def _turns(engine: Any, image: Picture, quads: Sequence[Quad]) -> int:
    """Quarter turns counter-clockwise that set most of the writing upright."""
    longest = sorted(quads, key=lambda quad: -max(_size(quad)))[:_SAMPLE]
    if not longest:
        return 0
    tall = [quad for quad in longest if _is_tall(quad)]
    sideways = 2 * len(tall) > len(longest)
    sample = tall if sideways else [quad for quad in longest if not _is_tall(quad)]
    crops = engine.crop_text_regions(image, sample)
    return int(sideways) + 2 * _is_upside_down(engine, crops)


def _is_upside_down(engine: Any, crops: Sequence[Picture]) -> bool:
    """Whether these lines read better the other way round."""
    upright = fmean(engine.recognize_txt(list(crops)).scores)
    return upright < _SURE and fmean(engine.recognize_txt([np.rot90(crop, 2) for crop in crops]).scores) > upright


def _lines(engine: Any, image: Picture, quads: Sequence[Quad]) -> tuple[OcrLine, ...]:
    if not quads:
        return ()
    line_px = median(min(_size(quad)) for quad in quads)
    crops, placed = [], []
    for quad, crop in zip(quads, engine.crop_text_regions(image, quads), strict=True):
        turns = _laid(engine, quad, crop, line_px)
        crops.append(np.ascontiguousarray(np.rot90(crop, turns)))
        placed.append(np.roll(quad, turns - _is_tall(quad), axis=0))
    read = engine.recognize_txt(crops)
    found = zip(placed, read.txts, read.scores, read.word_results, strict=True)
    lines = (_line(*one) for one in found if one[2] >= _LEAST_CONFIDENCE)
    return tuple(line for line in lines if line is not None)


def _laid(engine: Any, quad: Quad, crop: Picture, line_px: float) -> int:
    """Quarter turns for a crop that RapidOCR laid down: a lone digit stands again, writing that runs up is turned."""
    if not _is_tall(quad):
        return 0
    if max(_size(quad)) < _LETTERS_HIGH * line_px:
        return -1
    return 2 * _is_upside_down(engine, [crop])


def _line(quad: Quad, text: str, confidence: float, columns: Any) -> OcrLine | None:
    """The line's words, each with the part of the quad in which its letters were seen; None when it has none."""
    centres = [(column + 0.5) / columns.line_txt_len for group in columns.word_cols for column in group]
    words = text.split()
    if not words:
        return None
    lasts = list(itertools.accumulate(len(word) for word in words))
    spans = [(centres[last - len(word)], centres[last - 1]) for word, last in zip(words, lasts, strict=True)]
    half = _letter(spans, len(centres)) / 2
    middles = ((end + start) / 2 for (_, end), (start, _) in itertools.pairwise(spans))
    limits = itertools.pairwise((0.0, *middles, 1.0))
    boxes = [
        _part(quad, max(start - half, low), min(end + half, high))
        for (start, end), (low, high) in zip(spans, limits, strict=True)
    ]
    found = zip((clean_text(word) for word in words), boxes, strict=True)
    kept = tuple(OcrWord(word, box) for word, box in found if word)
    return OcrLine(kept, min(max(float(confidence), 0.0), 1.0)) if kept else None


def _letter(spans: Sequence[tuple[float, float]], letters: int) -> float:
    """The usual width of a letter, as a share of the line."""
    steps = letters - len(spans)
    return sum(end - start for start, end in spans) / steps if steps else 1 / (letters + 1)


def _part(quad: Quad, start: float, end: float) -> Box:
    """The box around the part of a quad between two shares (0..1) of its length."""
    top_left, top_right, bottom_right, bottom_left = quad
    top, bottom = top_right - top_left, bottom_right - bottom_left
    corners = np.array(
        [top_left + start * top, top_left + end * top, bottom_left + start * bottom, bottom_left + end * bottom]
    )
    (left, upper), (right, lower) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return Box(left, upper, max(right, left + 1), max(lower, upper + 1))


def _size(quad: Quad) -> tuple[float, float]:
    """Width and height along a quad's own sides, in pixels."""
    top_left, top_right, bottom_right, bottom_left = quad
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    return float(width), float(height)


def _is_tall(quad: Quad) -> bool:
    width, height = _size(quad)
    return int(height) >= _TALL * int(width)  # as RapidOCR rounds, which decides which crops it lays down
