"""Which sentences of a pool are about the subject of a question."""

from __future__ import annotations

import re

from rag.caching import cached_property
from rag.evidence import Candidate, EvidencePool, PageBreaks, fields_in
from rag.text import (
    POINTS_BACK,
    AskedThing,
    Kinds,
    Subject,
    akin_stems,
    asked_fact,
    asked_subject,
    content_stems,
    fold,
    independent_clauses,
    missing_from,
    names,
    spoken_language,
    stem,
    stems,
    take_identifiers,
    tokens,
)
from rag.types import Chunk

_BEFORE_CHARACTERS = 300
_HEADINGS = re.compile(r"^#+ (.*)", re.MULTILINE)
_FEWEST_ASKED = 2
_OWNED = re.compile(r"(?P<owner>[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})['’]s? (?:[\w-]+ ){0,2}?(?P<head>[a-z]\w+)")
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?-i:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun))\b", re.IGNORECASE
)
_DAYS_TOGETHER = re.compile(
    rf"{_WEEKDAY.pattern}\W{{0,2}}\s?(?:to|through|until|till|[-–—])\W?\s?{_WEEKDAY.pattern}|"
    r"\b(?:daily|days?|week|weekly|weekdays?|weekends?|always|never|nightly)\b",
    re.IGNORECASE,
)
_OF_OWNER = re.compile(r"\b(?P<head>[a-z]\w+) (?:of|for|at) (?:the )?(?P<owner>[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})")


class AskedSubject:
    """The thing, names, period, kind of fact and kind of bound of a question, which an extractive answer must share.

    They may also be in the title, headings, column names or file name of a sentence. For a sentence without names of
    its own they may be in its chunk or in the first words of its document, since a report names its company on its
    cover. English only: other questions accept every sentence.
    """

    def __init__(self, question: str, pool: EvidencePool) -> None:
        self._pool, self._question = pool, question
        self._openings: dict[str, str] = {}
        applies = pool.language == "en" and spoken_language(question, pool.language) == "en"
        self._asked = asked_subject(question) if applies else None
        self._fact = asked_fact(question) if applies else None
        self._breaks = PageBreaks(pool)
        self._thing = AskedThing(question)

    def passes(self, index: int) -> bool:
        """Whether candidate `index` is about the subject, as far as it says."""
        if self._asked is None:
            return True
        candidate, row = self._pool.candidates[index], self._pool.row(index)
        sentence = self._sentence(index) if row is None else row.designated
        place = f"{self._pool.over(index)}\n{heading_over(candidate)}"
        told = Subject.of(sentence)
        if self._asked.rivals(told) or self._asked.without(told).rivals(Subject.of(place)):
            return False
        fields = list(fields_in(candidate.text))
        if (
            self._fact is not None
            and len(fields) > 1
            and not any(self._is_of(label, value) for label, value, *_ in fields)
        ):
            return False
        if row is None and not any(self._is_fact(each, place, candidate) for each in independent_clauses(sentence)):
            return False
        if row is None and self._is_of_another_thing(sentence, place):
            return False
        return self._is_named(self._asked, sentence, place, candidate)

    def _is_of_another_thing(self, sentence: str, place: str) -> bool:
        return (
            _is_of_other_day(self._question, f"{sentence}\n{place}")
            or _is_of_other_owner(self._question, sentence)
            or self._is_only_named(sentence, place)
        )

    def _is_only_named(self, sentence: str, place: str) -> bool:
        """Whether a sentence has the names and codes of the question, and none of several words about them."""
        named = frozenset(_stems_of_names(self._question))
        asked = frozenset(content_stems(self._question)) - named - (self._fact.asking if self._fact else frozenset())
        said = akin_stems(content_stems(f"{sentence}\n{place}"))
        return bool(named) and len(asked) >= _FEWEST_ASKED and akin_stems(asked).isdisjoint(said)

    def _sentence(self, index: int) -> str:
        whole = self._breaks.joined(index)
        return self._pool.spoken(index) if whole is None else whole.text

    def named_nowhere(self) -> tuple[str, ...]:
        """The names of the question that no candidate mentions, nor its title and headings."""
        if self._asked is None:
            return ()
        chunks = {each.chunk.id: each.chunk for each in self._pool.candidates}.values()
        read = (f"{chunk.text}\n{chunk.place}\n{chunk.filename}\n{self._opening(chunk)}" for chunk in chunks)
        return missing_from(self._asked, "\n".join(read))

    def _is_fact(self, clause: str, place: str, candidate: Candidate) -> bool:
        return self._tells(clause, place, candidate) and not self._is_another(clause, place, candidate)

    def _tells(self, sentence: str, place: str, candidate: Candidate) -> bool:
        """Whether a sentence can tell the kind of fact that is asked for, of the thing that the question names."""
        if self._fact is None:
            return True
        before = candidate.chunk.text[: candidate.start][-_BEFORE_CHARACTERS:] if POINTS_BACK.match(sentence) else ""
        around = f"{before}\n{sentence}\n{place}\n{re.sub(r'[_.-]', ' ', candidate.chunk.filename)}"
        return self._fact.is_told_in(sentence) and self._fact.is_of_thing(around)

    def _is_of(self, label: str, value: str) -> bool:
        """Whether one of several fields can tell the fact, and has a word of the question in its label."""
        told = self._fact is not None and self._fact.is_told_in(value)
        return told and not self._thing.heads.isdisjoint(stems(label))

    def _is_another(self, sentence: str, place: str, candidate: Candidate) -> bool:
        """Whether a sentence is about another thing of the kind, by the words before the noun."""
        before = candidate.chunk.text[: candidate.start]
        return self._thing.is_another(sentence, before, place, self._kinds)

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds.of((self._pool.reading(index) for index in range(len(self._pool))), self._thing.heads)

    def _is_named(self, asked: Subject, sentence: str, place: str, candidate: Candidate) -> bool:
        missing = missing_from(asked, f"{sentence}\n{place}\n{candidate.chunk.filename}")
        if not missing:
            return True
        others = {name for name in Subject.of(sentence).names if not name.isupper()} - set(asked.names)
        around = f"{candidate.chunk.text}\n{self._opening(candidate.chunk)}"
        return not others and not set(missing) & set(missing_from(asked, around))

    def _opening(self, chunk: Chunk) -> str:
        documents = self._pool.documents
        if documents is None:
            return ""
        if chunk.document_id not in self._openings:
            self._openings[chunk.document_id] = documents.opening(chunk)
        return self._openings[chunk.document_id]


