"""Whether a sentence contradicts a number, date, code, name or negation of a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.evidence.stated_facts import claim_of, ground_of, missing_names, missing_numbers
from rag.text import (
    STOPWORDS,
    PartialDate,
    Quantity,
    base,
    direction_differs,
    names,
    negation_differs,
    plain,
    quantities,
    stem,
    stems,
    take_dates,
    tokens,
)

_NEIGHBOURS = 2
_NEGATION = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither|nor|cannot|\w+n['’]t)\b", re.IGNORECASE)
_CODE = re.compile(r"\b[\w]+(?:[-._]\w+)+\b")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of a claim with a sentence: it `agrees` in all facts, or `differs`, or neither can be decided.

    `facts` of the claim are missing in the sentence; `stems` are theirs.
    """

    agrees: bool
    differs: bool
    facts: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()


def compare(claim: str, sentence: str) -> Comparison:
    """Compares the facts of a claim and a sentence, not their words in common.

    They differ if the missing facts are of one kind, and the sentence has another number, date, code or name in the
    place of each; or if none is missing, and one of the two is negated or states the opposite direction.
    """
    ground, facts = ground_of(sentence), claim_of(claim)
    numbers, called = missing_numbers(facts, [ground]), missing_names(facts, [ground])
    absent = (*numbers, *called)
    if not absent:
        turned = _negation_differs(claim, sentence) or direction_differs(claim, sentence)
        return Comparison(not turned, turned)
    rivals = [_number_rivalled(each, claim, sentence) for each in numbers]
    rivals += [_name_rivalled(each, claim, sentence) for each in called]
    one_kind = not (numbers and called) and len({each in facts.identifiers for each in numbers}) <= 1
    stemmed = frozenset(each for fact in absent for each in stems(fact))
    return Comparison(False, one_kind and all(rivals), absent, stemmed)


def _negation_differs(claim: str, sentence: str) -> bool:
    denied, told = _NEGATION.search(claim) is not None, _NEGATION.search(sentence) is not None
    return denied != told and negation_differs(claim, sentence)


def _number_rivalled(fact: str, claim: str, sentence: str) -> bool:
    """A number, date or code of the same kind stands in the sentence in the same place."""
    dates, _ = take_dates(plain(claim, counts_one=False))
    date = next((each for each in dates if each.text == fact), None)
    if date is not None:
        return any(_other_date(date, each) for each in take_dates(plain(sentence, counts_one=True))[0])
    claimed = next((q for q in _counted(claim) if q.quantity.text == fact), None)
    if claimed is not None:
        return any(_other_number(claimed, each) for each in _counted(sentence))
    return any(
        _shape(fact) == _shape(code) and code not in claim and _same_place(fact, claim, code, sentence)
        for code in _codes(sentence)
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """A quantity, the stem of the word after its number and unit, and whether it is a bound."""

    quantity: Quantity
    of: tuple[str, ...]
    least: bool
    most: bool


def _counted(text: str) -> Iterator[_Counted]:
    text = plain(text, counts_one=True)
    _, rest = take_dates(text)
    for quantity in quantities(rest):
        after = [
            base(stem(token)) for token in tokens(rest[quantity.end : quantity.end + 40]) if token not in STOPWORDS
        ]
        yield _Counted(quantity, tuple(after[:_NEIGHBOURS]), quantity.bound in ("≥", ">"), quantity.bound in ("≤", "<"))


def _other_number(claimed: _Counted, other: _Counted) -> bool:
    """The same kind of thing counted differently; a number within a stated bound is not a contradiction."""
    here, there = claimed.quantity, other.quantity
    if here.value == there.value or (here.unit != there.unit and here.unit and there.unit):
        return False
    alike = bool(here.unit and here.unit == there.unit) or bool(
        set(claimed.of[:_NEIGHBOURS]) & set(other.of[:_NEIGHBOURS])
    )
    if not alike:
        return False
    if claimed.least or claimed.most:
        return True
    within = (other.least and here.value >= there.value) or (other.most and here.value <= there.value)
    return not within


def _other_date(claimed: PartialDate, other: PartialDate) -> bool:
    pairs = [(claimed.year, other.year), (claimed.month, other.month), (claimed.day, other.day)]
    said = [(here, there) for here, there in pairs if here is not None]
    return all(there is not None for _, there in said) and any(here != there for here, there in said)


def _codes(sentence: str) -> Sequence[str]:
    return claim_of(sentence).identifiers or tuple(_CODE.findall(sentence))


def _shape(code: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "0", code.lower()))


def _name_rivalled(name: str, claim: str, sentence: str) -> bool:
    told = set(names(claim))
    others = [each for each in names(sentence) if each not in told]
    return any(_same_place(name, claim, other, sentence) for other in others)


def _same_place(here: str, claim: str, there: str, sentence: str) -> bool:
    """The next word that tells, before or after, is the same one; other parts of a name are passed over."""
    return bool(_around(here, claim) & _around(there, sentence))


def _around(word: str, text: str) -> set[tuple[str, str]]:
    told = set(names(text))
    found: set[tuple[str, str]] = set()
    for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
        before = [
            t for t in re.findall(r"[\w.-]+", text[: match.start()]) if t not in told and t.lower() not in STOPWORDS
        ]
        after = [t for t in re.findall(r"[\w.-]+", text[match.end() :]) if t not in told and t.lower() not in STOPWORDS]
        found |= {("before", base(stem(t.lower()))) for t in before[-1:]} | {
            ("after", base(stem(t.lower().rstrip(".")))) for t in after[:1]
        }
    return found
