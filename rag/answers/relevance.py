"""How well the sentences of a pool answer a question, by their words and vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rag.answers.subject import heading_over
from rag.evidence import EvidencePool, PageBreaks
from rag.safety import inert
from rag.text import (
    akin_stems,
    asked_fact,
    content_stems,
    fold,
    independent_clauses,
    is_frame,
    is_heading,
    spoken_language,
    stem,
    stems,
    tokens,
    weighted_recall,
)

_FEWEST_WORDS = 4
_FEWEST_WANTED = 2
_LEAST_OWN = 0.5  # of the words of a question, in the sentence itself
_COUNTING = frozenset(stems("many much"))
_ROW_END = 4  # a row of a table ends with its figures; a heading does not
_SECTION = re.compile(r"\d+(?:\.\d+)*\.?\s+[^\d\s].*[^.!?]$")
_ENDED = re.compile(r"[.!?…。！？।॥۔]['\"”’»)\]」』]*$")
_SHORT = re.compile(r"[A-Z]\w+ \w+ (?:\S*\d\S*|\w+)[.!]")
"""A sentence of three words: `Juniors pay £15.`"""
_ITEM = re.compile(r"[-*+•]\s")
_SETTING = re.compile(r"[A-Za-z_][\w.-]*(?:\s*:\s*[\w\[\]., |]+)?\s*=\s*\S")


_FIELD = r"[^\s:|][^:|\n]{0,60}:[ \t]+\S[^\n]*"
_FIELDS = re.compile(rf"{_FIELD}(?:\n{_FIELD})+")  # a record
_KEY = re.compile(r"[a-z_][\w.-]*:[ \t]+\S")  # of a setting
_KIND_ASKED = re.compile(
    r"\W*(?:which|what) (?:[\w-]+ )?(?P<kind>[\w-]*[a-rt-z]s|people) (?:do|does|did|can|must|should)\b", re.I
)
"""`Which languages does`: a sentence that enumerates need not say of what kind they are."""
_REQUEST = re.compile(
    r"\W*(?:please )?(?:(?:list|name|enumerate|(?:tell|give|show) (?:me|us)|state)\b(?! of\b)|"
    r"what (?:will |would )?happens? (?=(?:if|when|after|before|during|once|with|to|in|as)\b))",
    re.IGNORECASE,
)
_ENUMERATES = re.compile(r"\w,? (?:and|or) \w")


class Relevance:
    """The relevance of each candidate to one part of a question: `scores` of shape (n,), 0..1; 0 for headings and
    fragments.

    The mean of the share of the question's words in a sentence with its title and headings, and of its cosine with the
    question.
    """

    def __init__(self, question: str, pool: EvidencePool) -> None:
        self._question = question
        self._pool = pool
        self._breaks = PageBreaks(pool)
        self._english = pool.language == "en" and spoken_language(question, pool.language) == "en"
        self._fact = asked_fact(question) if self._english else None
        self._wanted = _wanted(question, pool) or stems(question, pool.language)
        self._said_all = [self._english and self._says_all(index) for index in range(len(pool))]
        recall = np.array([self._recall(index) for index in range(len(pool))], dtype=np.float32)
        cosines = pool.similarity(question)
        scores = recall if cosines is None else (recall + np.clip(cosines, 0, 1)) / 2
        self.scores = (scores * [self._tells(index) for index in range(len(pool))]).astype(np.float32)

    @property
    def order(self) -> list[int]:
        """The relevant candidates, best first."""
        return [int(i) for i in np.argsort(-self.scores, kind="stable") if self.scores[i] > 0]

    @property
    def is_specific(self) -> bool:
        """Whether the question says more than one thing, so that a sentence that says all of it is of nothing else."""
        return len(set(self._wanted) - _COUNTING) >= _FEWEST_WANTED

    def says_all(self, index: int) -> bool:
        """Whether an English sentence says every word of the question, and can tell the kind of fact asked for."""
        return self._said_all[index]

    def answerability(self, best: int) -> float:
        """How well the pool answers, 0..1, by its best candidate: a mean, not a calibrated probability."""
        around = self._pool.candidates[best].chunk
        words = frozenset(content_stems(around.embedded_text, self._pool.language))
        signs = [float(self.scores[best]), 1.0 if self._said_all[best] else weighted_recall(self._wanted, words)]
        cosines = [hit.scores["dense"] for hit in self._pool.hits if "dense" in hit.scores]
        if cosines:
            signs.append(max(0.0, *cosines))
        return sum(signs) / len(signs)

    def _recall(self, index: int) -> float:
        if self._said_all[index]:
            return 1.0
        return weighted_recall(self._wanted, self._content(index) | context_stems(index, self._pool))

    def _tells(self, index: int) -> bool:
        """Whether a candidate can stand alone, or together with its other half on another page."""
        whole = self._breaks.joined(index)
        if whole is None:
            return not (self._breaks.is_cut(index) or self._is_of_two_things(index)) and tells(index, self._pool)
        return _ENDED.search(whole.text) is not None

    def _content(self, index: int) -> frozenset[str]:
        whole = self._breaks.joined(index)
        return self._pool.content[index].union(content_stems(whole.text, self._pool.language) if whole else ())

    def _sentence(self, index: int) -> str:
        whole = self._breaks.joined(index)
        return self._pool.spoken(index) if whole is None else whole.text

    def _says_all(self, index: int) -> bool:
        clauses = independent_clauses(self._sentence(index))
        return self._pool.row(index) is None and any(self._is_said_in(clause, index) for clause in clauses)

    def _is_said_in(self, clause: str, index: int) -> bool:
        """Whether a clause, with the headings over it, says all that is asked and can tell the fact."""
        if self._fact is not None and not self._fact.is_told_in(clause):
            return False
        wanted = self._asked_words
        kind = _KIND_ASKED.match(self._question)
        if kind is not None and len(wanted) > _FEWEST_WANTED and _ENUMERATES.search(clause):
            wanted -= {stem(fold(kind["kind"]))}
        own = akin_stems(content_stems(clause, self._pool.language)) & wanted
        return len(own) >= _LEAST_OWN * len(wanted) and wanted <= own | self._above(index)

    def _is_of_two_things(self, index: int) -> bool:
        """Whether only several clauses together have the words of the question: what each tells is of another thing."""
        if self._said_all[index] or not self._english or self._pool.row(index) is not None:
            return False
        clauses = independent_clauses(self._sentence(index))
        return len(clauses) > 1 and self._asked_words <= akin_stems(self._content(index)) | self._above(index)

    @property
    def _asked_words(self) -> frozenset[str]:
        return frozenset(self._wanted) - (self._fact.asking if self._fact else frozenset())

    def _above(self, index: int) -> frozenset[str]:
        heading = content_stems(heading_over(self._pool.candidates[index]), self._pool.language)
        return akin_stems(context_stems(index, self._pool).union(heading))


def says_every_word(question: str, index: int, pool: EvidencePool) -> bool:
    """Whether a sentence, no row, has every word of a question."""
    wanted = frozenset(content_stems(question, pool.language))
    return pool.row(index) is None and wanted <= pool.content[index] | context_stems(index, pool)


def context_stems(index: int, pool: EvidencePool) -> frozenset[str]:
    """The words of a candidate's title and headings, and of what its first pronoun stands for."""
    candidate, spoken = pool.candidates[index], pool.spoken(index)
    subject = "" if spoken == candidate.text else spoken
    above = (candidate.chunk.title, *candidate.chunk.heading)
    return frozenset(content_stems(" ".join((*above, subject)), pool.language))


