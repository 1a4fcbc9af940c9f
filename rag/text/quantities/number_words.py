"""English number words as digits."""

from __future__ import annotations

import re

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_SMALL = {word: value for value, word in enumerate((_UNITS + " eighteen nineteen").split())}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
_ORDINAL = {
    w: i for i, w in enumerate((_ORDINALS + " fifteenth sixteenth seventeenth eighteenth nineteenth").split(), 1)
}
_ORDINAL |= {w.replace("ty", "tieth"): v for w, v in _TENS.items()}
_VALUES = _SMALL | _TENS | {"dozen": 12}

MAGNITUDES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "mn": 10**6, "bn": 10**9}

_WORD = "|".join(sorted([*_VALUES, *_ORDINAL, "hundred"], key=len, reverse=True))
_PHRASE = re.compile(rf"\b(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}))*\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\ba (?=(?:hundred|thousand|million|billion|trillion)\b)", re.IGNORECASE)
_NOT_COUNTED = frozenset(["one", "first", "second"])
_TWICE = re.compile(r"\b(?:twice|thrice)(?=\s(?:an?|per|each|every)\b)", re.IGNORECASE)
_POINTED_AT = re.compile(r"\bof the\s$", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[.,;:)]|$)")
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_ONE_PART = re.compile(rf"\bone[\s-](?=(?:{'|'.join(_PARTS)})\b)", re.IGNORECASE)
_FRACTION = re.compile(
    rf"\b(?P<count>{'|'.join(_COUNTS)})[\s-](?P<part>{'|'.join(_PARTS)})s?\b"
    r"(?=\s+of\s+[^\W\d])",
    re.IGNORECASE,
)


def digits_for_words(text: str, *, counts_one: bool) -> str:
    """Text with its number words as digits: `twenty-five` as `25`, `third` as `3rd`, `a fifth of the` as `20% of the`.

    `one`, `first` and `second` on their own are seldom numbers and stay words unless `counts_one`.
    Magnitudes stay words: `three million` becomes `3 million`.
    """

    def digits(match: re.Match[str]) -> str:
        phrase = match[0].lower()
        if (
            phrase == "two" and _POINTED_AT.search(text[: match.start()]) and _ENDS.match(text, match.end())
        ):  # `the better of the two`
            return match[0]
        if phrase in _NOT_COUNTED and (not counts_one or re.search(r"\d[\s-]$", text[: match.start()])):
            return match[0]
        return " ".join(_numbers(re.findall(r"[a-z]+", phrase)))

    text = _TWICE.sub(lambda match: "2 times" if match[0].lower() == "twice" else "3 times", text)
    text = _ONE_PART.sub("a ", _FRACTION.sub(_percent, _ARTICLE.sub("1 ", text)))
    return _PHRASE.sub(digits, text)


def _percent(match: re.Match[str]) -> str:
    share = 100 * _COUNTS[match["count"].lower()] / _PARTS[match["part"].lower()]
    return f"{share:.4g}%"


def _numbers(words: list[str]) -> list[str]:
    """The numbers that a run of number words spells: `two hundred five` is one, `nineteen ninety` two."""
    spelled: list[str] = []
    total, last = 0, 0
    for word in words:
        if word == "and":
            continue
        if word == "hundred":
            total, last = (total or 1) * 100, 100
            continue
        value = _ORDINAL.get(word, _VALUES.get(word, 0))
        if last and value >= last:
            spelled.append(str(total))
            total = 0
        total += value
        last = 10 if word in _TENS else 1
        if word in _ORDINAL:
            spelled.append(f"{total}{_suffix(total)}")
            total, last = 0, 0
    return [*spelled, str(total)] if last else spelled


def _suffix(number: int) -> str:
    return "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")  # noqa: PLR2004
