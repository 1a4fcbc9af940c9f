"""Plain text: words broken at the end of a line are whole, whatever the width of the lines."""

from __future__ import annotations

import pytest

from ingest.parsers.text import join_wrapped


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The treat-\nment of wa-\nter.", "The treatment of water."),
        ("The city built a wastewater\ntreatment plant. The treat-\nment began.", None),
        (
            "A well-\nknown man, in 2019-\n2020, from X-\n100 on.",
            "A well-\nknown man, in 2019-\n2020, from X-\n100 on.",
        ),
        ("x = a-\nb", "x = a-\nb"),
        ("- item one-\n- item two", "- item one-\n- item two"),
    ],
)
def test_short_lines_are_joined_at_words_alone(text: str, read: str | None):
    """Those of a dictionary or of the document; compounds, ranges, names and code keep their lines."""
    assert join_wrapped(text) == (read or "The city built a wastewater\ntreatment plant. The treatment began.")


def test_wrapped_lines_keep_the_hyphens_of_compounds():
    """A hyphen that is the word's own stays, without the end of the line behind it."""
    text = (
        "The harbour office said on Monday morning that the whole of the treat-\n"
        "ment of waste water will begin in the spring, and that a certain well-\n"
        "known company from the south is to run it in all of the years of 2019-\n"
        "2020, as it was said before in the papers."
    )
    assert join_wrapped(text) == (
        "The harbour office said on Monday morning that the whole of the treatment of waste water will begin in the "
        "spring, and that a certain well-known company from the south is to run it in all of the years of 2019-2020, "
        "as it was said before in the papers."
    )
