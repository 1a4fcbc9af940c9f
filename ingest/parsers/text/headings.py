"""Headings of texts in reStructuredText, AsciiDoc, Org and TeX, by the marks of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath

from ingest.parsers.common import Heading
from rag.types import Page

_TEX_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
_ASCIIDOC = re.compile(r"^(?P<marks>={1,6})[ \t]+(?P<title>\S.*)$", re.MULTILINE)
_ORG = re.compile(r"^(?P<marks>\*{1,8})[ \t]+(?P<title>\S.*)$", re.MULTILINE)
_TEX = re.compile(
    rf"^[ \t]*\\(?P<kind>{'|'.join(_TEX_LEVELS)})\*?(?:\[[^\]\n]*\])?\{{(?P<title>[^{{}}\n]+)\}}", re.MULTILINE
)
_REST = re.compile(
    r"^(?:(?P<over>(?P<sign>[^\w\s])(?P=sign){2,})[ \t]*\n)?(?P<title>[ \t]?\S.*)\n"
    r"(?P<rule>(?P<under>[^\w\s])(?P=under){2,})[ \t]*$",
    re.MULTILINE,
)


_Found = Iterator[tuple[int, int, str]]
"""Where headings start, their levels and their titles."""


def headings_of(pages: Sequence[Page], filename: str) -> tuple[Heading, ...]:
    """The headings of a text whose extension says how they are marked; none for other extensions."""
    find = _READERS.get(PurePath(filename).suffix.lower())
    if find is None:
        return ()
    styles: list[str] = []
    return tuple(
        Heading(page.number, start, level, " ".join(title.split()))
        for page in pages
        for start, level, title in find(page.text, styles)
    )


def _asciidoc(text: str, _: list[str]) -> _Found:
    return ((found.start(), len(found["marks"]), found["title"]) for found in _ASCIIDOC.finditer(text))


def _org(text: str, _: list[str]) -> _Found:
    return ((found.start(), len(found["marks"]), found["title"]) for found in _ORG.finditer(text))


def _tex(text: str, _: list[str]) -> _Found:
    return ((found.start(), _TEX_LEVELS.index(found["kind"]) + 1, found["title"]) for found in _TEX.finditer(text))


def _rest(text: str, styles: list[str]) -> _Found:
    """Titles over a rule at least as long, which may stand above them too; levels are in the order of their rules."""
    for found in _REST.finditer(text):
        title, over = found["title"], found["over"] or ""
        if len(found["rule"]) < len(title.rstrip()) or not any(map(str.isalnum, title)):
            continue
        style = ("over" if over else "") + found["under"]
        if style not in styles:
            styles.append(style)
        yield found.start(), styles.index(style) + 1, title


_READERS: Mapping[str, Callable[[str, list[str]], _Found]] = {
    ".adoc": _asciidoc,
    ".asciidoc": _asciidoc,
    ".org": _org,
    ".tex": _tex,
    ".rst": _rest,
    ".rest": _rest,
}
