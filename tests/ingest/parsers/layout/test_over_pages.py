"""Words that are broken at the end of a page."""

from __future__ import annotations

import pytest

from ingest.parsers.common import unpack
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import both, lines, pdf_of

PROSE = "The guild of weavers rents the granary from the council, and pays for its"


def pages_of(above: str, below: str, *more: str) -> list[str]:
    """The texts of two pages with the number of each at its foot."""
    first = both(lines(PROSE, above), lines("1", top=30))
    parsed = PdfParser().parse(pdf_of(first, both(lines(below, *more), lines("2", top=30))), "a.pdf")
    for page in parsed.pages:
        words = unpack(page.geometry).words if page.geometry else ()
        assert " ".join(page.text[word.start : word.end] for word in words) == " ".join(page.text.split())
    return [page.text for page in parsed.pages]


def test_a_word_broken_at_the_end_of_a_page_is_whole_where_it_begins():
    """With the mark behind it; what follows is the text of the next page, and each word is where it is printed."""
    first, second = pages_of("windows and their main-", "tenance, for new stairs and", "for the tower.")
    assert first.endswith("windows and their maintenance,")
    assert second == "for new stairs and for the tower."


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("the towns of the north and long-", "term plans are made by it."),
        ("and is known as the guild K-", "Nord of the council."),
        ("which has the number 45-", "71 in the book."),
    ],
)
def test_a_hyphen_of_the_word_itself_stays(above: str, below: str):
    """Compounds, names and numbers are not joined over pages."""
    first, second = pages_of(above, below)
    assert first.endswith(above[-6:])
    assert second == below
