"""Claims made from documents: the same every time, and missing means missing."""

from __future__ import annotations

import pytest

from eval.data.claim_pairs import pairs_of

DOCUMENT = (
    "Harbour Rowing Club was founded in 1931 by Ingrid Solberg. The club owns 14 boats and rents two sheds. "
    "Members may not row after sunset in winter. Juniors train on Mondays with a coach from Oslo. "
    "The annual fee is $120 for adults and $60 for juniors. In 2004, the club moved to a new harbour near Bergen. "
    "Most members have rowed for more than ten years."
)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_pairs() -> None:
    """And another seed makes others."""
    made = list(pairs_of([DOCUMENT], seed=1, per_piece=7))
    assert made
    assert list(pairs_of([DOCUMENT], seed=1, per_piece=7)) == made
    assert list(pairs_of([DOCUMENT], seed=2, per_piece=7)) != made


def test_labels_agree_with_what_was_done() -> None:
    """A verbatim claim stands in its window and is supported; a missing one does not stand there and is not."""
    made = [pair for seed in range(20) for pair in pairs_of([DOCUMENT], seed=seed, per_piece=7)]
    verbatim = [pair for pair in made if pair.kind == "verbatim"]
    missing = [pair for pair in made if pair.kind == "missing"]
    assert verbatim
    assert missing
    assert all(pair.claim in pair.window and pair.supported == 1 for pair in verbatim)
    assert all(pair.claim not in pair.window and pair.supported == 0 for pair in missing)


def test_half_a_merged_claim_is_missing() -> None:
    """Two sentences as one, of which the window has just one."""
    made = [pair for seed in range(60) for pair in pairs_of([DOCUMENT], seed=seed, per_piece=7)]
    halves = [pair for pair in made if pair.kind == "half"]
    assert halves
    assert all(pair.supported == 0 and pair.claim not in pair.window for pair in halves)


def test_a_document_without_sentences_makes_nothing() -> None:
    """A heading alone is no source of claims."""
    assert list(pairs_of(["", "CONTENTS"], seed=1, per_piece=3)) == []
