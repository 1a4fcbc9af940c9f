"""Lead-ins (`In 2022 the company had:`) and their list items, as language models write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = re.compile(r"\s*(?:[-*+•·‣◦▪●]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_HEADING = re.compile(r"\s*#{1,6}\s+\S")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?P<inner>(?:(?!\1).)+)\1\s*")
_STEP_LINE = re.compile(r"\s*step\s+\d{1,2}\s*[:.)–—-][^\d.!?:\n]+:?\s*", re.IGNORECASE)
_STEP = re.compile(r"^(?:step|part)\s+(?:\d{1,2}|[a-h])\s*[:.)–—-]\s*|^\d{1,2}[.)]\s+", re.IGNORECASE)
"""The number of a step before what it is about: `Step 2 – Average inventory`."""


def is_lead_in(sentence: str) -> bool:
    """Whether a sentence only announces what follows: it ends with a colon, or is a heading or a line in bold."""
    bare = _EMPHASIS.sub("", sentence).rstrip()
    bold = _BOLD_LINE.fullmatch(sentence)
    titled = bold is not None and not bold["inner"].rstrip().endswith((".", "!", "?"))
    titled = titled or bool(_STEP_LINE.fullmatch(bare))
    return bool(bare) and (bare.endswith(":") or bool(_HEADING.match(sentence)) or titled)


def is_item(sentence: str) -> bool:
    """Whether a sentence begins with the mark of a list item."""
    return _MARK.match(sentence) is not None


def together(lead_in: str, item: str) -> str:
    """A lead-in and its item as one sentence, without their marks."""
    return f"{_announced(lead_in)}: {bare_item(item)}"


def item_of(whole: str, lead_in: str, item: str) -> str:
    """The item, with its mark, of a text that was `together(lead_in, item)` before its amounts were changed."""
    mark = _MARK.match(item)
    return (mark[0] if mark else "") + whole.removeprefix(f"{_announced(lead_in)}: ")


def _announced(lead_in: str) -> str:
    bare = _EMPHASIS.sub("", lead_in).strip().lstrip("#").strip().rstrip(":").rstrip()
    return _STEP.sub("", bare) or bare


def with_lead_in(before: Sequence[str], at: int) -> str:
    """Sentence `at` of some drafted ones, together with the lead-in of its list if it is a list item."""
    if not is_item(before[at]):
        return before[at]
    lead_in = next((each for each in reversed(before[:at]) if not is_item(each) or is_lead_in(each)), None)
    return together(lead_in, before[at]) if lead_in is not None and is_lead_in(lead_in) else before[at]


def bare_item(item: str) -> str:
    """A list item without its mark and emphasis."""
    return _EMPHASIS.sub("", _MARK.sub("", item, count=1)).strip()
