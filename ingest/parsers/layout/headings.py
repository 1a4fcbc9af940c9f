"""Headings among the paragraphs of a file, by its outline, its numbering and its typography. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.parsers.common import Heading
from ingest.parsers.layout.cells import BULLET
from ingest.parsers.layout.printed import OutlineEntry
from ingest.parsers.layout.reflow import Paragraph, Reflowed

_LONGEST, _HARDLY_ANY = 200, 200
_MOST_LINES = 3
_LARGER = 1.08
_MUCH_LARGER = 1.15
_DEEPEST = 6
_PART = re.compile(r"part\s+(?:[ivx]+|\d+)\b(?:\s*[.:–—-]|\s*$)", re.IGNORECASE)
_ITEM = re.compile(r"(?:item|chapter|appendix|annex)\s+[\dA-Z]{1,3}\b(?:\s*[.:–—-]|\s*$)", re.IGNORECASE)
_NOTE = re.compile(r"note\s+\d+\b\s*[.:–—-]", re.IGNORECASE)
_STATEMENT = re.compile(r"\b(?:statements?\s+of\s|balance\s+sheets?\b|(?:income|cash\s+flows?)\s+statements?\b)", re.I)
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_LETTERS = re.compile(r"[^\W\d_]")
_NOT_WORD = re.compile(r"[\W_]+")
_MATCH_SLACK = 12
_FEWEST_BOOKMARKS = 3

_PART_LEVEL, _ITEM_LEVEL, _NOTE_LEVEL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Style:
    """How a line is set; sorted, the higher headings come first."""

    size: float
    depth: int
    caps: bool
    bold: bool

    @property
    def rank(self) -> tuple[float, int, bool, bool]:
        return (-self.size, self.depth, not self.caps, not self.bold)


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    start: int
    title: str
    style: _Style


def headings_of(pages: Mapping[int, Reflowed], outline: Sequence[OutlineEntry]) -> tuple[Heading, ...]:
    """The headings in reading order; each is quoted text of its page. Levels count from 1 without larger gaps.

    Bookmarks of the file's outline that are found on their page come first; then parts, items and notes by their
    numbering; then what stands alone and is set larger, in bold or in capitals, by its style.
    """
    body = _body_style(pages)
    candidates = [found for number, page in pages.items() for found in _candidates(number, page, body)]
    marked = _bookmarked(candidates, pages, outline)
    if len(marked) >= _FEWEST_BOOKMARKS:
        deepest = max(marked.values())
        rest = [found for found in candidates if (found.page, found.start) not in marked]
        ranks = _ranks(rest)
        levels = marked | {(one.page, one.start): deepest + ranks[one.style] for one in rest}
    else:
        levels = _levels(candidates)
    titles = {(one.page, one.start): one.title for one in candidates}
    titles |= {key: _paragraph_at(pages, key) for key in marked if key not in titles}
    return tuple(
        Heading(page, start, min(_DEEPEST, levels[page, start]), titles[page, start]) for page, start in sorted(levels)
    )


def _body_style(pages: Mapping[int, Reflowed]) -> tuple[float, bool]:
    """Size and weight of most of the text outside of tables, or of all where there is hardly any outside."""
    counts: Counter[tuple[float, bool]] = Counter()
    for line in (line for page in pages.values() for part in page.paragraphs for line in part.lines):
        counts[_half(line.size), line.bold] += len(line.text)
    if counts.total() < _HARDLY_ANY:
        grids = (part.grid for page in pages.values() for part in page.paragraphs if part.grid)
        for word in (word for grid in grids for row in grid.rows for cell in row for word in cell):
            counts[_half(round(word.bottom - word.top, 1)), False] += len(word.text)
    return max(counts, key=lambda key: (counts[key], key)) if counts else (0.0, False)


def _half(size: float) -> float:
    return round(size * 2) / 2


def _candidates(number: int, page: Reflowed, body: tuple[float, bool]) -> Iterator[_Candidate]:
    for part in page.paragraphs:
        title = page.text[part.start : part.end]
        if not part.lines or len(part.lines) > _MOST_LINES or not _reads_like_one(title):
            continue
        style = _style(part, title)
        explicit = _PART.match(title) or _ITEM.match(title) or _NOTE.match(title)
        stands_out = style.size >= _LARGER * body[0] or (style.bold and not body[1])
        cells = any(line.row for line in part.lines) and not style.depth
        if (stands_out and not cells) or (
            explicit and title[:1].isupper() and len(title) < _LONGEST / 2 and title[-1:] != "."
        ):
            yield _Candidate(number, part.start, title, style)


def _reads_like_one(title: str) -> bool:
    letters = len(_LETTERS.findall(title))
    if len(title) > _LONGEST or 2 * letters < len(title) - title.count(" ") or title[:1].islower():
        return False
    if title.startswith("(") and title.endswith(")"):  # units, such as (in millions)
        return False
    explicit = _PART.match(title) or _ITEM.match(title) or _NUMBERED.match(title)
    if title.endswith((",", ";", ":")) or (title.endswith(".") and not explicit and not _ends_short(title)):
        return False
    return not BULLET.match(title) or _NUMBERED.match(title) is not None


def _ends_short(title: str) -> bool:
    """Whether the full stop belongs to an abbreviation, as in a company's name."""
    return re.search(r"\b(?:Inc|Corp|Co|Ltd|S\.A)\.$", title, re.IGNORECASE) is not None


