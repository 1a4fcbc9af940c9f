"""Context windows: a language model reads more of a page than the chunk that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.text import split
from rag.types import Chunk, Hit

PageKey = tuple[str, str, int]
"""Document id, version sha256, page number."""


def page_key(chunk: Chunk) -> PageKey:
    """The page of a chunk."""
    return chunk.document_id, chunk.sha256, chunk.page


def windows(hits: Sequence[Hit], pages: Mapping[PageKey, str], *, characters: int, language: str = "en") -> list[Hit]:
    """Hits, best first, extended to windows of their pages: up to `characters` on each side; 0 changes nothing.

    A window starts and ends at the bounds of its page or its chunk, or between two sentences. Windows of one page with
    only white space between them are merged, with the place, the scores and the context of the best hit. For every
    window `page[start:end] == text`, and every hit is in exactly one. A hit whose page is not in `pages` is unchanged.
    """
    if not characters:
        return list(hits)
    ranked = [(rank, _grown(hit, pages, characters, language)) for rank, hit in enumerate(hits)]
    ranked.sort(key=lambda item: (page_key(item[1].chunk), item[1].chunk.start))
    merged: list[tuple[int, Hit]] = []
    for rank, window in ranked:
        page = pages.get(page_key(window.chunk))
        if page is not None and merged and _touches(merged[-1][1].chunk, window.chunk, page):
            merged[-1] = _joined(merged[-1], (rank, window), page)
        else:
            merged.append((rank, window))
    return [window for _, window in sorted(merged, key=lambda item: item[0])]


def _grown(hit: Hit, pages: Mapping[PageKey, str], characters: int, language: str) -> Hit:
    page = pages.get(page_key(hit.chunk))
    if page is None:
        return hit
    start = _earlier(page, hit.chunk.start, characters, language)
    return _spanning(hit, page, start, _later(page, hit.chunk.end, characters, language))


def _touches(first: Chunk, second: Chunk, page: str) -> bool:
    """Whether the second window, which does not begin before the first, goes on where that ends."""
    return page_key(first) == page_key(second) and not page[first.end : second.start].strip()


def _joined(first: tuple[int, Hit], second: tuple[int, Hit], page: str) -> tuple[int, Hit]:
    rank, best = min(first, second, key=lambda item: item[0])
    return rank, _spanning(best, page, first[1].chunk.start, max(first[1].chunk.end, second[1].chunk.end))


def _earlier(page: str, start: int, characters: int, language: str) -> int:
    """The first beginning of a sentence in the `characters` before `start`, which is itself one."""
    floor = max(0, start - characters)
    if floor == 0:
        return 0
    spans = split(page[floor:start], language)
    return floor + spans[1].start if len(spans) > 1 else start  # the first span may be the end of a sentence


def _later(page: str, end: int, characters: int, language: str) -> int:
    """The last end of a sentence in the `characters` after `end`, which is itself one."""
    ceiling = min(len(page), end + characters)
    if ceiling == len(page):
        return ceiling
    spans = split(page[end:ceiling], language)
    return end + spans[-2].end if len(spans) > 1 else end  # the last span may be the beginning of a sentence


def _spanning(hit: Hit, page: str, start: int, end: int) -> Hit:
    return Hit(replace(hit.chunk, start=start, end=end, text=page[start:end]), hit.scores)
