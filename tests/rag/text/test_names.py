"""Names in long texts."""

import pytest

from rag.text import names, take_identifiers


def test_a_word_begins_a_sentence_by_what_stands_just_before_it():
    """However long the text is; an ordinary word is a name only where it does not begin one."""
    filler = "and so on " * 500
    assert names(f"{filler}. “Station says that Mercury is late") == ("Mercury",)
    assert names(f"{filler} the Station says") == ("Station",)
    assert names("Station says") == ()


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_run_without_end_is_read_once():
    """However long it is, also in a script without spaces; an address in it is found all the same."""
    assert take_identifiers("門" * 100_000 + " x")[0] == ()
    assert take_identifiers(f"{'a' * 50_000}, write to ann@example.org")[0] == ("ann@example.org",)
