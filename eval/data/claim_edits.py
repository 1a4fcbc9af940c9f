"""Edits of document sentences that keep them true, and edits that make them false.

A verifier fitted on human labels alone learns to measure overlap. These claims differ from their source in one small
thing, so overlap does not separate them. Every edit is a pure function of a sentence, its neighbours and a seeded
random generator; it returns None if it does not apply. Kinds of false edits are the faults of `rag.types.Fault`, with
finer distinctions if a fault has several causes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Edit = Callable[[str, Sequence[str], random.Random], str | None]
"""A sentence, other sentences of its document, and chance; to the edited sentence."""

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w,]|\.\d)")
_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20[0-4]\d)\b")
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_NAME = re.compile(r"\b[A-Z][\w'’-]*\w(?:\s+(?:of|the|de|van|von|[A-Z][\w'’-]*\w))*\b")
_INNER = re.compile(r"(?<=[a-z,;)]\s)" + _NAME.pattern)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|may|might|should|must|does|did|do)\b", re.IGNORECASE
)
_ANTONYMS = (
    ("increase increased rose rises higher more", "decrease decreased fell falls lower less"),
    ("before earlier", "after later"),
    ("above over", "below under"),
    ("largest highest longest oldest", "smallest lowest shortest youngest"),
    ("win won", "lose lost"),
    ("begin began started", "end ended stopped"),
    ("northern north", "southern south"),
    ("eastern east", "western west"),
    ("allow allows allowed", "forbid forbids forbade"),
    ("include includes included", "exclude excludes excluded"),
    ("support supports supported", "oppose opposes opposed"),
    ("early", "late"),
    ("old", "young"),
    ("left", "right"),
    ("inside", "outside"),
    ("cheap", "expensive"),
    ("strong", "weak"),
    ("buy bought", "sell sold"),
)
"""Words of this list's own: a test edit made of the words that a check looks for would test nothing."""
_NOT = re.compile(r"\s+(?:not|never)\b|n['’]t\b")
_LEAD = re.compile(r"^((?:In|On|During|After|Before|At(?! least| most)|By|Since|From|Under|For)\s[^,]{3,50}),\s+(\w)")
_CONNECTIVE = re.compile(
    r"^(?:However|Moreover|Furthermore|In addition|Additionally|Therefore|Thus|For example|In fact|Also|Indeed),\s+(\w)"
)
_ASIDE = re.compile(r"\s*\([^()]{2,80}\)|,\s+(?:which|who|where|including|such as)\s[^,]{5,90},(?=\s)")
_TAIL = re.compile(r"(?:,\s+(?:which|who|where|while|whereas|although|including|such as|according to)\s|;\s)[^;]+$")
_DETAIL = re.compile(
    r"\s(?:in|at|by|for|from|during|because of|due to|according to|after|before|with)\s[^,;]{6,60}(?=\.?$)"
)
_PREPOSITIONS = "in|at|by|for|from|during|with|of|on|to|about|as|through|between|into"
_NO_PHRASE = f"{_PREPOSITIONS}|and|or|but|which|that|who|is|was|are|were|be|been|has|had|have"
_PHRASE = re.compile(rf"(?<=\s)({_PREPOSITIONS})(?: (?!(?:{_NO_PHRASE})\b)[\w'’$-]*\w){{1,6}}\b")
_RELATIONS = (
    "is a part of", "is a reference to", "is based on", "was created by", "is also known as", "is located in",
    "is a member of", "was written by", "is the name of", "was followed by", "is owned by", "was caused by",
    "is the same as", "is a kind of", "is used for", "is similar to", "is the author of", "belongs to",
)  # fmt: skip
_ADVERB = re.compile(r"\s(?!only|early|family|daily|nearly|hardly|likely|supply|apply|reply|rarely)\w{3,}ly\b")
_FEWEST_WORDS, _MOST_WORDS = 5, 60

