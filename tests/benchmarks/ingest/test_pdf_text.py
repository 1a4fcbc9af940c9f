"""What of a PDF's text is missing, and what is out of order."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ingest.pdf_text import PageScore, Second, in_order, read, sample, score, scores_of, seen_by
from tests.files.documents import both, lines, pdf_of
from tests.files.pdf import embedded, mapped


def scores(path: Path) -> list[PageScore]:
    files, failed = read([path])
    assert not failed
    return [one for pages in files for one in scores_of(pages, seen_by(Second.PYPDF, "eng"))]


def test_what_is_seen_and_not_stored_is_missing():
    """By letters and digits; the words are named."""
    found = score("a 1", "The gauge reads 3 m.", "The gauge reads 3 m at noon.")
    assert found.missing == pytest.approx(6 / 21)
    assert found.words == ("at", "noon")
    assert score("a 1", "10⁶ treatment", "106 treat-\nment").missing == 0


def test_words_in_another_order_are_counted():
    """Of those in common the share that stands in one order."""
    assert in_order("the ferry leaves at six".split(), "the ferry leaves at six".split()) == 1
    assert in_order("at six the ferry leaves".split(), "the ferry leaves at six".split()) == pytest.approx(3 / 5)
    assert in_order([], ["a"]) == 1


def test_pages_and_lines_that_the_receipt_names_are_left_out(tmp_path: Path):
    """Running headers are no text that is missing, and a doubted page is none that was read."""
    pages = [both(lines("Report 7", top=580), lines(f"Level {n} of the gauge.")) for n in range(4)]
    (tmp_path / "a.pdf").write_bytes(pdf_of(*pages))
    assert [one.missing for one in scores(tmp_path / "a.pdf")] == [0, 0, 0, 0]
    garbled = mapped(
        pdf_of(embedded("The gauge reads 1987 now.")), lambda one: str(9 - int(one)) if one.isdigit() else one
    )
    (tmp_path / "b.pdf").write_bytes(garbled)
    assert scores(tmp_path / "b.pdf") == []


def test_a_sample_of_pages_is_spread_over_the_files(tmp_path: Path):
    """At even distances, so that no long file takes it all."""
    for name, count in (("a.pdf", 6), ("b.pdf", 3)):
        (tmp_path / name).write_bytes(pdf_of(*(lines(f"Level {n} of gauge {name}.") for n in range(count))))
    files, _ = read([tmp_path / "a.pdf", tmp_path / "b.pdf"])
    assert [pages.numbers for pages in sample(files, 3)] == [(1, 4), (1,)]
    assert sample(files, 100) == files
