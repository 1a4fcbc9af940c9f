"""Which sentences of a pool answer a question in its own language, another one than English, by the words of both.

The embedding model and the list of common words know English, so nothing is weighed: a sentence must have every content
word of the question, and something of the kind that is asked for. A word may also be in a heading or the title, or be
the topic of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answers.relevance import tells
from rag.evidence import EvidencePool
from rag.questions import NativeQuestion, native_question
from rag.text import Lexicon, currency_codes, fold, plain_words, words_as_written

_FEWEST_WORDS = 3
_LEAST = 0.75
_TOPIC, _HEADING, _COMPOUND, _PAIRS = 0.6, 0.9, 0.95, 0.8
_CLOSE = 0.04
_RIVAL, _PREFERRED, _FIRST, _FITTING = 0.1, 0.05, 0.05, 0.05
_REACH_OF_NUMBER = 2  # words
_FEWEST_OF_TOPIC, _SHARE_OF_TOPIC = 3, 0.25
_NUMERIC = ("price", "duration", "clock", "amount", "number")
_DEPUTY = "deputy"
_OPPOSITES = tuple(
    frozenset(each.split()) for each in ("adult child", "adult senior", "adult student", "child senior", "min max")
)
_COMPOUNDING = frozenset("da de nl no sv".split())
_INFLECTING = frozenset("cs hi pl ru tr uk".split())
_SHORTEST_PART, _SHORTEST_ROOT, _LONGEST_ENDING = 4, 4, 3
_SHARE_OF_ROOT = 0.65
_NUMERAL = re.compile(r"\d")
_DATED = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)|(?<!\d)\d{1,2}[:h]\s?\d\d|\d\s?[時点點시年月]")
_CLOCK = re.compile(
    r"\d\s?(?:uhr|uur|h\b|heures|час|годин|godz|hodin|点|點|時|시|बजे)|\b(?:kl\.?|klock\w+|الساعة|saat)\s?\d"
)
_EXISTS = re.compile("有|に")  # before what there is at a place, in Chinese and Japanese
_PAUSE = r"[;、，；：–—]|[,:]\s|\s-\s"
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d%]|[.,]\d)")
_SYMBOL = re.compile(r"[$€£¥￥₩₹₽₺₴₫฿₪]")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_CAPITALISED = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\u30a0-\u30ff]")
_RUN_OF_CAPITALS = re.compile(r"(?:[A-ZÀ-ÞĀ-ž\u0400-\u042f][\w'’.-]*\s?)+")
_TITLE = frozenset("frau herr herrn dr prof dhr mevr".split())


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence, folded, as words and as characters; what stands over it, and what its document is about."""

    text: str
    folded: str
    words: tuple[str, ...]
    over: str
    over_words: frozenset[str]
    topic: frozenset[str]
    topic_text: str


def answering(question: str, pool: EvidencePool, lexicon: Lexicon) -> list[int]:
    """The candidates that answer a question, best first; none where no sentence has all that it asks about."""
    asked = native_question(question, lexicon)
    if not asked.size:
        return []
    topics = _topics(pool, lexicon)
    scores: dict[int, float] = {}
    for index in range(len(pool)):
        if tells(index, pool, fewest_words=_FEWEST_WORDS):
            told = _told(index, pool, topics[pool.candidates[index].chunk.document_id])
            score = _score(asked, told, lexicon)
            if score is not None:
                scores[index] = score
    best = max(scores.values(), default=0.0)
    order = sorted(scores, key=lambda index: (-scores[index], index))
    return [index for index in order if scores[index] >= best - _CLOSE]


def _told(index: int, pool: EvidencePool, topic: tuple[frozenset[str], str]) -> _Told:
    reading, over = pool.reading(index), f"{pool.over(index)}\n{pool.candidates[index].chunk.filename}"
    words = tuple(plain_words(reading))
    return _Told(reading, fold(reading), words, fold(over), frozenset(plain_words(over)), *topic)


def _topics(pool: EvidencePool, lexicon: Lexicon) -> dict[str, tuple[frozenset[str], str]]:
    """What each document is about: the words of the first of its sentences, and those of many of them."""
    of: dict[str, list[int]] = {}
    for index, candidate in enumerate(pool.candidates):
        of.setdefault(candidate.chunk.document_id, []).append(index)
    return {document: _topic(indexes, pool, lexicon) for document, indexes in of.items()}


