"""A pronoun of a follow-up question stands for what the last question or its answer was about."""

import pytest

from rag.models.llm import Message
from rag.questions import is_unclear
from rag.questions.followups import standalone


def talk(*said: str) -> list[Message]:
    return [Message("user" if at % 2 == 0 else "assistant", text) for at, text in enumerate(said)]


STEWARD = talk("Who is the steward of the mill?", "The steward of the mill is Dr. Lio van Sand.")


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("When did he retire?", "When did Lio van Sand retire?"),
        ("Who is his deputy?", "Who is Lio van Sand's deputy?"),
        ("Where does she live?", "Where does Lio van Sand live?"),
        ("Who paid her?", "Who paid Lio van Sand?"),
        ("And how old is it?", "And how old is the mill?"),
    ],
)
def test_a_person_is_whom_the_answer_names(question: str, meant: str) -> None:
    """And a thing is what the question was about, not its steward."""
    assert standalone(question, STEWARD) == meant


def test_the_person_changes_with_the_answer() -> None:
    """The thing stays."""
    history = [*STEWARD, *talk("Who is his deputy?", "Lio van Sand's deputy is Mara Tolk [1].")]
    assert standalone("When did she start?", history) == "When did Mara Tolk start?"
    assert standalone("How high is it?", history) == "How high is the mill?"


def test_a_person_stays_over_questions_about_her() -> None:
    """Whatever places their answers name."""
    history = [*STEWARD, *talk("Where was he born?", "Lio van Sand was born in Orlo.")]
    assert standalone("When did he come?", history) == "When did Lio van Sand come?"


@pytest.mark.parametrize(
    "history",
    [
        [],
        talk("Who are the trustees?", "The trustees are Ada Holm and Jan Pesch."),
        talk("Where is the mill?", "The mill is in Orlo."),
    ],
)
def test_nobody_is_guessed(history: list[Message]) -> None:
    """Where several may be meant, or none was named, the person is not clear."""
    assert is_unclear(standalone("When did she retire?", history))


def test_a_person_who_is_named_is_clear() -> None:
    """Though a pronoun stands for the name."""
    assert not is_unclear("When did Ada Holm sell her shop?")
    assert not is_unclear("How long is the pier?")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Who owns the Swift?", "And the Heron?", "Who owns the Heron?"),
        ("How long is the old pier?", "What about the new pier?", "How long is the new pier?"),
        ("What was the rent in 2021?", "And in 2022?", "What was the rent in 2022?"),
    ],
)
def test_another_thing_takes_the_place_of_the_one_like_it(before: str, question: str, meant: str) -> None:
    """A name of a name, a pier of a pier, a year of a year."""
    assert standalone(question, talk(before, "It is so.")) == meant


def test_which_of_several_is_told_by_the_answer() -> None:
    """It is that."""
    history = talk("Which press is the oldest?", "The oldest press is the Finch 2.")
    assert standalone("What does it weigh?", history) == "What does the Finch 2 weigh?"


def test_a_name_may_go_on_after_a_line_break() -> None:
    told = talk("Who is the director?", "The director is Ada\nLovelace.")
    assert standalone("When did she join?", told) == "When did Ada Lovelace join?"
