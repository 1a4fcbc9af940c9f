"""Cuts a sentence to a part that is a sentence itself.

The rules are conservative: without a parser, a sentence is cut only at marks that nearly always separate clauses, and
only if the rest has a subject and a finite verb of its own. A sentence with `if`, `only`, `either` and the like is
never cut, because its parts depend on each other, and nothing with a negation is removed. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text.dates import LIST_MARKER
from rag.text.sentences import split
from rag.text.words import tokens

MOST_CUTS = 4
_FEWEST_OF_A_CLAUSE = 3
_JOINT = re.compile(
    r"(?:[,:–—]|\s-)\s+(?:and|but|or(?!\s+(?:(?:about|approximately|roughly|around|nearly|some)\s+)?[$€£¥]?\d)|so|yet|while|whereas|although|because|since|which|who|plus|also|then)\s+"
    r"|;\s+|[.!?]\s+(?-i:(?![a-z]))"
    r"|\s+(?:and|but|while|whereas|because)\s+"
    r"(?=(?:the|its?|this|that|these|those|they|he|she|we|you|i|there|all|every|no)\b)",
    re.IGNORECASE,
)
_FULL_STOPS = ".!?"
_FEWEST_WORDS = 4
_LIST_ITEM_WORDS = 4
_SUBJECT_WORDS = 10
_OPENERS, _CLOSERS, _STOPS, _MARKS = "\"“‘'([*_", "\"”’'),;:.!?]*_", ".!?…", "\"”’')]*_"
_TRAILING = re.compile(r"[,;:—–-]+([\"”’')\]]*)$")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))

_JOINED = frozenset(
    "if unless until except only either neither nor both whether rather instead provided otherwise lest than".split()
)
_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor cannot without hardly barely scarcely rarely seldom few "
    "little unlike despite false untrue fails failed lacks lacked".split()
)
_RELATIVES = frozenset("which who whose whom where".split())
_PREPOSITIONS = frozenset(
    "about above across after against along among around as at before behind below beneath beside between beyond by "
    "during for from in inside into like near of off on onto out over per since through throughout to toward towards "
    "under up upon via with within".split()
)
_ASIDES = frozenset("while whereas although though because".split())
_SUBORDINATE = _RELATIVES | _ASIDES | frozenset("that what when how why as since after before once".split())
_DETERMINERS = frozenset(
    "a an the this that these those my your his her its our their each every some any all many most several "
    "such".split()
)
_PRONOUNS = frozenset("it they he she we i you this that these those there one".split())
_POINTING = _PRONOUNS - {"there"} | frozenset("its their his her them him such both then also thus hence so".split())
_CONJUNCTIONS = frozenset("and but or so yet nor for".split())
_ADVERBS = frozenset(
    "also then later now still often thus therefore however sometimes usually always soon even".split()
)
_AUXILIARIES = frozenset(
    "is are was were has have had does do did can could will would shall should may might must isn't aren't wasn't "
    "weren't hasn't haven't hadn't doesn't don't didn't can't couldn't won't wouldn't shouldn't mustn't".split()
)
_VERBS = _AUXILIARIES | frozenset(
    "became began bought broke brought built came cost cut drew drove fell felt flew fought found gave got grew held "
    "hit kept knew lay led left lost made meant met paid put ran read rose said sang sat saw sent set shot sold spent "
    "spoke stood struck taught thought threw told took went won wore wrote becomes begins belongs brings calls carries "
    "comes consists contains costs covers creates describes draws ends explains extends falls features forms gives "
    "goes grows happens helps holds includes involves keeps knows lasts leads lets lies lives looks makes means needs "
    "occurs offers opens owns pays plays produces provides reads receives refers remains represents requires rises "
    "runs says seems sends serves shows sits speaks stands starts stays stores supports takes tells turns uses varies "
    "weighs works writes include contain consist require provide mean become need use take make give".split()
)
_SPEECH = frozenset(
    "said says say told tells claimed claims believed believes thought thinks argued argues reported reports suggested "
    "suggests that whether".split()
)
_INDEPENDENT = re.compile(
    r"(?:;|,\s+(?:and|but|or|while|whereas|though|although))\s+(?=(?:(?i:the|an?|our|every|each|all)\s|[A-Z])[^,;]*\s[^,;]*\s)"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a sentence as a sentence of its own, and the words that were left out."""

    kept: str
    removed: str


def cuts(sentence: str, language: str = "en") -> list[Cut]:
    """The possible cuts of a sentence, the one that keeps most first; none if it cannot be cut safely.

    The words of `kept` are the first or the last words of the sentence in their order, except for the case of its first
    letter and the full stop; `removed` has the others and no negation.
    """
    words = sentence.split()
    plain = [_plain(word) for word in words]
    if language != "en" or not _may_be_cut(sentence, plain):
        return []
    found = [cut for place in range(1, len(words)) for cut in _at(place, words, plain)]
    return sorted(found, key=lambda cut: -len(cut.kept.split()))[:MOST_CUTS]


def _may_be_cut(sentence: str, plain: Sequence[str]) -> bool:
    own_lines = "\n" in sentence or "|" in sentence or "`" in sentence
    return (
        not own_lines
        and not sentence.rstrip(_CLOSERS + " ").endswith("?")
        and "?" not in sentence
        and not (_JOINED & set(plain))
    )


