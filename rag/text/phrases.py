"""The phrases of a question: its topic, and the words that refer to earlier text.

English only, by rules on small closed classes of words. Without a parser, a phrase counts only if its bounds are
certain: it starts with an article or a name, and ends before a function word or the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.verbs import base
from rag.text.words import STOPWORDS, content_stems, fold, stem

WH = "what|who|whom|whose|which|when|where|why|how"
AUXILIARY = (
    "is|are|was|were|isn't|aren't|wasn't|weren't|do|does|did|don't|doesn't|didn't|can|could|can't|couldn't|will|would|"
    "won't|wouldn't|shall|should|shouldn't|may|might|must|has|have|had|hasn't|haven't"
)
WORD = re.compile(r"\w+(?:[-.:/'’]\w+)*")

_WH = frozenset(WH.split("|"))
_AUXILIARY = frozenset(AUXILIARY.split("|"))
_SUBJECT_FIRST = frozenset("do does did can could will would should may might must".split())
_ARTICLES = frozenset("the a an my our your this that these those any some each every all".split())
_ASKING = frozenset(
    "tell explain describe list give show name say know mean means hi hello hey please thanks thank ok okay want need "
    "like find get make happen happens happened much many long often far old big tall else help cause caused causes "
    "difference between information work works go going mean think provide sound seem wonder hear heard interest meant "
    "thought create use used using".split()
)
_PARTICIPLE = re.compile(r"\w{3,}(?:ed|ing)$")
_MOST_WORDS = 6
_NOUN_AND_VERB = 2

_POINTING = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|one|ones|such|"
    r"the same|the other|the others|another one|both|neither|the former|the latter)\b",
    re.IGNORECASE,
)
_OWN = frozenset("its their his her theirs hers itself".split())
_CLAUSE = re.compile(
    r"[,;?]|\b(?:and|or|but|if|when|while|where|because|since|before|after|until|once|although|though|unless|that|which|"
    r"who|so|to)\b",
    re.IGNORECASE,
)
_PLEONASTIC = re.compile(
    r"\b(?:does|did|will|would|can) it (?:take|matter|rain|snow|make sense)\b|"
    r"\b(?:is|was|be|isn't) (?:it|that|there) (?:possible|necessary|true|safe|legal|allowed|better|worth|important|"
    r"normal|easy|hard|difficult|a|an|any|also|ok|okay|time|only)\b|"
    r"\b(?:is|are|was|were|isn't|aren't) there\b|\bit (?:is|was|seems|appears) (?:that|to)\b|"
    r"\b(?:one|both) (?:of|and)\b|\bone \w+|\bsuch as\b|"
    r"\b(?!(?:is|was|does|did|do|about|of|for|like|in|on|by|with|to|at|after|before|and|but|why|how|if|has|can|will) )"
    r"[\w'’-]+,? (?:that|those|which)\b(?! *[?.!,]| *$)|\b(?:this|that|these|those) (?-i:[A-Z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `text[start:end]` of a question that name a thing; `certain` when its borders are beyond doubt."""

    text: str
    start: int
    end: int
    certain: bool


def phrases(question: str) -> tuple[Phrase, ...]:
    """What a question is about, in order: runs of words between function words, `of` joining two of them."""
    words = list(WORD.finditer(question))
    found: list[Phrase] = []
    place = 0
    while place < len(words):
        end = _run_end(question, words, place)
        if end == place:
            place += 1
            continue
        phrase = _phrase(question, words, place, end)
        if phrase is not None:
            found.append(phrase)
        place = max(end, place + 1)
    return tuple(_joined(question, found))


