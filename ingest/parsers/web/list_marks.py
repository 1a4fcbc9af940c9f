"""The marks of list items as a browser shows them: letters and Roman numerals, from a start value, or descending."""

from __future__ import annotations

import re

from bs4 import Tag

from ingest.parsers.ooxml import numeral

MARK = "data-mark"

_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLED = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(lower|upper)-(alpha|latin|roman)", re.IGNORECASE)
_WHOLE = re.compile(r"\s*-?\d{1,9}")


def write_list_marks(content: Tag) -> None:
    """Give each item of an ordered list the mark that is shown before it."""
    for outer in content.find_all("ol"):
        items = outer.find_all("li", recursive=False)
        down = outer.has_attr("reversed")
        number = _whole(outer.get("start"), len(items) if down else 1)
        for item in items:
            number = _whole(item.get("value"), number)
            item[MARK] = f"{numeral(number, _style(item) or _style(outer))}."
            number += -1 if down else 1


def _style(tag: Tag) -> str:
    given = _STYLES.get(str(tag.get("type", "")), "")
    said = _STYLED.search(str(tag.get("style", "")))
    if said is None:
        return given
    return said[1].lower() + ("Roman" if said[2].lower() == "roman" else "Letter")


def _whole(value: object, otherwise: int) -> int:
    return int(str(value)) if value is not None and _WHOLE.fullmatch(str(value)) else otherwise
