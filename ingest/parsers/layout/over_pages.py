"""Words broken at the end of a page: each is whole on the page that it begins on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.parsers.layout.hyphens import BREAKS, Words
from ingest.parsers.layout.printed import Line, line_of
from ingest.parsers.layout.reflow import Reflowed


def whole_at_end(before: Reflowed, after: Reflowed, lines: Sequence[Line], words: Words) -> tuple[Reflowed, list[Line]]:
    """A page with its last word whole, and the `lines` of the next page without the rest of that word.

    The same where the page does not end within a word, or where the rest is not the first word of the page `after`.
    """
    unchanged = before, list(lines)
    if not before.words or not lines or not before.paragraphs or before.paragraphs[-1].grid or not after.words:
        return unchanged
    last, first = before.words[-1], lines[0].words[0]
    broken, rest = before.text[last.start :], first.text
    begins = after.words[0].start == 0 and after.text.startswith(rest.rstrip("\ufffe"))
    if last.end != len(before.text) or not broken.endswith(BREAKS) or not begins or not rest[:1].islower():
        return unchanged
    whole = words.join(broken, rest)
    if whole != broken[:-1] + rest or rest.endswith(BREAKS) or lines[0].cells:
        return unchanged
    end = last.start + len(whole)
    part = before.paragraphs[-1]
    page = replace(
        before,
        text=before.text[: last.start] + whole,
        words=(*before.words[:-1], replace(last, end=end)),
        paragraphs=(*before.paragraphs[:-1], replace(part, end=end)),
    )
    line = lines[0]
    left = [line_of(line.words[1:], line.size, line.bold)] if line.words[1:] else []
    return page, [*left, *lines[1:]]