def pointers(question: str) -> tuple[re.Match[str], ...]:
    """The words that refer outside of the question: pronouns without an antecedent in it.

    A pronoun cannot refer to a thing that its own clause names, unless it is possessive.
    """
    inside = {at for match in _PLEONASTIC.finditer(question) for at in range(match.start(), match.end())}
    named = min((phrase.end for phrase in phrases(question) if phrase.certain), default=len(question))

    def points_inside(match: re.Match[str]) -> bool:
        between = question[named : match.start()]
        return match.start() >= named and (match[0].lower() in _OWN or _CLAUSE.search(between) is not None)

    return tuple(
        match for match in _POINTING.finditer(question) if match.start() not in inside and not points_inside(match)
    )


def telling(text: str) -> list[str]:
    """The content stems of a text, without words of asking or courtesy."""
    return [each for each in content_stems(text) if each not in _ASKING]


def _run_end(question: str, words: list[re.Match[str]], start: int) -> int:
    """Where a run of words that could name a thing ends; `start` itself when there is none."""
    end = start + 1 if _folded(words[start]) in _ARTICLES else start
    while end < len(words) and end - start < _MOST_WORDS:
        word = words[end]
        between = question[words[end - 1].end() : word.start()] if end > start else ""
        if _folded(word) in STOPWORDS | _AUXILIARY | _WH or between.strip():
            break
        if _folded(word) in _ASKING and not (end > start and _folded(words[end - 1]) in _ARTICLES):
            break
        end += 1
    return end


def _phrase(question: str, words: list[re.Match[str]], start: int, end: int) -> Phrase | None:
    run, before = words[start:end], _folded(words[start - 1]) if start else ""
    article = _folded(run[0]) in _ARTICLES
    if len(run) == int(article):
        return None
    certain = article or run[0][0][0].isupper()
    if before in _WH and not article:  # `what broke the seal`: the verb stands first
        certain = False
    following = _folded(words[end]) if end < len(words) else ""
    if before in _WH and article and following not in _AUXILIARY and len(run) > _NOUN_AND_VERB:
        verb_last = _plural(run[-1]) and not _plural(run[-2])  # `what the gateway costs`
        certain, run = certain and verb_last, run[:-1] if verb_last else run
    if before in _SUBJECT_FIRST and len(run) - int(article) >= _NOUN_AND_VERB:
        subject = _subject(run)
        certain = certain and subject is not None
        run = subject or run
    while len(run) > 1 + int(article) and _is_participle(run[-1][0]):
        run = run[:-1]
    if any(_PARTICIPLE.match(word[0]) and word[0].islower() for word in run[1:-1]):
        certain = False
    text = question[run[0].start() : run[-1].end()]
    return Phrase(text, run[0].start(), run[-1].end(), certain) if telling(text) or not article else None


def _is_participle(word: str) -> bool:
    """Whether a word may be a verb's participle: `stored`, `sold`."""
    irregular = base(stem(word)) != stem(word)
    return word.islower() and (irregular or _PARTICIPLE.match(word) is not None)


def _subject(run: list[re.Match[str]]) -> list[re.Match[str]] | None:
    """The subject in `the astronaut join NASA` or `the battery pack last`; None when the verb is not plain to see."""
    for place in range(2 if _folded(run[0]) in _ARTICLES else 1, len(run)):
        if run[place][0][0].isupper() and not run[place - 1][0][0].isupper():
            return run[: place - 1] or None
    return None if _plural(run[-1]) else run[:-1]


def _plural(word: re.Match[str]) -> bool:
    return _folded(word).endswith("s") and not _folded(word).endswith("ss")


def _joined(question: str, found: list[Phrase]) -> list[Phrase]:
    """`the history` and `Berlin` with nothing but `of` between them are one phrase."""
    kept: list[Phrase] = []
    for phrase in found:
        if kept and question[kept[-1].end : phrase.start].strip().lower() == "of":
            first = kept.pop()
            kept.append(Phrase(question[first.start : phrase.end], first.start, phrase.end, first.certain))
        else:
            kept.append(phrase)
    return kept


def _folded(match: re.Match[str]) -> str:
    return fold(match[0])
