"""Words for verification: tokens, stems, and the weight of a stem.

`common_words.txt` beside this file, made by `eval.fit.common_words`, lists English stems, most frequent first. A stem's
weight grows with its rank (Zipf's law: frequency ~ 1/rank, so log rank is its inverse document frequency up to a
constant).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.text import stemming
from rag.text.quantities import RAISED

COMMON_WORDS_FILE = Path(__file__).with_name("common_words.txt")
VOWEL_SIGNS = (
    r"\u0591-\u05bd\u064b-\u0652\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd"
    r"\u0b3c-\u0b4d\u0bbe-\u0bcd\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3b-\u0d4d\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
)
"""Signs within words that Python does not count as letters: vowels of Hindi, Bengali, Tamil, Thai, Arabic, Hebrew."""
_TOKEN = re.compile(rf"[^\W_]+(?:[{VOWEL_SIGNS}]+[^\W_]*)*(?:[.,](?=\d)\d+)*(?:['’][^\W\d_]{{1,2}}\b)?")
_VOICED = "\u3099\u309a"  # marks that tell Japanese syllables apart
_POSSESSIVE = re.compile(r"['’](?:s|S)?$")
_JOINED_MARK = re.compile(rf"(?:(?<=\d)|(?<=[^\W\d_]{{3}}))[{RAISED}]+")
_FUNCTION_CHARACTERS = re.compile(
    "[的了是在吗呢么什多少几哪谁怎样何与和或及其为有被把就也都这那个很您你我他她它们请问のはがをにでとかもへやですかまた]"
)
"""Chinese and Japanese characters that mostly stand in words of grammar: a pair with one of them tells nothing."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

STOPWORDS = frozenset(
    "a about above after again all also although am an and another any are aren't as at be because been before being "
    "below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each "
    "either few for from further had hadn't has hasn't have haven't having he her here hers herself him himself his "
    "how however i if in into is isn't it its itself just may me might more moreover most must my myself no nor not of "
    "off on once only or other otherwise our ours ourselves out over own per same shall she should shouldn't since so "
    "some such than that the their theirs them themselves then there thereby therefore these they this those though "
    "through thus to too under unless until up upon us very via was wasn't we were weren't what when where whereas "
    "whether which while who whom whose why will with within without won't would wouldn't yet you your yours yourself "
    "additionally according".split()
)


def fold(text: str) -> str:
    """Text without case and accents: `Zoë` and `ZOE` are one word. Japanese and Korean syllables stay as they are."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    bare = "".join(char for char in plain if char in _VOICED or not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).casefold()


def set_apart(text: str) -> str:
    """Text with a space before superscripts after a number or a word of three or more letters: the mark of `25¹` and
    of `fee¹` is not part of them, the exponent of `m²` is.
    """
    return text if text.isascii() else _JOINED_MARK.sub(r" \g<0>", text)


def tokens(text: str) -> list[str]:
    """Folded words and numbers in order, possessives cut; CJK runs as overlapping pairs of characters."""
    found: list[str] = []
    for match in _TOKEN.finditer(set_apart(text)):
        token = _POSSESSIVE.sub("", fold(match.group()))
        found.extend(_pairs(token) if _CJK.search(token) else [token])
    return found


def stems(text: str, language: str = "en") -> list[str]:
    """The stem of every token, in order; the tokens themselves where the language has no stemmer."""
    return [stem(token, language) for token in tokens(text)]


def content_stems(text: str, language: str = "en") -> list[str]:
    """Stems of the tokens that are not function words, in order."""
    return [stem(token, language) for token in tokens(text) if not _is_function_word(token)]


def _is_function_word(token: str) -> bool:
    return token in STOPWORDS or bool(_CJK.search(token) and _FUNCTION_CHARACTERS.search(token))


def stem(token: str, language: str = "en") -> str:
    """The Snowball stem of one folded token."""
    return stemming.stem(token, language)


def weight(word_stem: str) -> float:
    """The weight of a stem, 0 < w <= 1: 1 for a stem that is not common."""
    ranks = _ranks()
    return math.log(2 + ranks.get(word_stem, len(ranks))) / math.log(2 + len(ranks))


def weighted_recall(wanted: Sequence[str], found: frozenset[str] | set[str]) -> float:
    """The weighted share of the distinct stems of `wanted` that `found` has; 1 when nothing is wanted."""
    distinct = dict.fromkeys(wanted)
    total = sum(weight(each) for each in distinct)
    return sum(weight(each) for each in distinct if each in found) / total if total else 1.0


def is_common(token: str) -> bool:
    """True for a folded token that is an ordinary English word."""
    return token in STOPWORDS or stem(token) in _ranks()


def _pairs(token: str) -> list[str]:
    return [token[i : i + 2] for i in range(max(1, len(token) - 1))]


@cache
def _ranks() -> dict[str, int]:
    listed = COMMON_WORDS_FILE.read_text(encoding="utf-8").split()
    return {word: rank for rank, word in enumerate(listed)}
