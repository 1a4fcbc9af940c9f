"""Whether glyphs look like other characters than their own, by the shapes of fonts that every reader knows. Pure.

Each glyph is filled, scaled to one height and held against the same characters of several fonts. All digits of a font
are matched with digits at once, and so are letters: one that looks much like another is odd only if that one does not
look more so.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

Polygon = Sequence[tuple[float, float]]
Picture = npt.NDArray[np.float64]
Shapes = Mapping[str, Picture]
"""By kind of character, font and character: pictures."""
KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)

_WIDTH, _HEIGHT, _EDGE, _BLURS = 24, 32, 2, 2
_NEARER = 0.02
# Letters differ more from font to font: two of them have to look like each other.
_EXCHANGED, _LEAST = 1.5, 0.05


def picture_of(polygons: Sequence[Polygon]) -> Picture | None:
    """A filled and blurred picture of some outlines, of length one; None where nothing can be seen."""
    points = np.array([point for polygon in polygons for point in polygon], dtype=np.float64).reshape(-1, 2)
    if not len(points) or np.ptp(points[:, 1]) <= 0:
        return None
    scale = (_HEIGHT - 2 * _EDGE) / np.ptp(points[:, 1])
    middle, top = (points[:, 0].min() + points[:, 0].max()) / 2, points[:, 1].max()
    edges = [(np.roll(np.asarray(polygon), 1, axis=0), np.asarray(polygon)) for polygon in polygons if len(polygon) > 1]
    begins, ends = (np.concatenate([edge[at] for edge in edges]) for at in (0, 1))
    across = (np.arange(_WIDTH) + 0.5 - _WIDTH / 2) / scale + middle
    down = top - (np.arange(_HEIGHT) + 0.5 - _EDGE) / scale
    filled = _filled(begins, ends, across, down)
    for _ in range(_BLURS):
        filled = _blurred(_blurred(filled).T).T
    length = float(np.linalg.norm(filled))
    return filled / length if length else None


def _filled(begins: Picture, ends: Picture, across: Picture, down: Picture) -> Picture:
    """1 at the points that outlines wind around."""
    (x0, y0), (x1, y1) = begins.T, ends.T
    upwards, downwards = ((a <= down[:, None]) & (b > down[:, None]) for a, b in ((y0, y1), (y1, y0)))
    height = np.where(y1 == y0, 1.0, y1 - y0)
    crossing = x0 + (down[:, None] - y0) * (x1 - x0) / height
    winding = np.where(upwards, 1, 0) - np.where(downwards, 1, 0)
    right_of = crossing[:, None, :] > across[None, :, None]
    inside: Picture = ((winding[:, None, :] * right_of).sum(axis=2) != 0).astype(np.float64)
    return inside


def _blurred(picture: Picture) -> Picture:
    padded = np.pad(picture, ((1, 1), (0, 0)))
    blurred: Picture = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return blurred


def known_shapes(fonts: Sequence[Mapping[str, Picture | None]]) -> Shapes:
    """The shapes of characters in several fonts, to hold glyphs against."""
    nothing = np.zeros((_HEIGHT, _WIDTH))
    return {
        kind: np.array(
            [[font.get(one, nothing) if font.get(one) is not None else nothing for one in kind] for font in fonts]
        )
        for kind in KINDS
    }


def odd_among(seen: Mapping[str, Picture], known: Shapes) -> frozenset[str]:
    """The characters that look like another digit, or that look like each other's letter."""
    return frozenset(one for kind in KINDS for one in _odd([each for each in kind if each in seen], seen, known, kind))


def _odd(shown: Sequence[str], seen: Mapping[str, Picture], known: Shapes, kind: str) -> set[str]:
    if not shown:
        return set()
    apart = 1 - np.tensordot(np.array([seen[one] for one in shown]), known[kind], ((1, 2), (2, 3))).max(axis=1)
    rows, columns = linear_sum_assignment(apart)
    found = {shown[row]: kind[column] for row, column in zip(rows, columns, strict=True)}
    own = {one: float(apart[at, kind.index(one)]) for at, one in enumerate(shown)}
    best = {one: float(apart[at, kind.index(found[one])]) for at, one in enumerate(shown)}
    if kind is string.digits:
        return {one for one in shown if found[one] != one and own[one] - best[one] > _NEARER}
    nearer = {one for one in shown if own[one] > _EXCHANGED * best[one] and own[one] - best[one] > _LEAST}
    return {one for one in nearer if found[one] != one and found.get(found[one]) == one and found[one] in nearer}
