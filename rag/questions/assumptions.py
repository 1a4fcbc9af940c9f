"""False assumptions of a question.

`Why did the club sell 15 boats?` assumes that the club sold 15 boats. If the hits say 14, the right answer is the
sentence that says so. English only; the rules prefer to miss a false assumption rather than to deny a true one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rag.evidence import Comparison, EvidenceFinder, EvidencePool, compare
from rag.text import (
    AUXILIARY,
    WORD,
    base,
    content_stems,
    ends_a_sentence,
    fold,
    has_name,
    is_common,
    is_heading,
    mentions,
    phrases,
    weighted_recall,
)
from rag.types import Hit, Verdict
from rag.verification import Verifier

_FAULTS = frozenset(("number", "date", "unit", "name", "negation", "relation", "contradicted"))
_FEWEST_STEMS = 3
_CONSIDERED = 6
_EQUAL = 0.1

_LEAD = re.compile(
    r"^(?:given that|considering that|now that|seeing that|since|because)\s+(?P<clause>[^?]{8,}?),\s+(?=\w)",
    re.IGNORECASE,
)
_TAG = re.compile(
    rf"^(?P<clause>[^?]{{8,}}?),\s*(?:right|correct|yes|no|true|is that (?:right|so|true)|"
    rf"(?:{AUXILIARY})\s+\w+)\s*\?*$",
    re.IGNORECASE,
)
_ASKED = (
    re.compile(rf"^(?:why|how come)\s+(?P<aux>{AUXILIARY})\s+(?P<rest>.+)$", re.IGNORECASE),
    re.compile(
        r"^(?:when|where|how|for how long)\s+(?P<aux>did|was|were|had|didn't|wasn't|weren't)\s+(?P<rest>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:how come|who)\s+(?P<aux>)"
        r"(?!(?:is|are|was|were|(?:will|has|have|had) be(?:en)?)\b(?!\s+\w+(?:ed|en)\b))(?P<rest>.+)$",  # not `who is`
        re.IGNORECASE,
    ),
)
_DO = frozenset(("don't", "doesn't", "didn't"))
_OPENS_YES_NO = re.compile(rf"^(?:{AUXILIARY}|what|which|who|whose|when|where|why|how)\b", re.IGNORECASE)
_BEFORE_VERB = re.compile(r"\b(?:not\b|never\b|(?:to )?be\b|been\b|being\b|have been\b)", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?<=\w )(?<!the )(?<!an )(?<!\ba )(?:\w{2,}ed|made|given|taken|shown|known|found|paid|sold|kept|lost|built|held|"
    r"sent|put|set|written|broken|chosen|stolen|thrown|driven|brought|bought|caught|taught|told|left|hurt|seen|done|cut)\b"
)
_HAS_AUXILIARY = re.compile(rf"\b(?:{AUXILIARY})\b")
_SOFTENERS = re.compile(r"\b(?:only|just|really|actually|still|even)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a question took for granted, the facts in it that are wrong, and the documents' own sentence against it."""

    assumption: str
    wrong: tuple[str, ...]
    verdict: Verdict

    @property
    def note(self) -> str:
        """The note for the reader."""
        told = f" ({', '.join(self.wrong)})" if self.wrong else ""
        return f"The documents say otherwise than the question takes for granted{told}."


class AssumptionChecker:
    """Finds the sentence of the hits that contradicts an assumption of a question.

    The sentence must have `overlap` (0..1) of the assumption's words and another number, date, code or name in the same
    place, or be negated where the assumption is not; headings do not count. No equally similar sentence may agree, and
    the verifier must find a fault in the assumption against that sentence alone.
    """

    def __init__(self, finder: EvidenceFinder, verifier: Verifier, *, overlap: float = 0.8) -> None:
        self._finder = finder
        self._verifier = verifier
        self._overlap = overlap

    def correction(self, question: str, pool: EvidencePool) -> Correction | None:
        """The correction of a question's first false assumption; None when it has none that the pool shows."""
        for assumption in assumptions(question):
            against = self._against(assumption, pool)
            if against is not None and not _is_known(against, pool) and self._faulty(assumption, pool, against.index):
                return Correction(assumption, against.compared.facts, pool.own_words(against.index))
        return None

    def _against(self, assumption: str, pool: EvidencePool) -> _Near | None:
        """The nearest sentence that differs, when no sentence as near agrees."""
        wanted = _bases(content_stems(assumption, pool.language))
        near = [_Near.of(wanted, assumption, pool, index) for index in range(len(pool))]
        nearest = sorted(near, key=lambda each: (-each.share, len(each.compared.facts), each.index))[:_CONSIDERED]
        against = next((each for each in nearest if each.compared.differs), None)
        if against is None or against.share < self._overlap:
            return None
        agreeing = max((each.share for each in nearest if each.compared.agrees), default=0.0)
        return against if agreeing < against.share - _EQUAL else None

    def _faulty(self, assumption: str, pool: EvidencePool, index: int) -> bool:
        candidate = pool.candidates[index]
        chunk, start = candidate.chunk, candidate.chunk.start
        alone = replace(chunk, text=candidate.text, start=start + candidate.start, end=start + candidate.end)
        verdict = self._verifier.verify(assumption, self._finder.pool([Hit(alone, {"score": 1.0})]))
        return not verdict.supported and verdict.fault in _FAULTS


