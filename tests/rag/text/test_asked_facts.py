"""A sentence answers a question only if it can tell the kind of fact that is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import asked_fact


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("Who painted the shed?", "Ivo Lam painted the shed.", "The shed was painted in good time."),
        ("Who feeds the goats?", "The children feed the goats.", "The goats are fed twice."),
        ("Who is the treasurer?", "Mara Tolk is the treasurer.", "The accounts are kept by Mara Tolk."),
        ("Where is the ladder kept?", "The ladder is kept behind the barn.", "The ladder weighs 9 kg."),
        ("When was the silo painted?", "The silo was painted last spring.", "The silo is 12 metres high."),
        ("What time does the market close?", "It closes at 4 pm.", "It has 30 stalls."),
        ("Where does the band meet?", "The band meets in the barn on Mondays.", "The band meets on Mondays at 19:00."),
        ("On which day is the market?", "The market is on Mondays.", "The market starts at 8:30."),
        ("Why is the barn closed?", "The barn is closed because its roof leaks.", "The barn is closed on Mondays."),
        ("How often are the filters changed?", "They are changed every 3 months.", "They were changed in March."),
        ("How heavy is the anvil?", "It weighs eighty kilograms.", "It stands in the yard since 1950."),
        ("How far is the quarry?", "The quarry is 3 miles away.", "The quarry opened in 1902."),
        ("How old is the mare?", "The mare is nine years old.", "The mare eats 9 kg of hay."),
        ("How deep is the pond?", "The pond is 4 m deep.", "The pond lies 4 m from the wall."),
        ("How wide is the gate?", "The gate is 2 metres wide.", "The gate is 2 metres high."),
        ("How long is the course?", "The course lasts two weeks.", "The course was closed for two weeks."),
        ("How long are the files kept?", "The files are kept for two years.", "The files are kept in the cellar."),
        ("How long is the tunnel?", "The tunnel is 900 m long.", "The tunnel cost 900 euros."),
        ("How warm is the cellar?", "It is kept at 12 °C.", "It has 12 shelves."),
        ("What does a basket cost?", "A basket costs 14 euros.", "A basket holds 14 apples."),
        ("How many stalls are there?", "There are thirty stalls.", "There are stalls along the wall."),
        ("How long is a fishing card valid?", "It is valid for three years.", "It is bought for three years of fun."),
        ("How long before the show can I return a seat?", "Until two hours before it.", "In the foyer."),
        ("Where is the dairy?", "The dairy is at 12 Orchard Row.", "The dairy is open by appointment."),
        ("Where is the mill?", "The mill stands by the river.", "The mill next door is owned by the Hales."),
        ("Why did the van stop?", "The cause was an empty tank.", "At 14:25 the van stopped in bay 3."),
        ("When does the contract end?", "It ends on 3 May.", "Either side may end it with 90 days written notice."),
        ("What does a pass cost?", "A pass costs about 30 pounds.", "A pass has 30 pages."),
        ("How warm is the kiln?", "The temperature is 900 °C.", "Its temperature is read once a day, at 7:30."),
        ("Who bought the boat?", "The boat was bought by the Moes.", "The boat was bought from Hale Brothers."),
        ("How much do pupils pay?", "Pupils pay 9 euros.", "Pupils pay in May."),
        ("Which colour is the tractor?", "The tractor is dark green.", "The tractor is new."),
    ],
)
def test_a_fact_of_the_kind(question: str, told: str, not_told: str) -> None:
    """The one sentence has it, the other does not, though it is about the same thing."""
    fact = asked_fact(question)
    assert fact is not None
    assert fact.is_told_in(told)
    assert not fact.is_told_in(not_told)


@pytest.mark.parametrize(
    "question",
    ["What happens when the tank is full?", "How can the pump fail?", "What is the name of the place where bees live?"],
)
def test_a_question_word_inside_asks_for_no_kind(question: str) -> None:
    """Any sentence may answer."""
    assert asked_fact(question) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(question: str, sentence: str) -> None:
    """Whatever the words are, and the words that ask are words of the question."""
    fact = asked_fact(f"How heavy is {question}")
    assert fact is not None
    assert fact.asking == {"heavi"} | (fact.asking & {"weigh", "weight", "much"})
    assert fact.is_told_in(sentence) in (True, False)


@pytest.mark.parametrize(
    ("sentence", "tells"),
    [
        ("The ferry was sold to Orlo in 2011.", False),
        ("The ferry was built in 1987 and sold in 2011.", True),
        ("The ferry was constructed in 1987.", True),
        ("The yard built the ferry in 1987.", True),
        ("The ferry dates from 1987.", True),
    ],
)
def test_the_time_of_another_deed_is_none_of_the_one_asked_about(sentence: str, tells: bool) -> None:
    """In the passive; other words for the deed tell it."""
    fact = asked_fact("When was the ferry built?")
    assert fact is not None
    assert fact.is_told_in(sentence) is tells
