"""The pages that the rule for web pages is measured on."""

import pytest

from benchmarks.ingest.web_page_samples import Sample, samples
from benchmarks.ingest.web_pages import by_footnote, score, words


def test_pages_hold_content_and_more():
    """Each page's content is a part of the page, and the marks of the content are not in it."""
    for page in samples():
        assert "«" not in page.html
        assert "»" not in page.html
        assert words(page.content)


@pytest.mark.parametrize("page", samples(), ids=lambda page: page.name)
def test_no_word_of_the_content_is_lost(page: Sample):
    """What stands around it may come along where nothing marks it; what is content never goes."""
    precision, recall = score(page, by_footnote)
    assert recall == 1
    assert precision > 0.5


def test_a_page_of_which_nothing_is_read_scores_nothing():
    """Rather than not being counted."""
    assert score(samples()[0], lambda _: "") == (0.0, 0.0)
