"""The questions in a question."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.questions.split import MOST_QUESTIONS, looks_compound, resolve, split_question, sub_questions

CONJUNCTIONS = {"and", "but", "also", "then", "plus", "so", "as", "well"}
WORDS = st.sampled_from(
    "what who when where why how is does the a it they logger battery pack cost last and but also , ; ? . 400 ERR-4107 "
    "Sarn tell me explain and,  for how long has been".split()
)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=24).map(" ".join) | st.text(max_size=60)


def words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+(?:-\w+)*", text)]


@given(QUESTIONS)
def test_no_word_is_lost_and_none_is_added(question: str) -> None:
    """But for the conjunctions between parts, the parts are the question's words in its order."""
    left = words(question)
    for word in words(" ".join(split_question(question))):
        while left and left[0] != word and left[0] in CONJUNCTIONS:
            left.pop(0)
        assert left
        assert left.pop(0) == word
    assert set(left) <= CONJUNCTIONS


@given(QUESTIONS)
def test_there_are_one_to_four_parts(question: str) -> None:
    """Each with something in it, unless the question is empty."""
    parts = split_question(question)
    assert 1 <= len(parts) <= MOST_QUESTIONS
    assert len(parts) == 1 or all(words(part) for part in parts)


@given(QUESTIONS)
def test_a_part_divides_no_further_numbers_and_names(question: str) -> None:
    """What pronouns are read as adds words; every number stays."""
    resolved = " ".join(sub_questions(question))
    assert set(re.findall(r"\d+", question)) <= set(re.findall(r"\d+", resolved))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What caused X and who fixed it?", ["What caused X", "who fixed X?"]),
        (
            "What caused the Sarn valley outage, and who fixed it?",
            ["What caused the Sarn valley outage", "who fixed the Sarn valley outage?"],
        ),
        (
            "How long does the battery pack last and what is its part number?",
            ["How long does the battery pack last", "what is the battery pack's part number?"],
        ),
        ("Where is the depot? Who runs the store?", ["Where is the depot?", "Who runs the store?"]),
        ("What is the fee, how is it paid, and when?", ["What is the fee", "how is the fee paid, and when?"]),
        ("Explain the fees and list the discounts.", ["Explain the fees", "list the discounts."]),
        (
            "What is the height of the Orlo dam and the founder of Hesk college?",
            ["What is the height of the Orlo dam", "What is the founder of Hesk college?"],
        ),
        (
            "Give me the fare of the Tarn tram, the age of Hesk college, and the number of rooms of the Orlo inn.",
            [
                "Give me the fare of the Tarn tram",
                "Give me the age of Hesk college",
                "Give me the number of rooms of the Orlo inn.",
            ],
        ),
    ],
)
def test_a_compound_question_is_divided_and_its_pronouns_are_resolved(question: str, parts: list[str]) -> None:
    """Each part can be searched for by itself."""
    assert sub_questions(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who leads research and development?",
        "When and where was it built?",
        "Did the outage end, and why?",
        "Who wrote and who edited the manual?",
        "Which stations are old and have the seal replaced?",
        "What happens when the memory is full and the link is down?",
        "Is the hall heated or is it cheaper than the dairy?",
        "I have an Ouzel 4. What does it cost?",
        "What does it cost? Thanks!",
        'What does "who is it and what is it" mean?',
        "What is the difference between the height of the Orlo dam and the depth of Lake Hesk?",
        "Compare the height of the Orlo dam and the depth of Lake Hesk.",
        "What are the names of the father and the mother of Anna Holt?",
    ],
)
def test_what_asks_one_thing_stays_whole(question: str) -> None:
    """A phrase with a conjunction is no second question, nor is one without words of its own."""
    assert split_question(question) == (question,)


@pytest.mark.parametrize(
    "instruction",
    [
        "Answer in thousands of euros.",
        "Round your result to three decimals.",
        "Please give the answer in percent.",
        "Give a reply to the question that rests on the annual report alone.",
        "Respond as a credit analyst who only has the notes.",
        "Show your calculations and explain each step.",
        "Define turnover as sales over mean stock.",
        "If turnover is no useful figure here, please say so and explain why.",
        "If the report does not tell, answer 'unknown'.",
        "Explain why or why not.",
    ],
)
def test_how_to_answer_is_no_question(instruction: str) -> None:
    """It stays with the question that stands before it, or after it."""
    asked = "What was the turnover of Orlo Ltd in 2019?"
    assert split_question(f"{asked} {instruction}") == (f"{asked} {instruction}",)
    assert split_question(f"{instruction} {asked}") == (f"{instruction} {asked}",)
    assert split_question(f"Who runs the depot? {asked} {instruction}") == (
        "Who runs the depot?",
        f"{asked} {instruction}",
    )


@pytest.mark.parametrize(
    "second",
    [
        "Explain the steps of the return.",
        "State the name of the bank.",
        "List the sources of the river Tarn.",
        "If the pump fails, please tell me who repairs it.",
    ],
)
def test_an_imperative_with_a_matter_of_its_own_is_a_question(second: str) -> None:
    """It asks of the documents and not of the answer."""
    assert split_question(f"What does the pump cost? {second}") == ("What does the pump cost?", second)


def test_a_pronoun_with_more_than_one_thing_to_stand_for_is_not_replaced() -> None:
    """The things follow in brackets: they help to find, and say nothing wrong."""
    assert resolve("when did they cost less?", "How did the club sell the boats") == (
        "when did they cost less (the club, the boats)?"
    )


def test_a_question_that_names_its_thing_is_left_alone() -> None:
    """Also where a pronoun follows: it stands for that thing."""
    assert resolve("where is the depot when it rains?", "What caused the outage") == "where is the depot when it rains?"


def test_what_no_rule_divides_may_still_look_compound() -> None:
    """So that a language model can be asked."""
    assert looks_compound("Who won the race and by how much?")
    assert not looks_compound("Who leads research and development?")