def _wanted(question: str, pool: EvidencePool) -> list[str]:
    """The content stems of a question; of a doer whom no candidate names, the deed: `founder` where one `founded`.

    Without the words of a request: `Name the founders`, `What happens when the bell rings?`
    """
    asked = content_stems(_REQUEST.sub("", question) if pool.language == "en" else question, pool.language)
    known = frozenset[str]().union(*pool.content) if pool.language == "en" else frozenset[str]()
    deeds = {each: each[:-2] for each in asked if each.endswith(("er", "or")) and each not in known}
    return [deeds[each] if deeds.get(each) in known else each for each in asked]


def tells(index: int, pool: EvidencePool, *, fewest_words: int = _FEWEST_WORDS) -> bool:
    """Whether a candidate can stand alone: a sentence, a list item, a setting, a record, or a row with values."""
    candidate = pool.candidates[index]
    text = inert(candidate.told).strip()
    if _SETTING.match(text) or _FIELDS.fullmatch(text) or (not candidate.chunk.markdown and _KEY.match(text)):
        return True
    if text.startswith("|"):
        return pool.row(index) is not None
    words = text.split()
    fewest_words -= bool(_SHORT.fullmatch(text))
    if (
        max(len(words), len(tokens(text))) < fewest_words
        or is_frame(text)
        or (is_heading(text) if candidate.chunk.markdown else is_heading(text.lstrip("#")))
        or text.endswith(("?", ":", "？", "：", "؟"))
        or _SECTION.match(text)
    ):
        return False
    return bool(_ENDED.search(text) or _ITEM.match(text) or _has_figure(words[-_ROW_END:]))


def _has_figure(words: Sequence[str]) -> bool:
    return any(char.isdigit() for word in words for char in word)
