"""Whether a question has content, and which terms it explains."""

from __future__ import annotations

import re
import unicodedata

from rag.errors import QuestionError
from rag.text.words import fold, is_common

_ACRONYM = r"[A-Z]{2,6}"
_IN_BRACKETS = re.compile(rf"(?P<words>(?:[^\W\d_][\w'’-]*[ -]){{2,8}})\((?P<acronym>{_ACRONYM})\)")
_DEFINED = re.compile(
    rf"\b(?P<acronym>{_ACRONYM})(?: here)? (?:is|are) (?:defined|calculated|computed)\b"
    rf"|\b[Dd]efine (?:[a-z]+ ){{0,3}}(?P<other>{_ACRONYM})\b"
)
_LOWER = re.compile(r"\b[a-z]{3,}\b")
_DENYING = ("un", "non")
_UNSEEN = ("C", "Z")  # categories: controls, marks of format, lone surrogates; separators


def require_words(question: str) -> None:
    """Nothing, unless no sign of a question can be seen.

    Raises:
        QuestionError: it is empty, or white space and invisible signs only.
    """
    if all(unicodedata.category(sign).startswith(_UNSEEN) for sign in question):
        raise QuestionError("the question is empty")


def explained_terms(question: str) -> frozenset[str]:
    """Terms, folded, that an English question explains or that are ordinary words: no names of persons or companies.

    `days payable outstanding (DPO)`, `DPO is defined as …`, `Define DPO as …`; other acronyms may be names.
    """
    defined = {match["acronym"] or match["other"] for match in _DEFINED.finditer(question)}
    short = {match["acronym"] for match in _IN_BRACKETS.finditer(question) if _abbreviates(match)}
    ordinary = {word for word in _LOWER.findall(question) if any(map(is_common, _with_stem(word)))}
    return frozenset(map(fold, defined | short | ordinary))


def _with_stem(word: str) -> list[str]:
    """A word, and what it denies: `adjusted` of `unadjusted`."""
    return [word, *(word.removeprefix(each) for each in _DENYING if word.startswith(each))]


def _abbreviates(match: re.Match[str]) -> bool:
    initials = "".join(word[0] for word in re.split(r"[ -]", match["words"]) if word).lower()
    return initials.endswith(match["acronym"].lower())
