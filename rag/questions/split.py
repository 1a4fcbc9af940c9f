"""The questions in a question, each as a question that can be asked by itself.

`What caused the outage, and who fixed it?` has two: `What caused the outage` and `who fixed the outage?`. English only;
a question in another language is one part, except where a question mark divides it.
"""

from __future__ import annotations

import re

from rag.questions.enumerations import completed, listed_things
from rag.questions.instructions import instructs
from rag.text import AUXILIARY, WH, Phrase, phrases, pointers, telling

MOST_QUESTIONS = 4
LONGEST_READ = 1500
"""Characters of a question that rules read: some take time that grows with their square; a log is one question."""

_CUT = re.compile(
    r"(?P<mark>[?!.]+)\s+(?P<joint>(?:(?:and|but|also|then|plus|so)\b,?\s+)*)"
    r"|(?P<comma>\s*[,;:]|\s+[–—-])?\s+(?P<conjunction>(?:and|but|plus|as well as)(?:\s+(?:also|then|so))?,?)\s+"
    r"|(?P<bare>[,;])\s+(?:(?:also|then)\s+)?",
    re.IGNORECASE,
)
_PRONOUN = r"(?:it|they|he|she|i|you|we|there|this|that|these|those|one|(?:any|some|every|no)(?:one|body|thing))"
_ARTICLE = r"(?:the|a|an|any|my|our|your|its|their|his|her)"
_COURTESY = (
    r"(?:(?:so|hi|hello|hey|ok|okay|and|but|also|well|then|please|pls)[,!]?\s+)*"
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone) (?:please )?|please )?"
)
_IMPERATIVE = r"(?:explain|describe|list|tell|give|show|summari[sz]e|compare|define|name|state|say)"
_BEFORE_WH = r"(?:(?:for|since|until|at|in|to|from|by|with|on|of|about|after|before|under)\s+)?"
_MEASURE = r"(?:many|much|long|often|far|old|big|high|large|deep|late|soon|fast|well|else|exactly|come|\w+ly)"
_OPENS_WH = re.compile(rf"{_BEFORE_WH}(?P<wh>{WH})\b", re.IGNORECASE)
_OPENS_AUXILIARY = re.compile(rf"(?:{AUXILIARY})\b", re.IGNORECASE)
_CONDITION = re.compile(r"^if (?:so|not|yes|no),?\s+", re.IGNORECASE)
_PERFECT = re.compile(r"(?:has|have|had)\s+(?:[\w-]+\s+){1,5}been\b", re.IGNORECASE)
_OPENS_IMPERATIVE = re.compile(rf"(?:please\s+|also\s+)*{_IMPERATIVE}\b", re.IGNORECASE)
_STARTS_AUXILIARY = re.compile(rf"{_COURTESY}(?:{AUXILIARY})\b", re.IGNORECASE)
_STARTS_IMPERATIVE = re.compile(rf"{_COURTESY}{_IMPERATIVE}\b", re.IGNORECASE)
_STARTS_CLAUSE = re.compile(rf"{_COURTESY}(when|where)\b", re.IGNORECASE)
_TURNED_ROUND = re.compile(
    rf"{_BEFORE_WH}(?:when|where|why|how)\s+(?:(?:{AUXILIARY}|to)\b|"
    rf"{_MEASURE}\s+(?:[\w-]+\s+){{0,4}}?(?:{AUXILIARY})\b|(?:many|much)\s+(?!{_ARTICLE}\b)\w|"
    rf"(?:in|on|at)\s+(?:[\w-]+\s+){{1,4}}?(?:{AUXILIARY})\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"{_COURTESY}(?:{_BEFORE_WH}(?:{WH})|{AUXILIARY}|{_IMPERATIVE})\b", re.IGNORECASE)
_EMBEDS = re.compile(
    r"\b(?:know|tell|explain|describe|wonder|wondering|ask|asking|understand|curious|say|show|see|learn|find out|check)"
    rf"\b(?:\s+(?:me|us|about))*\s+(?:{WH}|if|whether)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(rf"(?P<before>[\w'’-]+),?\s+(?P<wh>{WH})\b", re.IGNORECASE)
_NO_NOUN = frozenset(
    "and or but to of for in on at by with from about know tell me us explain describe wonder ask understand say show "
    "see learn out check curious is are was were if whether then also".split()
)
_QUESTION_AUXILIARY = re.compile(rf"(?:{AUXILIARY})\s+(?P<next>{_PRONOUN}|{_ARTICLE})\b", re.IGNORECASE)
_NAME_AFTER = re.compile(rf"(?:{AUXILIARY})\s+(?=[A-Z\d])")
_INDIRECT = re.compile(rf"{_COURTESY}(?:what|where|when|why|how)\s+(?:{_PRONOUN}|{_ARTICLE})\b", re.IGNORECASE)
_LISTS = re.compile(rf"{_COURTESY}(?:list|name|show (?:me )?all|give me all)\b", re.IGNORECASE)
_OF_THE_LISTED = re.compile(r"\w+\s+(?:they|it|each|every one)\b", re.IGNORECASE)
"""`List the courses and when they are held`: the second part is of every item of the first."""
_POSSESSIVE = frozenset(("its", "their", "theirs", "his", "hers"))
_REPLACED = frozenset(
    ("it", "they", "them", "he", "him", "she", "its", "their", "his", "this", "that", "these", "those")
)
_DEMONSTRATIVE = frozenset(("this", "that", "these", "those"))


def split_question(question: str) -> tuple[str, ...]:
    """The sub-questions in their original words: at least one, at most `MOST_QUESTIONS`.

    Every word is in one part, in order, except conjunctions between parts. Each part has content words: `When and where
    was it built?` and `Did it end, and why?` are one question each. An instruction such as `Round your answer to two
    decimals.` stays with its question. A question longer than LONGEST_READ is not split.
    """
    if len(question) > LONGEST_READ:
        return (question,)
    pieces = [thing for piece in _questions(question) for thing in listed_things(piece)]
    return tuple(pieces) if len(pieces) <= MOST_QUESTIONS else _questions(question)


def _questions(question: str) -> tuple[str, ...]:
    """The questions that begin with a word that asks."""
    text = question.strip()
    pieces: list[str] = []
    start = 0
    for cut in _CUT.finditer(text):
        if len(pieces) + 1 == MOST_QUESTIONS:
            break
        left, right = text[start : cut.start()], text[cut.end() :]
        if _divides(cut, left, _until_mark(right)):
            pieces.append((left + (cut["mark"] or "")).strip())
            start = cut.end()
    pieces.append(text[start:].strip())
    return tuple(pieces)


def sub_questions(question: str) -> list[str]:
    """The sub-questions, with pronouns resolved from the parts before."""
    parts = split_question(question)
    resolved = [parts[0]]
    for part in parts[1:]:
        resolved.append(resolve(part, resolved[-1]))
    return resolved


def resolve(question: str, before: str) -> str:
    """A question with its pronouns resolved from `before`; unchanged if it does not refer to it.

    If a pronoun has one possible antecedent, it is replaced; otherwise the content words of `before` are added in
    brackets, where they help the search and cannot change the meaning.
    """
    question = completed(question, before)
    pointing = pointers(question)
    if not pointing and (len(telling(question)) > 1 or any(phrase.certain for phrase in phrases(question))):
        return question
    things = [phrase for phrase in phrases(before) if telling(phrase.text)]
    if not things:
        return question
    certain = [phrase for phrase in things if phrase.certain]
    first = pointing[0] if pointing else None
    if first is not None and len(things) == 1 and certain and _replaceable(first, question):
        return question[: first.start()] + _in_place(first[0], certain[0]) + question[first.end() :]
    return bracketed(question, [phrase.text for phrase in things])


def bracketed(question: str, about: list[str]) -> str:
    """A question with its topic in brackets before the question mark, without words that it already has."""
    known = set(telling(question))
    added = [text for text in dict.fromkeys(about) if set(telling(text)) - known]
    if not added:
        return question
    body = question.rstrip(" ?!.")
    return f"{body} ({', '.join(added)}){question[len(body) :].strip()}"


def looks_compound(question: str) -> bool:
    """Whether a question may ask several things, also where no rule here divides it."""
    text = question.strip()
    cuts = [cut for cut in _CUT.finditer(text) if cut["mark"] != "."]
    return any(_OPENS_WH.match(text[cut.end() :]) or _OPENS_AUXILIARY.match(text[cut.end() :]) for cut in cuts)


def _divides(cut: re.Match[str], left: str, right: str) -> bool:
    """Whether both sides of a cut ask something of their own."""
    if _quotes_open(left) or not (_own(left) and _own(right)) or not (_asks(left) or cut["mark"] == "?"):
        return False
    if instructs(right) or instructs(re.split(r"[.!?:]\s+", left)[-1]):
        return False
    right = _CONDITION.sub("", right)
    if cut["mark"]:
        return _asks(right)
    wh = _OPENS_WH.match(right)
    if wh is not None:
        return _wh_divides(cut, wh["wh"].lower(), left, right)
    if _OPENS_AUXILIARY.match(right):
        return _auxiliary_divides(cut, left, right)
    commanded = cut["comma"] is not None or _STARTS_IMPERATIVE.match(left) is not None
    return cut["bare"] is None and commanded and _OPENS_IMPERATIVE.match(right) is not None


def _wh_divides(cut: re.Match[str], wh: str, left: str, right: str) -> bool:
    if wh in ("when", "where", "why", "how"):
        if _LISTS.match(left) and _OF_THE_LISTED.match(right):
            return False
        embeds = _EMBEDS.search(left) or _STARTS_IMPERATIVE.match(left) or _INDIRECT.match(left)
        return _TURNED_ROUND.match(right) is not None or embeds is not None
    if cut["bare"] and wh != "what":
        return re.match(rf"\w+\s+(?:{AUXILIARY})\s+(?:{_PRONOUN}|{_ARTICLE})\b", right, re.IGNORECASE) is not None
    relatives = {match["wh"].lower() for match in _INSIDE.finditer(left) if match["before"].lower() not in _NO_NOUN}
    return wh not in relatives


def _auxiliary_divides(cut: re.Match[str], left: str, right: str) -> bool:
    """`and does it …` asks; `Which stations are old and have the seal …` goes on."""
    after = _QUESTION_AUXILIARY.match(right)
    if after is None and not _NAME_AFTER.match(right):
        return False
    if _PERFECT.match(right):
        return True
    pronoun = after is not None and re.fullmatch(_PRONOUN, after["next"], re.IGNORECASE) is not None
    return pronoun or not cut["conjunction"] or cut["comma"] is not None or _STARTS_AUXILIARY.match(left) is not None


def _asks(piece: str) -> bool:
    """Whether a piece asks by itself: not a statement, nor a clause such as `When the memory is full`."""
    piece = re.split(r"[.!]\s+", piece.strip())[-1]
    if _ASKS.match(piece) is None:
        return _EMBEDS.search(piece) is not None
    clause = _STARTS_CLAUSE.match(piece)
    return clause is None or _TURNED_ROUND.match(piece[clause.start(1) :]) is not None


def _own(piece: str) -> bool:
    """Whether a piece has words of its own, and more than its question word and a verb."""
    words = piece.split()
    content = telling(piece)
    pointing = bool(pointers(piece))
    return len(words) > 1 and (len(content) > 1 or (len(words) > 2 and bool(content or pointing)))  # noqa: PLR2004


def _until_mark(text: str) -> str:
    match = re.search(r"[?!]", text)
    return text if match is None else text[: match.end()]


def _quotes_open(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”") or text.count("(") > text.count(")")


def _replaceable(pronoun: re.Match[str], question: str) -> bool:
    word = pronoun[0].lower()
    if pronoun[0] not in (word, word.capitalize()):
        return False  # `IT` and `iT` are names
    following = question[pronoun.end() :].split()
    if word in _DEMONSTRATIVE and following and telling(following[0]):
        return False  # `this interval` points with a word of its own
    return word in _REPLACED


def _in_place(pronoun: str, phrase: Phrase) -> str:
    text = phrase.text
    if pronoun.lower() not in _POSSESSIVE:
        return text
    return f"{text}'" if text.endswith("s") else f"{text}'s"


__all__ = ["MOST_QUESTIONS", "bracketed", "looks_compound", "resolve", "split_question", "sub_questions"]
