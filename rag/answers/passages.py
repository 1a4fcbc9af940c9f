"""Passages and evidence for one question: the hits, the text around them, and the pool of quotable sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rag.answers.preparation import QuestionTranslator, SubQuestion
from rag.evidence import DocumentTexts, EvidenceFinder, EvidencePool
from rag.filters import Filter
from rag.models import Message
from rag.questions import asks_in
from rag.retrieval import Retriever
from rag.text import languages_of, lexicon, lines_of_measures, may_be_in, spoken_language
from rag.types import AS_SET, Chunk, Hit, Weighing

PAGE_CHARACTERS = 4000
"""On both sides of a hit, what a claim is held against that the passages do not bear out: a page has some 3,000."""

_AS_WORDS = Weighing(bm25=1.0, reranked=False)
_DEPTH = 3
_BEST, _LINES = 3, 4
"""How many hits come before those for the lines of a measure, and how many of these there are."""
_NEIGHBOURS = {"da": "no", "no": "da"}
"""Languages that short questions do not tell apart."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The collection, filter, conversation and ranking options of a question."""

    collection: str
    where: Filter | None = None
    history: Sequence[Message] = ()
    weighing: Weighing = AS_SET


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question with its hits and their languages, most frequent first.

    `read` is the question in the language of the hits, used to compare it with them; None without a translation.
    `language` is the language of the question if it is one of the hits' too, else the default.
    """

    question: str
    scope: Scope
    hits: Sequence[Hit]
    written: tuple[str, ...]
    read: str | None
    note: str | None = None
    language: str = "en"

    @property
    def matched(self) -> str:
        """The question in the form that is compared with the hits."""
        return self.read or self.question


class PassageRetriever:
    """Finds passages for a question: `top_k` hits, each with `parent_characters` of its page on both sides.

    A question in another language than most of its hits, and than the best of them, is translated and searched for
    again, where there is a `translator`.
    """

    def __init__(
        self,
        retriever: Retriever,
        finder: EvidenceFinder,
        *,
        top_k: int,
        parent_characters: int = 0,
        language: str = "en",
        translator: QuestionTranslator | None = None,
    ) -> None:
        self._retriever = retriever
        self._finder = finder
        self._top_k = top_k
        self._parent_characters = parent_characters
        self._translator = translator
        self.language = language

    async def retrieve(self, asked: SubQuestion, scope: Scope) -> Retrieved:
        """The hits of a question; if most of them are in another language, those of its translation.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        found = Retrieved(asked.question, scope, *await self._search(asked.search, scope), read=asked.question)
        if not found.hits:
            return found
        spoken = await asyncio.to_thread(self._shared_language, found)
        if spoken is not None:
            return replace(found, language=spoken)
        rendered = None
        if self._translator is not None:
            rendered = await self._translator.render(asked.search, written=found.written[0])
        if rendered is None:
            return replace(found, read=None)
        again = await self._search(rendered, scope)
        return Retrieved(
            asked.question, scope, *again, read=rendered, note=f"Searched for “{rendered}”.", language=found.written[0]
        )

    def passages(self, retrieved: Retrieved) -> list[Hit]:
        """The passages for a language model: the hits, extended to windows of their pages.

        Where the question asks for a measure that is worked out, such as the quick ratio, the lines that it is worked
        out from come after the best hits: the question does not name them.
        """
        hits = [*retrieved.hits[:_BEST], *self._lines_of_measures(retrieved), *retrieved.hits[_BEST:]]
        return self._retriever.parents(
            hits,
            collection=retrieved.scope.collection,
            characters=self._parent_characters,
            language=self.language,
        )

    def pool(self, retrieved: Retrieved) -> EvidencePool:
        """The evidence pool of the hits alone."""
        pool = self._finder.pool(retrieved.hits)
        pool.documents = self._documents(retrieved)
        return pool

    def evidence(self, retrieved: Retrieved, passages: Sequence[Hit], asked: str = "") -> EvidencePool:
        """The evidence pool of the passages and the first words of each document, which may name its company.

        `asked` is the whole question, of which the retrieved one may be a part: another part may define a measure.

        Finding evidence for the question itself prepares what every sentence needs: vectors, index and facts.
        """
        openings = self._retriever.openings(passages, collection=retrieved.scope.collection)
        pool = self._finder.pool([*passages, *openings])
        pool.question = " ".join(dict.fromkeys(filter(None, (retrieved.matched, asked))))
        pool.surroundings = partial(self._around, retrieved, openings)
        pool.search = partial(self._bearing_on, retrieved)
        pool.documents = self._documents(retrieved)
        self._finder.support(retrieved.matched, pool)
        return pool

    def _around(self, retrieved: Retrieved, openings: Sequence[Hit]) -> EvidencePool:
        """The pages of the hits, up to PAGE_CHARACTERS on both sides of each, and the openings."""
        pages = self._retriever.parents(
            retrieved.hits,
            collection=retrieved.scope.collection,
            characters=PAGE_CHARACTERS,
            language=self.language,
        )
        return self._finder.pool([*pages, *openings])

    def _bearing_on(self, retrieved: Retrieved, claim: str, numbers: Collection[str]) -> list[Hit]:
        """Pages of the hits' documents, up to PAGE_CHARACTERS on both sides, found by the numbers and by the claim.

        Whether they print the numbers is for the pool to see.
        """
        scope = retrieved.scope
        documents = {hit.chunk.document_id for hit in retrieved.hits}
        asked = ((" ".join(sorted(numbers)), _AS_WORDS), (claim, AS_SET))
        found = [
            hit
            for words, weighing in asked
            for hit in self._retriever.search(
                words, collection=scope.collection, k=_DEPTH * self._top_k, where=scope.where, weighing=weighing
            )
            if hit.chunk.document_id in documents
        ]
        distinct = {hit.chunk.id: hit for hit in found}
        return self._retriever.parents(
            list(distinct.values()), collection=scope.collection, characters=PAGE_CHARACTERS, language=self.language
        )

    def _lines_of_measures(self, retrieved: Retrieved) -> list[Hit]:
        """Other hits of the same documents for the line items of the measures that an English question names."""
        lines = lines_of_measures(retrieved.matched) if retrieved.language == "en" else ""
        if not lines:
            return []
        scope, known = retrieved.scope, {hit.chunk.id for hit in retrieved.hits}
        documents = {hit.chunk.document_id for hit in retrieved.hits}
        found = self._retriever.search(
            lines.replace("\n", ", "), collection=scope.collection, k=_DEPTH * self._top_k, where=scope.where
        )
        return [each for each in found if each.chunk.document_id in documents and each.chunk.id not in known][:_LINES]

    def _documents(self, retrieved: Retrieved) -> DocumentTexts:
        collection = retrieved.scope.collection
        return DocumentTexts(partial(self.opening, collection=collection), partial(self._page, collection=collection))

    def _page(self, chunk: Chunk, number: int, *, collection: str) -> Chunk | None:
        return self._retriever.page(chunk, number, collection=collection)

    def opening(self, chunk: Chunk, *, collection: str) -> str:
        """The first words of the document of a chunk."""
        found = self._retriever.openings([Hit(chunk, {"score": 0.0})], collection=collection)
        return found[0].chunk.text if found else ""

    def _shared_language(self, found: Retrieved) -> str | None:
        """The language of a question if most of its hits, or the best of them, are in it; else None.

        A short question may look like a neighbouring language: then what it asks with decides.
        """
        written = (found.written[0], spoken_language(found.hits[0].chunk.text, self.language))
        spoken = spoken_language(found.question, self.language)
        own, near = lexicon(spoken), _NEIGHBOURS.get(spoken)
        if near in written and near is not None and (words := lexicon(near)) is not None:
            return near if asks_in(found.question, words) else None
        if spoken in written or (own is not None and asks_in(found.question, own)):
            return spoken if spoken in written else None
        for language in dict.fromkeys(written):
            words = lexicon(language)
            if words is not None and (asks_in(found.question, words) or may_be_in(found.question, words)):
                return language
        return None

    async def _search(self, question: str, scope: Scope) -> tuple[list[Hit], tuple[str, ...]]:
        """The hits, and their languages."""

        def search() -> tuple[list[Hit], tuple[str, ...]]:
            hits = self._retriever.search(
                question, collection=scope.collection, k=self._top_k, where=scope.where, weighing=scope.weighing
            )
            return hits, languages_of(hits, self.language)

        return await asyncio.to_thread(search)
