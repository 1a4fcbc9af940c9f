"""Which sentences of a pool are about the very thing that a question asks about."""

from __future__ import annotations

from rag.evidence import Candidate, EvidencePool
from rag.text import Subject, asked_subject, missing_from, spoken_language


class AskedSubject:
    """The thing, names, period and kind of bound of a question, which an answer in the documents' words must have.

    A sentence may have them from what stands over it: title, headings, names of columns, file name. A sentence without
    names of its own may have them from its chunk. English only: every other question lets every sentence pass.
    """

    def __init__(self, question: str, pool: EvidencePool) -> None:
        self._pool = pool
        applies = pool.language == "en" and spoken_language(question, pool.language) == "en"
        self._asked = asked_subject(question) if applies else None

    def passes(self, index: int) -> bool:
        """Whether candidate `index` is about what was asked, as far as it tells."""
        if self._asked is None:
            return True
        candidate = self._pool.candidates[index]
        sentence, place = self._pool.spoken(index), candidate.chunk.place
        told = Subject.of(sentence)
        if self._asked.rivals(told) or self._asked.without(told).rivals(Subject.of(place)):
            return False
        return self._is_named(self._asked, sentence, place, candidate)

    @staticmethod
    def _is_named(asked: Subject, sentence: str, place: str, candidate: Candidate) -> bool:
        missing = missing_from(asked, f"{sentence}\n{place}\n{candidate.chunk.filename}")
        if not missing:
            return True
        others = {name for name in Subject.of(sentence).names if not name.isupper()} - set(asked.names)
        return not others and not set(missing) & set(missing_from(asked, candidate.chunk.text))
