"""Comments of code and configuration: their words are sentences, their marks are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import without_comment_marks
from rag.text.sentences import split

PIECES = ["# ", "// ", "-- ", "; ", "  ", "word ", "Foo. ", "x = 1", "\n", "\n\n", "#!", "##", "\r\n", "\x0b", "é", "|"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text, markdown=False)]


@given(TEXTS)
def test_spans_hold_every_character_but_marks_of_comments(text: str) -> None:
    """Spans are ordered and trimmed, and only whitespace and marks lie between them."""
    plain = without_comment_marks(text)
    assert len(plain) == len(text)
    reached = 0
    for span in split(text, markdown=False):
        assert reached <= span.start < span.end <= len(text)
        assert plain[span.start : span.end] == plain[span.start : span.end].strip()
        assert not plain[reached : span.start].strip()
        reached = span.end
    assert not plain[reached:].strip()


@pytest.mark.parametrize("mark", ["#", "##", "//", "///", "--", ";", "%"])
def test_comments_are_sentences_apart_from_the_code_around_them(mark: str) -> None:
    """A comment begins after its mark, and neither the line over it nor the one below it is a part of it."""
    text = f"{mark} The cache is emptied at noon. It holds 40 items.\ncache_items: 40\n  {mark} Old items go first.\n"
    assert sentences(text) == [
        "The cache is emptied at noon.",
        "It holds 40 items.",
        "cache_items: 40",
        "Old items go first.",
    ]


def test_a_sentence_goes_on_over_the_lines_of_a_comment() -> None:
    """A wrapped comment is one sentence; without the marks it reads as one."""
    text = (
        "# The importer refuses every invoice whose total differs from the sum of\n# its lines by more than a cent.\n"
    )
    (sentence,) = sentences(text)
    assert sentence == text[2:-1]
    assert " ".join(without_comment_marks(sentence).split()).endswith("the sum of its lines by more than a cent.")
