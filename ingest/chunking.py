"""Documents to chunks: sections, then blocks, then sentences; every offset exact."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from llama_index.core.node_parser import MarkdownNodeParser, SentenceSplitter
from llama_index.core.schema import TextNode

from ingest.spans import WORD, Block, blocks_of, line_blocks, locate, trim
from rag.sentences import split as split_sentences
from rag.types import Chunk, Document, Page

_SEPARATOR = "\x1f"
_HEADING = re.compile(r"#+\s(.*)")
_CACHED_WORDS = 50_000
_LONG_WORD = 48
_SENTENCES_AT_A_TIME = 8000  # characters: longer ones take a sentence splitter out of proportion
_CHARACTERS_A_TOKEN = 12


@dataclass(frozen=True, slots=True)
class _Section:
    start: int
    end: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A span that becomes a chunk, or part of one. `tokens` is an estimate until the chunk is fitted."""

    start: int
    end: int
    tokens: int
    path: tuple[str, ...]
    heading: bool = False


class _Source(TextNode):
    """A page as a node. Every section's node asks for the hash of its page, which is not used here."""

    @property
    def hash(self) -> str:
        return ""


class Chunker:
    """Cuts documents into chunks of at most `chunk_tokens` tokens.

    For every chunk `page.text[c.start:c.end] == c.text`. The chunks of a page are ordered and do not overlap,
    none is blank, and together they hold every character of the page that is not white space. A chunk exceeds
    the limit only when it is a single character. Rows of tables, list items and sentences stay whole where they
    fit, and a heading stays with what comes after it.

    `count_tokens` is called once for each new word and once for each chunk.
    """

    def __init__(self, count_tokens: Callable[[str], int], chunk_tokens: int) -> None:
        self._count_tokens = count_tokens
        self._limit = chunk_tokens
        self._words: dict[str, int] = {}
        self._sections = MarkdownNodeParser.from_defaults(header_path_separator=_SEPARATOR)
        self._sentences = SentenceSplitter(
            chunk_size=chunk_tokens,
            chunk_overlap=0,
            tokenizer=lambda text: range(self._estimate(text)),
            paragraph_separator="\n",
            chunking_tokenizer_fn=_sentence_texts,
        )

    def chunk(self, document: Document, markdown: bool) -> list[Chunk]:
        """The chunks of a document, in order; `markdown` says that its pages hold Markdown."""
        return list(self.iterate(document, markdown))

    def iterate(self, document: Document, markdown: bool) -> Iterator[Chunk]:
        """The same chunks one at a time, so that a long document's need not be held together."""
        above: tuple[str, ...] = ()
        for page in document.pages:
            sections = self._markdown_sections(page.text, above) if markdown else [_whole(page)]
            for piece in self._page_pieces(page.text, sections, markdown):
                yield _chunk(document, page, piece)
            above = sections[-1].path if sections else above

    def _markdown_sections(self, text: str, above: tuple[str, ...]) -> list[_Section]:
        """A section for each heading. `above` is the heading path of the page before, for text without one."""
        nodes = self._sections.get_nodes_from_node(_Source(text=text))
        texts = [node.get_content() for node in nodes]
        spans = locate(text, 0, len(text), texts)
        sections: list[_Section] = []
        for node, node_text, (start, end) in zip(nodes, texts, spans, strict=True):
            parents = tuple(part for part in node.metadata["header_path"].split(_SEPARATOR) if part.strip())
            heading = _HEADING.match(node_text)
            path = (*parents, heading[1].strip(" \t\r#")) if heading else above
            sections.append(_Section(start, end, path))
        return _with_bare_headings_joined(text, sections)

    def _page_pieces(self, text: str, sections: Sequence[_Section], markdown: bool) -> list[_Piece]:
        pieces: list[_Piece] = []
        for section in sections:
            for packed in self._pack(text, self._section_pieces(text, section, markdown)):
                pieces.extend(self._fit(text, packed))
        return self._merge_small(text, pieces)

    def _section_pieces(self, text: str, section: _Section, markdown: bool) -> Iterator[_Piece]:
        """Blocks where they fit, else their lines, else their sentences."""
        for block in blocks_of(text, section.start, section.end, markdown):
            tokens = self._estimate(text[block.start : block.end])
            if tokens <= self._limit:
                yield _Piece(block.start, block.end, tokens, section.path, block.heading)
                continue
            if block.lines:
                for line in line_blocks(text, block):
                    yield from self._line_pieces(text, line, section.path)
            else:
                yield from self._sentence_pieces(text, block, section.path)

    def _line_pieces(self, text: str, line: Block, path: tuple[str, ...]) -> Iterator[_Piece]:
        content = text[line.start : line.end]
        tokens = self._estimate(content)
        if tokens <= self._limit:
            yield _Piece(line.start, line.end, tokens, path)
        else:
            yield from self._sentence_pieces(text, line, path)

    def _sentence_pieces(self, text: str, block: Block, path: tuple[str, ...]) -> Iterator[_Piece]:
        for start, end in self._sentence_spans(text, block.start, block.end):
            yield _Piece(start, end, self._estimate(text[start:end]), path)

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
        return locate(text, start, end, self._sentences.split_text(content)) if content.strip() else []

    def _pack(self, text: str, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
        """Neighbours joined up to the limit; headings at a chunk's end move to the next chunk."""
        held: list[_Piece] = []
        total = 0
        for piece in pieces:
            new_part = piece.heading and 2 * total >= self._limit
            if held and (total + piece.tokens > self._limit or new_part):
                kept, moved = _split_tail_headings(held)
                if sum(head.tokens for head in moved) + piece.tokens > self._limit:
                    kept, moved = held, []
                yield _joined(kept)
                held, total = moved, sum(head.tokens for head in moved)
            held.append(piece)
            total += piece.tokens
        if held:
            yield _joined(held)

    def _fit(self, text: str, piece: _Piece) -> Iterator[_Piece]:
        """The piece trimmed and counted exactly; cut at its middle when the estimate was too low."""
        start, end = trim(text, piece.start, piece.end)
        if start >= end:
            return
        tokens = self._measure(text[start:end])
        if tokens <= self._limit or end - start == 1:
            yield replace(piece, start=start, end=end, tokens=tokens)
            return
        middle = _middle(text, start, end)
        yield from self._fit(text, replace(piece, start=start, end=middle))
        yield from self._fit(text, replace(piece, start=middle, end=end))

    def _merge_small(self, text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
        """Neighbours under one parent joined when one of them is short and both fit into one chunk."""
        merged: list[_Piece] = []
        for piece in pieces:
            joined = self._joined_if_small(text, merged[-1], piece) if merged else None
            if joined is None:
                merged.append(piece)
            else:
                merged[-1] = joined
        return merged

    def _joined_if_small(self, text: str, before: _Piece, after: _Piece) -> _Piece | None:
        short = min(before.tokens, after.tokens) < self._limit / 4
        related = before.path == after.path[:-1] or before.path[:-1] == after.path[:-1] or before.path == after.path
        if not short or not related or before.tokens + after.tokens > self._limit:
            return None
        tokens = self._measure(text[before.start : after.end])
        if tokens > self._limit:
            return None
        return _Piece(before.start, after.end, tokens, _common(before.path, after.path))

    def _measure(self, text: str) -> int:
        """Tokens of a text; a bound on its characters holds where a tokenizer counts any word as one token."""
        return max(self._count_tokens(text), len(text) // _CHARACTERS_A_TOKEN)

    def _estimate(self, text: str) -> int:
        """Tokens of a text as the sum over its words: exact where the tokenizer splits at white space first."""
        return sum(map(self._word_tokens, text.split()))

    def _word_tokens(self, word: str) -> int:
        if len(word) > _LONG_WORD:  # a tokenizer may count a very long word as one unknown token
            return max(self._count_tokens(word) if len(word) < 8 * self._limit else 0, len(word) // 4)
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            known = self._words[word] = self._count_tokens(word)
        return known


def _whole(page: Page) -> _Section:
    return _Section(0, len(page.text), ())


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


def _with_bare_headings_joined(text: str, sections: Sequence[_Section]) -> list[_Section]:
    """A section that is only a heading goes in front of the section after it."""
    joined: list[_Section] = []
    bare: _Section | None = None
    for section in sections:
        whole = replace(section, start=bare.start) if bare else section
        only_heading = "\n" not in text[section.start : section.end].strip()
        if only_heading and section is not sections[-1] and _HEADING.match(text[section.start : section.end].strip()):
            bare = whole
        else:
            joined.append(whole)
            bare = None
    return joined


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
    """The white space nearest to the middle of a span; the middle itself when there is none."""
    middle = (start + end) // 2
    gaps = [match.start() for match in re.finditer(r"\s+", text[start:end])]
    return min((start + gap for gap in gaps), key=lambda at: abs(at - middle), default=middle)


def _chunk(document: Document, page: Page, piece: _Piece) -> Chunk:
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
    )
