"""What a question in another language than English asks for: its kind, and the words that an answer must have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from rag.text import Lexicon, fold, plain_words

AskedKind = Literal["price", "duration", "clock", "when", "amount", "number", "who", "where", "why"]
_PREFERRED = frozenset(["height", "length", "width"])
"""What `wie hoch` asks of a roof, but not of a fee: such a word of the question phrase itself need not be answered."""
_LETTER = re.compile(r"(?<![^\W_])(?<!['’])[A-ZА-ЯІЇЄ](?![^\W_]|['’])")
_LETTER_BESIDE_CJK = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z])")
_NUMERAL = re.compile(r"\d+(?:[.,:]\d+)*")
_RUN = re.compile(r"[\u3400-\u9fff々]+|[\u30a0-\u30ff]+")


@dataclass(frozen=True, slots=True)
class NativeQuestion:
    """The kind of a question, None for any other; its content words without those of a family; the families of the
    others; the letters and numbers that tell things apart: the `B` of `Aufzug B`.
    """

    kind: AskedKind | None
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    preferred: tuple[str, ...]
    designations: frozenset[str]

    @property
    def size(self) -> int:
        """How many words and families an answer must have."""
        return len(self.words) + len(self.concepts)


def native_question(question: str, lexicon: Lexicon) -> NativeQuestion:
    """What a question in the language of a lexicon asks for."""
    return _of_characters(question, lexicon) if lexicon.is_spaceless else _of_words(question, lexicon)


def asks_in(question: str, lexicon: Lexicon) -> bool:
    """Whether a question has a phrase that asks, in the language of a lexicon."""
    if lexicon.is_spaceless:
        return _phrase_among(fold(question), lexicon) is not None
    return _phrase_of(plain_words(question), lexicon) is not None


def _of_words(question: str, lexicon: Lexicon) -> NativeQuestion:
    words = plain_words(question)
    phrase = _phrase_of(words, lexicon)
    kind, start, end = phrase or (None, 0, 0)
    rest = words[:start] + words[end:]
    prices = {phrase[0] for phrase in lexicon.asks["price"] if len(phrase) == 1}
    if kind in ("number", "amount") and any(_asks(word, prices, lexicon) for word in rest):
        kind = "price"
    kinds = {kind, "number", "amount"} if kind in ("price", "duration") else {kind} if kind else set[AskedKind]()
    asking = {word for each in kinds for words_of in lexicon.asks.get(each, ()) for word in words_of}
    telling = [word for word in rest if not _is_empty(word, lexicon)]
    left = [word for word in telling if lexicon.concept_of(word) or not _asks(word, asking, lexicon)]
    concepts = [(word, lexicon.concept_of(word)) for word in left]
    in_phrase = [name for word in words[start:end] if (name := lexicon.concept_of(word))]
    return NativeQuestion(
        kind,
        tuple(dict.fromkeys(word for word, name in concepts if name is None)),
        tuple(dict.fromkeys([name for _, name in concepts if name] + [n for n in in_phrase if n not in _PREFERRED])),
        tuple(name for name in in_phrase if name in _PREFERRED),
        _designations(question, lexicon),
    )


def _phrase_of(words: list[str], lexicon: Lexicon) -> tuple[AskedKind, int, int] | None:
    """The kind, start and end of the first phrase that asks, of several at one place the longest.

    A word that may also be one of grammar asks only at the start.
    """
    found = [
        (at, -len(phrase), kind)
        for kind in get_args(AskedKind)
        for phrase in lexicon.asks.get(kind, ())
        for at in range(len(words) - len(phrase) + 1)
        if _is_at(words, at, phrase, lexicon) and (at == 0 or not lexicon.function.issuperset(phrase))
    ]
    if not found:
        return None
    at, length, kind = min(found, key=lambda each: each[:2])
    return kind, at, at - length


def _is_at(words: list[str], at: int, phrase: tuple[str, ...], lexicon: Lexicon) -> bool:
    there = tuple(words[at : at + len(phrase)])
    if lexicon.has_endings:
        return there[:-1] == phrase[:-1] and there[-1].startswith(phrase[-1])
    return there == phrase


def _asks(word: str, asking: set[str], lexicon: Lexicon) -> bool:
    if lexicon.has_endings:
        return any(len(each) > 1 and word.startswith(each) for each in asking)
    return word in asking


def _is_empty(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.function or word in lexicon.place or (len(word) == 1 and word.isalpha()) or word.isdigit()


def _of_characters(question: str, lexicon: Lexicon) -> NativeQuestion:
    text = fold(question)
    phrase = _phrase_among(text, lexicon)
    kind = phrase[0] if phrase else None
    if phrase:
        text = text.replace(phrase[1], " ", 1)
        for (each,) in lexicon.asks[phrase[0]]:
            text = text.replace(each, " ") if len(each) > 1 else text
    concepts: list[str] = []
    named = [(word, name) for name, family in lexicon.concepts.items() for word in family if len(word) > 1]
    for word, name in sorted(named, key=lambda each: -len(each[0])):
        if word in text:
            concepts.append(name)
            text = text.replace(word, " ")
    for word in sorted(lexicon.function, key=len, reverse=True):
        text = text.replace(word, " ")
    words = tuple(dict.fromkeys(_RUN.findall(text)))
    return NativeQuestion(kind, words, tuple(dict.fromkeys(concepts)), (), _designations(question, lexicon))


def _phrase_among(text: str, lexicon: Lexicon) -> tuple[AskedKind, str] | None:
    found = [
        (text.find(phrase), -len(phrase), kind, phrase)
        for kind in get_args(AskedKind)
        for (phrase,) in lexicon.asks.get(kind, ())
        if phrase in text
    ]
    return min(found)[2:] if found else None


def _designations(question: str, lexicon: Lexicon) -> frozenset[str]:
    pattern = _LETTER_BESIDE_CJK if lexicon.is_glued else _LETTER
    letters = {
        match[0] for match in pattern.finditer(question) if match.start() > 1 or fold(match[0]) not in lexicon.function
    }
    return frozenset(letters | set(_NUMERAL.findall(question)))