def _stems_of_names(text: str) -> list[str]:
    codes, _ = take_identifiers(text)
    return content_stems(" ".join((*names(text), *codes)))


def _is_of_other_owner(question: str, sentence: str) -> bool:
    """Whether a sentence tells of the same role or thing of another name only: `Harbour's coach` for Easton's."""
    told = _owners(sentence)
    return any(head in told and owners.isdisjoint(told[head]) for head, owners in _owners(question).items())


def _is_of_other_day(question: str, text: str) -> bool:
    """Whether a question names a day of the week of which a text does not speak, nor of all days."""
    asked = {match[0].lower()[:3] for match in _WEEKDAY.finditer(question)}
    told = {match[0].lower()[:3] for match in _WEEKDAY.finditer(text)}
    return bool(asked) and asked.isdisjoint(told) and _DAYS_TOGETHER.search(text) is None


def _owners(text: str) -> dict[str, set[str]]:
    """The names to which things are said to belong, by the thing: `Harbour's coach`, `the coach of Harbour`."""
    found: dict[str, set[str]] = {}
    for pattern in (_OWNED, _OF_OWNER):
        for match in pattern.finditer(text):
            found.setdefault(stem(fold(match["head"])), set()).update(tokens(match["owner"]))
    return found


def heading_over(candidate: Candidate) -> str:
    """The nearest heading over a candidate; empty if there is none."""
    above = _HEADINGS.findall(candidate.chunk.text[: candidate.start]) if candidate.chunk.markdown else ()
    return above[-1] if above else candidate.chunk.heading[-1] if candidate.chunk.heading else ""
