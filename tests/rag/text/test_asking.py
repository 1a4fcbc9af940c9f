"""Terms that a question explains."""

from __future__ import annotations

import pytest

from rag.text import explained_terms


@pytest.mark.parametrize(
    "question",
    [
        "What is the days sales outstanding (DSO) of Corning?",
        "What is the DSO of Corning? DSO is defined as receivables / sales.",
        "Define DSO as receivables / sales. What is it for Corning?",
    ],
)
def test_an_acronym_that_the_question_explains_is_a_term(question: str) -> None:
    """In brackets after its words, or by a definition; a company's name is none."""
    terms = explained_terms(question)
    assert "dso" in terms
    assert "corning" not in terms


def test_other_acronyms_may_be_names() -> None:
    """Of companies, for instance."""
    assert not {"jpm", "ibm"} & explained_terms("Did JPM (IBM) lend money to companies (JPM) in 2021?")


def test_ordinary_words_are_terms() -> None:
    """A heading may write them with capitals."""
    assert {"inventory", "average"} <= explained_terms("What is the average inventory of Corning?")
    assert "unadjusted" in explained_terms("What is the unadjusted EBITDA of Corning?")