def _style(part: Paragraph, title: str) -> _Style:
    numbered = _NUMBERED.match(title)
    depth = numbered[1].count(".") + 1 if numbered else 0
    letters = [character for character in title if character.isalpha()]
    caps = len(letters) > 3 and all(character.isupper() for character in letters)  # noqa: PLR2004
    return _Style(_half(part.lines[0].size), depth, caps, all(line.bold for line in part.lines))


def _levels(candidates: Sequence[_Candidate]) -> dict[tuple[int, int], int]:
    """Levels by numbering where a file has parts, items or notes, and below them by style."""
    explicit = [one for one in candidates if _explicit_level(one.title)]
    if len(explicit) < _FEWEST_BOOKMARKS:
        ranks = _ranks(candidates)
        return {(one.page, one.start): ranks[one.style] for one in candidates}
    largest = max(one.style.size for one in explicit)
    others = [one for one in candidates if not _explicit_level(one.title)]
    ranks = _ranks([one for one in others if one.style.size < _MUCH_LARGER * largest])
    levels: dict[tuple[int, int], int] = {}
    for one in candidates:
        much_larger = one.style.size >= _MUCH_LARGER * largest
        below = _ITEM_LEVEL if much_larger else _NOTE_LEVEL + ranks.get(one.style, 1)
        levels[one.page, one.start] = _explicit_level(one.title) or below
    return levels


def _explicit_level(title: str) -> int:
    """The level that a title's own words give it; 0 when they give none."""
    if _PART.match(title):
        return _PART_LEVEL
    if _ITEM.match(title):
        return _ITEM_LEVEL
    return _NOTE_LEVEL if _NOTE.match(title) or _STATEMENT.search(title) else 0


def _ranks(candidates: Sequence[_Candidate]) -> dict[_Style, int]:
    """Styles from 1, the highest heading first."""
    styles = sorted({one.style for one in candidates}, key=lambda style: style.rank)
    return {style: rank for rank, style in enumerate(styles, start=1)}


def _bookmarked(
    candidates: Sequence[_Candidate], pages: Mapping[int, Reflowed], outline: Sequence[OutlineEntry]
) -> dict[tuple[int, int], int]:
    """Levels of the paragraphs that bookmarks name; a bookmark whose words are not on its page is left out."""
    levels: dict[tuple[int, int], int] = {}
    by_page: dict[int, list[tuple[int, str]]] = {}
    for one in candidates:
        by_page.setdefault(one.page, []).append((one.start, _plain(one.title)))
    for entry in outline:
        wanted = _plain(entry.title)
        places = by_page.get(entry.page, []) or _short_paragraphs(pages.get(entry.page))
        for start, title in places:
            if (entry.page, start) not in levels and _same_title(title, wanted):
                levels[entry.page, start] = entry.level
                break
    return levels


def _short_paragraphs(page: Reflowed | None) -> list[tuple[int, str]]:
    parts = page.paragraphs if page else ()
    return [
        (part.start, _plain(page.text[part.start : part.end]))
        for part in parts
        if page and part.lines and part.end - part.start <= _LONGEST
    ]


def _paragraph_at(pages: Mapping[int, Reflowed], key: tuple[int, int]) -> str:
    page = pages[key[0]]
    return next(page.text[part.start : part.end] for part in page.paragraphs if part.start == key[1])


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()


def _same_title(printed: str, wanted: str) -> bool:
    near = abs(len(printed) - len(wanted)) <= _MATCH_SLACK
    return bool(wanted) and near and (printed.endswith(wanted) or printed.startswith(wanted))
