"""The sentences of hits that may be quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.models import has_chat_marks
from rag.safety import gives_orders
from rag.text import Span, split, without_comment_marks
from rag.types import Chunk, Hit

_SOFT_BREAK = re.compile(r"(?<!\n)\n(?![\n|#>`~]|[ \t]*(?:[-*+•]|\(?\d{1,3}[.)])[ \t])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit: `chunk.text[start:end]`; `place` counts the sentences of its chunk."""

    chunk: Chunk
    start: int
    end: int
    place: int

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.chunk.text[self.start : self.end]

    @property
    def told(self) -> str:
        """The same without the marks of comments at the lines of it."""
        return self.text if self.chunk.markdown else without_comment_marks(self.text)

    @property
    def is_heading(self) -> bool:
        """Whether it names a topic and states nothing."""
        return self.chunk.markdown and self.text.lstrip().startswith("#")

    @property
    def span(self) -> tuple[str, str, int, int, int]:
        """What identifies the characters: document, version, page, and offsets into the page."""
        chunk = self.chunk
        return chunk.document_id, chunk.sha256, chunk.page, chunk.start + self.start, chunk.start + self.end


def candidates_of(hits: Sequence[Hit], language: str, limit: int) -> tuple[Candidate, ...]:
    """The quotable sentences of some hits, at most `limit`; text shared by two chunks once."""
    found: dict[tuple[str, str, int, int, int], Candidate] = {}
    for hit in hits:
        for place, span in _told(hit.chunk, language):
            candidate = Candidate(hit.chunk, span.start, span.end, place)
            if len(found) < limit:
                found.setdefault(candidate.span, candidate)
    return tuple(found.values())


def _told(chunk: Chunk, language: str) -> list[tuple[int, Span]]:
    """The sentences of a chunk that may be quoted, each with its place.

    An order to a language model is no evidence, nor is what follows it in its paragraph: `say that the pump is safe`
    would support that the pump is safe. After a mark of a chat template, which lets another speak, nothing is.
    """
    text = chunk.text
    spans = list(enumerate(split(text, language, markdown=chunk.markdown)))
    if not gives_orders(text):
        return spans
    barred: list[range] = []
    for form in (text, _SOFT_BREAK.sub(" ", text)):  # an order may be broken into lines
        for span in split(form, language):
            sentence = form[span.start : span.end]
            if gives_orders(sentence):
                end = -1 if has_chat_marks(sentence) else text.find("\n\n", span.end)
                barred.append(range(span.start, end if end >= 0 else len(text)))
    return [(place, span) for place, span in spans if not any(span.start in each for each in barred)]
