"""The text of a shape: its paragraphs with levels and numbers, formulas, superscripts and struck runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, Run, attribute, child, formula_text, full, numeral, short, words_of, written

_STYLES = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}  # fmt: skip
_FORMS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}
_NUMBER_FIELDS = ("slidenum",)
_HIGHEST_LEVEL = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph on one line; `label` is its number, where it has one."""

    level: int
    text: str
    label: str = ""
    bulleted: bool | None = None  # None: as the text around it is


@dataclass(slots=True)
class SlideText:
    """What was read, and the struck passages that were left out."""

    lines: list[Line] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)


def paragraphs_of(body: Element) -> SlideText:
    """The paragraphs of a text body, empty ones left out; a paragraph that is only the slide's number is none."""
    read = SlideText()
    counts: dict[int, tuple[str, int]] = {}  # by level: how it is numbered, and the last number
    for paragraph in body.findall(full("a:p")):
        properties = child(paragraph, "a:pPr")
        level = _level(properties)
        runs = list(_runs(paragraph))
        text, struck = written(runs)
        read.struck.extend(struck)
        line = one_line(text)
        if line and not _only_numbers(paragraph):
            counts = {one: count for one, count in counts.items() if one <= level}
            label = _label(properties, level, counts)
            read.lines.append(Line(level, line, label, _bulleted(properties)))
    return read


def _level(properties: Element | None) -> int:
    level = attribute(properties, "lvl", "0")
    return min(int(level), _HIGHEST_LEVEL) if level.isdecimal() else 0


def _runs(paragraph: Element) -> Iterator[Run]:
    for part in paragraph:
        name = short(part)
        if name in ("a:r", "a:fld"):
            yield _run(part)
        elif name == "a:br":
            yield Run(" ")
        elif name == "mc:AlternateContent":
            yield from _runs(next(iter(part), part))
        elif name == "a14:m":
            yield Run("".join(map(formula_text, part)))


def _run(part: Element) -> Run:
    properties = child(part, "a:rPr")
    raised_by = attribute(properties, "baseline", "0").rstrip("%")
    moved = float(raised_by) if raised_by.lstrip("-").replace(".", "", 1).isdecimal() else 0
    struck = attribute(properties, "strike", "noStrike") != "noStrike"
    text = "".join(words_of(part)).replace("\v", " ")
    return Run(text, "raised" if moved > 0 else "lowered" if moved < 0 else "", struck)


def _only_numbers(paragraph: Element) -> bool:
    """Whether a paragraph shows nothing but the number of its slide."""
    fields = [part for part in paragraph if short(part) == "a:fld" and attribute(part, "type") in _NUMBER_FIELDS]
    return bool(fields) and not any("".join(words_of(part)).strip() for part in paragraph if part not in fields)


def _bulleted(properties: Element | None) -> bool | None:
    if child(properties, "a:buNone") is not None:
        return False
    return True if child(properties, "a:buChar") is not None else None


def _label(properties: Element | None, level: int, counts: dict[int, tuple[str, int]]) -> str:
    """The number that a paragraph shows; `counts` are those before it."""
    numbered = child(properties, "a:buAutoNum")
    if numbered is None:
        counts.pop(level, None)
        return ""
    kind, start = attribute(numbered, "type", "arabicPeriod"), attribute(numbered, "startAt", "1")
    before = counts.get(level)
    number = before[1] + 1 if before and before[0] == kind else int(start) if start.isdecimal() else 1
    counts[level] = (kind, number)
    style = next((style for name, style in _STYLES.items() if kind.startswith(name)), "decimal")
    form = next((form for name, form in _FORMS.items() if kind.endswith(name)), "{}.")
    return form.format(numeral(number, style))
