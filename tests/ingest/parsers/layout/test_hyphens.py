"""Words broken at the end of a line."""

from __future__ import annotations

import pytest

from ingest.parsers.layout.hyphens import Words
from ingest.parsers.layout.printed import Line
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import lines, pdf_of
from tests.files.pdf import embedded, mapped

GERMAN = (
    "Das Klärwerk der Stadt reinigt jeden Tag das Abwasser von",
    "mehreren Gemeinden und gibt es dann in den Fluss zurück, der",
    "durch das Tal bis zur Mündung fließt und dort das Meer erreicht.",
)
SWEDISH = (
    "Reningsverket i staden renar varje dag avloppsvatten från flera",
    "kommuner och släpper sedan ut det i ån som rinner genom dalen",
    "ner till mynningen och vidare ut i havet utanför kusten.",
)


def words_of(*texts: str) -> Words:
    return Words.of([Line(text, 0, 100, 0, 10) for text in texts])


def test_a_hyphen_at_a_line_end_goes_where_it_was_put_by_the_typesetter():
    """The document's own words decide, then what it does elsewhere; names and numbers keep the hyphen."""
    assert words_of("a measurement").join("measure\ufffe", "ment is") == "measurement is"
    assert words_of("credit-financing").join("credit\ufffe", "financing is") == "credit-financing is"
    assert words_of("some words").join("third\ufffe", "party is") == "third-party is"
    assert words_of("a measure\ufffe", "ment", "measurement").join("calibra\ufffe", "tion") == "calibration"
    assert words_of("x").join("LTE\ufffe", "M") == "LTE-M"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("treat-", "ment plant", "treatment plant"),
        ("pro-", "cesses 4,200", "processes 4,200"),
        ("long-", "term debt", "long-term debt"),
        ("well-", "known", "well-known"),
        ("one-", "time", "one-time"),
        ("under-", "stand", "understand"),
        ("the day-to-", "day cost", "the day-to-day cost"),
        ("re-", "entry", "re-entry"),
        ("e-", "mail", "e-mail"),
        ("Norh-", "olm", "Norholm"),
        ("short-", "and long-term", "short- and long-term"),
        ("observa\u2010", "tory of", "observatory of"),
        ("long\u2010", "term debt", "long\u2010term debt"),
        ("the day\u2010to\u2010", "day cost", "the day\u2010to\u2010day cost"),
    ],
)
def test_the_dictionary_tells_a_word_from_a_compound(before: str, after: str, expected: str):
    """Halves that are one word are joined; two words, a doubled vowel and a word left open keep the hyphen."""
    assert words_of("The town is old.").join(before, after) == expected


@pytest.mark.parametrize(
    ("language", "before", "after", "expected"),
    [
        (GERMAN, "Wasserauf-", "bereitung", "Wasseraufbereitung"),
        (GERMAN, "Ein-", "und Ausgang", "Ein- und Ausgang"),
        (GERMAN, "Online-", "Banking", "Online-Banking"),
        (SWEDISH, "vatten-", "rening", "vattenrening"),
    ],
)
def test_other_languages_write_their_compounds_as_they_do(
    language: tuple[str, ...], before: str, after: str, expected: str
):
    """German and Swedish write them as one word, whether there is a dictionary or not."""
    assert words_of(*language, before, after).join(before, after) == expected


def test_a_broken_word_is_whole_in_the_text():
    """Its hyphen is gone, that of a compound is not."""
    data = pdf_of(lines("The municipal water treat-", "ment plant is a well-", "known building of the town."))
    text = PdfParser().parse(data, "a.pdf").pages[0].text
    assert text == "The municipal water treatment plant is a well-known building of the town."


def test_lines_of_a_pdf_that_end_with_the_other_hyphen_are_joined():
    """U+2010 breaks words as the ASCII hyphen does."""
    printed = pdf_of(embedded("The observa~", "tory of Kesk mea~", "sured 14 earth~", "quakes."))
    data = mapped(printed, lambda one: "\u2010" if one == "~" else one)
    assert PdfParser().parse(data, "a.pdf").pages[0].text == "The observatory of Kesk measured 14 earthquakes."
