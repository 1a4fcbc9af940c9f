"""Names in long texts."""

from rag.text import names


def test_a_word_begins_a_sentence_by_what_stands_just_before_it():
    """However long the text is; an ordinary word is a name only where it does not begin one."""
    filler = "and so on " * 500
    assert names(f"{filler}. “Station says that Mercury is late") == ("Mercury",)
    assert names(f"{filler} the Station says") == ("Station",)
    assert names("Station says") == ()