_UNITS = (
    "thousand million billion trillion",
    "seconds minutes hours days weeks months years",
    "second minute hour day week month year",
    "mg g kg",
    "km miles metres",
    "kilometers miles meters",
    "feet inches",
    "percent points",
    "dollars euros pounds",
    "grams kilograms tons",
)
_UNIT_GROUPS = tuple(tuple(group.split()) for group in _UNITS)
_QUANTIFIERS: Mapping[str, Sequence[str]] = {
    "all": ("some", "few", "no"), "every": ("no", "hardly any"), "most": ("all", "few"), "many": ("few", "all"),
    "some": ("all", "no"), "few": ("many", "most"), "several": ("all", "no"), "always": ("sometimes", "rarely"),
    "often": ("never", "always"), "usually": ("always", "rarely"), "sometimes": ("always", "never"),
    "never": ("often", "sometimes"), "only": ("also", "not only"), "both": ("neither of", "only one of"),
    "none": ("all", "most"), "at least": ("at most", "exactly"), "up to": ("at least", "more than"),
    "more than": ("less than", "exactly"), "less than": ("more than", "exactly"), "may": ("must", "cannot"),
    "can": ("cannot", "must"), "approximately": ("exactly",), "majority": ("minority",),
}  # fmt: skip
_QUANTIFIER = re.compile(rf"\b(?:{'|'.join(sorted(_QUANTIFIERS, key=len, reverse=True))})\b", re.IGNORECASE)
_SYNONYMS = (
    "increased rose grew", "decreased fell declined", "purchased bought acquired", "began started commenced",
    "ended concluded finished", "large big sizeable", "small little", "approximately about around",
    "also additionally", "because since", "shows demonstrates indicates", "showed demonstrated indicated",
    "found discovered", "children kids", "company firm", "primarily mainly mostly", "used employed utilised",
    "helps assists aids", "need require", "needs requires", "important significant", "difficult hard", "quick fast",
    "located situated", "although though", "founded established", "built constructed", "created made produced",
    "significantly considerably substantially", "cause produce", "causes produces", "reduce lower", "total overall",
    "whole entire", "film movie", "physician doctor", "illness disease", "obtain get", "obtained got",
    "provide give", "provided gave", "usually generally normally", "many numerous", "often frequently",
    "believes thinks", "said stated", "says states", "allows lets", "required needed", "received got",
)  # fmt: skip
_SAME: Mapping[str, Sequence[str]] = {
    word: [other for other in group.split() if other != word] for group in _SYNONYMS for word in group.split()
}


def true_edits() -> Mapping[str, Edit]:
    """Edits whose result the same sentences still support."""
    return {
        "verbatim": lambda sentence, _others, _chance: sentence,
        "shorter": _shortened,
        "reordered": _reordered,
        "reworded": _reworded,
        "rewritten_number": _rewritten_number,
        "merged": _merged,
        "without_adverb": _less_words,
    }


def false_edits() -> Mapping[str, Edit]:
    """Edits whose result they no longer support."""
    return {
        "number": _other_number,
        "date": _other_date,
        "unit": _other_unit,
        "name": _other_name,
        "roles": _swapped_names,
        "negation": _negated,
        "quantifier": _other_quantifier,
        "comparison": _turned,
        "joined": _joined,
        "detail": _with_detail,
        "phrase": _other_phrase,
        "related": _related,
    }


def usable(sentence: str) -> bool:
    """Whether a sentence of a document is usable as a claim: whole, of ordinary length, mostly words."""
    words = sentence.split()
    letters = sum(char.isalpha() or char.isspace() for char in sentence)
    whole = sentence[:1].isupper() and sentence.rstrip("\"'”’)").endswith((".", "!"))
    return whole and _FEWEST_WORDS <= len(words) <= _MOST_WORDS and letters >= 0.7 * len(sentence)


