"""A number of a calculation is of the row that it is called by."""

from __future__ import annotations

import pytest

from eval.data import hits_of
from rag.arithmetic.written_calculations import written
from rag.evidence import EvidenceFinder
from rag.figures import is_misnamed
from tests.statements import STATEMENT


@pytest.mark.parametrize(
    ("text", "misnamed"),
    [
        ("Gross profit $2,820 / net sales $14,544 = 19.4%", False),
        ("Gross profit ($2,820) / net sales ($14,544) = 19.4%", False),
        ("$2,820 (gross profit) / $14,544 (total net sales) = 19.4%", False),
        ("$2,820 margin / $14,544 turnover = 19.4%", False),
        ("It was 19.4% of net sales ($2,820 / $14,544).", False),
        ("It was 19.4% of net sales (($2,820) / $14,544).", False),
        ("Net sales were 19.4% of gross profit ($2,820 / $14,544).", True),
        ("Net sales were 19.4% of gross profit (($2,820) / $14,544).", True),
        ("Net sales $2,820 / gross profit $14,544 = 19.4%", True),
        ("Net sales ($2,820) / turnover ($14,544) = 19.4%", True),
        ("$2,820 (net sales) / $14,544 (gross profit) = 19.4%", True),
        ("$2,820 / cost of sales $14,544 = 19.4%", True),
    ],
)
def test_a_number_is_not_called_by_another_row(text: str, misnamed: bool) -> None:
    """What no row is called may be another word for it."""
    (found,) = written(text).results
    assert is_misnamed(found.called, EvidenceFinder().pool(hits_of(STATEMENT))) is misnamed
