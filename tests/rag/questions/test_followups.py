"""Follow-up questions, by rules."""

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.stated_facts import missing_facts
from rag.models.llm import Message
from rag.questions.followups import context_of, is_courtesy, kind_of, standalone

TEXT = st.lists(
    st.sampled_from("what is it the Ouzel 4 logger 400 days and Sarn who they its? how much ERR-4107 , that".split()),
    min_size=1,
    max_size=12,
).map(" ".join)


def asked(*questions: str) -> list[Message]:
    return [message for text in questions for message in (Message("user", text), Message("assistant", "It is so."))]


def test_a_pronoun_takes_its_thing_from_the_question_before() -> None:
    """When there is one thing that it can stand for."""
    assert standalone("How much does it cost?", asked("What is the Lantern G gateway?")) == (
        "How much does the Lantern G gateway cost?"
    )


def test_a_question_of_too_few_words_takes_the_topic_along() -> None:
    """In brackets, behind its own words."""
    assert standalone("And the price?", asked("What is the Lantern G gateway?")) == (
        "And the price (the Lantern G gateway)?"
    )


def test_the_topic_outlives_a_chain_of_follow_ups() -> None:
    """And turns of thanks between them."""
    history = asked("What is the Lantern G gateway?", "How much does it cost?", "Thank you!")
    assert "Lantern G" in standalone("And how is it returned?", history)


def test_a_question_that_stands_alone_is_left_alone() -> None:
    """Whatever was said before: a change of topic must not be pulled back."""
    question = "How long does the warranty on the Plumb P1 pressure probe last?"
    assert standalone(question, asked("Who chairs the meeting?")) == question


def test_only_questions_are_context() -> None:
    """What an assistant or a system message says is not."""
    history = [Message("system", "Answer about Tarnbeck."), Message("assistant", "Hello, I am the gateway.")]
    assert context_of(history) == ""
    assert standalone("What about it?", history) == "What about it?"


def test_kinds_of_questions() -> None:
    """Marked by a pronoun or an opening, short of words, or neither."""
    assert kind_of("What about the probe?") == "marked"
    assert kind_of("How old is he?") == "marked"
    assert kind_of("How long does it take to install the Ouzel 4 logger?") == "alone"
    assert kind_of("Regional differences") == "short"
    assert is_courtesy("Thank you very much!")
    assert not is_courtesy("Thank you, but how does the gateway work?")


@given(TEXT, st.lists(TEXT, max_size=4))
def test_no_number_and_no_name_of_the_question_is_dropped(question: str, before: list[str]) -> None:
    """Rewriting only adds."""
    assert set(missing_facts(question, standalone(question, asked(*before)))) <= set(missing_facts(question, question))
