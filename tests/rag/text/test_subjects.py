"""What exactly a question asks about."""

import pytest

from rag.text import Subject, asked_subject, is_heading, missing_from


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the load of hoist B?", "The load of hoist A is 700 kg."),
        ("What is the range of the Tarn 6?", "The range of the Tarn 4 is 90 km."),
        ("How many seats has coach 9?", "Coach 4 has 9 seats."),
        ("What is the maximum stay?", "The minimum stay is two nights."),
        ("What was the profit in 2019?", "The profit in 2020 was 4 million."),
        ("What was the profit in the third quarter?", "In the second quarter the profit was 4 million."),
        ("What does ERR-11 mean?", "ERR-12 means that the lid is open."),
    ],
)
def test_another_thing_is_a_rival(question: str, sentence: str) -> None:
    """Another letter, number, bound, year, quarter or code of the same kind."""
    assert asked_subject(question).rivals(Subject.of(sentence))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the load of hoist B?", "The loads of hoist A and hoist B are 700 and 900 kg."),
        ("What is the load of hoist B?", "It carries 700 kg."),
        ("Which firms were founded before 2000?", "The firm was founded in 1990."),
        ("What is the maximum stay?", "Guests may stay for up to 14 nights."),
        ("How long is the coach?", "Coach 4 is 12 metres long."),
    ],
)
def test_the_same_thing_and_none_are_no_rivals(question: str, sentence: str) -> None:
    """Nor is a year that only bounds what is asked."""
    assert not asked_subject(question).rivals(Subject.of(sentence))


def test_names_are_looked_for_word_by_word() -> None:
    """Months and the letters of codes are none."""
    asked = asked_subject("How many days did the Skell R2 of Orlo run in May 2020?")
    assert missing_from(asked, "The Skell R2 ran for 12 days.") == ("Orlo",)


@pytest.mark.parametrize(
    "line",
    [
        "# Fees",
        "CERTIFICATE OF THE CHIEF ENGINEER UNDER SECTION 40 OF THE BRIDGES ACT OF 1987",
        "Report of the Chief Engineer to the Board of Orlo Inc.",
        "Item 4. Duties and Fees of the Harbour Master",
    ],
)
def test_headings(line: str) -> None:
    """Marked, all in capitals, or with a capital at every word that tells."""
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "The chief engineer is Anna Holt.",
        "DO NOT OPEN THE VALVE WHILE THE PUMP RUNS.",
        "Net Sales Of Harbour Services 4,120 3,980",
        "| Harbour Master | Anna Holt | 040 112 |",
        "the depot opens at nine",
    ],
)
def test_sentences_and_rows_are_no_headings(line: str) -> None:
    """Also in capitals, where they end as a sentence does."""
    assert not is_heading(line)


def test_a_fiscal_year_and_a_currency_are_no_names() -> None:
    """A row of the right report would lack them: the year is compared as a year, and the unit is the table's."""
    asked = asked_subject("What is Acme's capital expenditure in FY2018, in USD millions?")
    assert asked.names == ("Acme",)
    assert asked.years == {"2018"}
    assert missing_from(asked, "ACME_2018_10K.pdf") == ()
