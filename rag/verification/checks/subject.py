"""Subject: a fact that the evidence states about the Plus plan, claimed of the Basic plan.

Two neighbouring sentences can contain all words of `The Basic plan includes telephone support`: one names the Basic
plan, the other states the fact about the Plus plan. Therefore the words of a claim about a named thing must occur in
sentences about it, or about no other thing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.evidence import EvidencePool
from rag.text import CALENDAR, POINTS_BACK, STOPWORDS, Subject, content_stems, fold, stem, tokens
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_LEAD_WORDS, _NUMBERED_WORDS = 6, 3
_SHORT = 2
_NAMED = re.compile(r"(?P<name>[A-Z][\w&.’'-]*(?:\s+[A-Z][\w&.’'-]*)*)\s+(?P<head>[a-z]{3,})")
_FULL_NAME = re.compile(r"[A-Z][\w&.’'-]*(?:\s+[A-Z][\w&.’'-]+)+")
_OPENING = re.compile(r"^\W*(?:(?:the|a|an|our|my|each|every|in|at|on|for|of)\s+)*", re.IGNORECASE)
_NO_SENTENCE = re.compile(r"[|#\n]")
_FULL = "name"


def of_another(claim: PreparedClaim) -> Finding | None:
    """The finding for words that occur only in sentences about another thing of the same kind; English only."""
    wanted = named_things(claim.claim) if claim.pool.language == "en" else {}
    if not wanted:
        return None
    said: set[str] = set()
    foreign: dict[int, set[str]] = {}
    for index in claim.support.chosen:
        words = set(content_stems(claim.pool.spoken(index), "en"))
        if _is_rival(wanted, index, claim.pool):
            foreign[index] = words
        else:
            said |= words
    subject = {stem(word) for values in wanted.values() for value in values for word in tokens(value)}
    told = set(content_stems(claim.claim, "en")) - subject - said - set(wanted)
    for index, words in foreign.items():
        if told & words:
            return Finding("relation", "the evidence says this about something else", index)
    return None


def named_things(text: str) -> Mapping[str, frozenset[str]]:
    """The named, numbered and lettered things that a sentence begins with, by their kind: `plan`: `basic`."""
    words_ahead = _OPENING.sub("", text).split()[:_LEAD_WORDS]
    lead, first = " ".join(words_ahead), " ".join(words_ahead[:_NUMBERED_WORDS])
    found = {kind: set(values) for kind, values in Subject.of(first).things.items()}
    named = [(stem(fold(match["head"])), match["name"]) for match in _NAMED.finditer(lead)]
    named += [(_FULL, match[0]) for match in _FULL_NAME.finditer(lead)]
    for kind, name in named:
        words = [word for word in tokens(name) if word not in STOPWORDS and word not in CALENDAR]
        if words and len(name.split()[-1]) > _SHORT:  # of `Gate A` the letter tells, which is among the things already
            found.setdefault(kind, set()).add(" ".join(words))
    return {kind: frozenset(values) for kind, values in found.items()}


def _is_mentioned(kind: str, value: str, text: str) -> bool:
    """Whether a sentence speaks of a thing anywhere; `gate A` is not in `a gate`."""
    if len(value) <= _SHORT:
        return value in Subject.of(text).things.get(kind, frozenset())
    return _share_a_word(value, text)


def _share_a_word(one: str, other: str) -> bool:
    """Whether two names may be one: `Mr. Singer` and `Siegfried Fred Singer`."""
    longer = {word for word in tokens(one) if len(word) > _SHORT}
    return not longer.isdisjoint(tokens(other))


def _is_rival(wanted: Mapping[str, frozenset[str]], index: int, pool: EvidencePool) -> bool:
    """Whether a sentence, or else what stands over it, begins with another thing of a kind and never says this one."""
    text, place = pool.spoken(index), pool.candidates[index].chunk.place
    if _NO_SENTENCE.search(text) or POINTS_BACK.match(text):
        return False
    if any(_is_mentioned(kind, value, text) for kind, values in wanted.items() for value in values):
        return False
    own = named_things(text)
    return any(
        not any(one == other or _share_a_word(one, other) for one in values for other in told)
        for kind, values in wanted.items()
        if (told := own.get(kind) or named_things(place).get(kind, frozenset()))
    )
