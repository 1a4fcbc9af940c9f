"""Blocks of lines that are no wrapped paragraph: verse, what programs print, columns, settings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from rag.text.traces import is_trace

_BLOCK = re.compile(r"(?:^[^\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"\s*(?:[-*+•·‣◦▪●]|\(?\w{1,3}[.)])\s")
_COLUMNS = re.compile(r"\S(?:\t| {2,})(?=\S)")
_PAUSE = re.compile(r"[,;:.!?…—–-][\"'”’)]*$")
_KEY = re.compile(r"\w+[_.]\w|[\w.-]+[=:]\S")
_BEFORE_A_WORD = " \t\"'“‘¿¡(—–"
_FIELD = re.compile(r"\s*[^\s:|][^:|\n]{0,60}:(?:\s|$)")
_LONGEST_VERSE = 50
_FEWEST = 3
_MOSTLY = 0.5


def runs_of_lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans that tile a text: each line of a block, between blank lines, of which the lines are no paragraph, and what
    is between such blocks."""
    start = 0
    for block in _BLOCK.finditer(text):
        if are_lines(block[0].rstrip("\n").split("\n")):
            yield start, block.start()
            start = block.end()
            yield from (line.span() for line in _LINE.finditer(text, *block.span()))
    yield start, len(text)


def are_lines(block: Sequence[str]) -> bool:
    """Whether the lines of a block end where they do by intent, and not because the next word did not fit."""
    if len(block) < 2 or any(line.lstrip().startswith("|") for line in block):  # noqa: PLR2004
        return False
    if any(map(is_trace, block)):
        return True
    if all(map(_FIELD.match, block)):  # a record of `key: value` lines is one
        return False
    if _are_columns(block) or any(itertools.starmap(_are_alike, itertools.pairwise(block))):
        return True
    if any(map(_ITEM.match, block)):
        return False
    return _is_measured(block) or (not _is_filled(block) and (_is_verse(block) or _are_settings(block)))


def _are_columns(block: Sequence[str]) -> bool:
    return all(_COLUMNS.search(line.strip()) for line in block)


def _are_alike(one: str, two: str) -> bool:
    """Whether two lines have mostly the same words at the same places, as settings and records do."""
    words = list(zip(one.split(), two.split(), strict=False))
    return len(words) >= _FEWEST and sum(a == b for a, b in words) >= _MOSTLY * len(words)


def _is_filled(block: Sequence[str]) -> bool:
    """Whether no line had room for the first word of the next one."""
    room = min(len(line.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) for line, after in itertools.pairwise(block))
    return room > max(len(line.rstrip()) for line in block)


def _is_verse(block: Sequence[str]) -> bool:
    """Whether each line is short and begins with a capital; of two lines, the first ends where one pauses.

    Longer lines that begin with one may be those of German, whose nouns do.
    """
    pauses = len(block) >= _FEWEST or _PAUSE.search(block[0].rstrip()) is not None
    return pauses and _are_capital(block) and max(map(len, block)) <= _LONGEST_VERSE


def _is_measured(block: Sequence[str]) -> bool:
    """Whether lines, of whatever lengths, begin with a capital and mostly end where one pauses."""
    pauses = sum(_PAUSE.search(line.rstrip()) is not None for line in block[:-1])
    return len(block) >= _FEWEST and _are_capital(block) and pauses > _MOSTLY * (len(block) - 1)


def _are_capital(block: Sequence[str]) -> bool:
    return all(line.lstrip(_BEFORE_A_WORD)[:1].isupper() for line in block)


def _are_settings(block: Sequence[str]) -> bool:
    """Whether lines next to each other begin with the same word, or most begin with a name that only programs have."""
    first = [line.split(maxsplit=1)[0] for line in block]
    again = any(one == two and len(one) >= _FEWEST for one, two in itertools.pairwise(first))
    keys = sum(_KEY.match(word) is not None for word in first)
    return again or keys > _MOSTLY * len(block)
