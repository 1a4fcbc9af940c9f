"""Where shapes of a slide are seen: turned, mirrored, and within groups that are. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ingest.parsers.ooxml import Element, attribute, child
from ingest.parsers.slides.order import Box

Point = tuple[float, float]
_DEGREE = 60_000
_TRUE = ("1", "true")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a shape, or what is in a group, lies: its box, turned clockwise by degrees around its middle and mirrored."""

    box: Box
    degrees: float = 0.0
    across: bool = False
    down: bool = False

    def point(self, point: Point) -> Point:
        """Where a point of the upright box is seen."""
        middle = self.box.left + self.box.width / 2, self.box.top + self.box.height / 2
        x, y = point[0] - middle[0], point[1] - middle[1]
        x, y = (-x if self.across else x), (-y if self.down else y)
        turn = math.radians(self.degrees)
        sine, cosine = math.sin(turn), math.cos(turn)
        return middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine


@dataclass(frozen=True, slots=True)
class Space:
    """The space in which the shapes of a group are placed: `inner` is what its `frame` shows of it."""

    frame: Frame
    inner: Box

    def point(self, point: Point) -> Point:
        """Where a point of this space is seen outside of the group."""
        outer, inner = self.frame.box, self.inner
        x = outer.left + (point[0] - inner.left) * (outer.width / inner.width if inner.width else 1)
        y = outer.top + (point[1] - inner.top) * (outer.height / inner.height if inner.height else 1)
        return self.frame.point((x, y))


def seen(frame: Frame, to_slide: Callable[[Point], Point]) -> Box:
    """The upright box around a shape as it is seen on the slide."""
    box = frame.box
    corners = [(box.left + x * box.width, box.top + y * box.height) for x in (0, 1) for y in (0, 1)]
    places = [to_slide(frame.point(corner)) for corner in corners]
    left, top = min(x for x, _ in places), min(y for _, y in places)
    return Box(left, top, max(x for x, _ in places) - left, max(y for _, y in places) - top)


def frame_of(transform: Element | None, box: Box) -> Frame:
    """The frame of a shape by its `a:xfrm`, and where it lies when upright."""
    turn = attribute(transform, "rot", "0")
    degrees = float(turn) / _DEGREE if turn.lstrip("-").isdecimal() else 0.0
    return Frame(box, degrees, attribute(transform, "flipH") in _TRUE, attribute(transform, "flipV") in _TRUE)


def space_of(transform: Element | None, frame: Frame) -> Space:
    """The space of a group by its `a:xfrm`; its own frame where it names no other."""
    start, size = child(transform, "a:chOff"), child(transform, "a:chExt")
    numbers = [attribute(start, "x"), attribute(start, "y"), attribute(size, "cx"), attribute(size, "cy")]
    if not all(number.lstrip("-").isdecimal() for number in numbers):
        return Space(frame, frame.box)
    return Space(frame, Box(*map(float, numbers)))
