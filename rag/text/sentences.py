"""Sentences with exact offsets, of a whole text or of a stream.

A text is cut into blocks first (blank lines, list items, table rows, headings, fenced code), because a
sentence never crosses one; `sentencex` then cuts inside the prose blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import sentencex

from rag.text.abbreviations import goes_on
from rag.text.comments import runs_of_comments, without_comment_marks
from rag.text.kept_lines import runs_of_lines
from rag.text.lines import goes_on_calculating, starts_anew, tells_a_figure
from rag.text.quantities import RAISED

_ITEM = re.compile(r"[ \t]*(?:[-*+•·‣◦▪●]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t]")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]")
_FIELD = re.compile(r"[^\s:|][^:|\n]{0,60}:[ \t]+\S")
_TABLE = re.compile(r"[ \t]*\|")
_TABLE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t:|-]*$")
_TABLE_RULE_BEGUN = re.compile(r"[ \t]*\|[ \t:|-]*$")
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_FORMULA = re.compile(r"[ \t]*(?P<mark>\\\[|\$\$)(?P<rest>.*)")
_FORMULA_ENDS = {"\\[": "\\]", "$$": "$$"}
_CELL = re.compile(r"[$€£]?\(?[-−+]?[$€£]?\d[\d,]*(?:\.\d+)?\)?%?$")
_CELL_NOISE = frozenset(["$", "€", "£", "%", ")", "—", "–", ")%"])
_CELL_EDGE = " | "  # parsers set the cells of a printed table apart so
_MARKER_ONLY = re.compile(r"\s*(?:\.|[-*+•·‣◦▪●]|\(?\d{1,3}[.)]|\(?[a-z]\))\s*$")
_CLOSERS = re.compile(r"[*_\"'”’)\]»]+(?=\s|$)")
_MARKS = rf"[{RAISED}]+(?:,[{RAISED}]+)*"  # of footnotes
_MARKS_OF_THE_LAST = re.compile(rf"{_MARKS}(?=\s|$)")
_OPENER_AT_END = re.compile(r"\s[*_\"'“‘(\[«]+$")
_AFTER_CLOSER = re.compile(rf"[.!?](?:[\"'”’)\]»*_]+|{_MARKS}|(?:\[\d{{1,3}}\])+)(\s+)(?=[\"“‘(\[*]*[A-Z])")
_AFTER_WORD = re.compile(r"\b(?:me|[Mm]ay|art|ill|ore|arc|miss|fed|con|id|ark)\.(\s+)(?=[A-Z][a-z])")
"""Words that look like abbreviations, which end English sentences."""
_NO_END = re.compile(
    r"(?:^|[\s(])(?:approx|ca|eqs?|figs?|refs?|tab|sec|secs|chap|para|nos?|vol|ver)\.\s*$", re.IGNORECASE
)
_CLOSES = re.compile(r"\d{1,4}\)")
"""A number that ends what stands in brackets: `… in 2020) / 3)`."""
_NAME_ASKS = re.compile(r"\b[A-Z][\w'’]*[?!]\s*$")
_HOUR = re.compile(r"\d\s?[ap]\.m\.\s*$")
_DAY = re.compile(r"(?:[a-z]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[ECMP][SD]?T\b|\d)")
_BLANK_TAIL = re.compile(r"\n[ \t\r]*\n\s*$")
_LAST_WORD, _FIRST_WORD = re.compile(r"\S{1,80}\Z"), re.compile(r"\S{1,80}")
_OPENERS = frozenset("\"'“‘«([*_")
_NAME_OF_CODE = re.compile(r"\w\.\w+\.\w|\w\.[A-Z]?[a-z0-9]+[A-Z_(]|\.\w+\(")
_WIDE_SPACE = re.compile(r"[^\S\n]")
_HOLD_CHARACTERS = 400
_NEAR = 400
"""Characters beside a cut that are looked at: all of a long text would take time that grows with its square."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


class _Kind(Enum):
    PROSE = "prose"
    LINE = "line"  # a heading or a table row: one sentence, ended by its line
    CODE = "code"
    OPEN_CODE = "open code"


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    kind: _Kind


