"""Whole tables, over as many pages as they have."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.tables import Table, quotes_of, table_at
from rag.types import Chunk, document_id_of, sha256_of

HEADER = "| Town | Bridges |\n| --- | --- |"


def pages_of(*texts: str, name: str = "t.csv") -> dict[int, Chunk]:
    version = sha256_of("\f".join(texts).encode())
    return {
        number: Chunk(document_id_of("t"), version, name, number, 0, len(text), text)
        for number, text in enumerate(texts, 1)
    }


def table(number: int, place: int, *texts: str) -> Table | None:
    return table_at(number, place, pages_of(*texts).get)


def test_a_table_has_its_headings_and_all_its_rows() -> None:
    """Whichever row it is asked for by; text around it is not of it."""
    text = f"Bridges by town\n\n{HEADER}\n| Sarn | 3 |\n| Orlo | 5 |\n\nCounted in 2024."
    found = table(1, text.index("Orlo"), text)
    assert found is not None
    assert found.headings == ("Town", "Bridges")
    assert [row.cells for row in found.rows] == [("Sarn", "3"), ("Orlo", "5")]
    assert table(1, 0, text) is None
    assert table(1, text.index("Counted"), text) is None


def test_a_table_goes_on_over_pages() -> None:
    """It ends where a page begins with something else, or with a header of its own."""
    first, second, third = f"{HEADER}\n| Sarn | 3 |", "| Orlo | 5 |\n| Brack | 8 |", "| Lusk | 1 |\n\nNotes."
    for number, place in ((1, len(first) - 3), (2, 2), (3, 2)):
        found = table(number, place, first, second, third, "| Not | this |")
        assert found is not None
        assert [row.cells[0] for row in found.rows] == ["Sarn", "Orlo", "Brack", "Lusk"]
    other = table(1, len(first) - 3, first, f"{HEADER}\n| Orlo | 5 |")
    assert other is not None
    assert len(other.rows) == 1


def test_a_printed_table_that_may_go_on_is_not_whole() -> None:
    """Its header comes again, or unruled rows, below the head of the next page; another table is another."""
    first = f"Bridges\n\n{HEADER}\n| Sarn | 3 |\n| Orlo | 5 |\n\nSee note 1."
    for second in (f"Report\n\n{HEADER}\n| Brack | 8 |", "Brack | 8\nLusk | 1"):
        for number, text in ((1, first), (2, second)):
            pages = pages_of(first, second, name="t.pdf")
            assert table_at(number, text.rindex("|") - 2, pages.get) is None
    pages = pages_of(first, "| Lake | Depth |\n| --- | --- |\n| Tessin | 8 |", name="t.pdf")
    found = table_at(1, first.index("Orlo"), pages.get)
    assert found is not None
    assert len(found.rows) == 2


def test_what_is_no_whole_table_is_none() -> None:
    """Rows without a header before them, rows of another length, a page that is gone."""
    assert table(1, 3, "| Sarn | 3 |\n| Orlo | 5 |") is None
    assert table(2, 3, "Words.", "| Sarn | 3 |") is None
    assert table(1, 40, f"{HEADER}\n| Sarn | 3 |\n| Orlo | 5 | 7 |") is None
    assert table(9, 0, HEADER) is None


def test_a_bar_within_a_cell_does_not_divide_it() -> None:
    """It is written with a backslash before it."""
    text = f"{HEADER}\n| Sarn \\| Low | 3 |"
    found = table(1, len(text) - 3, text)
    assert found is not None
    assert found.rows[0].cells == ("Sarn \\| Low", "3")


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
def test_rows_are_quoted_as_they_stand(sizes: Sequence[int], data: st.DataObject) -> None:
    """Every chosen row is in exactly one quote, and each quote is the page's own characters."""
    texts = ["\n".join(f"| T{page}x{row} | {row} |" for row in range(size)) for page, size in enumerate(sizes)]
    texts[0] = f"{HEADER}\n{texts[0]}"
    pages = pages_of(*texts)
    found = table_at(1, len(texts[0]) - 2, pages.get)
    assert found is not None
    assert len(found.rows) == sum(sizes)
    chosen = [row for row in found.rows if data.draw(st.booleans())] or list(found.rows)
    quotes = quotes_of(chosen)
    assert all(pages[each.page].text[each.start : each.end] == each.quote for each in quotes)
    for row in found.rows:
        covering = [q for q in quotes if q.page == row.page.page and q.start <= row.start and row.end <= q.end]
        assert len(covering) == (row in chosen)
