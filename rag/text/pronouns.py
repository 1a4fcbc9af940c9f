"""Resolves `it`, `she` or `they` at the start of a sentence to the subject of the previous sentence.

English only, and only a personal pronoun that starts the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE_THAT = (
    "about after and as at because before but by during for from if in into like of on over since than to under until "
    "when where while with"
)
_AFTER_THERE = "are is was were has have had may can could might must should will would exists? remains?"
POINTS_BACK = re.compile(
    r"\b(?:its?|they|them|theirs?|he|him|his|she|hers?|this|these|those|former|latter|same|other|another|then)\b"
    rf"|(?:^\W*|\b(?:{'|'.join(_BEFORE_THAT.split())})\s+)that\b(?!\s+of\b)"
    r"|\bsuch\b(?!\s+as\b)"
    rf"|\bthere\b(?!\s+(?:{'|'.join(_AFTER_THERE.split())})\b)"
    r"|\bboth\b(?!.*\band\b)"
    r"|\bones?\b(?=\W*$|[,;:]|\s+(?:are|is|was|were|has|have|had|can|will)\b)",
    re.IGNORECASE,
)
"""Words that may mean something said before.

Not `the man that fell`, `pumps such as this`'s `such`, `there are`, `both the one and the other`, nor `one pump`.
"""

_PRONOUN = re.compile(r"(He|She|It|They|His|Her|Its|Their)\b(?=\s)")
_POSSESSIVE = frozenset(["His", "Her", "Its", "Their"])
_NAME = re.compile(
    r"(?:The\s+)?[A-Z][\w.&'’-]*\w(?:\s+(?:(?:of|the|de|van|von|and)\s+)?[A-Z][\w.&'’-]*\w)*(?:\s(?:\d+|[A-Z])\b)?"
)
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
