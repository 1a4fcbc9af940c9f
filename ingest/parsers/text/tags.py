"""HTML tags in Markdown that only set how words look or where they stand: the words stay. Code is not looked at."""

from __future__ import annotations

import re

_LOOKS = (
    "abbr", "b", "bdi", "big", "center", "cite", "dfn", "details", "div", "em", "figcaption", "figure", "font", "i",
    "kbd", "mark", "p", "picture", "samp", "section", "small", "span", "strong", "summary", "time", "tt", "u",
    "var", "wbr",
)  # fmt: skip
_VALUE = r"""(?:"[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+)"""
_ATTRIBUTE = rf"\s+(?:[a-z_:][\w:.-]*\s*=\s*{_VALUE}|open)"  # words without a value may be those of a comparison
_TAG = re.compile(rf"</?(?:{'|'.join(_LOOKS)})(?:{_ATTRIBUTE})*\s*/?>", re.IGNORECASE)
_WHOLE_LINE = re.compile(rf"^[ \t]*(?:{_TAG.pattern}[ \t]*)+\n", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>[ \t]*(\n?)", re.IGNORECASE)


def without_tags(text: str) -> str:
    """A Markdown text without these tags; a break is the end of a line, in a row of a table a space."""
    if "<" not in text:
        return text
    return _TAG.sub("", _WHOLE_LINE.sub("\n", _BREAK.sub(_break, text)))


def _break(found: re.Match[str]) -> str:
    begun = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return f" {found[1]}" if begun.lstrip().startswith("|") else "\n"
