"""Lead-ins (`In 2022 the company had:`) and their list items, as language models write them.

A lead-in states nothing by itself. Its items are verified together with it: `Water damage` under `These are not
covered:` is not supported by a document that mentions water damage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence import EvidencePool
from rag.text import content_stems, is_sentence, weighted_recall
from rag.types import Evidence

_MARK = re.compile(r"\s*(?:[-*+•·‣◦▪●]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_HEADING = re.compile(r"\s*#{1,6}\s+\S")
_LEAST_QUOTED = 0.5
_FIGURE_OF = re.compile(r"[^\W\d_][^:=\n]{1,80}[:=][^:\n]*\d")
"""`Net sales: $82,959 million`, `DSO = 36 days`."""
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?P<inner>(?:(?!\1).)+)\1\s*")


def is_lead_in(sentence: str) -> bool:
    """Whether a sentence only announces what follows: it ends with a colon, or is a heading or a line in bold."""
    bare = _EMPHASIS.sub("", sentence).rstrip()
    bold = _BOLD_LINE.fullmatch(sentence)
    titled = bold is not None and not bold["inner"].rstrip().endswith((".", "!", "?"))
    return bool(bare) and (bare.endswith(":") or bool(_HEADING.match(sentence)) or titled)


def is_item(sentence: str) -> bool:
    """Whether a sentence begins with the mark of a list item."""
    return _MARK.match(sentence) is not None


def together(lead_in: str, item: str) -> str:
    """A lead-in and its item as one sentence, without their marks."""
    return f"{_announced(lead_in)}: {_bare(item)}"


def item_of(whole: str, lead_in: str, item: str) -> str:
    """The item, with its mark, of a text that was `together(lead_in, item)` before its amounts were changed."""
    mark = _MARK.match(item)
    return (mark[0] if mark else "") + whole.removeprefix(f"{_announced(lead_in)}: ")


def _announced(lead_in: str) -> str:
    return _EMPHASIS.sub("", lead_in).strip().lstrip("#").strip().rstrip(":").rstrip()


def is_quoted(item: str, quotes: Sequence[Evidence], pool: EvidencePool) -> bool:
    """Whether the quotes, with their titles and headings, have at least half of an item's words.

    The words of the lead-in alone are not enough.
    """
    said = content_stems(_bare(item), pool.language)
    return weighted_recall(said, pool.content_of(quotes)) >= _LEAST_QUOTED


def says_something_alone(item: str, language: str) -> bool:
    """Whether an item makes a statement without its lead-in: it gives a figure for a thing, or is a sentence.

    Sentences are recognised in English only.
    """
    bare = _bare(item)
    return _FIGURE_OF.match(bare) is not None or (language == "en" and is_sentence(bare.split()))


def _bare(item: str) -> str:
    return _EMPHASIS.sub("", _MARK.sub("", item, count=1)).strip()