def split(text: str, language: str = "en", *, markdown: bool = True) -> list[Span]:
    """The sentences of a text.

    Spans are trimmed of whitespace, not empty, ordered, do not overlap, and together hold every character
    that is not whitespace. A list marker stays with its item; a fenced code block is one sentence, and so is a formula
    shown over lines. A line after `#` is a heading in Markdown; in other texts it is a comment, whose sentences begin
    after the mark and may go on over several lines.
    """
    if markdown:
        return [span for span, _ in _sentences(text, language, complete=True)]
    return [
        Span(start + span.start, start + span.end)
        for start, end in _runs(text)
        for span, _ in _sentences(without_comment_marks(text[start:end]), language, complete=True)
    ]


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Spans that tile a text that is no Markdown: comments, single lines of blocks that are no paragraphs, the rest."""
    for start, end in runs_of_comments(text):
        for first, last in runs_of_lines(without_comment_marks(text[start:end])):
            yield start + first, start + last


class SentenceStream:
    """Releases a streamed text, as language models write it, sentence by sentence.

    A line that gives a figure for a thing is a sentence; in the records of documents it is a part of one. A sentence
    leaves once the first word of the next one is complete, or its line or paragraph has ended. What is released depends
    on the text only, never on how it was cut into pieces; joined, the sentences hold every character that is not
    whitespace, in order.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._pending = ""
        self._begun = ""  # what was released of the line that `_pending` begins in

    def feed(self, piece: str) -> list[str]:
        """The sentences that `piece` completes."""
        released: list[str] = []
        for part in re.split(r"(?<=\s)", piece):
            self._pending += part
            if part and part[-1].isspace():
                released.extend(self._release())
        return released

    def finish(self) -> list[str]:
        """The rest, at the end of the stream."""
        rest, self._pending = self._pending, ""
        found = _sentences(rest, self._language, complete=True, begun=self._begun, drafted=True)
        self._begun = ""
        return [rest[span.start : span.end] for span, _ in found]

    def _release(self) -> list[str]:
        text = self._pending
        found = _sentences(text, self._language, complete=False, begun=self._begun, drafted=True)
        ready = 0
        for position, (span, kind) in enumerate(found):
            ended = position < len(found) - 1 or _line_ended(text, span, kind)
            if not ended or (kind is _Kind.PROSE and _quote_open(text, span)):
                break
            ready = position + 1
        if not ready:
            return []
        end = found[ready - 1][0].end
        line_start = text.rfind("\n", 0, end) + 1
        self._begun = (self._begun if not line_start else "") + text[line_start:end]
        self._pending = text[end:]
        return [text[span.start : span.end] for span, _ in found[:ready]]


def _line_ended(text: str, span: Span, kind: _Kind) -> bool:
    if kind is _Kind.OPEN_CODE:
        return False
    if kind is _Kind.PROSE or text[span.start] == "|":  # a table's header waits for the rule under it
        return _BLANK_TAIL.search(text) is not None
    return text.endswith("\n")


def _quote_open(text: str, span: Span) -> bool:
    """A closing quote or bracket may still come, and would move the sentence's end."""
    sentence = text[span.start : span.end]
    unbalanced = sentence.count('"') % 2 or any(sentence.count(a) > sentence.count(b) for a, b in ("()", "“”", "[]"))
    return bool(unbalanced) and len(text) - span.start < _HOLD_CHARACTERS and not _BLANK_TAIL.search(text)


def _sentences(
    text: str, language: str, *, complete: bool, begun: str = "", drafted: bool = False
) -> list[tuple[Span, _Kind]]:
    found: list[tuple[Span, _Kind]] = []
    for block in _blocks(text, complete=complete, begun=begun, drafted=drafted):
        inner = _cuts(text[block.start : block.end], language) if block.kind is _Kind.PROSE else []
        edges = [block.start, *(block.start + cut for cut in inner), block.end]
        for start, end in pairwise(edges):
            span = _trim(text, start, end)
            if span is not None:
                found.append((span, block.kind))
    return found


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    return Span(start + left, start + left + size) if size else None


def _blocks(text: str, *, complete: bool, begun: str, drafted: bool = False) -> Iterator[_Block]:
    """Blocks that tile the text. An unfinished last line is no table row yet unless it starts like one; `begun` is what
    stood before the text on its first line."""
    start, offset, kind = 0, 0, _Kind.PROSE
    fence, before = "", begun
    for line in text.splitlines(keepends=True):
        whole = complete or line.endswith("\n")
        here = line if offset else begun + line
        if fence:
            if whole and _closes(fence, line):
                fence, kind = "", _Kind.CODE
        elif kind is _Kind.LINE and (_TABLE_RULE if whole else _TABLE_RULE_BEGUN).match(line.rstrip()):
            pass  # the rule under a table's header belongs to the header
        else:
            fence = _opened(line, here, whole=whole)
            new_kind = _kind_of(line, fence, whole=whole and not _goes_on_in_record(before, line))
            in_prose = new_kind is kind is _Kind.PROSE and offset
            is_formula = _FORMULA.match(here) is not None
            led_in = is_formula and offset and kind is _Kind.PROSE and before.rstrip().endswith(":")
            if led_in and not whole:
                kind = _Kind.OPEN_CODE  # which of the two it is, one line or several, is known at its end
            elif (
                not in_prose
                or _ITEM.match(line)
                or (is_formula and not led_in)
                or (starts_anew(before, line) and not (drafted and goes_on_calculating(before, line, whole=whole)))
                or (drafted and before.endswith("\n") and tells_a_figure(before))
            ):
                yield _Block(start, offset, kind)
                start, kind = offset, new_kind
        before = here
        offset += len(line)
    yield _Block(start, offset, kind)


