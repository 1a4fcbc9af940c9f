"""Whom or what a follow-up question means, by the question before it and its answer. English only.

`When did she join?` after `Who is the director?` asks about the person whom the answer names; `How heavy is it?` after
`Who owns the ferry?` asks about the ferry; `And the tug?` asks the same of the tug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text import Phrase, fold, names, phrases, pointers, stems, telling

_PERSONAL = frozenset("she her hers he him his".split())
_THING = frozenset("it its".split())
_OWN = frozenset("his hers its".split())
_ASKS_WHO = re.compile(r"\W*(?:and |so |but )?(?:(?:by|to|with|from|of|for) )?who(?:m|se)?\b", re.IGNORECASE)
_ASKS_WHICH = re.compile(
    r"\W*(?:and |so |but )?(?:which|what) (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b)", re.IGNORECASE
)
_PART = r"[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?"
_NAME = re.compile(
    rf"{_PART}(?:\s(?:(?:van|von|de|der|den|del|di|da|la|le|du|bin|al)\s)*{_PART})*(?:\s\d+[A-Za-z]?\b)?"
)
_TITLES = frozenset("mr mrs ms dr prof sir".split())
_SAID_OF = re.compile(r"(?:^|[.!?:]\s+|\b(?:is|was|by|to|are)\s+)$")
_MARKER = re.compile(r"\[\d{1,3}\]")
_SWAP = re.compile(
    r"\W*(?:and|what about|how about)\s+(?:(?:what about|how about|of|for|in|at)\s+)?(?P<thing>[^?!.,]+?)[\s?.!]*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_CARRIED = re.compile(r"\s\([^()]*\)(?=\W*$)")
_FURTHER = re.compile(r"\s(?:of|on|in|at|near|by|for|from|to|with)\s", re.IGNORECASE)
_JOINS = re.compile(r"\s(?:of|on|in|at|near|by)\s", re.IGNORECASE)
_OWNER = re.compile(r"(?P<whose>[^'’]+)['’]s?\s")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation, completed from those before it, and what was answered; empty without one.

    `person` and `thing` are the last ones that it was about; empty where that is unclear.
    """

    question: str = ""
    answer: str = ""
    person: str = ""
    thing: str = ""

    def followed_by(self, question: str, answer: str) -> Turn:
        """The next turn; what was only carried into a question, in brackets, is not what it asks about."""
        own = _CARRIED.sub("", question)
        person = _person(own, answer)
        person = self.person if person is None else person
        thing = _thing(own, answer, f"{self.person} {person}")
        return Turn(question, answer, person, self.thing if thing is None else thing)


def substituted(question: str, turn: Turn) -> str | None:
    """The question with names in place of its pronouns, or the question before with another thing; None if unclear."""
    swapped = _swapped(question, turn.question)
    if swapped is not None:
        return swapped
    pointing = [match for match in pointers(question) if match[0] in (match[0].lower(), match[0].capitalize())]
    kind = _PERSONAL if any(match[0].lower() in _PERSONAL for match in pointing) else _THING
    meant = turn.person if kind is _PERSONAL else turn.thing
    found = [match for match in pointing if match[0].lower() in kind]
    if not meant or not found:
        return None
    for match in reversed(found):
        question = question[: match.start()] + _in_place(match, question, meant) + question[match.end() :]
    return question


def is_unclear(question: str) -> bool:
    """Whether a question asks about a person whom it does not name: `she`, `his`, but not `her (the Alder)`."""
    return any(
        match[0].lower() in _PERSONAL and not question.startswith(" (", match.end()) for match in pointers(question)
    )


def _person(question: str, answer: str) -> str | None:
    """The one person that the answer names, or else the question; empty for several, None for none."""
    told = _MARKER.sub("", answer[:_LONGEST_ANSWER])
    asked = set(stems(question))
    new = [each for each in _names(told) if not asked & set(stems(each[0]))]
    if _ASKS_WHO.match(question) and new:
        full = [name for name, _ in new if " " in name]
        said = [name for name, start in new if _SAID_OF.search(told[:start])]
        return _only((full if len(full) > 1 else said) or [name for name, _ in new])
    named = [name for name, _ in _names(question) if " " in name]
    return _only(named) if named or _ASKS_WHO.match(question) else None


def _thing(question: str, answer: str, persons: str) -> str | None:
    """The thing that a question is about, of an office what it is of; empty for several, None for none."""
    if _ASKS_WHICH.match(question):
        asked = set(stems(question))
        named = _only([name for name, _ in _names(answer) if not asked & set(stems(name))])
        if named:
            return f"the {named}" if f"the {named.lower()}" in answer.lower() else named
    known = set(stems(persons))
    found = [each.text for each in _things(question) if not known & set(stems(each.text))]
    if not found:
        return None
    thing = _only(found)
    if not thing or not _ASKS_WHO.match(question):
        return thing
    owner = _OWNER.match(thing)
    return owner["whose"] if owner else thing.partition(" of ")[2] or thing


def _things(question: str) -> list[Phrase]:
    """What a question certainly names, with what a preposition joins to it: `the bakery on Elm Street`."""
    found: list[Phrase] = []
    for phrase in phrases(question):
        if not phrase.certain or not telling(phrase.text):
            continue
        if found and _JOINS.fullmatch(question[found[-1].end : phrase.start]):
            first = found.pop()
            phrase = Phrase(question[first.start : phrase.end], first.start, phrase.end, certain=True)  # noqa: PLW2901
        found.append(phrase)
    return found


def _names(text: str) -> Iterator[tuple[str, int]]:
    """The names of a text as whole, without titles, and where they begin."""
    known = set(names(text))
    for match in _NAME.finditer(text):
        words = match[0].rstrip(".").split()
        while words and (words[0].rstrip(".") not in known or fold(words[0].rstrip(".")) in _TITLES):
            words = words[1:]
        if words:
            name = " ".join(words)
            yield name, match.start() + match[0].index(words[0])  # the name may go on after a line break


def _only(found: list[str]) -> str:
    distinct = list(dict.fromkeys(found))
    return distinct[0] if len(distinct) == 1 else ""


def _in_place(pronoun: re.Match[str], question: str, meant: str) -> str:
    word = pronoun[0].lower()
    following = question[pronoun.end() :].split()
    owns = word in _OWN or (word == "her" and bool(following) and bool(telling(following[0])))
    return meant if not owns else f"{meant}'" if meant.endswith("s") else f"{meant}'s"


def _swapped(question: str, before: str) -> str | None:
    """The question before with the thing of this one in place of the one like it: `And in 2021?`, `And the tug?`"""
    match = _SWAP.match(question)
    if match is None or not before or pointers(question):
        return None
    thing, years = match["thing"], _YEAR.findall(before)
    if _YEAR.fullmatch(thing):
        return before.replace(years[0], thing) if len(set(years)) == 1 else None
    like = [each for each in _things(before) if _is_like(each.text, thing)]
    if len(like) != 1 or set(telling(thing)) <= set(telling(like[0].text)):
        return None
    return before[: like[0].start] + thing + before[like[0].end :]


def _is_like(one: str, other: str) -> bool:
    """Whether two things are of one kind: both are names, or they have one noun: `the old` and `the new bridge`."""
    nouns = [telling(_FURTHER.split(each)[0])[-1:] for each in (one, other)]
    return (bool(nouns[0]) and nouns[0] == nouns[1]) or (_is_name(one) and _is_name(other))


def _is_name(thing: str) -> bool:
    words = _ARTICLE.sub("", thing).split()
    return bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)
