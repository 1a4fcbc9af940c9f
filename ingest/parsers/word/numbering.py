"""The numbers and letters that Word puts before list items and headings: `3.`, `2.1`, `(a)`, `iv)`."""

from __future__ import annotations

import re
from collections import defaultdict

from ingest.parsers.ooxml import Element, attribute, child, descendants, is_on, make, numeral, value

_PLACE = re.compile(r"%([1-9])")
_UNNUMBERED = ("bullet", "none")


class Numbering:
    """Counts the items of the lists of a file, in the order in which they are asked for."""

    def __init__(self, root: Element | None) -> None:
        abstract = {attribute(one, "w:abstractNumId"): one for one in _all(root, "w:abstractNum")}
        by_style = {value(one, "w:styleLink"): one for one in abstract.values() if value(one, "w:styleLink")}
        self._lists: dict[str, dict[int, Element]] = {}
        self._shared: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        for number in _all(root, "w:num"):
            identity, kind = attribute(number, "w:numId"), value(number, "w:abstractNumId")
            self._shared[identity] = kind
            counted = abstract.get(kind)
            counted = by_style.get(value(counted, "w:numStyleLink"), counted)
            levels = {_number(attribute(one, "w:ilvl")): one for one in _all(counted, "w:lvl")}
            for override in _all(number, "w:lvlOverride"):
                level = _number(attribute(override, "w:ilvl"))
                replaced = child(override, "w:lvl")
                if replaced is not None:
                    levels[level] = replaced
                if child(override, "w:startOverride") is not None:
                    self._starts[identity, level] = _number(value(override, "w:startOverride"))
            self._lists[identity] = levels
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def plain(self) -> Element:
        """The lists with nothing but the kind of each level, links to styles resolved."""
        root = make("w:numbering")
        for identity, levels in self._lists.items():
            kinds = ((level, value(one, "w:numFmt", default="decimal")) for level, one in sorted(levels.items()))
            plain = (make("w:lvl", make("w:numFmt", val=kind), ilvl=str(level)) for level, kind in kinds)
            root.append(make("w:abstractNum", *plain, abstractNumId=identity))
        for identity in self._lists:
            root.append(make("w:num", make("w:abstractNumId", val=identity), numId=identity))
        return root

    def label(self, identity: str, level: int) -> str:
        """The label of the next item of this list and level; empty when it shows none."""
        levels = self._lists.get(identity)
        if levels is None or level not in levels:
            return ""
        self._count(identity, level)
        if value(levels[level], "w:numFmt", default="decimal") in _UNNUMBERED:
            return ""
        counts = self._counts[self._shared[identity]]
        legal = is_on(child(levels[level], "w:isLgl"))

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            style = "decimal" if legal and at != level else value(levels.get(at), "w:numFmt", default="decimal")
            return numeral(counts.get(at, self._start(identity, at)), style)

        return _PLACE.sub(number, value(levels[level], "w:lvlText", default=f"%{level + 1}.")).strip()

    def _count(self, identity: str, level: int) -> None:
        counts = self._counts[self._shared[identity]]
        if (identity, level) in self._starts and (identity, level) not in self._begun:
            counts[level] = self._starts[identity, level]
        else:
            counts[level] = counts[level] + 1 if level in counts else self._start(identity, level)
        self._begun.add((identity, level))
        for deeper in [one for one in counts if one > level]:
            if value(self._lists[identity].get(deeper), "w:lvlRestart") != "0":
                del counts[deeper]

    def _start(self, identity: str, level: int) -> int:
        return _number(value(self._lists[identity].get(level), "w:start", default="1"))


def _all(root: Element | None, name: str) -> list[Element]:
    return [] if root is None else descendants(root, name)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
