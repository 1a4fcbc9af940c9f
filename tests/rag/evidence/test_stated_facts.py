"""Facts: what a claim states that must stand in its evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.stated_facts import missing_facts
from rag.text.negation import direction_differs, negation_differs

STATED = [
    ("Revenue was $94.8 billion.", "Revenue was $94,836 million."),
    ("Revenue was $94.8 billion.", "Net sales (in millions) $ 94,836 $ 90,753"),
    ("Revenue was $95 billion.", "Revenue was $94.8 billion."),
    ("It has 5,000,000 users.", "It has 5 million users."),
    ("A $5.00 fee applies.", "A $5 fee applies."),
    ("Sales rose 12%.", "Sales rose by 11.6 percent."),
    ("It took eighteen months.", "An 18-month effort."),
    ("It took 18 months.", "It took eighteen months."),
    ("Two hundred and five people came.", "205 people came."),
    ("Nearly a million people came.", "1,000,000 people came."),
    ("Around 100 people came.", "96 people came."),
    ("Between 5 and 10 people came.", "5-10 people came."),
    ("It rose 5-10%.", "A rise of between 5% and 10%."),
    ("The 5 km run.", "A run of five kilometres."),
    ("Signed on 12 May 2025.", "Signed May 12, 2025."),
    ("Signed on 12 May 2025.", "Signed 2025-05-12."),
    ("Signed in May 2025.", "Signed 2025-05-12."),
    ("Signed in 2025.", "Signed 2025-05-12."),
    ("Signed on 03/04/2025.", "Signed April 3, 2025."),
    ("Born on June 26, 1915.", "(June 26, 1915 – August 4, 1996)"),
    ("The third quarter was good.", "Q3 was good."),
    ("He came at 3 p.m.", "He came at 15:00."),
    ("The 19th-century house.", "A nineteenth century house."),
    ("Install 4.4.1 now.", "Release 4.4.1 fixes it."),
    ("See ERR-4107 and TB-M-0403.", "ERR-4107: bad (TB-M-0403)."),
    ("COVID-19 spreads.", "Covid 19 spreads."),
    ("Set `max_tokens` with --force.", "Use max_tokens and --force."),
    ("It rose in the 1930s.", "The ``name'' rose in the 1930s from its other sense, `` succeed ''."),
    ("Apple's revenue rose.", "The revenue of Apple rose."),
    ("However, the WHO said so.", "The World Health Organization said so."),
    ("The US economy grew.", "The economy of the United States grew."),
    ("One of them left.", "They left."),
    ("1. Restart the server [2].", "Restart the server."),
]
NOT_STATED = [
    ("Revenue was $94.9 billion.", "Revenue was $94,836 million.", "$94.9 billion"),
    ("Revenue was $94.83 billion.", "Revenue was $94.8 billion.", "$94.83 billion"),
    ("100 people came.", "96 people came.", "100"),
    ("Sales rose 12%.", "There were 12 employees.", "12%"),
    ("12 employees work there.", "It grew 12.4% more.", "12"),
    ("He is 5 years old.", "He is 5 months old.", "5 years"),
    ("It was -5 °C outside.", "It was 5 °C outside.", "5°C"),
    ("Signed on 13 May 2025.", "Signed 2025-05-12.", "13 May 2025"),
    ("Signed in June 2025.", "Signed 2025-05-12.", "June 2025"),
    ("On July 30, 1535, it began.", "On July 30 , 1609 , it began . It was seen in 1535 .", "July 30, 1535"),
    ("Use version 4.4.1.", "Release 4.4.10 fixes it.", "4.4.1"),
    ("Use version 4.4.", "Release 4.4.1 fixes it.", "4.4"),
    ("Use version 4.10.", "Use version 4.1.", "4.10"),
    ("See ERR-4107.", "See ERR-4108.", "ERR-4107"),
    ("He came at 3:30 pm.", "He came at 15:00.", "15:30"),
    ("They sold eighteen cars.", "They sold cars.", "18"),
    ("The car was sold to Stargell.", "The car was sold to Brown.", "Stargell"),
    ("Stargell lived in Florida.", "He lived in Florida.", "Stargell"),
    ("He sent US troops.", "Give us troops.", "US"),
]


@pytest.mark.parametrize(("claim", "evidence"), STATED)
def test_stated_otherwise_is_stated(claim: str, evidence: str) -> None:
    """Other spellings, units written out, and rounding to the claim's own precision are the same fact."""
    assert missing_facts(claim, evidence) == ()


@pytest.mark.parametrize(("claim", "evidence", "missing"), NOT_STATED)
def test_what_is_not_stated_is_missing(claim: str, evidence: str, missing: str) -> None:
    """Another number, unit, date, version or name is named as missing, and so is a more precise number."""
    text = missing_facts(claim, evidence)
    assert len(text) == 1
    assert text[0].replace(" ", "") == missing.replace(" ", "")


def test_numbers_come_before_names() -> None:
    """Numbers, dates and codes are listed first."""
    assert missing_facts("In Oslo, Hansen sold 12 cars on 3 May 2020 under X-100.", "They sold cars.") == (
        "12",
        "3 May 2020",
        "X-100",
        "Oslo",
        "Hansen",
    )


def test_several_quotes_state_facts_together() -> None:
    """A unit or a table's scale may stand in another sentence than the number."""
    assert missing_facts("Sales were $94,836 million.", "All in millions of $.\nSales 94,836 90,753") == ()


@given(st.integers(2, 10**9))
def test_a_number_states_itself_and_no_other(number: int) -> None:
    """A whole number is found with and without thousands separators, and its successor is not found."""
    assert missing_facts(f"They sold {number} cars.", f"They sold {number:,} cars.") == ()
    assert missing_facts(f"They sold {number + 1} cars.", f"They sold {number} cars.") != ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_read(claim: str, evidence: str) -> None:
    """No text breaks the reader, and nothing is listed twice."""
    missing = missing_facts(claim, evidence)
    assert len(set(missing)) == len(missing)


WORDS = [
    "Oslo",
    "the",
    "NASA",
    "12",
    "5%",
    "$3 million",
    "ERR-4107",
    "May 2020",
    "4.4.1",
    "in",
    "sold",
    "two",
    "Q3",
    "-7",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_every_text_states_its_own_facts(text: str) -> None:
    """No text lacks a fact of its own."""
    assert missing_facts(f"It sold {text}.", f"It sold {text}.") == ()


@pytest.mark.parametrize(
    ("claim", "evidence", "differs"),
    [
        ("The drug does not cure cancer.", "The drug cures cancer.", True),
        ("The drug cures cancer.", "The drug does not cure cancer.", True),
        ("The drug does not cure cancer.", "The drug never cures cancer.", False),
        ("The drug cures cancer.", "The drug cures cancer but is not cheap.", False),
    ],
)
def test_negation_is_compared_word_by_word(claim: str, evidence: str, differs: bool) -> None:
    """Only a word denied on one side and affirmed on the other makes a difference."""
    assert negation_differs(claim, evidence) is differs


def test_opposites_are_noticed() -> None:
    """`rose` is not `fell`."""
    assert direction_differs("Sales rose.", "Sales fell.")
    assert not direction_differs("Sales rose.", "Sales grew.")
    assert direction_differs("The valve is closed.", "The valve is open.")
    assert direction_differs("It lies in the southern valley.", "It lies in the northern valley.")
    assert not direction_differs("They are close to the site.", "The site is open.")
