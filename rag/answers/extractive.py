"""Answers without a language model: the documents' own sentences, chosen and put in a readable order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from rag.answers.subject import AskedSubject
from rag.evidence import Candidate, EvidencePool
from rag.safety import inert
from rag.text import QUOTED_HEADING, content_stems, is_heading, stems, weighted_recall
from rag.types import FloatArray, Verdict

_FEWEST_WORDS = 4
_CLOSE_TO_BEST = 0.92
_CLOSE_TO_OTHERS = 0.9  # the best sentence about the thing asked for, beside the best about any
_ROW_END = 4  # a row of a table ends with its figures; a heading does not
_SECTION = re.compile(r"\d+(?:\.\d+)*\.?\s+[^\d\s].*[^.!?]$")
_ENDED = re.compile(r"[.!?…。！？]['\"”’)\]]*$")
_ITEM = re.compile(r"(?:[-*+•]|\|)\s")
_HEADINGS = re.compile(r"^#+ (.*)", re.MULTILINE)
_SETTING = re.compile(r"[A-Za-z_][\w.-]*(?:\s*:\s*[\w\[\]., |]+)?\s*=\s*\S")


class ExtractiveAnswerer:
    """Chooses the sentences of a pool that answer a question best.

    A question is taken for answerable when the mean of three numbers, each 0..1, reaches `threshold`: the relevance of
    the best sentence, the share of the question's words in the chunk around it, and the cosine of the question with the
    nearest hit. Chosen on the first half of ClapNQ (docs/research/answers.md). A sentence about another thing than the
    question asks about (`rag.answers.subject`) is no answer.
    """

    def __init__(self, *, threshold: float, limit: int = 4) -> None:
        self._threshold = threshold
        self._limit = limit

    def answer(self, questions: Sequence[str], pool: EvidencePool) -> list[Verdict]:
        """Verbatim sentences as verdicts, each with its own quote; empty when none of the questions is answerable."""
        chosen: list[int] = []
        for part in questions:
            chosen.extend(index for index in self._best(part, pool) if index not in chosen)
        distinct = _without_repeats(chosen, pool)[: self._limit]
        return [pool.own_words(index) for index in _readable(distinct, pool)]

    def in_own_words(self, drafted: Iterable[Verdict], question: str, pool: EvidencePool) -> list[Verdict]:
        """What the documents say where unsupported sentences were drafted: of each, the nearest quote that answers.

        A quote answers under the same bar as one that no language model led to. Near is what is relevant to the
        question and has the words of the draft.
        """
        scores, asked = relevance(question, pool), AskedSubject(question, pool)
        chosen: list[int] = []
        for verdict in drafted:
            said = content_stems(verdict.checked_as or verdict.text, pool.language)
            near = {
                index: float(scores[index]) + weighted_recall(said, pool.content[index])
                for index in pool.within(verdict.evidence)
                if scores[index] > 0
                and answerability(question, index, scores, pool) >= self._threshold
                and asked.passes(index)
            }
            chosen.extend(sorted(near, key=lambda index: -near[index])[:1])
        distinct = _without_repeats(list(dict.fromkeys(chosen)), pool)[: self._limit]
        return [pool.own_words(index) for index in _readable(distinct, pool)]

    def _best(self, part: str, pool: EvidencePool) -> list[int]:
        scores = relevance(part, pool)
        order = [int(i) for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
        if not order or answerability(part, order[0], scores, pool) < self._threshold:
            return []
        asked = AskedSubject(part, pool)
        close = [i for i in order if scores[i] >= _CLOSE_TO_OTHERS * scores[order[0]] and asked.passes(i)]
        close = _unquoted_first(close, pool)
        return [i for i in close if scores[i] >= _CLOSE_TO_BEST * scores[close[0]]][: self._limit]


def answerability(part: str, best: int, scores: FloatArray, pool: EvidencePool) -> float:
    """How likely the pool answers, 0..1: a mean, not a calibrated probability."""
    around = pool.candidates[best].chunk
    words = frozenset(content_stems(around.embedded_text, pool.language))
    signs = [float(scores[best]), weighted_recall(content_stems(part, pool.language), words)]
    cosines = [hit.scores["dense"] for hit in pool.hits if "dense" in hit.scores]
    if cosines:
        signs.append(max(0.0, *cosines))
    return sum(signs) / len(signs)


def relevance(part: str, pool: EvidencePool) -> FloatArray:
    """How well each candidate answers one part of a question, shape (n,), 0..1; 0 for headings and fragments.

    The mean of the share of the question's words that a sentence has, counting those of its title and headings, and of
    its cosine with the question.
    """
    wanted = content_stems(part, pool.language) or stems(part, pool.language)
    recall = np.array(
        [weighted_recall(wanted, found | _context_stems(index, pool)) for index, found in enumerate(pool.content)],
        dtype=np.float32,
    )
    cosines = pool.similarity(part)
    scores = recall if cosines is None else (recall + np.clip(cosines, 0, 1)) / 2
    return (scores * [_tells(candidate) for candidate in pool.candidates]).astype(np.float32)


def _context_stems(index: int, pool: EvidencePool) -> frozenset[str]:
    """The words of a candidate's title and headings, and of what its first pronoun stands for."""
    chunk, spoken = pool.candidates[index].chunk, pool.spoken(index)
    subject = "" if spoken == pool.candidates[index].text else spoken
    return frozenset(content_stems(" ".join((chunk.title, *chunk.heading, subject)), pool.language))


