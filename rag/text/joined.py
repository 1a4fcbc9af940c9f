"""The clauses that conjunctions join to one English sentence."""

from __future__ import annotations

import re

from rag.text.words import tokens

_FEWEST_WORDS = 3
_JOINT = re.compile(
    r"(?:[,:–—]|\s-)\s+(?:and|but|or|so|yet|while|whereas|although|because|since|which|who|plus|also|then)\s+"
    r"|;\s+|[.!?]\s+(?-i:(?![a-z]))"
    r"|\s+(?:and|but|while|whereas|because)\s+"
    r"(?=(?:the|its?|this|that|these|those|they|he|she|we|you|i|there|all|every|no)\b)",
    re.IGNORECASE,
)


def clauses(sentence: str) -> list[str]:
    """The clauses of an English sentence, in order, without conjunctions.

    A clause of fewer than three words is part of the previous one. A simple sentence is one clause.
    """
    edges = [0, *(edge for joint in _JOINT.finditer(sentence) for edge in joint.span()), len(sentence)]
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if spans and len(tokens(sentence[start:end])) < _FEWEST_WORDS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [sentence[start:end].strip() for start, end in spans]
