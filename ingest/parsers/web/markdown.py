"""Cleaned HTML elements to Markdown, by markdownify."""

from __future__ import annotations

import re
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from ingest.parsers.common import clean_text
from ingest.parsers.text import join_wrapped
from ingest.parsers.web.list_marks import MARK, write_list_marks

_CELL_GAPS = re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])")  # left by paragraphs in a cell
_SPACE = re.compile(r"[ \t\r\n]+")
_BLOCK = re.compile(r"\s*(?:[-*+>|#]|\d+[.)]\s|```|(?:[a-z]|[A-Z]|[ivxlcdm]+|[IVXLCDM]+)\.\s)")
_LINE_BEGIN = re.compile(r"(?<=\n)(?=[^\n])")
# Inline marks go, so that a sentence of the page is the same sentence in the text.
_UNMARKED = ["a", "img", "b", "strong", "em", "i", "u", "s", "del", "code", "kbd", "samp", "sub", "sup"]


class _Converter(MarkdownConverter):
    """Line breaks of a page are line ends, and items have the marks that they are shown with."""

    def convert_br(self, _element: Any, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else f"\n{text}"

    def convert_li(self, element: Any, text: str, parent_tags: set[str]) -> str:
        mark = str(element.get(MARK, ""))
        if not mark or not text.strip():
            return str(super().convert_li(element, text, parent_tags))  # type: ignore[misc]
        return f"{mark} {_LINE_BEGIN.sub(' ' * (len(mark) + 1), text.strip())}\n"


def to_markdown(content: Tag) -> str:
    """The text of some elements as Markdown: headings, lists, tables, quotations and code keep their marks.

    A sentence stands on one line; only where the page breaks lines do they end.
    """
    for text in content.find_all(string=True):
        if type(text) is NavigableString and "\n" in text and text.find_parent(["pre", "textarea"]) is None:
            text.replace_with(NavigableString(_SPACE.sub(" ", text)))
    write_list_marks(content)
    converter = _Converter(
        heading_style=ATX,
        bullets="-",
        strip=_UNMARKED,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
    )
    return _tidy(str(converter.convert_soup(content)))


def _tidy(markdown: str) -> str:
    """No spaces at line ends, hard-wrapped lines of a paragraph joined, at most one blank line outside of code."""
    parts: list[str] = []
    paragraph: list[str] = []
    code = False
    for raw in clean_text(markdown).replace("\f", "\n").split("\n"):
        line = raw.rstrip()
        fence = line.startswith("```")
        code ^= fence
        if not code and not fence and line.strip() and not _BLOCK.match(line):
            paragraph.append(line)
            continue
        if paragraph:
            parts.append(join_wrapped("\n".join(paragraph)))
            paragraph = []
        if line or code or (parts and parts[-1]):
            parts.append(_CELL_GAPS.sub(" ", line) if line.startswith("|") and not code else line)
    return "\n".join([*parts, join_wrapped("\n".join(paragraph))]).strip("\n")
