"""Cutting a sentence to a part that is a sentence."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.text.clauses import MOST_CUTS, clauses, cuts, independent_clauses


def kept(sentence: str) -> list[str]:
    return [cut.kept for cut in cuts(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The logger stores 400 days of readings, and the modem sends them every hour.",
            ["The modem sends them every hour.", "The logger stores 400 days of readings."],
        ),
        (
            "The depot in Sarn was closed in March; spare parts are sent from Aske Bridge.",
            ["The depot in Sarn was closed in March.", "Spare parts are sent from Aske Bridge."],
        ),
        (
            "The station was founded in 1990, which makes it the oldest of all.",
            ["The station was founded in 1990."],
        ),
        (
            "The station was founded in 1990 and was sold to Tarnbeck in 1995.",
            ["The station was founded in 1990."],
        ),
        (
            "Seventeen stations stopped sending because the mast in Sarn lost its power.",
            ["Seventeen stations stopped sending."],
        ),
        (
            "The outage lasted five hours, making it the longest of the year.",
            ["The outage lasted five hours."],
        ),
        (
            "The logger weighs 700 g, while the radar sensor weighs twice as much.",
            ["The logger weighs 700 g."],
        ),
        (
            "It was used in 1990, and it was sold in 1995.",
            ["It was used in 1990."],  # the second `it` would point nowhere
        ),
    ],
)
def test_whole_clauses_remain(sentence: str, expected: list[str]) -> None:
    """The longest first; a second clause only when it does not point back."""
    assert sorted(kept(sentence), key=lambda text: -len(text.split())) == kept(sentence)
    assert set(kept(sentence)) == set(expected)


@pytest.mark.parametrize(
    "sentence",
    [
        "The logger stores not only readings, but it also stores the alarms of the last year.",
        "If the battery is low, the modem stops, and the logger goes on.",
        "The valve is opened only by hand, and the pump is stopped before that.",
        "The modem sends every hour, but it never sends at night.",
        "The pump is allowed, unless the tank is empty, and the valve is open.",
        "It supports temperature, pressure, and humidity sensors of all kinds.",
        "The logger did not stop because the battery was low.",
        "Either the fuse is broken, or the cable is loose, and the lamp is dark.",
        "The company that makes the logger and is owned by Tarnbeck.",
        "The head of service said the depot is closed (which was denied, and the staff are there).",
        "Was the logger stopped, and who stopped the modem in the end?",
        "| The logger is here, and the modem is there | 12 |",
        "Short, and it is.",
        "",
    ],
)
def test_what_holds_only_together_is_not_cut(sentence: str) -> None:
    """Conditions, restrictions, negations, lists, open brackets, questions, rows of tables."""
    assert kept(sentence) == []


def test_only_english_is_cut() -> None:
    """The words that part clauses are known in no other language."""
    sentence = "Der Logger speichert 400 Tage; das Modem is sending every hour."
    assert cuts(sentence, "de") == []


def test_reported_speech_keeps_its_speaker() -> None:
    """What follows `said that` is never cut loose from it."""
    assert kept("Maren Odell said that the mast was broken, and the fuse was replaced in June.") == [
        "Maren Odell said that the mast was broken."
    ]


NOUNS = st.sampled_from(
    "the pump|the logger|Tarnbeck|Maren Odell|it|the station in Sarn|17 stations|no valve".split("|")
)
VERBS = st.sampled_from(
    "is closed|was sold in 1990|stores readings|has two valves|never stops|measured the level".split("|")
)
CLAUSES = st.tuples(NOUNS, VERBS).map(" ".join)
JOINTS = st.sampled_from(
    [
        ", and ",
        "; ",
        ", but ",
        ", which ",
        ", while ",
        " because ",
        " and was ",
        ", making ",
        ", and not only ",
        ", ",
        " if ",
    ]
)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    text = draw(CLAUSES)
    for joint, clause in draw(st.lists(st.tuples(JOINTS, CLAUSES), max_size=4)):
        text += joint + clause
    return text[:1].upper() + text[1:] + draw(st.sampled_from([".", "", "!", "?", ".”"]))


def bare(text: str) -> list[str]:
    return [re.sub(r"^\W+|\W+$", "", word).casefold() for word in text.split()]


NEGATION = re.compile(r"\b(?:not|no|never|nor|none|without|cannot)\b|n't\b", re.IGNORECASE)


@given(
    st.one_of(
        sentences(), st.text(), st.lists(st.sampled_from("The pump is , and but not which ; it".split())).map(" ".join)
    )
)
@example("The pump is closed, and the logger is not closed.")
@example("; AND")
def test_a_cut_is_a_run_of_words_at_one_end_of_the_sentence(sentence: str) -> None:
    """In their order; nothing negating is cut off, no conjunction is left dangling, and few ways are offered."""
    found = cuts(sentence)
    assert len(found) <= MOST_CUTS
    whole = bare(sentence)
    for cut in found:
        words = bare(cut.kept)
        rest = bare(cut.removed)
        assert words in (whole[: len(words)], whole[-len(words) :])
        assert 0 < len(words) < len(whole)
        assert len(words) + len(rest) == len(whole)
        assert not NEGATION.search(cut.removed)
        assert "not only" not in sentence.casefold()
        assert words[0] not in ("and", "but", "or", "which", "because")
        assert words[-1] not in ("and", "but", "or", "which", "because", "the", "of")
        assert cut.kept[0] == cut.kept[0].upper()
        assert re.search(r"[.!?…][\"”’')\]*_]*$", cut.kept)


def test_independent_clauses_begin_with_a_subject_of_their_own() -> None:
    """A clause that begins with a pronoun or a verb goes on about the same thing."""
    assert independent_clauses("The east gate opens at 8, and the west gate closes at 6.") == [
        "The east gate opens at 8",
        "the west gate closes at 6.",
    ]
    for whole in ("The gate opens at 8, and it closes at 6.", "The gate opens at 8 and closes at 6; see the map."):
        assert independent_clauses(whole) == [whole]


@given(st.text("aB ,;.theand", max_size=60))
def test_independent_clauses_lose_no_word(sentence: str) -> None:
    """But what joins them."""
    found = independent_clauses(sentence)
    assert sum(map(len, found)) <= len(sentence)
    assert all(each in sentence for each in found)


def test_an_amount_told_again_is_no_clause() -> None:
    """`or about 20%` says the same once more."""
    sentence = "Income rose by $5 million, or about 20%, to $30 million."
    assert clauses(sentence) == [sentence]
    assert len(clauses("The seal is replaced, or the whole pump must be changed.")) == 2


def test_the_marker_of_a_list_is_no_clause() -> None:
    """It belongs to the first one."""
    assert clauses("2. The pump runs, and the seal leaks badly.") == ["2. The pump runs", "the seal leaks badly."]
    assert clauses("(3) The pump runs.") == ["(3) The pump runs."]


def test_the_full_stop_of_an_abbreviation_ends_no_clause() -> None:
    """`St. Alban` is one name."""
    text = "St. Alban Hospital treated 27,070 patients in 2023."
    assert clauses(text) == [text]