def _replaced(match: re.Match[str], text: str, new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _like(old: str, new: str) -> str:
    """The new word with the old word's capital."""
    return new[0].upper() + new[1:] if old[:1].isupper() else new


def _pick(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


# Edits that keep a sentence true.


def _shortened(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    options = [_ASIDE.sub("", sentence, count=1), _TAIL.sub(".", sentence)]
    options.append(_CONNECTIVE.sub(lambda match: match[1].upper(), sentence))
    shorter = [each for each in options if each != sentence and len(each.split()) >= _FEWEST_WORDS]
    return chance.choice(shorter) if shorter else None


def _reordered(sentence: str, _others: Sequence[str], _chance: random.Random) -> str | None:
    match = _LEAD.match(sentence)
    if match is None or not sentence.endswith("."):
        return None
    rest = match[2].upper() + sentence[match.end() :]
    return f"{rest[:-1]} {match[1][0].lower()}{match[1][1:]}."


def _reworded(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    words = re.split(r"(\W+)", sentence)
    places = [i for i, word in enumerate(words) if word.lower() in _SAME]
    for place in chance.sample(places, min(2, len(places))):
        words[place] = _like(words[place], chance.choice(_SAME[words[place].lower()]))
    return "".join(words) if places else None


def _rewritten_number(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """`1,200,000` as `1.2 million`, `12%` as `12 percent`, and back."""
    for pattern, new in chance.sample(_REWRITES, len(_REWRITES)):
        edited = pattern.sub(new, sentence)
        if edited != sentence:
            return edited
    return None


_REWRITES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"(?<![\d,.])(\d{1,3}),(\d)00,000(?![,\d])"), r"\1.\2 million"),
    (re.compile(r"(?<![\d,.])(\d{1,3}),000(?![,\d])"), r"\1 thousand"),
    (re.compile(r"(?<=\d)\s?%"), " percent"),
    (re.compile(r"(?<=\d) per ?cent\b"), "%"),
    (re.compile(r"\$(\d[\d.]*) (million|billion)\b"), r"\1 \2 dollars"),
]


def _merged(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Two sentences as one; the other one is near in the document, so that both fit into a window."""
    other = next((each for each in others[:2] if usable(each) and len(each.split()) < 30), None)  # noqa: PLR2004
    if other is None or not sentence.endswith(".") or len(sentence.split()) > 30:  # noqa: PLR2004
        return None
    word = other.split()[0]
    start = other if _NAME.match(other) and word.lower() not in _FUNCTION else other[0].lower() + other[1:]
    return f"{sentence[:-1]}{chance.choice([', and ', '; ', ', while '])}{start}"


_FUNCTION = frozenset("the a an this that these those it they he she we in on at for there its their his her".split())


def _less_words(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Without an adverb: what is said of less is still said."""
    adverb = _pick(_ADVERB, sentence, chance)
    return _replaced(adverb, sentence, "") if adverb else None


# Edits that make it false.


def _other_number(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    match = _pick(_NUMBER, sentence, chance)
    if match is None:
        return None
    near = [n for each in others for n in _NUMBER.findall(each) if n not in sentence]
    new = chance.choice(near) if near and chance.random() < 0.5 else _moved(match[0], chance)  # noqa: PLR2004
    return _replaced(match, sentence, new) if new != match[0] else None


def _moved(number: str, chance: random.Random) -> str:
    """A number of the same form and another value: one digit changed, or moved by a tenth to a half."""
    places = [i for i, char in enumerate(number) if char.isdigit()]
    place = chance.choice(places[:2])
    digit = chance.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _other_date(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    match = _pick(_YEAR, sentence, chance) or _pick(_MONTH, sentence, chance)
    if match is None:
        return None
    if match[0].isdigit():
        return _replaced(
            match, sentence, str(int(match[0]) + chance.choice([-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
        )
    return _replaced(match, sentence, chance.choice([month for month in _MONTHS if month != match[0]]))


def _other_unit(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    found = [
        (match, group)
        for group in _UNIT_GROUPS
        for match in re.finditer(rf"(?<=\d[ -])(?:{'|'.join(group)})\b", sentence)
    ]
    if not found:
        return None
    match, group = chance.choice(found)
    return _replaced(match, sentence, chance.choice([unit for unit in group if unit != match[0]]))


def _names_in(sentence: str) -> list[re.Match[str]]:
    return list(_INNER.finditer(sentence))


def _other_name(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    own = _names_in(sentence)
    if not own:
        return None
    match = chance.choice(own)
    near = [m[0] for each in others for m in _names_in(each) if m[0] not in sentence and match[0] not in m[0]]
    return _replaced(match, sentence, chance.choice(near)) if near else None


def _swapped_names(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    own = _names_in(sentence)
    if len(own) < 2:  # noqa: PLR2004
        return None
    first, second = sorted(chance.sample(own, 2), key=lambda match: match.start())
    between = sentence[first.end() : second.start()]
    if first[0] == second[0] or re.fullmatch(r",?\s+(?:and|or)\s+|,\s+", between):
        return None  # `A and B` is `B and A`
    return sentence[: first.start()] + second[0] + between + first[0] + sentence[second.end() :]


def _negated(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    denied = _NOT.search(sentence)
    if denied is not None:
        return _replaced(denied, sentence, "")
    match = _pick(_AUXILIARY, sentence, chance)
    return _replaced(match, sentence, f"{match[0]} not") if match else None


def _other_quantifier(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    match = _pick(_QUANTIFIER, sentence, chance)
    return _replaced(match, sentence, _like(match[0], chance.choice(_QUANTIFIERS[match[0].lower()]))) if match else None


def _turned(sentence: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """One word turned into its opposite, of the same place in its list and so of the same inflection."""
    found: list[tuple[re.Match[str], str]] = []
    for match in re.finditer(r"\w+", sentence):
        for left, right in _ANTONYMS:
            for here, there in ((left.split(), right.split()), (right.split(), left.split())):
                if match[0].lower() in here:
                    same_ending = [word for word in there if word[-2:] == match[0].lower()[-2:]] or there
                    found.append((match, chance.choice(same_ending)))
    if not found:
        return None
    match, new = chance.choice(found)
    return _replaced(match, sentence, _like(match[0], new))


def _joined(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The subject of one sentence with what is said of another one's."""
    own = _AUXILIARY.search(sentence, 3)
    far = [(each, match) for each in others if usable(each) and (match := _AUXILIARY.search(each, 3))]
    far = [(each, m) for each, m in far if own and m[0] == own[0] and each[: m.start()] != sentence[: own.start()]]
    if own is None or not far or len(sentence[: own.start()].split()) > 12:  # noqa: PLR2004
        return None
    other, match = chance.choice(far)
    return sentence[: own.start()] + other[match.start() :]


def _with_detail(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """A plausible detail that the documents tell of something else."""
    tails = [match[0] for each in others if (match := _DETAIL.search(each)) and match[0] not in sentence]
    if not tails or not sentence.endswith("."):
        return None
    return sentence[:-1] + chance.choice(tails).rstrip(".") + "."


def _other_phrase(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """A phrase in the place of another one with the same preposition."""
    match = _pick(_PHRASE, sentence, chance)
    if match is None:
        return None
    near = [m[0] for each in others for m in _PHRASE.finditer(each) if m[1] == match[1] and m[0] not in sentence]
    return _replaced(match, sentence, chance.choice(near)) if near else None


def _related(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Two names of different sentences in a relation that neither sentence speaks of."""
    here = [match[0] for match in _names_in(sentence)]
    there = [m[0] for each in others for m in _names_in(each) if m[0] not in sentence]
    text = " ".join([sentence, *others]).lower()
    relations = [each for each in _RELATIONS if each.split()[-2 if len(each.split()) > 2 else -1] not in text]  # noqa: PLR2004
    if not (here and there and relations):
        return None
    return f"{chance.choice(here)} {chance.choice(relations)} {chance.choice(there)}."
