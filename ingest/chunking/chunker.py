"""Documents to chunks: sections, then blocks, then sentences; every offset exact."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ingest.chunking.counting import TokenCounter
from ingest.chunking.sections import HeadingPath, Path, Section, with_bare_headings_joined
from ingest.chunking.spans import WORD, Block, blocks_of, line_blocks, locate, trim
from ingest.chunking.table_context import TableContext, pipe_tables
from ingest.parsers.common import Heading, ParsedFile, Table
from rag.text import split as split_sentences
from rag.types import Chunk, Document, Page

_OnPage = TypeVar("_OnPage", Heading, Table)

_HEADING = re.compile(r"#+\s(.*)")
_SENTENCES_AT_A_TIME = 8000  # characters: longer ones take a sentence splitter out of proportion


@dataclass(frozen=True, slots=True)
class _Piece:
    """A span that becomes a chunk, or part of one. `tokens` is an estimate until the chunk is fitted."""

    start: int
    end: int
    tokens: int
    path: Path
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _PageText:
    """A page while it is cut: its text, its kind, and the headers of its tables."""

    text: str
    markdown: bool
    tables: TableContext


class Chunker:
    """Splits documents into chunks of at most `chunk_tokens` tokens, counted with their context.

    For every chunk `page.text[c.start:c.end] == c.text`. The chunks of a page are ordered and do not overlap, none is
    blank, and together they contain every character of the page that is not white space. A chunk exceeds the limit only
    if it is a single character. Table rows, list items and sentences stay whole if they fit, and a heading stays with
    the text after it. A chunk of table rows without the table's header has the header as its context, up to half a
    chunk.

    With `overlap_tokens`, at most half a chunk, a chunk starts with the last whole sentences, rows or list items of the
    previous chunk under the same headings, as many as fit into these tokens. Without that overlap, the above holds.

    `count_tokens` is called once for each new word and, without overlap, at most once for each chunk.
    """

    def __init__(self, count_tokens: Callable[[str], int], chunk_tokens: int, overlap_tokens: int = 0) -> None:
        from ingest.chunking.splitters import Splitters

        self._tokens = TokenCounter(count_tokens)
        self._most = chunk_tokens
        self._overlap = min(overlap_tokens, chunk_tokens // 2)
        self._limit = chunk_tokens - self._overlap
        self._splitters = Splitters(self._limit, sentences=_sentence_texts, estimate=self._tokens.estimate)

    def chunk(self, document: Document, parsed: ParsedFile) -> list[Chunk]:
        """The chunks of a document, in order; `parsed` has the format, the headings and the tables of its pages."""
        return list(self.iterate(document, parsed))

    def iterate(self, document: Document, parsed: ParsedFile) -> Iterator[Chunk]:
        """The same chunks one at a time, so that a long document's need not be held together."""
        headings, tables = _by_page(parsed.headings), _by_page(parsed.tables)
        path = HeadingPath()
        above: Path = ()
        for page in document.pages:
            markdown = parsed.is_markdown(page.number)
            if markdown:
                sections = self._markdown_sections(page.text, above)
                above = sections[-1].path if sections else above
                found = [*tables.get(page.number, ()), *pipe_tables(page.text, page.number)]
            else:
                sections = path.sections(page.text, headings.get(page.number, ()))
                found = tables.get(page.number, [])
            context = TableContext(found, self._tokens.measure, self._limit // 2)
            cut = _PageText(page.text, markdown, context)
            for piece in self._overlapping(cut, self._page_pieces(cut, sections)):
                yield _chunk(document, page, piece, context.of(piece.start, piece.end), markdown=markdown)

    def _markdown_sections(self, text: str, above: Path) -> list[Section]:
        """A section for each heading. `above` is the heading path of the page before, for text without one."""
        found = self._splitters.markdown(text)
        spans = locate(text, 0, len(text), [section for section, _ in found])
        sections: list[Section] = []
        for (section, parents), (start, end) in zip(found, spans, strict=True):
            heading = _HEADING.match(section)
            path = (*parents, heading[1].strip(" \t\r#")) if heading else above
            sections.append(Section(start, end, path, _heading_length(text[start:end])))
        return with_bare_headings_joined(text, sections)

    def _page_pieces(self, page: _PageText, sections: Sequence[Section]) -> list[_Piece]:
        pieces: list[_Piece] = []
        for section in sections:
            for packed in self._pack(page, self._section_pieces(page, section)):
                pieces.extend(self._fit(page, packed))
        return self._merge_small(page, pieces)

    def _section_pieces(self, page: _PageText, section: Section) -> Iterator[_Piece]:
        """Blocks where they fit, else their lines, else their sentences."""
        for block in blocks_of(page.text, section.start, section.end, page.markdown):
            tokens = self._tokens.estimate(page.text[block.start : block.end])
            if tokens + page.tables.tokens(block.start, block.end) <= self._limit:
                yield _Piece(block.start, block.end, tokens, section.path, block.heading)
            elif block.lines:
                for line in line_blocks(page.text, block):
                    yield from self._line_pieces(page, line, section.path)
            else:
                yield from self._sentence_pieces(page.text, block, section.path)

    def _line_pieces(self, page: _PageText, line: Block, path: Path) -> Iterator[_Piece]:
        tokens = self._tokens.estimate(page.text[line.start : line.end])
        if tokens + page.tables.tokens(line.start, line.end) <= self._limit:
            yield _Piece(line.start, line.end, tokens, path)
        else:
            yield from self._sentence_pieces(page.text, line, path)

    def _sentence_pieces(self, text: str, block: Block, path: Path) -> Iterator[_Piece]:
        for start, end in self._sentence_spans(text, block.start, block.end):
            yield _Piece(start, end, self._tokens.estimate(text[start:end]), path)

    def _sentence_spans(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Spans of sentences packed to the limit; words too long for any chunk are cut before."""
        cursor = start
        if max(map(len, text[start:end].split()), default=0) <= self._limit * 4:
            yield from self._splitter_spans(text, start, end)
            return
        for word in WORD.finditer(text, start, end):
            if word.end() - word.start() <= self._limit * 4:
                continue
            yield from self._splitter_spans(text, cursor, word.start())
            step = max(1, self._limit)
            yield from ((at, min(at + step, word.end())) for at in range(word.start(), word.end(), step))
            cursor = word.end()
        yield from self._splitter_spans(text, cursor, end)

    def _splitter_spans(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        content = text[start:end]
        return locate(text, start, end, self._splitters.packed(content)) if content.strip() else []

    def _pack(self, page: _PageText, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
        """Neighbours joined up to the limit; headings at a chunk's end move to the next chunk."""
        held: list[_Piece] = []
        total = 0
        for piece in pieces:
            new_part = piece.heading and 2 * total >= self._limit
            context = page.tables.tokens(held[0].start, piece.end) if held else 0
            if held and (total + piece.tokens + context > self._limit or new_part):
                kept, moved = _split_tail_headings(held)
                if sum(head.tokens for head in moved) + piece.tokens > self._limit:
                    kept, moved = held, []
                yield _joined(kept)
                held, total = moved, sum(head.tokens for head in moved)
            held.append(piece)
            total += piece.tokens
        if held:
            yield _joined(held)

    def _fit(self, page: _PageText, piece: _Piece) -> Iterator[_Piece]:
        """The piece trimmed and counted exactly; cut at its middle when the estimate was too low."""
        start, end = trim(page.text, piece.start, piece.end)
        if start >= end:
            return
        tokens = self._measured(page, start, end)
        if tokens <= self._limit or end - start == 1:
            yield replace(piece, start=start, end=end, tokens=tokens)
            return
        middle = _middle(page.text, start, end)
        yield from self._fit(page, replace(piece, start=start, end=middle))
        yield from self._fit(page, replace(piece, start=middle, end=end))

    def _measured(self, page: _PageText, start: int, end: int) -> int:
        return self._tokens.measure(page.text[start:end]) + page.tables.tokens(start, end)

    def _merge_small(self, page: _PageText, pieces: Sequence[_Piece]) -> list[_Piece]:
        """Neighbours under one parent joined when one of them is short and both fit into one chunk."""
        merged: list[_Piece] = []
        for piece in pieces:
            joined = self._joined_if_small(page, merged[-1], piece) if merged else None
            if joined is None:
                merged.append(piece)
            else:
                merged[-1] = joined
        return merged

    def _joined_if_small(self, page: _PageText, before: _Piece, after: _Piece) -> _Piece | None:
        short = min(before.tokens, after.tokens) < self._limit / 4
        related = before.path == after.path[:-1] or before.path[:-1] == after.path[:-1] or before.path == after.path
        if not short or not related or before.tokens + after.tokens > self._limit:
            return None
        tokens = self._measured(page, before.start, after.end)
        if tokens > self._limit:
            return None
        return _Piece(before.start, after.end, tokens, _common(before.path, after.path))

    def _overlapping(self, page: _PageText, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
        """Each piece, begun earlier by what it repeats of the one before it."""
        yield from pieces[:1]
        for before, piece in itertools.pairwise(pieces):
            same = self._overlap and before.path == piece.path
            yield replace(piece, start=self._earlier(page, before, piece)) if same else piece

    def _earlier(self, page: _PageText, before: _Piece, piece: _Piece) -> int:
        """The first beginning of a sentence of `before` from which on all is repeated and the chunk still fits."""
        spans = split_sentences(page.text[before.start : before.end])
        for start in (before.start + span.start for span in spans[1:]):
            repeated = self._tokens.estimate(page.text[start : before.end])
            if repeated <= self._overlap and self._measured(page, start, piece.end) <= self._most:
                return start
        return piece.start


def _by_page(items: Sequence[_OnPage]) -> dict[int, list[_OnPage]]:
    pages: dict[int, list[_OnPage]] = {}
    for item in items:
        pages.setdefault(item.page, []).append(item)
    return pages


def _heading_length(section: str) -> int:
    """The length of the heading line that a Markdown section begins with; 0 when it begins otherwise."""
    stripped = section.lstrip()
    if not _HEADING.match(stripped):
        return 0
    end = stripped.find("\n")
    return len(section) - len(stripped) + (end if end >= 0 else len(stripped))


def _sentence_texts(text: str) -> list[str]:
    """Sentences with the white space after them; joined, they are the text."""
    edges = [0]
    while edges[-1] < len(text):
        start = edges[-1]
        stop = min(len(text), start + _SENTENCES_AT_A_TIME)
        starts = [start + span.start for span in split_sentences(text[start:stop])[1:]]
        unfinished = stop < len(text) and starts  # the last sentence goes on: look at it again
        edges.extend(starts if unfinished else [*starts, stop])
    return [text[a:b] for a, b in itertools.pairwise(edges)]


def _split_tail_headings(held: list[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    cut = len(held)
    while cut > 1 and held[cut - 1].heading:
        cut -= 1
    return held[:cut], held[cut:]


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    first, last = pieces[0], pieces[-1]
    return replace(first, end=last.end, tokens=sum(piece.tokens for piece in pieces))


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    return a[:same]


def _middle(text: str, start: int, end: int) -> int:
    """The line end, else the white space, nearest to the middle of a span; the middle itself when there is none."""
    middle = (start + end) // 2
    gaps = [found.start() for found in re.finditer(r"\n", text[start:end])]
    gaps = gaps or [found.start() for found in re.finditer(r"\s+", text[start:end])]
    return min((start + gap for gap in gaps), key=lambda at: abs(at - middle), default=middle)


def _chunk(document: Document, page: Page, piece: _Piece, context: str, *, markdown: bool) -> Chunk:
    return Chunk(
        document_id=document.id,
        sha256=document.sha256,
        filename=document.filename,
        page=page.number,
        start=piece.start,
        end=piece.end,
        text=page.text[piece.start : piece.end],
        title=document.title,
        heading=piece.path,
        metadata=document.metadata,
        context=context,
        markdown=markdown,
    )
