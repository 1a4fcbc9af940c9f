"""What is found for one question, and for a sentence that states more than was found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from rag.answers.passages import PassageRetriever, Retrieved, Scope
from rag.answers.preparation import AsAsked
from rag.evidence.finder import EvidenceFinder
from rag.types import Hit
from tests.fakes.core import HashEmbedder, ListRetriever, hit

QUESTION, CLAIM = "What does the modem draw?", "The modem draws 4711 mA."
FOUND = hit("The logger sleeps at night.", "power.txt")
SAME_DOCUMENT, OTHER_DOCUMENT = hit(CLAIM, "power.txt", start=900), hit(CLAIM, "other.txt")


class TwoSearches(ListRetriever):
    """Finds one passage for the question, and others for everything else."""

    def search(self, question: str, **settings: Any) -> list[Hit]:
        super().search(question, **settings)
        return [FOUND] if question == QUESTION else [SAME_DOCUMENT, OTHER_DOCUMENT]


def retrieved(retriever: TwoSearches) -> tuple[PassageRetriever, Retrieved]:
    passages = PassageRetriever(retriever, EvidenceFinder(HashEmbedder()), top_k=8)  # type: ignore[arg-type]
    return passages, asyncio.run(passages.retrieve(AsAsked(QUESTION), Scope("any")))


def test_a_number_that_the_passages_lack_is_searched_for_in_their_documents() -> None:
    """By its digits and by the sentence; another document may print the same number of another thing."""
    retriever = TwoSearches([])
    passages, found = retrieved(retriever)
    pool = passages.evidence(found, [FOUND]).found_for(CLAIM)
    assert pool is not None
    assert [each.text for each in pool.candidates] == [CLAIM, FOUND.chunk.text]
    assert {each.chunk.document_id for each in pool.candidates} == {FOUND.chunk.document_id}
    assert retriever.asked == [QUESTION, "4711", CLAIM]


def test_a_number_that_the_passages_print_may_be_stated_elsewhere() -> None:
    """It is searched for as well, and the pages are taken if they are other ones."""
    retriever = TwoSearches([])
    passages, _ = retrieved(retriever)
    printing = hit("It has 4711 parts.", "power.txt")
    found = Retrieved(QUESTION, Scope("any"), [printing], ("en",), None)
    pool = passages.evidence(found, [printing]).found_for(CLAIM)
    assert pool is not None
    assert CLAIM in [each.text for each in pool.candidates]
    found = Retrieved(QUESTION, Scope("any"), [SAME_DOCUMENT], ("en",), None)
    assert passages.evidence(found, [SAME_DOCUMENT]).found_for(CLAIM) is None


def test_what_prints_no_number_of_the_claim_is_no_evidence_more() -> None:
    """Nor is anything searched for that has no number which the passages lack."""
    retriever = TwoSearches([])
    passages, found = retrieved(retriever)
    pool = passages.evidence(found, [FOUND])
    assert pool.found_for("The modem draws 4712 mA.") is None
    assert pool.found_for("The modem draws much.") is None
    assert retriever.asked == [QUESTION, "4712", "The modem draws 4712 mA."]


def test_the_lines_of_a_measure_come_to_the_passages() -> None:
    """A question for the quick ratio names neither receivables nor liabilities; other documents have their own."""

    class Statements(TwoSearches):
        def search(self, question: str, **settings: Any) -> list[Hit]:
            ListRetriever.search(self, question, **settings)
            return [FOUND] if "ratio" in question else [FOUND, SAME_DOCUMENT, OTHER_DOCUMENT]

        def parents(self, hits: Sequence[Hit], **settings: Any) -> list[Hit]:
            return list(hits)

    passages = PassageRetriever(Statements([]), EvidenceFinder(HashEmbedder()), top_k=8)  # type: ignore[arg-type]
    found = asyncio.run(passages.retrieve(AsAsked("What is the quick ratio?"), Scope("any")))
    assert passages.passages(found) == [FOUND, SAME_DOCUMENT]
    found = asyncio.run(passages.retrieve(AsAsked("What is the pH ratio?"), Scope("any")))
    assert passages.passages(found) == [FOUND]