@dataclass(frozen=True, slots=True)
class _Near:
    """A candidate beside an assumption, and the share (0..1) of the assumption's words that it has.

    Wrong facts are left out; a word in the title or the headings above the candidate counts half.
    """

    index: int
    share: float
    compared: Comparison

    @classmethod
    def of(cls, wanted: list[str], assumption: str, pool: EvidencePool, index: int) -> _Near:
        candidate = pool.candidates[index]
        compared = compare(f"that {assumption}", candidate.text)
        if not _states(candidate.text):
            return cls(index, 0.0, compared)
        topic = [stem for stem in wanted if stem not in compared.stems]
        if len(set(topic)) < _FEWEST_STEMS - 1:
            return cls(index, 0.0, compared)
        own = frozenset(_bases(pool.content[index]))
        above = _bases(content_stems(" ".join((candidate.chunk.title, *candidate.chunk.heading)), pool.language))
        share = (weighted_recall(topic, own) + weighted_recall(topic, own | frozenset(above))) / 2
        return cls(index, share, compared)


def _is_known(against: _Near, pool: EvidencePool) -> bool:
    """Whether other candidates have the names that differ: then the sentence is about another than the question."""
    told = mentions("\n".join(each.text for at, each in enumerate(pool.candidates) if at != against.index))
    return bool(against.compared.facts) and all(
        not any(map(str.isdigit, fact)) and has_name(fact, told) for fact in against.compared.facts
    )


def _states(text: str) -> bool:
    """Whether a text can contradict: it is a sentence, and no heading and no mere label."""
    return not is_heading(text) and (ends_a_sentence(text) or _HAS_AUXILIARY.search(text) is not None)


def _bases(stems: Iterable[str]) -> list[str]:
    return [base(stem) for stem in stems]


def assumptions(question: str) -> tuple[str, ...]:
    """The assumptions of a question as sentences, in the order of its words; empty if there are none.

    Their first letter is not capitalised, so that a name there can be recognised.
    """
    text = " ".join(question.split()).strip()
    found: list[str] = []
    lead = _LEAD.match(text)
    if lead is not None:
        found.append(lead["clause"])
        text = text[lead.end() :]
    tag = _TAG.match(text)
    if tag is not None and not _OPENS_YES_NO.match(text):
        found.append(_without_capital(tag["clause"]))
    found.extend(_asked(text.rstrip(" ?!.")))
    cleaned = (_SOFTENERS.sub("", each).strip(" ,") for each in found)
    return tuple(each for each in cleaned if len(content_stems(each)) >= _FEWEST_STEMS)


def _without_capital(sentence: str) -> str:
    first = sentence.split(maxsplit=1)[0]
    return sentence[:1].lower() + sentence[1:] if is_common(fold(first)) else sentence


def _asked(text: str) -> Iterator[str]:
    """`why did the club sell 15 boats` as `the club did sell 15 boats`; a word may stand in the wrong place."""
    for pattern in _ASKED:
        match = pattern.match(text)
        if match is not None:
            yield _stated(match["aux"].lower(), match["rest"]) if match["aux"] else f"they {match['rest']}"
            return


def _stated(auxiliary: str, rest: str) -> str:
    """The words of a question with its auxiliary behind the subject, where a statement has it; `do` is left out."""
    if auxiliary in ("do", "does", "did"):
        return rest
    place = _passive_verb(rest) if auxiliary not in _DO else None
    if place is None:
        turned = f"{auxiliary} {rest}"
        subject = next((phrase for phrase in phrases(turned) if phrase.start == len(auxiliary) + 1), None)
        first = WORD.match(rest)
        place = subject.end - len(auxiliary) - 1 if subject else (first.end() if first else 0)
    return " ".join(f"{rest[:place]} {auxiliary} {rest[place:]}".split())


def _passive_verb(rest: str) -> int | None:
    """Where `be`, `not` or the first participle stands that is not a part of the subject, as in `used packs`."""
    found = _BEFORE_VERB.search(rest) or _PARTICIPLE.search(rest)
    return None if found is None else found.start()
