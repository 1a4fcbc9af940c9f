"""Typing errors in questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.spelling import DictionarySpeller, NoSpeller, Spelled
from rag.retrieval.typing_errors import is_typing_error
from rag.text import dictionary

PASSAGES = ["The logger stores readings.", "Tarnbeck Hydrometry keeps a depot.", "The Ouzel logger sleeps."]
SPELLER = DictionarySpeller()


def nothing(_: str) -> bool:
    """A collection that has no word but those of the passages."""
    return False


def anything(word: str) -> bool:
    """A collection that has every word of the dictionary, and no other."""
    return word in dictionary("en")


def test_a_pasted_text_has_no_typing_errors() -> None:
    """One with very many unknown words is left as it is, and the collection is not searched for each of them."""

    def never(word: str) -> bool:
        raise AssertionError(f"looked for {word}")

    pasted = "what does the loger store: " + " ".join(f"qz{a}{b}xw" for a in "bcdfg" for b in "hjkmn")
    assert SPELLER.unknown(pasted) == ()
    assert SPELLER.correct(pasted, PASSAGES, never) == Spelled(pasted)


@pytest.mark.timeout(60)
def test_quotations_that_do_not_end_are_none() -> None:
    """However many of them begin."""
    assert SPELLER.unknown("“" * 50_000 + " loger") == ("loger",)
    assert SPELLER.unknown("“the loger” and “the kogger") == ("kogger",)


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
    spelled = SPELLER.correct(typed, PASSAGES, anything)
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
    assert SPELLER.correct(question, PASSAGES, anything) == Spelled(question)


def test_a_question_in_another_language_has_no_typing_errors() -> None:
    """Its words are not those of the dictionary."""
    for question in ("wie lange muss frischer beton aushärten", "quelle est la résistance de terre de la station"):
        assert SPELLER.unknown(question) == ()
        assert SPELLER.correct(question, ["The earth resistance of the range."], anything) == Spelled(question)


def test_a_word_of_the_passages_is_no_error() -> None:
    """However unusual; the dictionary has `longer` and `lodger` beside it."""
    assert SPELLER.unknown("the loger stores") == ("loger",)
    assert SPELLER.correct("the loger stores", ["A Loger is a device."], nothing).changes == ()


def test_the_first_word_may_be_an_ordinary_word() -> None:
    """Where the passages write it without a capital; where they do not, it is a name."""
    assert SPELLER.correct("Loger of which make", PASSAGES, anything).text == "Logger of which make"
    assert SPELLER.correct("Tarnbek is where", PASSAGES, anything).changes == ()
    assert SPELLER.correct("Protien is what", PASSAGES, anything).changes == ()


def test_a_word_that_the_collection_has_is_no_error() -> None:
    """In any form; whatever its nearest passages say."""
    for question in ("what was the capex of the plant", "where is the loger kept"):
        assert SPELLER.correct(question, ["The cape of the logger."], lambda word: word in ("capex", "loger")) == (
            Spelled(question)
        )


def test_a_word_that_the_collection_lacks_too_is_not_read_for_another() -> None:
    """It would find nothing either, and may be the better word."""
    assert SPELLER.correct("when was the protien found", PASSAGES, nothing).changes == ()


def test_a_word_that_is_said_twice_is_meant() -> None:
    """Nobody slips twice in the same way."""
    assert SPELLER.correct("is a loger a loger", PASSAGES, nothing).changes == ()


@pytest.mark.parametrize(
    "word", "readme backend frontend subnet uptime datacenter failover hostname webhook changelog capex opex".split()
)
def test_words_of_a_field_are_left_alone(word: str) -> None:
    """Two words in one are no slip, nor is a short form that no slip makes of a word."""
    passages = ["The reader backed the sublet and fronted the cape, which is open."]
    assert SPELLER.correct(f"what does the {word} say", passages, nothing).changes == ()


@pytest.mark.parametrize("word", ["sharding", "prefilters", "untagged"])
def test_a_known_word_in_another_form_is_none_of_the_dictionary(word: str) -> None:
    """`sharding` is from `shard`, and not `hardening`."""
    assert SPELLER.correct(f"how does {word} work", [], anything).changes == ()


@pytest.mark.parametrize(
    ("typed", "meant", "likely"),
    [
        ("loger", "logger", True),
        ("loggeer", "logger", True),
        ("lgoger", "logger", True),
        ("kogger", "logger", True),
        ("seal", "seel", True),
        ("opex", "apex", False),
        ("cyklic", "cyclic", True),
        ("capex", "cape", False),
        ("opex", "open", False),
        ("größe", "grösse", True),
    ],
)
def test_slips(typed: str, meant: str, likely: bool) -> None:
    """Dropped, doubled, swapped, beside the key, of the same sound; not any letter for any other."""
    assert is_typing_error(typed, meant) == likely


def test_other_languages_have_their_dictionaries() -> None:
    """Where there is none, building one says so."""
    spelled = DictionarySpeller("de").correct("wo ist der bahnhf", [], lambda word: word == "bahnhof")
    assert spelled.text == "wo ist der bahnhof"
    with pytest.raises(ValueError, match="no dictionary of 'xx'"):
        DictionarySpeller("xx")


def test_without_a_speller_nothing_is_an_error() -> None:
    assert NoSpeller().unknown("teh loger") == ()
    assert NoSpeller().correct("teh loger", PASSAGES, anything) == Spelled("teh loger")


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_only_lower_case_words_and_the_first_ever_change(question: str, passages: list[str]) -> None:
    """What stands between them is kept, character by character."""
    spelled = SPELLER.correct(question, passages, anything)
    assert [part for part in question.split()[1:] if not part.isalpha() or not part.islower()] == [
        part for part in spelled.text.split()[1:] if not part.isalpha() or not part.islower()
    ]
    assert (spelled.text == question) == (not spelled.changes)