def _tells(candidate: Candidate) -> bool:
    """Whether a candidate can stand alone: a whole sentence, a list item, a setting, or a table row with its figure."""
    text = inert(candidate.text).strip()
    if _SETTING.match(text):
        return True
    words = text.split()
    if len(words) < _FEWEST_WORDS or is_heading(text) or text.endswith(("?", ":")) or _SECTION.match(text):
        return False
    return bool(_ENDED.search(text) or _ITEM.match(text) or _has_figure(words[-_ROW_END:]))


def _has_figure(words: Sequence[str]) -> bool:
    return any(char.isdigit() for word in words for char in word)


def _unquoted_first(close: Sequence[int], pool: EvidencePool) -> list[int]:
    """Without the words that a message quotes of earlier ones, where it answers in its own."""
    quoted = {index for index in close if _is_quoted(pool.candidates[index])}
    own = {pool.candidates[index].chunk.document_id for index in close if index not in quoted}
    return [index for index in close if index not in quoted or pool.candidates[index].chunk.document_id not in own]


def _is_quoted(candidate: Candidate) -> bool:
    """Whether the nearest heading over a candidate is that of a quotation in a message."""
    chunk = candidate.chunk
    above = _HEADINGS.findall(chunk.text[: candidate.start])
    heading = above[-1] if above else chunk.heading[-1] if chunk.heading else ""
    return heading.startswith(QUOTED_HEADING)


def _without_repeats(chosen: Sequence[int], pool: EvidencePool) -> list[int]:
    """Candidates whose words are not all in an earlier one; differing numbers make sentences differ."""
    kept: list[int] = []
    for index in chosen:
        if not any(pool.content[index] <= pool.content[other] for other in kept):
            kept.append(index)
    return kept


def _readable(chosen: Sequence[int], pool: EvidencePool) -> list[int]:
    """Documents in the order of their best sentence, sentences of one document in its own order."""
    first_seen: dict[str, int] = {}
    for place, index in enumerate(chosen):
        first_seen.setdefault(pool.candidates[index].chunk.document_id, place)

    def place_of(index: int) -> tuple[int, int, int]:
        candidate = pool.candidates[index]
        chunk = candidate.chunk
        return first_seen[chunk.document_id], chunk.page, chunk.start + candidate.start

    return sorted(chosen, key=place_of)