def _goes_on_in_record(before: str, line: str) -> bool:
    """Whether a line is a field of a record after another one, and its figures no row: `Phone: 555 0101`."""
    return _FIELD.match(before) is not None and _FIELD.match(line) is not None and not _is_number_row(before)


def _opened(line: str, full: str, *, whole: bool) -> str:
    """What ends the code or the displayed formula that a line begins; empty where it begins none, or ends it itself.

    `\\[x] done` begins none, which is known once the line is whole.
    """
    code, formula = _FENCE.match(line), _FORMULA.match(full)
    if code or formula is None:
        return code[1] if code else ""
    end, rest = _FORMULA_ENDS[formula["mark"]], formula["rest"].strip()
    begins = not rest or "\\" in rest or not whole
    return end if begins and end not in rest else ""


def _closes(fence: str, line: str) -> bool:
    """Whether a line ends code by its marks, or a formula by them or by being blank."""
    if fence in _FORMULA_ENDS.values():
        return fence in line or not line.strip()
    code = _FENCE.match(line)
    return code is not None and code[1].startswith(fence)


def _kind_of(line: str, fence: str, *, whole: bool) -> _Kind:
    if fence:
        return _Kind.OPEN_CODE
    if _HEADING.match(line) or _TABLE.match(line) or (whole and _is_number_row(line)):
        return _Kind.LINE
    return _Kind.PROSE


def _is_number_row(line: str) -> bool:
    """A row of a table in plain text: its cells are set apart, or it ends in two or more columns of numbers."""
    if _CELL_EDGE in line:
        return True
    cells = 0
    for word in reversed(line.split()):
        if _CELL.match(word):
            cells += 1
        elif word not in _CELL_NOISE:
            break
    return cells >= 2  # noqa: PLR2004


def _cuts(text: str, language: str) -> list[int]:
    """Where sentences of one prose block begin, the first one left out."""
    edges = [0]
    plain = _WIDE_SPACE.sub(" ", text)  # sentencex 1.0 panics on `A.` before whitespace of several bytes
    plain = _without_closing_numbers(plain)
    for piece in sentencex.segment(language, plain):
        edges.append(edges[-1] + len(piece))
    extra = {match.end(1) for pattern in (_AFTER_CLOSER, _AFTER_WORD) for match in pattern.finditer(text)}
    found = sorted({_moved(text, edge) for edge in edges[1:-1]} | extra)
    kept: list[int] = []
    for cut in found:
        before = text[max(kept[-1] if kept else 0, cut - _NEAR) : cut]
        if 0 < cut < len(text) and not _joins(before, text[cut : cut + _NEAR]) and not _is_within_name(text, cut):
            kept.append(cut)
    return kept


def _without_closing_numbers(text: str) -> str:
    """A text of the same length in which numbers that end open brackets are letters: sentencex takes `3)` for a list's.

    Numbers that no open bracket stands before stay, as list markers.
    """
    opened = done = 0
    parts: list[str] = []
    for match in _CLOSES.finditer(text):
        before = text[done : match.start()]
        opened = max(0, opened + before.count("(") - before.count(")"))
        parts += [before, "x" * len(match[0]) if opened else match[0]]
        opened = max(0, opened - 1)
        done = match.end()
    return "".join([*parts, text[done:]])


def _moved(text: str, cut: int) -> int:
    """A cut moved behind closing marks that sentencex left to the next sentence, or before opening ones."""
    start = max(0, cut - _NEAR)
    opener = _OPENER_AT_END.search(text[start:cut])
    if opener and not text[cut : cut + 1].isspace():
        return start + opener.start() + 1
    marks = None if text[cut - 1].isspace() else _MARKS_OF_THE_LAST.match(text, cut)
    closers = marks or _CLOSERS.match(text, cut)
    return closers.end() if closers else cut


def _is_within_name(text: str, cut: int) -> bool:
    """Whether a cut is behind a point inside of what programs call something: `java.util.List`, `#!/bin/sh`."""
    if text[cut - 1] not in ".!?" or text[cut].isspace():
        return False
    word = (
        f"{(_LAST_WORD.search(text[max(0, cut - _NEAR) : cut]) or [''])[0]}{(_FIRST_WORD.match(text, cut) or [''])[0]}"
    )
    return not (text[cut].isalpha() or text[cut] in _OPENERS) or _NAME_OF_CODE.search(word) is not None


def _joins(before: str, after: str) -> bool:
    """True where the text goes on: a bare list marker, an abbreviation, or a name that ends in a mark (`Yahoo! is`)."""
    following = after.lstrip()
    if not before.strip() or _MARKER_ONLY.match(before) or _NO_END.search(before):
        return True
    if following[:1].islower() and _NAME_ASKS.search(before):
        return True
    if goes_on(before, after):
        return True
    return _HOUR.search(before) is not None and _DAY.match(following) is not None
