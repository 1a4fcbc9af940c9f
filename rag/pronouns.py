"""Who `it`, `she` or `they` is: the subject of the sentence before, put in its place so that a sentence stands alone.

English only, and only a personal pronoun that begins the sentence; everything else is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|this|that|these|those|such|there|former|latter|both|one|ones|"
    r"same|other|another|then)\b",
    re.IGNORECASE,
)
"""Words that may mean something said before."""

_PRONOUN = re.compile(r"(He|She|It|They|His|Her|Its|Their)\b(?=\s)")
_POSSESSIVE = frozenset(["His", "Her", "Its", "Their"])
_NAME = re.compile(r"(?:The\s+)?[A-Z][\w.&'’-]*\w(?:\s+(?:(?:of|the|de|van|von|and)\s+)?[A-Z][\w.&'’-]*\w)*")
_VERB = re.compile(
    r"\s(?:is|are|was|were|has|have|had|can|could|will|would|may|might|must|does|did|do|said|says|\w{3,}ed)\b"
)
_LONGEST_SUBJECT_WORDS = 8
_NO_SUBJECT = frozenset(
    "In On At As For After Before When While If Since From By With During Under Although Though But And So".split()
)


def resolved(sentence: str, before: Sequence[str]) -> str:
    """The sentence with its first pronoun replaced by the subject of the nearest sentence that has one."""
    pronoun = _PRONOUN.match(sentence)
    if pronoun is None:
        return sentence
    for earlier in reversed(before):
        subject = _subject(earlier)
        if subject:
            ending = "'s" if pronoun[1] in _POSSESSIVE else ""
            return f"{subject}{ending}{sentence[pronoun.end() :]}"
        if not _PRONOUN.match(earlier):
            break
    return sentence


def _subject(sentence: str) -> str | None:
    if _PRONOUN.match(sentence):
        return None
    verb = _VERB.search(sentence)
    head = sentence[: verb.start()].strip() if verb else ""
    if sentence.split(" ", 1)[0] in _NO_SUBJECT:
        return None
    if head and len(head.split()) <= _LONGEST_SUBJECT_WORDS and "," not in head:
        return head
    name = _NAME.match(sentence)
    return name[0] if name and name[0] != "The" else None
