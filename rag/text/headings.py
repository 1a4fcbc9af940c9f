"""Headings, with or without markup: lines that name a topic and state nothing."""

from __future__ import annotations

import re

QUOTED_HEADING = "Quoted: "
"""How the headings begin under which a message holds the words of earlier ones."""
_MARKED = re.compile(r"\s*#")
_ENDED = re.compile(r"[.!?…。！？]['\"”’)\]*_]*\s*$")
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Nos?|Jr|Sr|Bros)\.\s*$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ROW = re.compile(r"\||\t|\s{3,}\S")
_SMALL = frozenset(
    "a an and as at by de for from in into nor of on or per the to und up van von with within without vs via".split()
)
_FEWEST_WORDS = 3
_SHARE = 0.9
_FIGURE = re.compile(r"[$€£¥(]?-?\d[\d,.]*\)?%?")
_LABEL = re.compile(
    r"(?:section|item|note|part|chapter|figure|fig\.?|table|page|exhibit|appendix|article|act of|rule|form|no\.?|of|in|"
    r"and|to|for|year|fiscal|[a-z]+ \d{1,2},|january|february|march|april|may|june|july|august|september|october|"
    r"november|december)\s+$",
    re.IGNORECASE,
)


def is_heading(text: str) -> bool:
    """Whether a line is marked as a heading, is all in capitals, or has a capital at every content word.

    A line that ends like a sentence is not a heading, nor is one with a figure of its own, like a table row; section
    numbers, years and dates do not count as figures.
    """
    if _MARKED.match(text):
        return True
    words = _LETTERS.findall(text)
    if len(words) < _FEWEST_WORDS or ends_a_sentence(text) or _ROW.search(text.strip()):
        return False
    telling = [word for word in words if word.lower() not in _SMALL]
    capitals = sum(word[0].isupper() for word in telling)
    return 0 < _SHARE * len(telling) <= capitals and not _has_figure(text)


def ends_a_sentence(text: str) -> bool:
    """Whether a text ends with a mark that ends sentences, and not with that of `Inc.`."""
    return _ENDED.search(text) is not None and _ABBREVIATED.search(text) is None


def _has_figure(text: str) -> bool:
    """A number that is neither a label's nor a year."""
    return any(
        not _LABEL.search(text[: match.start()]) and match.start() > 0 and not re.fullmatch(r"(?:19|20)\d\d", match[0])
        for match in _FIGURE.finditer(text)
    )
