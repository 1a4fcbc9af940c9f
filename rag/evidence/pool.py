"""The evidence pool: the quotable sentences of the hits, prepared once for all claims of a question."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from rank_bm25 import BM25Plus

from rag.caching import cached_property
from rag.evidence.candidates import Candidate, candidates_of
from rag.evidence.cell_index import CellIndex
from rag.evidence.claim_search import Sought
from rag.evidence.quotes import quote_of
from rag.evidence.rows import Row, row_at
from rag.evidence.stated_facts import Column, Ground, ground_of
from rag.evidence.tables import Table, table_at
from rag.evidence.verbatim import verbatim_pattern
from rag.models import Message, WordVectors
from rag.safety import inert
from rag.text import POINTS_BACK, content_stems, numbers_in, resolved, stems, tokens
from rag.types import Chunk, Embedding, Evidence, FloatArray, Hit, Verdict

MAX_SENTENCES = 400
_LEAD_IN = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6})\s+")
_HUNK = re.compile(r"^@@ -\d", re.MULTILINE)  # of a diff
_MARKER = re.compile(r"\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """More of the documents of a pool than its hits: the first words of a chunk's document, and its pages by number."""

    opening: Callable[[Chunk], str]
    page: Callable[[Chunk, int], Chunk | None]


class EvidencePool:
    """The candidate sentences of a question's hits, split and indexed once for all of its claims.

    Hits are ordered best first; at most `limit` sentences are kept, and text shared by two chunks is kept once. Costly
    data (vectors, facts) are computed on first use. `prompt` are the messages of the draft that contain these hits, if
    set; a pool of one document has none. `question` is the question, which may say the year of a figure. `surroundings`
    makes the pool of the pages around, if there is one; `search` finds more of the same documents for a claim and some
    of its numbers; `documents` reads the rest of the documents, if available.
    `named` are the chunks that a language model cites for a claim: among equally good candidates theirs are preferred.
    """

    def __init__(
        self,
        hits: Sequence[Hit],
        *,
        embedder: WordVectors | None = None,
        language: str = "en",
        limit: int = MAX_SENTENCES,
    ) -> None:
        self.hits = tuple(hits)
        self.language = language
        self.candidates = candidates_of(hits, language, limit)
        self._embedder = embedder
        self._rows = [row_at(each.chunk, each.start, each.end) for each in self.candidates]
        self._stems = [stems(self.reading(index), language) for index in range(len(self.candidates))]
        self.content = [self._content_of(index) for index in range(len(self.candidates))]
        self._grounds: dict[int, Ground] = {}
        self._of_documents: dict[str, EvidencePool] = {}
        self.prompt: tuple[Message, ...] = ()
        self.question = ""
        self.named: frozenset[str] = frozenset()
        self.surroundings: Callable[[], EvidencePool] | None = None
        self.search: Callable[[str, Collection[str]], Sequence[Hit]] | None = None
        self.documents: DocumentTexts | None = None
        self._whole = self
        self._wider: EvidencePool | None = None
        self._widening = Lock()

    @property
    def wider(self) -> EvidencePool | None:
        """The pool of the pages around the hits, for claims that the hits alone do not support; made once."""
        whole = self._whole
        with whole._widening:
            if whole._wider is None and whole.surroundings is not None:
                whole._wider = whole.surroundings()
                whole._wider.question = whole.question
                whole._wider.prepare()
        return whole._wider

    def found_for(self, claim: str, *, also: str = "") -> EvidencePool | None:
        """The pages that a search for a claim itself finds in the same documents, before those around the hits.

        `also` are words to search for besides: sentences that say what the numbers of the claim are. None where nothing
        searches, or where no page is new that prints a number of the claim.
        """
        whole = self._whole
        if whole.search is None:
            return None
        around = whole if self.wider is None else self.wider
        sought = Sought.of(claim, around.numbers, around.cells)
        found = whole.search(f"{claim} {also}".strip(), sought.numbers) if sought.numbers else ()
        pages = sought.pages(found, around.hits)
        if not pages:
            return None
        pool = EvidencePool([*pages, *around.hits], embedder=self._embedder, language=self.language)
        pool.question = whole.question
        return pool

    def preferring(self, named: Iterable[str]) -> EvidencePool:
        """The same pool, sharing all data, for a claim that cites these chunks (by id)."""
        wanted = frozenset(named) & self._by_chunk.keys()
        if wanted == self.named:
            return self
        self.prepare()
        pool = copy.copy(self)
        pool.named = wanted
        return pool

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def has_vectors(self) -> bool:
        """Whether an embedding model compares words."""
        return self._embedder is not None

    def prepare(self) -> None:
        """Make now what the first claim would wait for: vectors, the index, the words."""
        _ = self.similarity(""), self._index, self.words

    def of_document(self, document_id: str) -> EvidencePool:
        """The candidates of one document, with the vectors of this pool; made once per document."""
        if document_id not in self._of_documents:
            hits = [hit for hit in self.hits if hit.chunk.document_id == document_id]
            pool = EvidencePool(hits, embedder=self._embedder, language=self.language)
            pool.question = self.question
            known = {each.span: i for i, each in enumerate(self.candidates)}
            if "_embeddings" in self.__dict__ and all(each.span in known for each in pool.candidates):
                pool._embeddings = [self._embeddings[known[each.span]] for each in pool.candidates]
            self._of_documents[document_id] = pool
        return self._of_documents[document_id]

    def bm25(self, claim_stems: Sequence[str]) -> FloatArray:
        """BM25 of every candidate, shape (n,), scaled so that the best is 1; zeros where nothing matches.

        BM25+ (Lv and Zhai 2011) has an IDF above 0 in the smallest corpus; the constant it adds for every
        query term is taken off again.
        """
        if self._index is None:
            return np.zeros(len(self), dtype=np.float32)
        scores = np.asarray(self._index.get_scores(list(claim_stems)), dtype=np.float32)
        scores -= self._index.delta * sum(self._index.idf.get(term) or 0.0 for term in claim_stems)
        best = float(scores.max())
        return scores / best if best > 1e-6 else np.zeros_like(scores)  # noqa: PLR2004

    def similarity(self, text: str) -> FloatArray | None:
        """Cosine of every candidate with the text, shape (n,); None without an embedder."""
        if self._embedder is None or not self.candidates:
            return None
        cosines: FloatArray = self._vectors @ self._embedder.embed_sentences([text])[0]
        return cosines

    def nearness(self, text: str, indexes: Sequence[int]) -> FloatArray | None:
        """Of every token of the text, the greatest cosine with one of these candidates' tokens; shape (t,).

        None where there is nothing to compare: no embedder, one without token vectors, or nothing but punctuation.
        """
        if self._embedder is None:
            return None
        wanted = self._embedder.embed_words([text])[0].tokens
        rows = [self._embeddings[index].tokens for index in indexes]
        if not len(wanted) or not any(map(len, rows)):
            return None
        nearest: FloatArray = (wanted @ np.concatenate(rows).T).max(axis=1)
        return nearest

    def row(self, index: int) -> Row | None:
        """Candidate `index` as a table row; None if it is not a row, or is in a header."""
        return self._rows[index]

    def titled_rows(self, indexes: Iterable[int]) -> list[tuple[Row, str]]:
        """Those of some candidates that are rows, each with everything above it."""
        return [(row, self.over(index)) for index in dict.fromkeys(indexes) if (row := self._rows[index]) is not None]

    def table(self, index: int) -> Table | None:
        """The whole ruled table that candidate `index` is a row of; None where it cannot be had."""
        documents, candidate = self.documents, self.candidates[index]
        if documents is None or self._rows[index] is None:
            return None
        chunk = candidate.chunk
        return table_at(chunk.page, chunk.start + candidate.start, lambda number: documents.page(chunk, number))

    def reading(self, index: int) -> str:
        """The words of candidate `index` as a person reads them: of a row, each value under its heading."""
        row = self._rows[index]
        return self.candidates[index].text if row is None else row.spoken

    def over(self, index: int) -> str:
        """The title and headings of candidate `index` and, for a row, the captions and section of its table."""
        row, place = self._rows[index], self.candidates[index].chunk.place
        return place if row is None else "\n".join(filter(None, (place, row.over)))

    def ground(self, index: int) -> Ground:
        """The facts that candidate `index` states, and the names, dates and units of its title and headings."""
        if index not in self._grounds:
            self._grounds[index] = self._ground_of(index)
        return self._grounds[index]

    def _ground_of(self, index: int) -> Ground:
        text, row = self.candidates[index].text, self._rows[index]
        if row is None:
            return ground_of(text, self.over(index), self.language)
        over = "\n".join((self.over(index), row.currency, *dict.fromkeys(filter(None, row.headings))))
        columns = tuple(Column.of(*each) for each in zip(row.headings, row.values, strict=True))
        return ground_of(text, over, self.language, columns if self.language == "en" else ())

    def _content_of(self, index: int) -> frozenset[str]:
        row = self._rows[index]
        return frozenset(content_stems(f"{row.over if row else ''}\n{self.reading(index)}", self.language))

    def stems_of(self, index: int) -> list[str]:
        """Every stem of candidate `index`, in order."""
        return self._stems[index]

    def quotes(self, indexes: Iterable[int]) -> tuple[Evidence, ...]:
        """Candidates as evidence in the given order; neighbours in one chunk become one quote."""
        runs: list[tuple[Candidate, Candidate]] = []
        for candidate in (self.candidates[index] for index in indexes):
            position = next((i for i, run in enumerate(runs) if _adjacent(run, candidate)), None)
            if position is None:
                runs.append((candidate, candidate))
            else:
                first, last = runs[position]
                runs[position] = (candidate, last) if candidate.place < first.place else (first, candidate)
        return tuple(quote_of(first.chunk, first.start, last.end) for first, last in runs)

    def spoken(self, index: int) -> str:
        """The words of candidate `index`; of an English one, its first pronoun read as the subject before it."""
        candidate = self.candidates[index]
        if self.language != "en" or POINTS_BACK.match(candidate.text.lstrip()) is None:
            return candidate.text
        before = [each for each in self.candidates if each.chunk is candidate.chunk and each.place < candidate.place]
        return resolved(candidate.text, [each.text for each in before])

    def own_words(self, index: int, columns: Collection[int] | None = None) -> Verdict:
        """Candidate `index` as a verdict: the document's own sentence, without a list mark, supported by itself.

        A table row is shown with its headings, only for these columns if given; if numbers of the headings are shown,
        such as years, the header is quoted too.
        """
        row, candidate, quotes = self._rows[index], self.candidates[index], self.quotes([index])
        words = candidate.told if row is None else row.told(self.over(index), columns)
        text = " ".join(inert(words).split())
        text = text if _HUNK.search(candidate.chunk.text) else _LEAD_IN.sub("", text)  # a `-` there is no list mark
        if numbers_in(text) - numbers_in(candidate.text):
            quotes = (*quotes, *self.heads([index]))
        return Verdict(text=text, support=1.0, supported=True, evidence=quotes)

    def heads(self, indexes: Iterable[int]) -> tuple[Evidence, ...]:
        """The headers of the tables that these candidates are rows of, each once, as far as the hits have them."""
        placed = [(self.candidates[each].chunk, row.head) for each in indexes if (row := self._rows[each]) is not None]
        return tuple(dict.fromkeys(quote_of(chunk, *head) for chunk, head in placed if head is not None))

    def within(self, quotes: Sequence[Evidence]) -> list[int]:
        """The candidates inside the quotes, in the pool's order."""
        return [
            index
            for index, (document, version, page, start, end) in enumerate(each.span for each in self.candidates)
            if any(
                (quote.document_id, quote.sha256, quote.page) == (document, version, page)
                and quote.start <= start
                and end <= quote.end
                for quote in quotes
            )
        ]

    def content_of(self, quotes: Sequence[Evidence]) -> frozenset[str]:
        """The stems of the quotes and of their titles and headings; in a table, those of the cells."""
        told = [each.quote for each in quotes]
        over = [f"{self.over(index)}\n{self.reading(index)}" for index in self.within(quotes)]
        return frozenset(stem for text in told + over for stem in content_stems(text, self.language))

    def verbatim(self, sentence: str) -> Evidence | None:
        """The span where a hit has this sentence word for word as whole sentences; None if there is none.

        A heading does not count: it states nothing.
        """
        pattern = verbatim_pattern(sentence)
        ids = dict.fromkeys(candidate.chunk.id for candidate in self.candidates)
        for chunk in sorted(ids, key=lambda each: each not in self.named) if pattern else ():
            own = [each for each in self._by_chunk[chunk] if not each.is_heading]
            starts = {start for each in own for start in (each.start, _after_marker(each))}
            ends = {each.end for each in own}
            for match in pattern.finditer(own[0].chunk.text) if pattern and own else ():
                if match.start() in starts and match.end() in ends:
                    return quote_of(own[0].chunk, match.start(), match.end())
        return None

    @cached_property
    def numbers(self) -> list[frozenset[str]]:
        """The digits of every number of each candidate, without the marks of thousands."""
        return [numbers_in(each.text) for each in self.candidates]

    @cached_property
    def cells(self) -> CellIndex:
        """The table cells by their figures."""
        return CellIndex(self._rows, [each.chunk for each in self.candidates], self.over)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the pool, folded."""
        return frozenset(word for index in range(len(self)) for word in tokens(self.reading(index)))

    @cached_property
    def _index(self) -> BM25Plus | None:
        return BM25Plus(self._stems) if any(self._stems) else None

    @cached_property
    def _embeddings(self) -> list[Embedding]:
        assert self._embedder is not None
        return self._embedder.embed_words([self.reading(index) for index in range(len(self))])

    @cached_property
    def _vectors(self) -> FloatArray:
        return np.stack([each.dense for each in self._embeddings])

    @cached_property
    def _by_chunk(self) -> dict[str, list[Candidate]]:
        grouped: dict[str, list[Candidate]] = {}
        for candidate in self.candidates:
            grouped.setdefault(candidate.chunk.id, []).append(candidate)
        return grouped


def _adjacent(run: tuple[Candidate, Candidate], candidate: Candidate) -> bool:
    first, last = run
    return candidate.chunk is first.chunk and candidate.place in (first.place - 1, last.place + 1)


def _after_marker(candidate: Candidate) -> int:
    marker = _MARKER.match(candidate.text)
    return candidate.start + (marker.end() if marker else 0)
