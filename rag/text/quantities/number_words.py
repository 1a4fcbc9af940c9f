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


def digits_for_words(text: str, *, counts_one: bool) -> str:
    """Text with its number words as digits: `twenty-five` as `25`, `third` as `3rd`.

    `one`, `first` and `second` on their own are seldom numbers and stay words unless `counts_one`.
    Magnitudes stay words: `three million` becomes `3 million`.
    """

    def digits(match: re.Match[str]) -> str:
        phrase = match[0].lower()
        if phrase in _NOT_COUNTED and (not counts_one or re.search(r"\d[\s-]$", text[: match.start()])):
            return match[0]
        return " ".join(_numbers(re.findall(r"[a-z]+", phrase)))

    return _PHRASE.sub(digits, _ARTICLE.sub("1 ", text))


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
