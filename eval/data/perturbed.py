"""Queries with typing errors and in chat style, deterministic for a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[A-Za-z]{4,}")
_SHORT_FORMS = {
    "are": "r", "you": "u", "your": "ur", "because": "bc", "between": "btwn", "with": "w/", "without": "w/o",
    "people": "ppl", "through": "thru", "about": "abt", "do not": "dont", "does not": "doesnt", "is not": "isnt",
    "cannot": "cant", "can not": "cant", "what is": "whats", "before": "b4", "please": "pls",
}  # fmt: skip
_OPENERS = (
    "hey can u tell me if",
    "hi quick q is it true that",
    "yo anyone know if",
    "ok so i was wondering if",
    "pls help is it right that",
    "sry dumb question but",
    "can someone pls explain",
    "hey guys",
)
_CLOSERS = ("", "thx", "pls", "lol", "asap pls", "thanks in advance")


def mistyped(query: str, seed: str) -> str:
    """A query with one typing error in one word, or in two of a longer query: swap, drop, double or a neighbouring key.

    Only in words of four letters or more; a query without one is unchanged.
    """
    chance = random.Random(seed)
    words = list(_WORD.finditer(query))
    wanted = min(len(words), chance.choice((1, 2)) if len(words) > 3 else 1)  # noqa: PLR2004
    for match in sorted(chance.sample(words, wanted), key=lambda each: -each.start()):
        query = query[: match.start()] + _typo(match[0], chance) + query[match.end() :]
    return query


def chatty(query: str, seed: str) -> str:
    """A query in lower case, without punctuation, with short forms, a greeting and a courtesy."""
    chance = random.Random(seed)
    text = re.sub(r"[,;:!?\"()]|\.(?=\s|$)", "", query).lower()
    for long, short in _SHORT_FORMS.items():
        text = re.sub(rf"\b{long}\b", short, text)
    return " ".join(part for part in (chance.choice(_OPENERS), text, chance.choice(_CLOSERS)) if part)


def chatty_mistyped(query: str, seed: str) -> str:
    """Both."""
    return chatty(mistyped(query, seed), seed)


PERTURBATIONS: dict[str, Callable[[str, str], str]] = {
    "clean": lambda query, _: query,
    "typing errors": mistyped,
    "chat": chatty,
    "chat and typing errors": chatty_mistyped,
}


def _typo(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    kind = chance.choice((_swap, _drop, _double, _neighbour))
    return kind(word, place, chance)


def _swap(word: str, place: int, chance: random.Random) -> str:
    places = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    at = place if place in places else chance.choice(places or [place])
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(word: str, place: int, chance: random.Random) -> str:
    return word[:place] + word[place + 1 :]


def _double(word: str, place: int, chance: random.Random) -> str:
    return word[: place + 1] + word[place:]


def _neighbour(word: str, place: int, chance: random.Random) -> str:
    letter = word[place].lower()
    row = next(row for row in _ROWS if letter in row)
    at = row.index(letter)
    near = chance.choice([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)])
    return word[:place] + (near.upper() if word[place].isupper() else near) + word[place + 1 :]
