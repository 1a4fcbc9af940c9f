"""Fields of a text: `Inspector: Nora Feld`, `Permit no. 77-B`, as letters, forms and messages have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.evidence.quotes import quote_of
from rag.types import Chunk, Evidence

_LINE = re.compile(r"^(?![ \t]*[#|>]).+$", re.MULTILINE)
_PART = re.compile(r"[^\s|/;](?:(?!\s\|\s|\s/\s|;\s|\s{3,}|\t).)*")
_LABELLED = re.compile(
    r"\W*(?P<label>[^\W\d_][^:|\n]{0,40}?)\**:\**\s+(?P<value>\S.{0,160}?)[\s*]*$|"
    r"\W*(?P<code>(?:[^\W\d_]+ ){1,3}(?:no|nr|number|code|id|reference)\b\.?:?) (?P<is>(?=[\w/.-]*\d)[\w/.-]*\w)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value at `chunk.text[start:end]`, in the section `around` it."""

    chunk: Chunk
    label: str
    value: str
    start: int
    end: int
    around: str

    @property
    def quote(self) -> Evidence:
        """The field as evidence, word for word."""
        return quote_of(self.chunk, self.start, self.end)


def fields_in(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The labels and values of a text, and where each field begins and ends."""
    for part in (part for line in _LINE.finditer(text) for part in _PART.finditer(text, *line.span())):
        found = _LABELLED.match(part[0])
        label = (found["label"] or found["code"]).strip() if found else ""
        if found is None or len(label.split()) > _MOST_WORDS:
            continue
        first = found.start("label") if found["label"] else found.start("code")
        last = found.end("value") if found["label"] else found.end("is")
        yield label, found["value"] or found["is"], part.start() + first, part.start() + last


def fields_of(chunk: Chunk) -> Iterator[Field]:
    """The fields of a chunk, each with the words of its section; those before any heading are of all of it."""
    headings = [match.span() for match in _HEADING.finditer(chunk.text)] if chunk.markdown else []
    for label, value, start, end in fields_in(chunk.text):
        above = max((first for first, _ in headings if first <= start), default=None)
        below = min((first for first, _ in headings if first > start), default=len(chunk.text))
        around = chunk.text if above is None or above == headings[0][0] else chunk.text[above:below]
        yield Field(chunk, label, value, start, end, around)
