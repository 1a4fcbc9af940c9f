"""A line of a drafted table has its values from one row."""

from __future__ import annotations

import pytest

from eval.data import hits_of
from rag.evidence import EvidenceFinder
from rag.verification.model_file import load_model
from rag.verification.verifier import CheckedVerifier

DUE = (
    "# Purchase commitments fall due as follows\n\n2026 | 1,128\n2027 | 1,038\n\nLease terms | 11.4 years | 11.7 years"
)


@pytest.mark.parametrize(
    ("line", "released"),
    [
        ("| 2026 | 1,128 |", True),
        ("| 2026 | 1,038 |", False),
        ("| 2027 | 1,128 |", False),
        ("| Lease terms | 11.4 years | 11.7 years |", True),
        ("| Lease terms | 11.7 years | 11.4 years |", False),
    ],
)
def test_the_values_of_a_line_stand_in_one_row_in_their_order(line: str, released: bool) -> None:
    """Even where all of its numbers are quoted."""
    verifier = CheckedVerifier(EvidenceFinder(), load_model("words"), threshold=0.5)
    assert verifier.verify(line, EvidenceFinder().pool(hits_of(DUE))).supported is released
