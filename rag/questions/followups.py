"""Follow-up questions: what a question means after the questions before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.models import Message
from rag.questions.antecedents import Turn, is_unclear, substituted
from rag.questions.chat_style import plain_style
from rag.questions.split import bracketed, resolve
from rag.text import asked_periods, names, phrases, pointers, telling, units_in

MOST_TURNS = 6
_MOST_CARRIED = 3
_ELLIPSIS_WORDS, _SHORT_WORDS = 1, 3

_CONTINUES = re.compile(
    r"(?:ok(?:ay)?|hi|hello|hey|well|wow|thanks|thank you|oh|oops|hmm|yes|no|sure|great|nice|cool|btw|by the way)?"
    r"[,.!]*\s*"
    r"(?:and|but|so|or|then|also|besides|what about|how about|what if|what else|who else|where else|why not|"
    r"any other|anything else|i mean|i meant|i am talking about|i'm talking about|same for|instead|more about|"
    r"tell me more|go on|continue|could you elaborate|elaborate)\b",
    re.IGNORECASE,
)
_ASKS_WHO_IS = re.compile(r"\W*(?:and|but|so)\W+who (?:is|was|are|were) (?:the|our) \w", re.IGNORECASE)
_WHO = re.compile(r"\W*who(?:m|se)?\b(?P<several> (?:are|were)\b)?", re.IGNORECASE)
_COURTESY = re.compile(
    r"(?:ok(?:ay)?|hi|hello|hey|thanks?|thank you(?: (?:so|very) much)?|great|nice|cool|perfect|good|fine|sure|yes|no|"
    r"that is (?:fine|ok|okay|all|great|good|interesting|impressive)|got it|i see|never ?mind|bye|goodbye|"
    r"it appears to be excellent|please|pls|i will do that)",
    re.IGNORECASE,
)
_OF_THE_CHANGE = re.compile(
    r"\bthe (?:\w+ )?(?:change|move|rise|fall|drop|decline|increase|decrease|growth|difference|improvement)\s*[?.!]*$",
    re.IGNORECASE,
)
_HOW_MANY_IN = re.compile(r"how (?:many|much) (?:in|on|at|for|from|by|during)\b", re.IGNORECASE)
Kind = Literal["alone", "marked", "short"]


def standalone(question: str, history: Sequence[Message]) -> str:
    """What a question asks after the conversation so far, as one question; itself when it needs nothing from there.

    Words are only added, or take the place of a pronoun: every number and name of the question stays.
    """
    return carried(question, last_turn(history))


def context_of(history: Sequence[Message]) -> str:
    """The last question of a conversation, completed from the questions before it; empty if there is none."""
    return last_turn(history).question


def last_turn(history: Sequence[Message]) -> Turn:
    """The last question of a conversation, completed from the turns before it, with what was answered."""
    turn = Turn()
    for question, answer in _turns(history)[-MOST_TURNS:]:
        turn = turn.followed_by(carried(plain_style(question), turn), answer)
    return turn


def _turns(history: Sequence[Message]) -> list[tuple[str, str]]:
    """The questions of a conversation, each with the first words of the assistant after it."""
    turns: list[tuple[str, str]] = []
    for message in history:
        if message.role == "user" and not is_courtesy(message.content):
            turns.append((message.content, ""))
        elif message.role == "assistant" and turns and not turns[-1][1]:
            turns[-1] = (turns[-1][0], message.content)
    return turns


def carried(question: str, turn: Turn) -> str:
    """A question completed from the turn before it."""
    if not turn.question or kind_of(question) == "alone":
        return question
    plainly = substituted(question, turn)
    if plainly is not None:
        return plainly
    if pointers(question) and (not is_unclear(question) or _may_be_of_one_person(turn.question)):
        return resolve(question, turn.question)
    return _with_topics(question, turn.question)


def _with_topics(question: str, before: str) -> str:
    """A question with what the one before it is about; not with its periods, if it has some of its own."""
    about = topics(before)
    undated = [each for each in about if telling(asked_periods(each)[1])]
    return bracketed(question, undated if asked_periods(question)[0] else about)


def later_part(part: str, before: str) -> tuple[str, str]:
    """A later part of a question, to answer and to search for, after the part before it.

    Where it depends on that, or asks about a change that it does not name (`what drove the fall?`), both are completed;
    else a part without names is searched for with those of the part before.
    """
    if points_back(part) or _OF_THE_CHANGE.search(part) or _HOW_MANY_IN.match(part):
        full = _with_topics(part, before) if _HOW_MANY_IN.match(part) else carried(part, Turn(before))
        return full, full
    own = [name for name in names(part) if not units_in(name)]
    named = [phrase.text for phrase in phrases(before) if names(phrase.text)]
    return part, part if own else bracketed(part, named)


def _may_be_of_one_person(question: str) -> bool:
    """Whether `she` may be who a question asks for, or whom it names."""
    who = _WHO.match(question)
    return bool(names(question)) if who is None else who["several"] is None


def kind_of(question: str) -> Kind:
    """Whether a question is independent, marked as a follow-up (a pronoun, `and`, `what about`), or has too few
    words.
    """
    if pointers(question) or (_CONTINUES.match(question.strip()) and not _ASKS_WHO_IS.match(question)):
        return "marked"
    words = telling(question)
    if len(words) <= _ELLIPSIS_WORDS or (len(words) <= _SHORT_WORDS and not _names(question)):
        return "short"
    return "alone"


def points_back(question: str) -> bool:
    """Whether a question depends on its context: a pronoun, an opening such as `what about`, or too few words."""
    if _ASKS_WHO_IS.match(question):
        return False
    return kind_of(question) == "marked" or len(telling(question)) <= _ELLIPSIS_WORDS


def is_courtesy(text: str) -> bool:
    """Thanks and greetings: turns that a question cannot go on from."""
    rest = _COURTESY.sub("", text)
    return not telling(rest)


def topics(question: str) -> list[str]:
    """What a question is about, at most three phrases: names first, then the longest."""
    found = [phrase.text for phrase in phrases(question) if telling(phrase.text)]
    ranked = sorted(found, key=lambda text: (not _names(text), -len(text.split())))[:_MOST_CARRIED]
    return [text for text in found if text in ranked]


def _names(text: str) -> bool:
    return bool(names(text)) or any(char.isdigit() for char in text)


__all__ = [
    "carried",
    "context_of",
    "is_courtesy",
    "kind_of",
    "last_turn",
    "later_part",
    "points_back",
    "standalone",
    "topics",
]