def _topic(indexes: Sequence[int], pool: EvidencePool, lexicon: Lexicon) -> tuple[frozenset[str], str]:
    placed = sorted(indexes, key=lambda index: pool.candidates[index].span[2:])
    first = pool.candidates[placed[0]].text
    counts = Counter(word for index in indexes for word in set(plain_words(pool.candidates[index].text)))
    least = max(_FEWEST_OF_TOPIC, _SHARE_OF_TOPIC * len(indexes))
    frequent = {word for word, count in counts.items() if count >= least} - lexicon.function
    return frozenset(frequent.union(plain_words(first))), fold(first)


def _score(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> float | None:
    """How well a sentence answers; None where it lacks a word, a letter or number, or the kind that is asked for."""
    if not all(_has_designation(each, told) for each in asked.designations) or not _has_kind(asked, told, lexicon):
        return None
    credits = [*(_of_word(each, told, lexicon) for each in asked.words)]
    credits += [_of_concept(each, told, lexicon) for each in asked.concepts]
    mean = sum(credits) / len(credits)
    if min(credits) == 0 or mean < _LEAST:
        return None
    about = _about(asked, told, lexicon)
    if min(credits) == _TOPIC and not (about and _is_of_topic(asked, about, told, lexicon)):
        return None
    if _DEPUTY not in asked.concepts and _of_concept(_DEPUTY, told, lexicon) == 1:
        return None
    if asked.size == 1 and not asked.designations and not (about and _tells_it(asked, about, told, lexicon)):
        return None
    preferred = all(_of_concept(each, told, lexicon) for each in asked.preferred)
    rivals = any(
        pair & set(asked.concepts) and any(_of_concept(each, told, lexicon) == 1 for each in pair - set(asked.concepts))
        for pair in _OPPOSITES
    )
    return (
        mean
        + _FIRST * bool(about)
        + _FITTING * _fits_well(asked, told, lexicon)
        + _PREFERRED * (preferred and bool(asked.preferred))
        - _RIVAL * rivals
    )


def _tells_it(asked: NativeQuestion, about: str, told: _Told, lexicon: Lexicon) -> bool:
    """Whether the clauses about the thing have the number that is asked for, not those about another."""
    if asked.kind not in (*_NUMERIC, "when"):
        return True
    return _has_kind(asked, replace(told, text=about, folded=fold(about), words=tuple(plain_words(about))), lexicon)


def _has_designation(designation: str, told: _Told) -> bool:
    pattern = rf"(?<![^\W_]){re.escape(designation)}(?![^\W_])"
    if not designation.isdigit() and designation.isascii():
        pattern = rf"(?<![A-Za-z]){re.escape(designation)}(?![A-Za-z])"
    elif designation[0].isdigit():
        pattern = rf"(?<![\d.,]){re.escape(designation)}(?!\d|[.,]\d)"
    return re.search(pattern, told.text) is not None or re.search(pattern, told.over, re.IGNORECASE) is not None


def _of_word(word: str, told: _Told, lexicon: Lexicon) -> float:
    if lexicon.is_spaceless:
        places = ((told.folded, 1.0), (told.over, _HEADING), (told.topic_text, _TOPIC))
        return max(credit * _share(word, text) for text, credit in places)
    if any(_is_same(word, each, lexicon) for each in told.words):
        return 1.0
    if lexicon.language in _COMPOUNDING and any(_ends_in(each, word, lexicon) for each in told.words):
        return _COMPOUND
    if any(_is_same(word, each, lexicon) for each in told.over_words):
        return _HEADING
    return _TOPIC if any(_is_same(word, each, lexicon) for each in told.topic) else 0.0


def _share(run: str, text: str) -> float:
    """1 if a text has the run of characters, a little less before others of its script, less for most pairs of it."""
    if run in text:
        return 1.0 if re.search(rf"{run}(?![\u3400-\u9fff])", text) else _COMPOUND
    pairs = [one + other for one, other in pairwise(run)]
    found = sum(pair in text for pair in pairs)
    return _PAIRS if len(pairs) > 1 and found >= _PAIRS * len(pairs) else 0.0


def _is_same(word: str, other: str, lexicon: Lexicon) -> bool:
    if word == other or lexicon.stem(word) == lexicon.stem(other):
        return True
    if lexicon.language not in _INFLECTING and not lexicon.has_endings:
        return False
    shared = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    if lexicon.has_endings:
        return shared >= max(min(2, len(word)), min(len(word), len(other)) - 1)
    longest = max(len(word), len(other))
    return shared >= _SHORTEST_ROOT and shared >= max(longest - _LONGEST_ENDING, _SHARE_OF_ROOT * longest)


def _ends_in(compound: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a compound of the kind that another one names: `Verwaltungsgebühr` of `Gebühr`."""
    root = lexicon.stem(word)
    return len(root) >= _SHORTEST_PART and len(compound) > len(root) and lexicon.stem(compound).endswith(root)


def _of_concept(concept: str, told: _Told, lexicon: Lexicon) -> float:
    family = lexicon.concepts.get(concept, ())
    if lexicon.is_spaceless:
        places = ((told.folded, 1.0), (told.over, _HEADING), (told.topic_text, _TOPIC))
        return max((credit for text, credit in places if any(each in text for each in family)), default=0.0)
    places_of_words = ((told.words, 1.0), (told.over_words, _HEADING), (told.topic, _TOPIC))
    return max(
        (credit for words, credit in places_of_words if any(lexicon.is_of(each, family) for each in words)), default=0.0
    )


def _about(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> str:
    """The clauses of a sentence that are about the thing: the first of their words that tells one is of the question.

    A word of the kind that is asked for may stand before it, such as a date, and a pronoun in its place. A clause with
    no such word goes on with the thing before, as a sentence does with the topic of its document.
    """
    if lexicon.is_spaceless:
        starts = [told.folded.find(word) for word in asked.words]
        starts += [told.folded.find(each) for name in asked.concepts for each in lexicon.concepts[name]]
        counted = (
            rf"(?:[{re.escape(''.join(sorted(lexicon.numbers)))}每毎\d])+\w?"  # `一份` before what there is one of
        )
        ahead = (re.sub(counted, "", told.folded[:at]) for at in starts if at >= 0)
        exists = asked.kind in ("where", "number")
        return told.text if any(not _IDEOGRAPH.search(x) or (exists and _EXISTS.search(x)) for x in ahead) else ""
    clauses: list[str] = []
    goes_on = True
    for clause in _clauses(told.text, lexicon):
        first = next(iter(_telling(asked, clause, told, lexicon)), None)
        goes_on = goes_on if first is None else _is_of_question(first, asked, lexicon)
        clauses += [clause] if goes_on else []
    return " ".join(clauses)


def _telling(asked: NativeQuestion, clause: str, told: _Told, lexicon: Lexicon) -> list[str]:
    """The words of a clause that tell a thing: not grammar, nor what the question asks with or for."""
    names = _name_words(asked, told, lexicon) if asked.kind == "who" else frozenset[str]()
    asking = {word for each in (lexicon.asks[asked.kind] if asked.kind else ()) for word in each}
    grammar = lexicon.function | lexicon.place | lexicon.pronouns | asking | names
    skipped = grammar | lexicon.numbers | lexicon.calendar | lexicon.time_units | lexicon.currencies
    return [word for word in plain_words(clause) if word not in skipped and not word[0].isdigit() and len(word) > 1]


def _is_of_topic(asked: NativeQuestion, about: str, told: _Told, lexicon: Lexicon) -> bool:
    """Whether a sentence may be about the topic of its document without a word for it: a pronoun, or nothing else."""
    if lexicon.is_spaceless or asked.kind not in _NUMERIC or (told.words and told.words[0] in lexicon.pronouns):
        return True
    return all(_is_of_question(word, asked, lexicon) for word in _telling(asked, about, told, lexicon))


def _clauses(text: str, lexicon: Lexicon) -> list[str]:
    """What stands between commas, or words such as `und`."""
    joints = "|".join(map(re.escape, sorted(lexicon.joints)))
    return re.split(rf"{_PAUSE}|\s(?:{joints})\s" if joints else _PAUSE, text)


def _is_of_question(word: str, asked: NativeQuestion, lexicon: Lexicon) -> bool:
    alone = _Told(word, word, (word,), "", frozenset(), frozenset(), "")
    return any(_of_word(each, alone, lexicon) for each in asked.words) or any(
        _of_concept(each, alone, lexicon) for each in asked.concepts
    )


def _fits_well(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    """Whether a sentence has what is asked for in the form that is expected of it: the number beside its thing, a date
    or time of day.
    """
    if asked.kind == "number":
        return _is_counted(asked, told, lexicon)
    if asked.kind in ("when", "clock"):
        named = lexicon.calendar | lexicon.numbers
        return (
            _DATED.search(told.text) is not None
            or _CLOCK.search(told.folded) is not None
            or _has_any(told, named, lexicon)
        )
    return asked.kind == "where" and _DATED.search(told.text) is None


def _is_counted(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    numbered = [at for at, word in enumerate(told.words) if word[0].isdigit() or word in lexicon.numbers]
    return any(
        _is_of_question(word, asked, lexicon)
        for at in numbered
        for word in told.words[max(0, at - 1) : at + 1 + _REACH_OF_NUMBER]
    )


def _has_kind(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    found: dict[str | None, Callable[[], bool]] = {
        "price": lambda: _has_price(told, lexicon),
        "duration": lambda: _has_unit(told, lexicon.time_units, lexicon),
        "clock": lambda: _has_number(told, lexicon),
        "amount": lambda: _has_price(told, lexicon) or _has_amount(asked, told, lexicon),
        "number": lambda: _has_count(asked, told, lexicon),
        "when": lambda: _has_number(told, lexicon) or _has_any(told, lexicon.calendar, lexicon),
        "where": lambda: _has_place(told, lexicon),
        "why": lambda: any(_has_phrase(phrase, told, lexicon) for phrase in lexicon.reason),
        "who": lambda: _has_person(asked, told, lexicon),
    }
    return asked.kind not in found or found[asked.kind]()


def _has_count(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    """A number; a year only if it counts the thing."""
    if _is_counted(asked, told, lexicon):
        return True
    return _has_number(replace(told, text=_YEAR.sub(" ", told.text)), lexicon)


def _has_amount(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    """A number; one of a unit of time only for a question that has a word of duration."""
    lasting = {word for phrase in lexicon.asks["duration"] for word in phrase}
    is_lasting = any(word.startswith(each) for word in asked.words for each in lasting)
    return _has_number(told, lexicon) and (is_lasting or not _has_unit(told, lexicon.time_units, lexicon))


def _has_price(told: _Told, lexicon: Lexicon) -> bool:
    if _has_any(told, lexicon.free, lexicon):
        return True
    codes = currency_codes() & set(_CODE.findall(told.text))
    has_unit = bool(codes) or _SYMBOL.search(told.text) or _has_unit(told, lexicon.currencies, lexicon)
    return bool(has_unit) and _has_number(told, lexicon)


def _has_number(told: _Told, lexicon: Lexicon) -> bool:
    return _NUMERAL.search(told.text) is not None or _has_any(told, lexicon.numbers, lexicon)


def _has_place(told: _Told, lexicon: Lexicon) -> bool:
    """Whether a sentence has a word of place before anything but a time; accents count, since `à` is not `a`."""
    if lexicon.is_glued:
        return _has_any(told, lexicon.place, lexicon)
    written = words_as_written(told.text)
    times = lexicon.numbers | lexicon.calendar | lexicon.time_units
    return any(
        word in lexicon.place_as_written and not (after[0].isdigit() or fold(after) in times)
        for word, after in pairwise([*written, "."])
    )


def _has_unit(told: _Told, units: frozenset[str], lexicon: Lexicon) -> bool:
    if not lexicon.is_glued:
        return _has_any(told, units, lexicon)
    counted = "|".join(map(re.escape, sorted(lexicon.numbers)))
    named = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    return re.search(rf"(?:\d|{counted})\s?(?:{named})", told.folded) is not None


def _has_any(told: _Told, family: frozenset[str], lexicon: Lexicon) -> bool:
    if lexicon.is_spaceless:
        return any(each in told.folded for each in family)
    if lexicon.has_endings:
        return any(word == each or word.endswith(each) for word in told.words for each in family)
    if lexicon.language in _INFLECTING:
        return any(word == each or (len(each) > 1 and word.startswith(each)) for word in told.words for each in family)
    return not family.isdisjoint(told.words)


def _has_phrase(phrase: tuple[str, ...], told: _Told, lexicon: Lexicon) -> bool:
    if lexicon.is_glued:
        return " ".join(phrase) in told.folded
    return any(told.words[at : at + len(phrase)] == phrase for at in range(len(told.words)))


def _has_person(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> bool:
    """Whether a sentence names somebody: in writing without capitals, whether it has no number."""
    if not any(char.isupper() or char.islower() for char in told.text):
        return not _has_number(told, lexicon) or (lexicon.is_spaceless and _NUMERAL.search(told.text) is None)
    return any(True for _ in _names(asked, told, lexicon))


def _names(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> Iterator[str]:
    """The names of a sentence that the question does not have: words with a capital, in German two of them."""
    found = [match[0] for match in _CAPITALISED.finditer(told.text)]
    capital = [word[0].isupper() and fold(word) not in lexicon.function for word in found]
    for at, word in enumerate(found):
        beside = at + 1 < len(found) and capital[at + 1]
        titled = at > 0 and fold(found[at - 1]) in _TITLE
        is_name = beside or titled if lexicon.language == "de" or at == 0 else True
        if capital[at] and is_name and not _is_of_question(fold(word), asked, lexicon):
            yield word


def _name_words(asked: NativeQuestion, told: _Told, lexicon: Lexicon) -> frozenset[str]:
    """The words of names with the other words that have a capital beside them, folded."""
    names = set(_names(asked, told, lexicon))
    runs = _RUN_OF_CAPITALS.findall(told.text)
    return frozenset(word for run in runs if names & set(_CAPITALISED.findall(run)) for word in plain_words(run))
