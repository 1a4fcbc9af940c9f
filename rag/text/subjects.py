"""The exact subject of a question, so that a fact about another thing does not answer it. English only.

`What is the maximum load of lift B?` is not answered by the load of lift A, nor by a minimum; nor is a question about
2021 answered by a figure of 2022. A sentence is about another thing if it has a rival: the same word with another
number, letter or ordinal, another year, the opposite bound; or if it lacks a name in the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.text.names import has_name, mentions, names, take_identifiers
from rag.text.quantities import currency_of
from rag.text.words import STOPWORDS, fold, stem, tokens

_DESIGNATED = re.compile(
    r"(?<![\w'’])(?P<head>[^\W\d_]{2,})[ -](?P<value>\d+[A-Za-z]?|[A-Z]\d*|[b-hj-np-rt-z](?=\W|$))(?![\w%]|[.,:/]\d)"
)
_YEAR = re.compile(r"(?<![\w.,-])(?:FY|fiscal )?(?P<year>(?:18|19|20)\d\d)(?![\w%]|[.,]\d)", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\bFY ?'?(?P<year>\d\d)\b")
_BEFORE_CHARACTERS = 80
_OPEN_BEFORE = re.compile(
    r"\b(?:before|after|since|until|till|from|by|between|to|than|through|and|or|[–-])\s*$", re.IGNORECASE
)
_QUARTER = re.compile(r"\bQ([1-4])\b|\b([1-4])Q\b", re.IGNORECASE)
_ORDINALS = {
    word: str(number)
    for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
_ORDINAL = re.compile(
    rf"\b(?P<value>{'|'.join(_ORDINALS)}|(?P<number>\d+)(?:st|nd|rd|th))[ -](?P<head>[^\W\d_]{{3,}})", re.IGNORECASE
)
_OPPOSITE_KINDS = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("minimum min least lowest smallest shortest lightest", "maximum max most highest largest longest heaviest"),
        ("first earliest oldest", "last latest newest final"),
        ("upper", "lower"),
        ("gross", "net"),
        ("inner", "outer"),
        ("input", "output"),
        ("inlet", "outlet"),
        ("arrival arrive arrives", "departure depart departs"),
        ("opening opens", "closing closes"),
        ("northern north", "southern south"),
        ("eastern east", "western west"),
        ("morning", "afternoon evening night"),
        ("evening", "afternoon night"),
        ("summer", "winter"),
        ("weekday weekdays", "weekend weekends"),
        ("indoor", "outdoor"),
        ("front", "rear"),
        ("inbound", "outbound"),
        ("import imports imported", "export exports exported"),
        ("domestic", "international foreign"),
        ("public", "private"),
        ("wholesale", "retail"),
        ("adult adults", "child children"),
        ("junior", "senior"),
    )
)
_FISCAL_YEAR = "FY"
CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What identifies the subject of a text: numbered and lettered things by their noun, years, codes, words, names."""

    things: Mapping[str, frozenset[str]]
    years: frozenset[str]
    codes: frozenset[str]
    words: frozenset[str]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Subject:
        """The subject of a question or a sentence."""
        codes = frozenset(fold(code) for code in take_identifiers(text)[0])
        return cls(_things(text), _years(text), codes, frozenset(tokens(text)), _called(text))

    def rivals(self, other: Subject) -> bool:
        """Whether both have a thing, code or year of one kind and none of them in common, or opposite bounds."""
        if any(values.isdisjoint(other.things.get(head, values)) for head, values in self.things.items()):
            return True
        if self.years and other.years and self.years.isdisjoint(other.years):
            return True
        return self._other_code(other) or self._opposite(other)

    @property
    def dateless(self) -> Subject:
        """The same without its years."""
        return Subject(self.things, frozenset(), self.codes, self.words, self.names)

    def without(self, other: Subject) -> Subject:
        """The parts of this subject that a text with the subject `other` lacks."""
        things = {head: values for head, values in self.things.items() if not values & other.things.get(head, values)}
        things |= {head: values for head, values in self.things.items() if head not in other.things}
        years = frozenset[str]() if self.years & other.years else self.years
        return Subject(things, years, self.codes - other.codes, self.words - other.words, self.names)

    def _other_code(self, other: Subject) -> bool:
        shapes = {_shape(code) for code in other.codes}
        return any(code not in other.codes and _shape(code) in shapes for code in self.codes)

    def _opposite(self, other: Subject) -> bool:
        return any(
            (self.words & one and other.words & two and not (self.words & two or other.words & one))
            or (self.words & two and other.words & one and not (self.words & one or other.words & two))
            for one, two in _OPPOSITE_KINDS
        )


def missing_from(wanted: Subject, text: str) -> tuple[str, ...]:
    """The names of a subject that a text does not mention."""
    told = mentions(text)
    return tuple(name for name in wanted.names if not has_name(name, told))


def asked_subject(question: str) -> Subject:
    """The subject of a question: a year that only bounds what is asked, as in `before 2000`, is left out."""
    subject = Subject.of(question)
    bounding = {match["year"] for match in _YEAR.finditer(question) if _OPEN_BEFORE.search(_before(question, match))}
    return Subject(subject.things, subject.years - bounding, subject.codes, subject.words, subject.names)


def _before(text: str, match: re.Match[str]) -> str:
    """What stands before a match, near it: all of it would take time that grows with the square of the text."""
    return text[max(0, match.start() - _BEFORE_CHARACTERS) : match.start()]


def _things(text: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for match in _DESIGNATED.finditer(text):
        head = fold(match["head"])
        if head not in STOPWORDS and head not in CALENDAR and not _YEAR.fullmatch(match["value"]):
            found.setdefault(stem(head), set()).add(match["value"].lower())
    for match in _ORDINAL.finditer(text):
        value = _ORDINALS.get(match["value"].lower()) or match["number"]
        found.setdefault(f"{stem(fold(match['head']))} in order", set()).add(value)
    for match in _QUARTER.finditer(text):
        found.setdefault(f"{stem('quarter')} in order", set()).add(match[1] or match[2])
    return {head: frozenset(values) for head, values in found.items()}


def _years(text: str) -> frozenset[str]:
    short = {f"20{match['year']}" for match in _SHORT_YEAR.finditer(text)}
    return frozenset({match["year"] for match in _YEAR.finditer(text)} | short)


def _called(text: str) -> tuple[str, ...]:
    """Names, without the letter of `R2`, months and days, the mark of a fiscal year, and currencies."""
    return tuple(
        name
        for name in names(text)
        if len(name) > 1
        and fold(name).removesuffix("s") not in CALENDAR
        and name != _FISCAL_YEAR
        and not currency_of(name)
    )


def _shape(code: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", code))