def _at(place: int, words: Sequence[str], plain: Sequence[str]) -> Iterator[Cut]:
    """The cuts between `words[place - 1]` and `words[place]`."""
    mark, first = words[place - 1][-1], plain[place]
    if mark == ";" or (mark == "," and first in ("and", "but", "so", "yet") and not _in_list(words[:place])):
        own = place + 1 if first in _CONJUNCTIONS else place
        if is_sentence(words[own:]):
            yield from _kept(words[:place], words[place:])
            if not _SPEECH & set(plain[:place]) and plain[own] not in _POINTING:
                yield from _kept(words[own:], words[:own])
    elif _opens_tail(mark, words, plain, place):
        yield from _kept(words[:place], words[place:])


def _in_list(before: Sequence[str]) -> bool:
    """Whether the last comma but one is so near that the last one may be a list's."""
    commas = [i for i, word in enumerate(before) if word.endswith(",")]
    return len(commas) > 1 and commas[-1] - commas[-2] <= _LIST_ITEM_WORDS


def _opens_tail(mark: str, words: Sequence[str], plain: Sequence[str], place: int) -> bool:
    """Whether what follows hangs on the clause before it and ends with the sentence."""
    first, rest = plain[place], plain[place + 1 :]
    if not rest:
        return False
    affirmed = not _NEGATIONS & set(plain[:place])
    if first == "and" and rest[0] in _AUXILIARIES:  # a second predicate
        return mark not in ";:" and not _SUBORDINATE & set(plain[:place])
    if first == "because":
        return affirmed
    if mark != "," or any(word.endswith(",") for word in words[place:]):  # after a comma the main clause may go on
        return False
    relative = first in _RELATIVES or (first in _PREPOSITIONS and rest[0] in ("which", "whom"))
    participle = first.endswith("ing") and first not in ("during", "thing")
    return relative or participle or (first in _ASIDES and affirmed)


def _kept(kept: Sequence[str], removed: Sequence[str]) -> Iterator[Cut]:
    """The cut, if what stays is a sentence and what goes negates nothing and tears no brackets apart."""
    text, rest = _TRAILING.sub(r"\1", " ".join(kept)), " ".join(removed)
    negates = any(word in _NEGATIONS or word.endswith("n't") for word in map(_plain, removed))
    if negates or not is_sentence(kept) or not _balanced(text) or not _balanced(rest):
        return
    text = text[:1].upper() + text[1:]
    yield Cut(text if text.rstrip(_MARKS).endswith(tuple(_STOPS)) else text + ".", rest)


def is_sentence(words: Sequence[str]) -> bool:
    """Whether English words have a subject, then a finite verb of the main clause, then more; False when in doubt."""
    plain = [_plain(word) for word in words]
    if len(plain) < _FEWEST_WORDS:
        return False
    opening = plain[0] in _CONJUNCTIONS | _SUBORDINATE - {"that"} or plain[0].endswith("ed")
    if opening or _dangles(plain[-1]):
        return False
    verb = next((i for i in range(len(plain)) if _is_finite(plain, i)), len(plain))
    if not 0 < verb <= min(_SUBJECT_WORDS, len(plain) - 2) or words[verb].endswith(","):
        return False
    subject = plain[:verb]
    if _SUBORDINATE & set(subject[1:]) or any(word.endswith("ing") for word in subject[1:2]):
        return False
    if subject[0] in _PREPOSITIONS | {"due"}:  # the subject stands between the comma after the phrase and the verb
        commas = [i for i, word in enumerate(words[:verb]) if word.endswith(",")]
        subject = subject[commas[-1] + 1 :] if commas else [word for word in subject if word in _PRONOUNS]
    return any(word in _PRONOUNS or _names_something(word) for word in subject)


def _is_finite(plain: Sequence[str], place: int) -> bool:
    word, before, after = plain[place], *(plain[i] if 0 <= i < len(plain) else "" for i in (place - 1, place + 1))
    if word in _VERBS:
        return before not in _DETERMINERS - _PRONOUNS and before != "to"
    regular = word.endswith("ed") and len(word) > len("need")  # `measures aimed at` has no finite verb
    return regular and before not in _DETERMINERS | _PREPOSITIONS | _CONJUNCTIONS | {""} and after not in _PREPOSITIONS


def _names_something(word: str) -> bool:
    small = _DETERMINERS | _PREPOSITIONS | _CONJUNCTIONS | _ADVERBS | _SUBORDINATE | _NEGATIONS
    return bool(word) and word not in small and not word.endswith("ly")


def _dangles(word: str) -> bool:
    return word in _PREPOSITIONS | _CONJUNCTIONS | _DETERMINERS - _PRONOUNS | _AUXILIARIES | _SUBORDINATE | {""}


def _balanced(text: str) -> bool:
    return text.count('"') % 2 == 0 and all(text.count(left) == text.count(right) for left, right in _PAIRS)


def _plain(word: str) -> str:
    return word.strip(_OPENERS + _CLOSERS).replace("’", "'").casefold()


def independent_clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that begin with a subject of their own: each may be about another thing.

    A clause after a pronoun goes on about the thing before.
    """
    return [part for part in _INDEPENDENT.split(sentence) if part.strip()]


def clauses(sentence: str) -> list[str]:
    """The clauses of an English sentence, in order, without conjunctions.

    A clause of fewer than three words is part of the previous one, and the marker of a list (`2.`) of the first. A
    simple sentence is one clause.
    """
    marker = LIST_MARKER.match(sentence)
    ends = {span.end for span in split(sentence)}
    joints = [
        joint
        for joint in _JOINT.finditer(sentence, marker.end() if marker else 0)
        if joint[0][0] not in _FULL_STOPS or joint.start() + 1 in ends  # `St. Alban` is one name
    ]
    edges = [0, *(edge for joint in joints for edge in joint.span()), len(sentence)]
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if spans and len(tokens(sentence[start:end])) < _FEWEST_OF_A_CLAUSE:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [sentence[start:end].strip() for start, end in spans]
