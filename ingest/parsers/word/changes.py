"""Text of a Word file that is no longer shown: tracked deletions, struck and replaced text."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable

from ingest.parsers.ooxml import (
    Element,
    child,
    descendants,
    full,
    replace_by,
    short,
    unwrap,
    words_of,
)
from ingest.parsers.word.styles import Styles

_INSERTED, _DELETED = ("w:ins", "w:moveTo"), ("w:del", "w:moveFrom")
_OLD_FORMATS = (
    "w:rPrChange", "w:pPrChange", "w:sectPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange", "w:tblPrExChange",
    "w:numberingChange", "w:tblGridChange",
)  # fmt: skip
_WRAPPERS = ("w:smartTag", "w:customXml", "w:bdo", "w:dir", "w:hyperlink", "w:rubyBase")


def accept_changes(root: Element) -> Counter[str]:
    """Accept the tracked changes: counts `inserted` and `deleted` places."""
    counts: Counter[str] = Counter()
    for element in descendants(root, *_OLD_FORMATS):
        replace_by(element)
    for row in descendants(root, "w:tr"):
        if child(row, "w:trPr", "w:del") is not None:
            counts["deleted"] += 1
            replace_by(row)
    for cell in descendants(root, "w:tc"):
        if child(cell, "w:tcPr", "w:cellDel") is not None:
            counts["deleted"] += 1
            for block in [block for block in cell if short(block) != "w:tcPr"]:
                replace_by(block, *([] if block.getnext() is not None else [_empty_paragraph(block)]))
    for element in descendants(root, *_DELETED):
        if short(element.getparent()) not in ("w:rPr", "w:trPr"):
            counts["deleted"] += any("".join(words_of(element, name)).strip() for name in ("w:delText", "w:t"))
            replace_by(element)
    for element in descendants(root, *_INSERTED):
        if short(element.getparent()) not in ("w:rPr", "w:trPr"):
            counts["inserted"] += bool("".join(words_of(element, "w:t")).strip())
            unwrap(element)
    return counts


def _empty_paragraph(like: Element) -> Element:
    return like.makeelement(full("w:p"))


def drop_wrappers(root: Element) -> list[str]:
    """Put the text of links, tags and below reading aids (ruby) where the words around it are; the readings, which are
    left out."""
    readings = [_drop_reading(ruby) for ruby in descendants(root, "w:ruby")]
    for element in descendants(root, *_WRAPPERS):
        unwrap(element)
    for element in descendants(root, "w:cr"):
        element.tag = full("w:br")
    for element in descendants(root, "w:ptab"):
        element.tag = full("w:tab")
    return [reading for reading in readings if reading]


def _drop_reading(ruby: Element) -> str:
    """Put the words below a reading aid in its place, between the parts of the run that it is in; the reading."""
    reading, base = child(ruby, "w:rt"), child(ruby, "w:rubyBase")
    below = [] if base is None else list(base)
    run = ruby.getparent()
    if short(run) == "w:r":
        properties = child(run, "w:rPr")
        after = list(ruby.itersiblings())
        rest = run.makeelement(run.tag)
        rest.extend([*([] if properties is None else [copy.deepcopy(properties)]), *after])
        run.remove(ruby)
        replace_by(run, run, *below, *([rest] if after else []))
    else:
        replace_by(ruby, *below)
    return "" if reading is None else "".join(words_of(reading, "w:t")).strip()


def drop_runs(root: Element, is_gone: Callable[[Element, Element], bool]) -> list[str]:
    """Leave out text that is struck or hidden, as its run and its paragraph say; the passages that it was."""
    passages: list[str] = []
    for paragraph in descendants(root, "w:p"):
        before = False
        for run in descendants(paragraph, "w:r"):
            text = "".join(words_of(run, "w:t"))
            if not text:
                continue
            gone = is_gone(run, paragraph)
            if gone:
                passages[-1:] = [passages[-1] + text] if before else [*passages[-1:], text]
                replace_by(run)
            before = gone
    return [passage for passage in passages if passage.strip()]


def mark_raised(root: Element, styles: Styles) -> None:
    """Write at each run whether it is raised or lowered, where its style or its position says so."""
    for run in descendants(root, "w:r"):
        place = styles.vertical(run)
        if place:
            properties = child(run, "w:rPr")
            if properties is None:
                properties = run.makeelement(full("w:rPr"))
                run.insert(0, properties)
            for old in properties.findall(full("w:vertAlign")):
                properties.remove(old)
            properties.append(properties.makeelement(full("w:vertAlign"), {full("w:val"): place}))
