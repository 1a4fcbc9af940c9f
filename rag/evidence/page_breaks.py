"""Sentences that go on over the end of a page.

Hits are parts of single pages, so a pool has such a sentence as two halves. Half a sentence may say the opposite of the
whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from rag.evidence.pool import EvidencePool
from rag.evidence.quotes import quote_of
from rag.text import Span, ends_a_sentence, goes_on, split
from rag.types import Chunk, Evidence

_WORD = re.compile(r"[^\W\d_]")
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Joined:
    """A sentence in the words of two pages, with a quote of each."""

    text: str
    quotes: tuple[Evidence, ...]


class PageBreaks:
    """The candidates of a pool that a page break cuts."""

    def __init__(self, pool: EvidencePool) -> None:
        self._pool = pool
        self._known: dict[int, tuple[bool, Joined | None]] = {}
        self._pages: dict[tuple[str, int], Chunk | None] = {}

    def is_cut(self, index: int) -> bool:
        """Whether candidate `index` is half a sentence."""
        return self._read(index)[0]

    def joined(self, index: int) -> Joined | None:
        """The whole sentence of which candidate `index` is half; None where it is whole, or the rest is not known."""
        return self._read(index)[1]

    def _read(self, index: int) -> tuple[bool, Joined | None]:
        if index not in self._known:
            self._known[index] = self._look(index)
        return self._known[index]

    def _look(self, index: int) -> tuple[bool, Joined | None]:
        candidate = self._pool.candidates[index]
        chunk, start, end = candidate.chunk, candidate.start, candidate.end
        if self._pool.row(index) is not None or not self._pool.documents:
            return False, None
        opens, closes = not chunk.text[:start].strip(), not chunk.text[end:].strip()
        page = self._page(chunk, chunk.page) if opens or closes else None
        if page is None:
            return False, None
        span = Span(chunk.start + start, chunk.start + end)
        after = self._page(chunk, page.page + 1) if closes and not page.text[span.end :].strip() else None
        before = self._page(chunk, page.page - 1) if opens and not page.text[: span.start].strip() else None
        if after is not None and (rest := self._edge(after, first=True)) and _is_one(page, span, after, rest):
            return True, _joined(page, span, after, rest)
        if before is not None and (rest := self._edge(before, first=False)) and _is_one(before, rest, page, span):
            return True, _joined(before, rest, page, span)
        return goes_on(candidate.text) and after is not None, None

    def _edge(self, page: Chunk, *, first: bool) -> Span | None:
        spans = split(page.text, self._pool.language, markdown=page.markdown)
        return spans[0 if first else -1] if spans else None

    def _page(self, chunk: Chunk, number: int) -> Chunk | None:
        documents = self._pool.documents
        key = (chunk.document_id, number)
        if key not in self._pages:
            read = partial(documents.page, chunk) if documents else None
            self._pages[key] = read(number) if read and number > 0 else None
        return self._pages[key]


def _is_one(page: Chunk, first: Span, after: Chunk, rest: Span) -> bool:
    """Whether the last words of a page and the first of the next are one sentence: it has not ended, and goes on."""
    words, others = page.text[first.start : first.end], after.text[rest.start : rest.end]
    if ends_a_sentence(words) or len(words.split()) < _FEWEST_WORDS or words.lstrip().startswith(("#", "|")):
        return False
    begins = _WORD.match(others)
    return (begins is not None and begins[0].islower()) or (goes_on(words) and others[:1].isalnum())


def _joined(page: Chunk, first: Span, after: Chunk, rest: Span) -> Joined:
    quotes = (quote_of(page, first.start, first.end), quote_of(after, rest.start, rest.end))
    return Joined(" ".join(" ".join(each.quote.split()) for each in quotes), quotes)
