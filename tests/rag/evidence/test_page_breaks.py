"""A sentence that goes on over the end of a page is one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.extractive import ExtractiveAnswerer
from rag.evidence import EvidenceFinder, EvidencePool, PageBreaks
from rag.evidence.pool import DocumentTexts
from tests.fakes.core import hit

FIRST = "Rules of the yard.\n\nThe permit of a carter ends after"
SECOND = "three missed days in one year. The gate closes at six."


def pool_of(*pages: str) -> EvidencePool:
    """The pages as the hits, each of one document."""
    chunks = {at: replace(hit(text, "rules.pdf").chunk, page=at) for at, text in enumerate(pages, 1)}
    pool = EvidenceFinder().pool([replace(hit("", "rules.pdf"), chunk=chunk) for chunk in chunks.values()])
    pool.documents = DocumentTexts(opening=lambda _: pages[0], page=lambda _, number: chunks.get(number))
    return pool


def read(*pages: str) -> list[tuple[bool, str]]:
    pool = pool_of(*pages)
    breaks = PageBreaks(pool)
    found = ((breaks.is_cut(index), breaks.joined(index)) for index in range(len(pool)))
    return [(cut, whole.text if whole else "") for cut, whole in found]


def test_both_halves_are_the_whole_sentence() -> None:
    """With a quote of each page; the others are whole."""
    sentence = "The permit of a carter ends after three missed days in one year."
    assert read(FIRST, SECOND) == [(False, ""), (True, sentence), (True, sentence), (False, "")]
    whole = PageBreaks(pool_of(FIRST, SECOND)).joined(1)
    assert whole is not None
    assert [(each.page, each.quote) for each in whole.quotes] == [
        (1, "The permit of a carter ends after"),
        (2, "three missed days in one year."),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The permit ends after a year.", "three missed days are too many."),
        ("Permits and licences of the yard", "The gate closes at six."),
        ("# Permits of the yard and of", "the gate closes at six."),
    ],
)
def test_what_ended_does_not_go_on(first: str, second: str) -> None:
    """Nor do a heading, and a line without an end before a new sentence."""
    assert not any(whole for _, whole in read(first, second))


def test_half_of_which_the_rest_is_missing_is_cut() -> None:
    """It goes on somewhere, but not there."""
    assert read("The permit ends at the end of the", "# Fees\n\nSix euros.")[0] == (True, "")


def test_the_whole_sentence_is_told() -> None:
    """Whichever half has the words of the question."""
    answerer = ExtractiveAnswerer(threshold=0.5)
    (verdict,) = answerer.answer(["When does the permit of a carter end?"], pool_of(FIRST, SECOND)).verdicts
    assert verdict.text == "The permit of a carter ends after three missed days in one year."
    assert [each.page for each in verdict.evidence] == [1, 2]


def test_half_a_sentence_is_not_told() -> None:
    """Where its rest is missing."""
    pages = ("The permit of carter 7 ends on 3 May or at the", "# Fees\n\nSix euros.")
    assert ExtractiveAnswerer(threshold=0.3).answer(["When does the permit end?"], pool_of(*pages)).verdicts == ()


@given(st.lists(st.text("aB .\n#|,", max_size=30), min_size=1, max_size=3))
def test_quotes_are_the_words_of_their_pages(pages: list[str]) -> None:
    """Whatever the pages are."""
    pool = pool_of(*pages)
    breaks = PageBreaks(pool)
    for index in range(len(pool)):
        whole = breaks.joined(index)
        assert whole is None or all(pages[each.page - 1][each.start : each.end] == each.quote for each in whole.quotes)
