"""Charts of Office files as tables of their numbers, and diagrams (SmartArt) as lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.parsers.common import one_line
from ingest.parsers.ooxml.numbers import format_value
from ingest.parsers.ooxml.xml import Element, attribute, child, descendants, full, words_of

_DEEPEST = 20
_NOT_SHOWN = ("pres", "parTrans", "sibTrans")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's title, empty when it has none, and its tables; the first row of each is its header."""

    title: str
    tables: tuple[tuple[tuple[str, ...], ...], ...]


def read_chart(root: Element) -> Chart:
    """The chart of a chart part: a table for all series that share their categories."""
    title = _title(child(root, "c:chart", "c:title"))
    tables: dict[tuple[str, ...], list[_Series]] = defaultdict(list)
    for number, element in enumerate(descendants(root, "c:ser"), start=1):
        series = _series(element, number)
        tables[series.categories].append(series)
    heading = " / ".join(filter(None, (_title(axis) for axis in _axis_titles(root))))
    return Chart(title, tuple(_table(heading, group) for group in tables.values()))


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    categories: tuple[str, ...]
    values: tuple[str, ...]


def _series(element: Element, number: int) -> _Series:
    name = one_line(" ".join(_points(child(element, "c:tx")).values())) or f"series {number}"
    labels = _first(element, "c:cat", "c:xVal")
    values = _points(_first(element, "c:val", "c:yVal"))
    categories = _categories(labels)
    length = max([*values, *categories], default=-1) + 1
    return _Series(
        name,
        tuple(categories.get(index, "") for index in range(length)),
        tuple(values.get(index, "") for index in range(length)),
    )


def _first(element: Element, *names: str) -> Element | None:
    return next((found for name in names if (found := child(element, name)) is not None), None)


def _categories(element: Element | None) -> Mapping[int, str]:
    """The labels of the points by their number; of several levels, the outer one holds until the next of it."""
    levels = [] if element is None else descendants(element, "c:lvl")
    if not levels:
        return _points(element)
    named: dict[int, str] = {}
    inner, *outer = [_points(level) for level in levels]
    for index, label in inner.items():
        above = (level[max(at)] for level in reversed(outer) if (at := [one for one in level if one <= index]))
        named[index] = " ".join((*above, label))
    return named


def _points(element: Element | None) -> Mapping[int, str]:
    """The cached values below an element, as they are shown, by their number."""
    if element is None:
        return {}
    points = {}
    code = next((found.text or "" for found in descendants(element, "c:formatCode")), "General")
    numbers = any(True for _ in element.iter(full("c:numCache"), full("c:numLit")))
    for point in descendants(element, "c:pt"):
        text = "".join(words_of(point, "c:v"))
        index = attribute(point, "idx")
        if index.isdecimal():
            points[int(index)] = format_value(text, attribute(point, "formatCode", code)) if numbers else one_line(text)
    if not points:
        literal = one_line("".join(words_of(element, "c:v")))
        return {0: literal} if literal else {}
    return points


def _title(element: Element | None) -> str:
    if element is None:
        return ""
    return one_line(" ".join(words_of(element)) or " ".join(words_of(element, "c:v")))


def _axis_titles(root: Element) -> Iterator[Element]:
    for axis in descendants(root, "c:catAx", "c:dateAx", "c:valAx"):
        title = child(axis, "c:title")
        if title is not None:
            yield title


def _table(heading: str, group: list[_Series]) -> tuple[tuple[str, ...], ...]:
    header = (heading, *(series.name for series in group))
    length = max(len(series.values) for series in group)
    rows = (
        (group[0].categories[index], *(series.values[index] if index < len(series.values) else "" for series in group))
        for index in range(length)
    )
    return (header, *(row for row in rows if any(row[1:]) or row[0]))


def read_diagram(root: Element) -> list[tuple[int, str]]:
    """The texts of a diagram's data part with their levels (0 is the highest), in their order."""
    texts = {
        attribute(point, "modelId"): one_line(" ".join(words_of(point)))
        for point in descendants(root, "dgm:pt")
        if attribute(point, "type") not in _NOT_SHOWN
    }
    below: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in descendants(root, "dgm:cxn"):
        if attribute(link, "type", "parOf") == "parOf" and attribute(link, "destId") in texts:
            order = attribute(link, "srcOrd", "0")
            below[attribute(link, "srcId")].append((int(order), attribute(link, "destId")))
    placed = {identity for links in below.values() for _, identity in links}
    tops = [identity for identity in texts if identity not in placed]
    return [line for top in tops for line in _outline(top, texts, below, 0 if texts[top] else -1)]


def _outline(
    identity: str, texts: Mapping[str, str], below: Mapping[str, list[tuple[int, str]]], level: int
) -> Iterator[tuple[int, str]]:
    if level > _DEEPEST:
        return
    if texts.get(identity):
        yield level, texts[identity]
    for _, other in sorted(below.get(identity, ())):
        yield from _outline(other, texts, below, level + 1)
