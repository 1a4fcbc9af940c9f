"""Typing errors in questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.spelling import DictionarySpeller, NoSpeller, Spelled

PASSAGES = ["The logger stores readings.", "Tarnbeck Hydrometry keeps a depot.", "The Ouzel logger sleeps."]
SPELLER = DictionarySpeller()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("what does the loger store", "logger"),
        ("what does the loggger store", "logger"),
        ("what does the lgoger store", "logger"),
        ("what does the kogger store", "logger"),
        ("who owns tarnbek", "tarnbeck"),
        ("when was the protien found", "protein"),
    ],
    ids=["dropped", "doubled", "swapped", "neighbour", "a name of the passages", "a word of the dictionary"],
)
def test_one_typing_error_is_corrected(typed: str, right: str) -> None:
    """The passages' words come before the dictionary's: `loger` might be `longer` too."""
    spelled = SPELLER.correct(typed, PASSAGES)
    ((wrong, read),) = spelled.changes
    assert read == right
    assert spelled.text == typed.replace(wrong, right)


@pytest.mark.parametrize(
    "question",
    [
        "What does the logger store?",
        "where is Tarnbek",
        "what is micoRNA",
        "what does ERR-41O7 mean",
        "set sample_intervl_s in station.cnf",
        'what is a "loger"',
        "what is a `loger`",
        "mail loger@tarnbek.example about www.tarnbek.example/loger",
        "the lgr",
        "is there an adipogenesis",
    ],
)
def test_names_codes_quotations_and_what_is_near_to_nothing_stay(question: str) -> None:
    """As they were typed."""
    assert SPELLER.correct(question, PASSAGES) == Spelled(question)


def test_a_question_in_another_language_has_no_typing_errors() -> None:
    """Its words are not those of the dictionary."""
    for question in ("wie lange muss frischer beton aushärten", "quelle est la résistance de terre de la station"):
        assert SPELLER.unknown(question) == ()
        assert SPELLER.correct(question, ["The earth resistance of the range."]) == Spelled(question)


def test_a_word_of_the_passages_is_no_error() -> None:
    """However unusual; the dictionary has `longer` and `lodger` beside it."""
    assert SPELLER.unknown("the loger stores") == ("loger",)
    assert SPELLER.correct("the loger stores", ["A Loger is a device."]).changes == ()


def test_the_first_word_may_be_an_ordinary_word() -> None:
    """Where the passages write it without a capital; where they do not, it is a name."""
    assert SPELLER.correct("Loger of which make", PASSAGES).text == "Logger of which make"
    assert SPELLER.correct("Tarnbek is where", PASSAGES).changes == ()
    assert SPELLER.correct("Protien is what", PASSAGES).changes == ()


def test_every_occurrence_is_read_alike() -> None:
    """And told once."""
    spelled = SPELLER.correct("is a loger a loger", PASSAGES)
    assert spelled == Spelled("is a logger a logger", (("loger", "logger"),))


def test_other_languages_have_their_dictionaries() -> None:
    """Where there is none, building one says so."""
    assert DictionarySpeller("de").correct("wo ist der bahnhf", []).text == "wo ist der bahnhof"
    with pytest.raises(ValueError, match="no dictionary of 'xx'"):
        DictionarySpeller("xx")


def test_without_a_speller_nothing_is_an_error() -> None:
    assert NoSpeller().unknown("teh loger") == ()
    assert NoSpeller().correct("teh loger", PASSAGES) == Spelled("teh loger")


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_only_lower_case_words_and_the_first_ever_change(question: str, passages: list[str]) -> None:
    """What stands between them is kept, character by character."""
    spelled = SPELLER.correct(question, passages)
    assert [part for part in question.split()[1:] if not part.isalpha() or not part.islower()] == [
        part for part in spelled.text.split()[1:] if not part.isalpha() or not part.islower()
    ]
    assert (spelled.text == question) == (not spelled.changes)
