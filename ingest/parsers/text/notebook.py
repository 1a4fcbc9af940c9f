"""Notebooks (`.ipynb`): their texts as Markdown, their code and its output as fenced blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.parsers.common import ParsedFile, clean_text, receipt_of, require_text, split_pages, title_of
from ingest.parsers.text.encodings import decode
from ingest.parsers.text.markdown import markdown_title
from ingest.parsers.text.markup import without_markup
from rag.errors import ParseError

MEDIA_TYPE = "application/x-ipynb+json"

_SHOWN = ("text/markdown", "text/plain", "text/html")


class NotebookParser:
    """Reads Jupyter notebooks."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The cells in their order: texts, code, and what the code printed. Pictures and other output that is no text
        are named in the receipt.

        Raises:
            ParseError: the file is no notebook.
        """
        text, notes = decode(data, filename)
        book = _loaded(text, filename)
        language = str(
            _at(book, "metadata", "kernelspec").get("language")
            or _at(book, "metadata", "language_info").get("name")
            or ""
        )
        skipped: list[str] = []
        blocks = [
            block
            for number, cell in enumerate(_cells(book), start=1)
            for block in _blocks(cell, language, f"cell {number}", skipped)
        ]
        pages = split_pages("\n\n".join(blocks))
        require_text(pages, filename)
        receipt = receipt_of("notebook", pages, notes, skipped=skipped)
        title = markdown_title(pages[0].text) or title_of(filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True)


def _loaded(text: str, filename: str) -> Mapping[str, Any]:
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ParseError(f"{filename}: this is not a notebook ({exc}). Check how the file was written") from exc
    if not isinstance(book, dict):
        raise ParseError(f"{filename}: this is not a notebook. Check that it is the right file")
    return book


def _cells(book: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The cells; notebooks of before version 4 have them in worksheets."""
    for holder in (book, *_list(book.get("worksheets"))):
        yield from _list(holder.get("cells"))


def _blocks(cell: Mapping[str, Any], language: str, place: str, skipped: list[str]) -> Iterator[str]:
    source = _text(cell.get("source", cell.get("input")))
    kind = cell.get("cell_type")
    if kind == "code":
        yield from _fenced(source, language)
        for output in _list(cell.get("outputs")):
            yield from _output(output, place, skipped)
    elif kind == "heading":
        yield f"{'#' * int(cell.get('level') or 1)} {source}"
    elif source:
        shown, left_out = without_markup(source)
        skipped.extend(f"{place}: {what}" for what in left_out)
        yield shown


def _output(output: Mapping[str, Any], place: str, skipped: list[str]) -> Iterator[str]:
    """What was printed, or what an error said."""
    if output.get("ename"):
        yield from _fenced(f"{output['ename']}: {_text(output.get('evalue'))}", "")
        return
    data = _at(output, "data")
    shown = next((_text(data[kind]) for kind in _SHOWN if kind in data), _text(output.get("text")))
    skipped.extend(f"{place}: output of type {kind} is not read" for kind in data if kind not in _SHOWN)
    yield from _fenced(shown, "")


def _fenced(text: str, language: str) -> Iterator[str]:
    if text.strip():
        fence = "```" if "```" not in text else "~~~"
        yield f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _text(value: object) -> str:
    """A text, which notebooks also store as a list of lines."""
    if isinstance(value, list):
        return clean_text("".join(map(str, value))).replace("\f", "\n")
    return clean_text(str(value or "")).replace("\f", "\n")


def _list(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _at(value: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at a path of keys; empty where there is none."""
    for key in path:
        inner = value.get(key)
        value = inner if isinstance(inner, dict) else {}
    return value
